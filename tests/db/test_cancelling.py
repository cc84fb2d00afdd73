"""A caller that leaves: reads stop, writes finish."""

import asyncio
import itertools
from threading import Event

import anyio
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db import Database
from tests.db import notes

PATIENCE_SECONDS = 20  # far above what is needed: only a hang reaches it


async def until_set(event: Event) -> None:
    while not event.is_set():  # noqa: ASYNC110 - it is set by a thread
        await asyncio.sleep(0.005)


@pytest.mark.parametrize("door", ["read", "snapshot", "scan"])
async def test_cancelled_reader_stops_its_query(database: Database, door: str) -> None:
    started = Event()

    def hang(session: Session) -> None:
        session.connection()
        started.set()
        notes.run_endless(session)

    with anyio.fail_after(PATIENCE_SECONDS):
        async with anyio.create_task_group() as group:
            group.start_soon(getattr(database, door), hang)
            await until_set(started)
            await asyncio.sleep(0.05)
            group.cancel_scope.cancel()
        # Both threads, or both connections, are free again.
        results = await asyncio.gather(
            *(database.scan(lambda session: session.execute(text("SELECT 1")).scalar_one()) for _ in "12")
        )
    assert results == [1, 1]


async def test_cancelled_reader_leaves_no_query_on_the_server(postgresql: Database) -> None:
    active = text("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(300)' AND state = 'active'")
    task = asyncio.create_task(postgresql.scan(notes.run_endless))
    while not await postgresql.read(lambda session: session.execute(active).scalar_one()):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await postgresql.read(lambda session: session.execute(active).scalar_one()) == 0


async def test_cancelled_scan_stops_between_short_statements(sqlite_notebook: Database) -> None:
    started = Event()

    def ask_for_ever(session: Session) -> None:
        for number in itertools.count():
            session.execute(text(f"SELECT {number}")).all()  # each too short to be interrupted
            started.set()

    task = asyncio.create_task(sqlite_notebook.scan(ask_for_ever))
    with anyio.fail_after(PATIENCE_SECONDS):
        await until_set(started)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


@pytest.mark.parametrize("insistence", [1, 3])
async def test_started_write_finishes_though_its_caller_is_cancelled(notebook: Database, insistence: int) -> None:
    started, finished = Event(), Event()

    def add_slowly(session: Session) -> None:
        notes.add(session, 1)
        started.set()
        notes.linger(session)
        notes.add(session, 2)
        finished.set()

    task = asyncio.create_task(notebook.write(add_slowly))
    await until_set(started)
    for _ in range(insistence):
        task.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert finished.is_set()
    assert await notebook.read(notes.count) == 2


async def test_started_write_finishes_inside_a_cancelled_scope(notebook: Database) -> None:
    started = Event()

    def add_slowly(session: Session) -> None:
        notes.add(session, 1)
        started.set()
        notes.linger(session)
        notes.add(session, 2)

    async with anyio.create_task_group() as group:
        group.start_soon(notebook.write, add_slowly)
        await until_set(started)
        group.cancel_scope.cancel()
    assert await notebook.read(notes.count) == 2


async def test_write_whose_caller_left_while_queueing_never_starts(sqlite_notebook: Database) -> None:
    release = Event()
    first = asyncio.create_task(sqlite_notebook.write(lambda session: release.wait(PATIENCE_SECONDS)))
    await asyncio.sleep(0)
    second = asyncio.create_task(sqlite_notebook.write(notes.add, 1))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    release.set()
    await first
    assert await sqlite_notebook.read(notes.count) == 0
