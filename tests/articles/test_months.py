"""The months of what is public: counted as articles come and go, marked as changed when readers would notice."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from app.articles.months import Month, find_month, month_of, months
from app.core.clock import format_instant, parse_instant
from tests.press import NOON, Press, after

MAY, JUNE = "2025-05-31T23:59:59.999999Z", "2025-06-01T00:00:00Z"


@pytest.fixture
def press(database: Any) -> Press:
    return Press(database)


async def listed(press: Press) -> list[Month]:
    """The months, without the position of the log, which is other than before whenever a month changes."""
    return [replace(month, seq=0) for month in await press.database.read(months)]


async def test_articles_are_counted_in_the_month_that_they_bear(press: Press) -> None:
    await press.receive(
        *({"external_id": f"may-{n}", "published_at": MAY} for n in range(3)),
        {"external_id": "june", "published_at": JUNE},
    )
    await press.put("now", now=after(1))
    assert await listed(press) == [
        Month("2026-11", 1, after(1), 0),
        Month("2025-06", 1, NOON, 0),
        Month("2025-05", 3, NOON, 0),
    ]
    assert await press.database.read(find_month, "2025-06") == Month("2025-06", 1, NOON, 4)


async def test_month_is_changed_by_what_readers_notice_only(press: Press) -> None:
    await press.put("one", published_at=MAY)
    await press.edit("one", summary="Nine days.", now=after(1))
    await press.publish("one", minor=True, now=after(2))
    assert await listed(press) == [Month("2025-05", 1, NOON, 0)]

    await press.edit("one", summary="Ten days.", now=after(3))
    await press.publish("one", now=after(4))
    assert await listed(press) == [Month("2025-05", 1, after(4), 0)]

    await press.edit("one", slug="another", now=after(5))
    await press.publish("one", minor=True, now=after(6))
    assert await listed(press) == [Month("2025-05", 1, after(6), 0)]


async def test_withdrawal_leaves_the_month_and_the_return_is_of_its_own(press: Press) -> None:
    await press.put("one", published_at=MAY)
    await press.put("two", published_at=MAY)
    await press.withdraw("one", now=after(1))
    assert await listed(press) == [Month("2025-05", 1, after(1), 0)]
    await press.publish("one", now=after(2))
    await press.withdraw("two", now=after(3))
    assert await listed(press) == [Month("2026-11", 1, after(2), 0)]
    assert await press.database.read(find_month, "2025-05") is None


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (MAY, "2025-05"),
        (JUNE, "2025-06"),
        ("2025-06-01T01:30:00+02:00", "2025-05"),
        ("1000-01-01T00:00:00Z", "1000-01"),
    ],
)
def test_months_are_those_of_utc(at: str, month: str) -> None:
    assert month_of(parse_instant(at)) == month
    assert month_of(datetime.fromisoformat(format_instant(parse_instant(at)))) == month
