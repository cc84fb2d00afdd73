"""The follower: it knows the head of the log, wakes who waits for it, and outlives what the database does to it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import anyio
import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from app.changes.following import Follower
from app.changes.tables import LogHead
from app.db import Database, open_database
from app.db.dialect import ring
from tests.changes.test_log import publish, publish_three, turn

PATIENCE_SECONDS = 30.0
A_MOMENT_SECONDS = 0.05


@asynccontextmanager
async def running(follower: Follower) -> AsyncIterator[asyncio.Task[None]]:
    """The follower at work, until the block ends; it must not end before."""
    task = asyncio.create_task(follower.run())
    try:
        yield task
        assert not task.done()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def follower(database: Database) -> AsyncIterator[Follower]:
    """A follower at work on an empty log."""
    made = Follower(database)
    async with running(made):
        yield made


def set_head(session: Session, seq: int) -> None:
    session.execute(update(LogHead).values(seq=seq))


def hide(session: Session) -> None:
    session.execute(text("ALTER TABLE log_head RENAME TO hidden"))
    ring(session)


def show(session: Session) -> None:
    session.execute(text("ALTER TABLE hidden RENAME TO log_head"))


async def until(is_so: Callable[[], bool]) -> None:
    with anyio.fail_after(PATIENCE_SECONDS):
        while not is_so():  # noqa: ASYNC110
            await anyio.sleep(0.005)


async def test_follower_hears_of_every_change(follower: Follower, database: Database) -> None:
    for head in (1, 2):
        await turn(database, publish)
        assert await follower.hear(head, within_seconds=PATIENCE_SECONDS)
    await turn(database, publish_three)
    assert await follower.hear(5, within_seconds=PATIENCE_SECONDS)
    assert follower.head == 5
    assert not await follower.hear(6, within_seconds=A_MOMENT_SECONDS)


async def test_all_who_wait_are_woken_by_what_somebody_else_wrote(follower: Follower, database_url: str) -> None:
    waiting = [asyncio.create_task(follower.reach(seq, within_seconds=PATIENCE_SECONDS)) for seq in (1, 3, 2, 3, 9)]
    elsewhere = open_database(database_url)
    await turn(elsewhere, publish_three)
    assert await asyncio.gather(*waiting[:4]) == [True] * 4
    assert not waiting[4].done()
    follower.close()
    assert await waiting[4] is False
    await elsewhere.close()


async def test_what_is_there_is_reached_though_no_bell_rang(database: Database) -> None:
    follower = Follower(database)
    assert await follower.reach(0, within_seconds=0)
    await turn(database, publish)
    assert not await follower.hear(1, within_seconds=A_MOMENT_SECONDS)
    assert await follower.reach(1, within_seconds=PATIENCE_SECONDS)
    assert not await follower.reach(2, within_seconds=A_MOMENT_SECONDS)


async def test_closed_follower_keeps_nobody(database: Database) -> None:
    follower = Follower(database)
    await turn(database, publish)
    follower.close()
    assert follower.is_closing
    with anyio.fail_after(PATIENCE_SECONDS):
        assert not await follower.reach(2, within_seconds=10 * PATIENCE_SECONDS)
    assert await follower.reach(1, within_seconds=PATIENCE_SECONDS)


async def test_change_without_a_bell_is_found_by_looking(postgresql: Database) -> None:
    follower = Follower(postgresql)
    async with running(follower):
        await turn(postgresql, publish)
        await follower.hear(1, within_seconds=PATIENCE_SECONDS)
        await postgresql.write(set_head, 2)
        assert await follower.hear(2, within_seconds=PATIENCE_SECONDS)


async def test_follower_outlives_a_log_that_cannot_be_read(follower: Follower, database: Database) -> None:
    await turn(database, publish)
    assert await follower.hear(1, within_seconds=PATIENCE_SECONDS)
    with capture_logs() as told:
        await database.write(hide)
        await until(lambda: bool(told))
        with pytest.raises(DBAPIError):
            await follower.reach(2, within_seconds=PATIENCE_SECONDS)
        await database.write(show)
        await turn(database, publish)
        assert await follower.hear(2, within_seconds=PATIENCE_SECONDS)
    assert [line["event"] for line in told] == ["the log cannot be read"]


async def test_log_that_goes_back_is_told_of_and_taken(follower: Follower, database: Database) -> None:
    await turn(database, publish_three)
    assert await follower.hear(3, within_seconds=PATIENCE_SECONDS)
    with capture_logs() as told:
        await database.write(set_head, 1)
        await until(lambda: follower.head == 1)
    (line,) = told
    assert (line["log_level"], line["known"], line["found"]) == ("error", 3, 1)


class Slow:
    """A database that answers when the test says so, and in the order it likes."""

    def __init__(self) -> None:
        self.asked: list[asyncio.Future[int]] = []

    def read(self, _fn: Callable[..., Any]) -> Awaitable[int]:
        self.asked.append(asyncio.get_running_loop().create_future())
        return self.asked[-1]


async def test_answer_that_was_overtaken_does_not_count(anyio_backend: str) -> None:
    slow = Slow()
    follower = Follower(cast(Database, slow))
    first, second = (asyncio.create_task(follower.reach(6, within_seconds=PATIENCE_SECONDS)) for _ in "12")
    await until(lambda: len(slow.asked) == 2)
    with capture_logs() as told:
        slow.asked[1].set_result(6)
        assert await second
        slow.asked[0].set_result(5)
        assert await first
    assert (follower.head, told) == (6, [])
