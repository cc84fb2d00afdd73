import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import worker
from app.core.clock import format_instant, utc_now
from app.db import Database, Overloaded
from app.newsroom.publishing import release_due
from app.newsroom.tables import Draft, KeptAnswer
from app.settings import Settings
from tests.newsroom_client import open_newsroom
from tests.press import Press

PATIENCE_SECONDS = 30
NEW_SITE = "https://news.example"


@asynccontextmanager
async def working(database: Database, settings: Settings) -> AsyncIterator[asyncio.Task[None]]:
    """The loops, running until the block ends."""
    loops = asyncio.create_task(worker.run(database, settings))
    try:
        yield loops
    finally:
        loops.cancel()
        with suppress(asyncio.CancelledError):
            await loops


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Returns when it holds; fails when it never does."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await holds():  # noqa: ASYNC110 - nothing tells when another connection has written
            await asyncio.sleep(0.01)


async def test_scheduled_article_is_released(settings: Settings, database: Database) -> None:
    press, now = Press(database), utc_now()
    await press.put("wire-1", published_at=format_instant(now + timedelta(seconds=0.3)), now=now)

    async def is_public() -> bool:
        return await press.document("wire-1") is not None

    async with working(database, settings):
        await until(is_public)

    assert await press.log() == ["published 1"]
    assert (await press.public("wire-1")).published_at >= now + timedelta(seconds=0.3)


async def test_what_became_due_while_nobody_worked_is_released_in_order(settings: Settings, database: Database) -> None:
    press, past = Press(database), utc_now() - timedelta(hours=2)
    for name, minutes in (("second", 20), ("first", 10), ("third", 30)):
        at = past + timedelta(minutes=minutes)
        await press.put(name, headline=name, published_at=format_instant(at), now=past)

    async def is_public() -> bool:
        return await press.document("third") is not None

    async with working(database, settings):
        await until(is_public)

    seqs = [(await press.public(name)).seq for name in ("first", "second", "third")]
    assert seqs == [1, 2, 3]


async def test_two_workers_release_once(settings: Settings, database: Database) -> None:
    press, past = Press(database), utc_now() - timedelta(hours=2)
    for n in range(8):
        await press.put(f"{n}", headline=f"{n}", published_at=format_instant(past + timedelta(minutes=n + 1)), now=past)

    async def all_public() -> bool:
        return len(await press.log()) >= 8

    async with working(database, settings), working(database, settings):
        await until(all_public)
    assert await press.log() == ["published 1"] * 8


async def test_change_of_site_is_rendered(settings: Settings, database: Database) -> None:
    press = Press(database)
    await press.put("wire-1")

    async def is_moved() -> bool:
        return (await press.public("wire-1")).url.startswith(NEW_SITE)

    async with working(database, settings.model_copy(update={"site_url": NEW_SITE})):
        await until(is_moved)
    assert await press.log() == ["published 1", "refreshed 1"]


async def test_loop_that_fails_tries_again(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    press, past = Press(database), utc_now() - timedelta(hours=2)
    await press.put("wire-1", published_at=format_instant(past + timedelta(minutes=1)), now=past)
    failures = iter([Overloaded("one"), Overloaded("two")])

    def fail_at_first(*arguments: Any, **options: Any) -> int:
        if error := next(failures, None):
            raise error
        return release_due(*arguments, **options)

    monkeypatch.setattr(worker, "release_due", fail_at_first)
    monkeypatch.setattr(worker, "FIRST_WAIT_SECONDS", 0.001)

    async def is_public() -> bool:
        return await press.document("wire-1") is not None

    async with working(database, settings) as loops:
        await until(is_public)
        assert not loops.done()
    assert next(failures, None) is None


async def test_service_runs_its_loops_inside(settings: Settings) -> None:
    async with open_newsroom(settings.model_copy(update={"worker_inside": True})) as newsroom:
        at = utc_now() + timedelta(seconds=0.2)
        await newsroom.publish("wire-1", published_at=format_instant(at))

        async def is_public() -> bool:
            return bool(await newsroom.data("/v1/timeline"))

        await until(is_public)
        answer = await newsroom.send("GET", "/v1/newsroom/articles/wire-1")
    assert answer.json()["data"]["state"] == "published"
    assert answer.json()["data"]["scheduled_at"] is None


async def test_one_that_cannot_be_published_holds_up_nobody(settings: Settings, database: Database) -> None:
    press, past = Press(database), utc_now() - timedelta(hours=2)
    for name in ("broken", "sound"):
        await press.put(name, headline=name, published_at=format_instant(past + timedelta(minutes=10)), now=past)

    def break_it(session: Session) -> None:
        session.execute(update(Draft).where(Draft.external_id == "broken").values(content='{"language": "en"}'))

    await database.write(break_it)

    async def is_public() -> bool:
        return await press.document("sound") is not None

    async with working(database, settings):
        await until(is_public)
    assert await press.document("broken") is None


async def test_kept_answers_of_yesterday_are_forgotten(settings: Settings, database: Database) -> None:
    now = utc_now()
    hours = {"today": 23, "yesterday": 25, "long ago": 900}

    def keep(session: Session) -> None:
        for key, age in hours.items():
            at = now - timedelta(hours=age)
            row = KeptAnswer(caller="somebody", key=key, request="", status=200, headers="{}", body="", at=at)
            session.add(row)

    async def is_forgotten() -> bool:
        return await database.scan(lambda session: list(session.scalars(select(KeptAnswer.key)))) == ["today"]

    await database.write(keep)
    async with working(database, settings):
        await until(is_forgotten)
