"""Cursors and the links that carry them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import BadCursor
from app.web.paging import LAYOUT, Cursor, _check, page_url

CURSOR = Cursor("older", datetime(2026, 5, 18, 14, 8, 0, 123456, tzinfo=UTC), UUID(int=7))
MICROSECONDS = st.integers(-30_000_000_000_000_000, 250_000_000_000_000_000)
INSTANTS = st.builds(lambda n: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=n), MICROSECONDS)


@given(st.sampled_from(["older", "newer", "from"]), INSTANTS, st.uuids())
def test_cursor_comes_back_as_it_went(direction: str, at: datetime, identity: UUID) -> None:
    cursor = Cursor(direction, at, identity)  # type: ignore[arg-type]
    text = cursor.encode()
    assert Cursor.decode(text) == cursor
    assert len(text) == 40
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(st.integers(0, 39), st.sampled_from("AZaz09-_"))
def test_changed_cursor_is_refused(place: int, character: str) -> None:
    text = CURSOR.encode()
    changed = text[:place] + character + text[place + 1 :]
    if changed != text:
        with pytest.raises(BadCursor):
            Cursor.decode(changed)


@given(st.text(max_size=60))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        Cursor.decode(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        CURSOR.encode()[:-1],
        CURSOR.encode() + "=",
        CURSOR.encode() + "AAAA",
        CURSOR.encode()[:20] + "\n" + CURSOR.encode()[20:],
        " " + CURSOR.encode(),
        CURSOR.encode()[:-1] + "é",
        "+" * 40,
        "\ud800" * 40,
    ],
)
def test_damaged_cursor_is_refused_and_named(text: str) -> None:
    with pytest.raises(BadCursor) as caught:
        Cursor.decode(text)
    assert caught.value.errors[0].parameter == "cursor"


def _forged(version: int = 1, direction: int = 0, microseconds: int = 0) -> str:
    packed = LAYOUT.pack(version, direction, microseconds, UUID(int=7).bytes)
    return urlsafe_b64encode(packed + _check(packed)).decode()


@pytest.mark.parametrize(
    "text",
    [
        _forged(version=2),
        _forged(direction=3),
        _forged(microseconds=2**63 - 1),
        _forged(microseconds=-(2**63)),
        _forged(microseconds=-62_000_000_000 * 1_000_000),
    ],
    ids=["version", "direction", "far future", "far past", "before the year 1000"],
)
def test_well_made_cursor_to_nowhere_is_refused(text: str) -> None:
    assert len(urlsafe_b64decode(text)) == 30
    with pytest.raises(BadCursor):
        Cursor.decode(text)


def test_instants_of_other_zones_are_the_same_cursor() -> None:
    elsewhere = CURSOR.at.astimezone(tz=None)
    assert Cursor("older", elsewhere, CURSOR.id).encode() == CURSOR.encode()


def test_beginning_is_older_than_everything() -> None:
    start = Cursor.beginning()
    assert start.direction == "newer"
    assert start.at <= datetime(1000, 1, 1, tzinfo=UTC)
    assert Cursor.decode(start.encode()) == start


BASE = "https://api.example.com/v1/timeline"


@pytest.mark.parametrize(
    ("params", "replace", "expected"),
    [
        ([], {}, BASE),
        ([("tag", "a")], {}, BASE + "?tag=a"),
        ([("cursor", "x"), ("tag", "a")], {"cursor": "y"}, BASE + "?cursor=y&tag=a"),
        ([("tag", "b"), ("tag", "a")], {"cursor": "y"}, BASE + "?tag=b&tag=a&cursor=y"),
        ([("cursor", "x"), ("limit", "5")], {"cursor": None}, BASE + "?limit=5"),
        ([("min_seq", "9")], {}, BASE),
        ([("min_seq", "9"), ("tz", "Europe/Paris")], {"cursor": "y"}, BASE + "?tz=Europe/Paris&cursor=y"),
        ([("from", "2026-05-18T14:08:00+02:00")], {}, BASE + "?from=2026-05-18T14:08:00%2B02:00"),
        ([("q", "été & co=1#x")], {}, BASE + "?q=%C3%A9t%C3%A9%20%26%20co%3D1%23x"),
        ([("tag", "أخبار,b")], {}, BASE + "?tag=%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1,b"),
    ],
)
def test_page_url(params: list[tuple[str, str]], replace: dict[str, str | None], expected: str) -> None:
    assert page_url(BASE, params, **replace) == expected
