"""Pages of the archive: every article once, and the same pages for everybody from the first landmark on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.articles.listing import Page
from app.syndication.archive import is_archived, is_landmark, to_landmark
from app.web.paging import Cursor
from tests.press import NOON

LIMIT = 10

Ids = list[UUID]


def card(id: UUID, place: int) -> str:
    at = (NOON - timedelta(minutes=place)).isoformat().replace("+00:00", "Z")
    return f'{{"id":"{id}","slug":"a","breaking":false,"published_at":"{at}","updated_at":"{at}"}}'


def pages_from(ids: Ids, start: int, limit: int) -> list[tuple[int, ...]]:
    """The places of the articles of each page of the archive for who has read as far as `start`."""
    pages, place = [], start
    while place < len(ids):
        cards = [card(id, n) for n, id in enumerate(ids)][place : place + limit]
        older = Cursor("older", NOON, ids[0]) if place + limit < len(ids) else None
        page = to_landmark(Page(1, NOON, cards, older, Cursor("newer", NOON, ids[0])))
        pages.append(tuple(range(place, place + len(page.cards))))
        place += len(page.cards)
        assert (page.older is None) == (place >= len(ids))
    return pages


@given(st.lists(st.uuids(version=4), min_size=30, max_size=300, unique=True), st.integers(0, 20))
def test_whoever_enters_the_archive_goes_the_same_pages_from_the_first_landmark_on(ids: Ids, start: int) -> None:
    landmarks = [place for place, id in enumerate(ids) if is_landmark(id) and place >= start]
    mine, others = pages_from(ids, start, LIMIT), pages_from(ids, 0, LIMIT)
    assert [place for page in mine for place in page] == list(range(start, len(ids)))
    if landmarks:
        beyond: Callable[[tuple[int, ...]], bool] = lambda page: page[0] > landmarks[0]  # noqa: E731
        assert list(filter(beyond, mine)) == list(filter(beyond, others))


def test_page_ends_with_its_first_landmark() -> None:
    ids = [UUID(int=n << 8 | (0 if n == 2 else 255)) for n in range(1, 5)]
    cards = [card(id, n) for n, id in enumerate(ids)]
    whole = Page(1, NOON, cards, None, Cursor("newer", NOON, ids[0]))
    cut = to_landmark(whole)
    assert cut.cards == cards[:2]
    assert cut.older == Cursor("older", NOON - timedelta(minutes=1), ids[1])
    assert to_landmark(replace(whole, cards=cards[:2])) == replace(whole, cards=cards[:2])
    assert to_landmark(replace(whole, cards=cards[2:])) == replace(whole, cards=cards[2:])


def test_landmarks_are_one_in_64() -> None:
    assert sum(is_landmark(UUID(int=n)) for n in range(256)) == 4


@pytest.mark.parametrize(("direction", "is_it"), [("older", True), ("from", True), ("newer", False)])
def test_archive_is_what_lies_beyond_a_position(direction: str, is_it: bool) -> None:
    assert is_archived(Cursor(direction, NOON, UUID(int=1))) is is_it  # type: ignore[arg-type]
    assert not is_archived(None)
