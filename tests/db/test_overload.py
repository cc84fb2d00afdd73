"""When the database has no turn for a caller: reads move off the loop, and waiting has an end."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.db import Database, Overloaded
from app.db.opening import parse_url
from app.db.postgres import PostgresDatabase
from app.db.sqlite import SqliteDatabase
from app.db.sqlite_driver import BUSY, driver
from tests.db import notes

WAIT_SECONDS = 0.05
SIZES = {"sqlite": {"scan": 2, "write": 1}, "postgresql": {"read": 8, "snapshot": 4, "scan": 2, "write": 4}}


def open_impatient(url: str) -> Database:
    parsed = parse_url(url)
    if parsed.drivername == "sqlite":
        return SqliteDatabase(str(parsed.database), wait_seconds=WAIT_SECONDS)
    return PostgresDatabase(parsed, wait_seconds=WAIT_SECONDS)


@asynccontextmanager
async def everything_taken(database: Database, door: str) -> AsyncIterator[None]:
    release = threading.Event()
    size = SIZES[database.dialect][door]
    ready = threading.Semaphore(0)

    def hold(session: Session) -> None:
        session.execute(text("SELECT 1"))
        ready.release()
        if database.dialect == "sqlite":
            release.wait(20)
        else:
            notes.run_endless(session)

    holders = [asyncio.create_task(getattr(database, door)(hold)) for _ in range(size)]
    for _ in range(size):
        while not ready.acquire(blocking=False):  # noqa: ASYNC110 - threads release it
            await asyncio.sleep(0.005)
    yield
    release.set()
    if database.dialect == "postgresql":
        await _end_all_queries(database, door)
    await asyncio.gather(*holders, return_exceptions=True)


async def _end_all_queries(database: Database, door: str) -> None:
    cancel = text("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(300)'")
    other = database.read if door == "scan" else database.scan
    await other(lambda session: session.execute(cancel).all())


@pytest.mark.parametrize(("dialect", "door"), [(dialect, door) for dialect, doors in SIZES.items() for door in doors])
async def test_no_turn_in_time_is_overloaded(request: pytest.FixtureRequest, dialect: str, door: str) -> None:
    database = open_impatient(request.getfixturevalue("sqlite_url" if dialect == "sqlite" else "postgres_url"))
    try:
        async with everything_taken(database, door):
            with pytest.raises(Overloaded):
                await getattr(database, door)(lambda session: session.execute(text("SELECT 1")).all())
        assert await getattr(database, door)(lambda session: session.execute(text("SELECT 1")).scalar_one()) == 1
    finally:
        await database.close()


async def test_write_that_another_process_keeps_out_is_overloaded(sqlite_url: str) -> None:
    database = open_impatient(sqlite_url)
    await database.write(notes.create)
    try:
        with notes.outside(sqlite_url) as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            with pytest.raises(Overloaded):
                await database.write(notes.add, 1)
            connection.exec_driver_sql("ROLLBACK")
        await database.write(notes.add, 1)
        assert await database.read(notes.count) == 1
    finally:
        await database.close()


async def test_long_inline_read_moves_to_a_thread(sqlite_notebook: SqliteDatabase) -> None:
    threads: list[str] = []

    def count_far(session: Session) -> int:
        threads.append(threading.current_thread().name)
        far = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000000) SELECT count(*) FROM n"
        return int(session.execute(text(far)).scalar_one())

    assert await sqlite_notebook.read(count_far) == 2_000_000
    assert [name.partition("_")[0] for name in threads] == ["MainThread", "sqlite-scan"]
    assert sqlite_notebook.moved == 1
    assert await sqlite_notebook.read(notes.count) == 0
    assert sqlite_notebook.moved == 1


async def test_many_short_statements_share_one_budget(sqlite_notebook: SqliteDatabase) -> None:
    runs: list[int] = []

    def count_often(session: Session) -> int:
        runs.append(0)
        for _ in range(3000):
            notes.count(session)
            runs[-1] += 1
        return len(runs)

    assert await sqlite_notebook.snapshot(count_often) == 2
    assert runs[0] < runs[1] == 3000


async def test_locked_inline_read_is_tried_again_in_a_thread(sqlite_notebook: SqliteDatabase) -> None:
    runs: list[str] = []

    def meet_a_lock_twice(session: Session) -> int:
        runs.append(threading.current_thread().name.partition("_")[0])
        if len(runs) < 3:
            locked = driver.OperationalError("database is locked")
            locked.sqlite_errorcode = BUSY
            raise OperationalError("SELECT", {}, locked)
        return notes.count(session)

    assert await sqlite_notebook.read(meet_a_lock_twice) == 0
    assert runs == ["MainThread", "sqlite-scan", "sqlite-scan"]
