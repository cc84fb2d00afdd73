"""Time as it comes: clocks that are moved or step back, leap days, the ends of what we can date."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.articles.tables import Version
from app.core.clock import format_instant, parse_instant
from app.db import open_database
from app.newsroom.schemas import PublishIn
from tests import audit
from tests.newsroom_client import Newsroom
from tests.press import NOON, Press, after

TICK = timedelta(microseconds=1)

# What the newsroom writes, the instant that this is, and what the clocks of the zone show then.
MOVED_CLOCKS = [
    ("Europe/Paris", "2027-03-28T01:59:59+01:00", "2027-03-28T00:59:59Z", ("2027-03-28", "01:59", "+01:00")),
    ("Europe/Paris", "2027-03-28T02:30:00+01:00", "2027-03-28T01:30:00Z", ("2027-03-28", "03:30", "+02:00")),
    ("Europe/Paris", "2027-10-31T02:30:00+02:00", "2027-10-31T00:30:00Z", ("2027-10-31", "02:30", "+02:00")),
    ("Europe/Paris", "2027-10-31T02:30:00+01:00", "2027-10-31T01:30:00Z", ("2027-10-31", "02:30", "+01:00")),
    # Morocco moves its clocks back for Ramadan, and forward after it.
    ("Africa/Casablanca", "2025-02-23T02:30:00+01:00", "2025-02-23T01:30:00Z", ("2025-02-23", "02:30", "+01:00")),
    ("Africa/Casablanca", "2025-02-23T02:30:00+00:00", "2025-02-23T02:30:00Z", ("2025-02-23", "02:30", "+00:00")),
    ("Africa/Casablanca", "2025-04-06T02:30:00+00:00", "2025-04-06T02:30:00Z", ("2025-04-06", "03:30", "+01:00")),
]


@pytest.mark.parametrize(("zone", "written", "instant", "shown"), MOVED_CLOCKS)
async def test_time_that_clocks_skip_or_show_twice_is_one_instant(
    newsroom: Newsroom, zone: str, written: str, instant: str, shown: tuple[str, str, str]
) -> None:
    press, due = pressing(newsroom), parse_instant(instant)
    at = PublishIn.model_validate({"at": written}).at
    before = due - timedelta(days=1)
    await press.put("wire-1", publish=False, now=before)
    await press.publish("wire-1", at=at, now=before)

    assert await press.release_due(due - TICK) == 0
    assert await press.release_due(due) == 1
    (card,) = await newsroom.data(f"/v1/timeline?tz={zone}")
    assert (card["published_at"], tuple(card["local"].values())) == (instant, shown)


async def test_twice_shown_hour_is_listed_in_the_order_of_instants(newsroom: Newsroom) -> None:
    press, hour = pressing(newsroom), parse_instant("2027-10-31T00:00:00Z")
    for minutes in (30, 10, 90, 70):
        due = format_instant(hour + timedelta(minutes=minutes))
        await press.put(f"{minutes}", headline=f"{minutes}", published_at=due, now=hour)
    for minutes in range(0, 100, 10):
        await press.release_due(hour + timedelta(minutes=minutes))

    page = (await newsroom.get("/v1/timeline?tz=Europe/Paris&from=2027-10-31&to=2027-11-01")).json()
    assert [card["local"]["time"] for card in page["data"]] == ["02:30", "02:10", "02:30", "02:10"]
    assert page["meta"]["days"] == [{"date": "2027-10-31", "count": 4}]


async def test_leap_day_is_a_day_of_its_own(newsroom: Newsroom) -> None:
    press = pressing(newsroom)
    instants = ("2028-02-28T23:59:59Z", "2028-02-29T00:00:00Z", "2028-02-29T23:59:59.999999Z", "2028-03-01T00:00:00Z")
    for at in instants:
        await press.put(at, headline=at, published_at=at, now=parse_instant("2028-02-28T00:00:00Z"))
        await press.release_due(parse_instant(at))

    days = (await newsroom.get("/v1/timeline")).json()["meta"]["days"]
    assert [(day["date"], day["count"]) for day in days] == [("2028-03-01", 1), ("2028-02-29", 2), ("2028-02-28", 1)]
    assert await headlines(newsroom, "from=2028-02-29&to=2028-03-01") == [instants[2], instants[1]]
    assert await headlines(newsroom, "from=2028-02-29&to=2028-02-29") == []
    # In Paris it began an hour earlier.
    assert await headlines(newsroom, "from=2028-02-29&to=2028-03-01&tz=Europe/Paris") == [instants[1], instants[0]]
    assert (await newsroom.get("/v1/timeline?from=2027-02-29")).status_code == 400


async def test_schedule_in_the_past_is_now_and_the_past_of_an_article_is_an_archive(press: Press) -> None:
    await press.put("late", publish=False)
    await press.publish("late", at=after(-600), now=after(1))
    late = await press.public("late")
    assert late.first_published_at == late.published_at == late.updated_at == after(1)

    await press.put("archive", headline="Then", publish=False, published_at=format_instant(after(-600)))
    await press.publish("archive", at=after(-300), now=after(2))
    archive = await press.public("archive")
    assert (archive.published_at, archive.modified_at) == (after(-600), after(2))
    assert await press.release_due(after(3)) == 0


async def test_schedule_is_kept_to_the_microsecond(press: Press) -> None:
    due = NOON + timedelta(hours=1, microseconds=1)
    await press.put("wire-1", published_at=format_instant(due))
    assert (await press.draft("wire-1")).scheduled_at == due
    assert await press.release_due(due - TICK) == 0
    assert await press.release_due(due) == 1
    assert (await press.public("wire-1")).published_at == due


async def test_ends_of_what_can_be_dated_are_published_listed_and_scheduled(newsroom: Newsroom) -> None:
    press, last = pressing(newsroom), parse_instant("9998-12-31T23:59:59.999999Z")
    await press.put("first", headline="First", published_at="1000-01-01T00:00:00Z")
    await press.put("second", headline="Second", published_at="1000-01-01T00:00:00.000001Z")
    await press.put("last", headline="Last", published_at=format_instant(last))
    assert await press.release_due(last - TICK) == 0
    assert await press.release_due(last) == 1

    url, shown = "/v1/timeline?limit=1&tz=Pacific/Pago_Pago", []
    while url is not None:
        page = (await newsroom.get(url)).json()
        shown += [card["published_at"] for card in page["data"]]
        url = page["links"]["older"]
    assert shown == ["9998-12-31T23:59:59.999999Z", "1000-01-01T00:00:00.000001Z", "1000-01-01T00:00:00Z"]
    assert await headlines(newsroom, "from=1000-01-01&to=1000-01-02") == ["Second", "First"]
    assert await headlines(newsroom, "from=9998-12-31&tz=Pacific/Kiritimati") == ["Last"]


@pytest.fixture
async def desks(database_url: str, anyio_backend: str) -> AsyncIterator[list[Press]]:
    """A newsroom in three processes, as far as the database can tell."""
    databases = [open_database(database_url) for _ in range(3)]
    yield [Press(database) for database in databases]
    for database in databases:
        await database.close()


async def test_processes_whose_clocks_disagree_write_one_log_that_never_runs_back(desks: list[Press]) -> None:
    skews = (0, -30, 7)

    async def write(number: int) -> None:
        press, name = desks[number], f"{number}"
        for minute in range(4):
            now = after(skews[number] + minute)
            await press.put(name, headline=f"{name} at {minute}", now=now)
            await press.put(f"{name}-{minute}", headline=f"Also {name} at {minute}", now=now)
        await press.withdraw(f"{name}-1", now=after(skews[number] - 60))
        await press.publish(f"{name}-1", now=after(skews[number] - 90))

    await asyncio.gather(*(write(number) for number in range(3)))

    assert await desks[0].database.scan(audit.faults) == []
    stamps = await stamps_in_the_order_of_the_log(desks[0])
    assert stamps == sorted(set(stamps))
    assert len(stamps) == 3 * (1 + 4 + 1)


async def test_workers_whose_clocks_disagree_release_once_and_in_the_order_of_times(desks: list[Press]) -> None:
    names = [f"{n:02}" for n in range(30)]
    due = {name: after(int(name) + 1) for name in names}
    await desks[0].receive(
        *({"external_id": name, "headline": name, "published_at": format_instant(due[name])} for name in names[::-1])
    )

    async def work(press: Press, *minutes: int) -> None:
        for minute in minutes:
            while await press.release_due(after(minute), limit=3):
                pass

    await asyncio.gather(work(desks[0], 10, 5, 40), work(desks[1], 3, 20, 40), work(desks[2], 15, 1, 40))

    lines = await desks[0].lines()
    drafts = {(await desks[0].draft(name)).id: name for name in names}
    assert [drafts[line.article_id] for line in lines] == names
    stamps = await stamps_in_the_order_of_the_log(desks[0])
    assert stamps == sorted(set(stamps))
    assert all(stamp >= due[name] for stamp, name in zip(stamps, names, strict=True))


async def test_versions_follow_each_other_while_the_clock_stands_or_steps_back(press: Press) -> None:
    for n, minutes in enumerate((0, 5, 5, -30, 6)):
        await press.put("wire-1", headline=f"Take {n}", now=after(minutes))
    await press.withdraw("wire-1", now=after(-60))
    await press.publish("wire-1", now=after(-90))
    await press.put("wire-1", headline="At last", now=after(7))

    spans = await seen(press, "wire-1")
    assert len(spans) == 7
    assert all(end == begin for (_, end), (begin, _) in pairwise(spans))
    assert [begin for begin, _ in spans] == sorted(begin for begin, _ in spans)
    assert (spans[0][0], spans[-1]) == (NOON, (after(7), None))


async def test_versions_released_together_follow_each_other(press: Press) -> None:
    await press.put("updated", headline="Before")
    await press.edit("updated", headline="After")
    await press.publish("updated", at=after(10), now=after(1))
    for n in (1, 2):
        await press.put(f"new-{n}", headline=f"New {n}", published_at=format_instant(after(10 + n)))
    await press.put("ahead", headline="Ahead", now=after(30))  # the clock steps back after this

    assert await press.release_due(after(20)) == 3
    (_, end), (begin, open_end) = await seen(press, "updated")
    assert (end, open_end) == (begin, None)
    assert await press.database.scan(audit.faults) == []


def pressing(newsroom: Newsroom) -> Press:
    """The store's side of this newsroom, where every `now` can be said."""
    return Press(newsroom.app.state.database)


async def headlines(newsroom: Newsroom, query: str) -> list[str]:
    """What the timeline shows."""
    return [card["headline"] for card in await newsroom.data(f"/v1/timeline?{query}")]


async def stamps_in_the_order_of_the_log(press: Press) -> list[datetime]:
    """The `published_at` of every release, in the order of the log."""

    def look(session: Session) -> list[datetime]:
        released = select(Version.published_at).where(Version.kind == "article.published").order_by(Version.seq)
        return list(session.scalars(released))

    return await press.database.scan(look)


async def seen(press: Press, ref: str) -> list[tuple[datetime, datetime | None]]:
    """From when until when readers saw each version."""
    id = (await press.draft(ref)).id

    def look(session: Session) -> list[tuple[datetime, datetime | None]]:
        versions = session.scalars(select(Version).where(Version.article_id == id).order_by(Version.number))
        return [(version.at, version.until) for version in versions]

    return await press.database.scan(look)
