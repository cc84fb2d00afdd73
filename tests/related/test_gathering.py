"""Which storyline an article joins: a table of cases, and what a long crisis and a storm must not do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.related.gathering import COMPARED, MOST_ARTICLES, Extent, Gathering, Neighbour, gather

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
OLD, YOUNG = UUID(int=2), UUID(int=1)


def near(number: int, likeness: float, storyline: UUID | None = None, *, days: float = 0) -> Neighbour:
    return Neighbour(number, likeness, NOON - timedelta(days=days), storyline)


def extent(size: int, *, first: float = 1, last: float = 0) -> Extent:
    return Extent(size, NOON - timedelta(days=first), NOON - timedelta(days=last))


OF_TWO = {OLD: extent(2)}
OF_BOTH = {OLD: extent(2, first=3), YOUNG: extent(1)}


@pytest.mark.parametrize(
    ("neighbours", "storylines", "expected"),
    [
        ([], {}, None),
        ([near(1, 0.1)], {}, None),
        ([near(1, 0.5)], {}, Gathering(None, (1,))),
        ([near(1, 0.5), near(2, 0.4), near(3, 0.1)], {}, Gathering(None, (1, 2))),
        ([near(1, 0.5, days=20)], {}, None),
        ([near(1, 0.5, days=-20)], {}, None),
        ([near(1, 0.5, OLD), near(2, 0.4, OLD)], OF_TWO, Gathering(OLD)),
        ([near(1, 0.3, OLD), near(2, 0.4, OLD), near(3, 0.4)], OF_TWO, Gathering(OLD, (3,))),
        ([near(1, 0.1, OLD), near(2, 0.1, OLD), near(3, 0.4)], OF_TWO, Gathering(None, (3,))),
        ([near(1, 0.5, OLD)], OF_TWO, Gathering(OLD)),
        ([near(1, 0.3, OLD)], OF_TWO, None),
        ([near(1, 0.5, OLD), near(2, 0.5, OLD), near(3, 0.4, YOUNG)], OF_BOTH, Gathering(OLD, (), (YOUNG,))),
        ([near(1, 0.4, OLD), near(2, 0.4, OLD), near(3, 0.5, YOUNG)], OF_BOTH, Gathering(OLD, (), (YOUNG,))),
        ([near(1, 0.21, OLD), near(2, 0.21, OLD), near(3, 0.5, YOUNG)], OF_BOTH, Gathering(YOUNG)),
    ],
)
def test_neighbours_decide(
    neighbours: list[Neighbour], storylines: dict[UUID, Extent], expected: Gathering | None
) -> None:
    assert gather(NOON, neighbours, storylines) == expected
    assert gather(NOON, neighbours, dict(reversed(storylines.items()))) == expected


def test_one_near_article_does_not_chain_to_a_long_storyline() -> None:
    neighbours = [near(1, 0.9, OLD), near(2, 0.5, OLD)]

    assert gather(NOON, neighbours, {OLD: extent(30)}) is None


def test_storyline_that_ended_is_not_joined() -> None:
    neighbours = [near(n, 0.9, OLD, days=20) for n in range(5)]

    assert gather(NOON, neighbours, {OLD: extent(5, first=40, last=20)}) is None


@pytest.mark.parametrize("size", [COMPARED, 100, MOST_ARTICLES - 1])
def test_storm_stays_one_storyline(size: int) -> None:
    neighbours = [near(n, 0.3, OLD) for n in range(30)]

    assert gather(NOON, neighbours, {OLD: extent(size)}) == Gathering(OLD)


def test_copies_join_though_a_list_shows_few_of_them() -> None:
    neighbours = [near(n, 1.0, OLD) for n in range(6)]

    assert gather(NOON, neighbours, {OLD: extent(500)}) == Gathering(OLD)


def test_full_storyline_takes_no_more() -> None:
    neighbours = [near(n, 0.9, OLD) for n in range(30)]

    assert gather(NOON, neighbours, {OLD: extent(MOST_ARTICLES)}) is None
    assert gather(NOON, [*neighbours, near(30, 0.5)], {OLD: extent(MOST_ARTICLES)}) == Gathering(None, (30,))


def test_storylines_too_large_together_stay_apart() -> None:
    neighbours = [near(1, 0.9, OLD), near(2, 0.8, YOUNG)]
    extents = {OLD: replace(extent(600), size=MOST_ARTICLES - 1), YOUNG: extent(2)}

    assert gather(NOON, [near(n, 0.9, OLD) for n in range(20)] + neighbours[1:], extents) == Gathering(OLD)


@pytest.mark.parametrize(("edited", "into"), [(OLD, OLD), (YOUNG, OLD)])
def test_what_editors_made_is_not_merged(edited: UUID, into: UUID) -> None:
    extents = {OLD: extent(1, first=2), YOUNG: extent(1)}
    extents[edited] = replace(extents[edited], is_edited=True)

    assert gather(NOON, [near(1, 0.6, OLD), near(2, 0.5, YOUNG)], extents) == Gathering(into)


def test_of_equal_storylines_the_older_keeps_its_id() -> None:
    neighbours = [near(1, 0.5, OLD), near(2, 0.5, YOUNG)]

    assert gather(NOON, neighbours, {OLD: extent(1, first=2), YOUNG: extent(1)}) == Gathering(OLD, (), (YOUNG,))
