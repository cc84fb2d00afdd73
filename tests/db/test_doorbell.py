"""The doorbell: it rings for what anybody commits, for nothing else, and again after it was lost."""

from collections.abc import AsyncIterator
from pathlib import Path

import anyio
import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db import Database, open_database
from app.db.dialect import ring
from app.db.doorbell import Doorbell
from app.db.sqlite_doorbell import SqliteDoorbell
from tests.db import notes
from tests.db.test_processes import start_writer
from tests.processes import free_port

PATIENCE_SECONDS = 30
A_WHILE_SECONDS = 0.15
LISTENERS = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND query LIKE 'LISTEN%%'"


@pytest.fixture
async def bell(notebook: Database) -> AsyncIterator[Doorbell]:
    """A bell that is listening, and has been heard."""
    made = notebook.doorbell()
    await until_rung(made)
    yield made
    await made.close()


def add(session: Session, number: int) -> None:
    notes.add(session, number)
    ring(session)


async def test_bell_rings_for_every_commit(bell: Doorbell, notebook: Database) -> None:
    for number in range(3):
        await notebook.write(add, number)
        assert await bell.wait(PATIENCE_SECONDS)
    assert not await bell.wait(A_WHILE_SECONDS)


async def test_bell_rings_while_somebody_waits(bell: Doorbell, notebook: Database) -> None:
    heard: list[bool] = []

    async def listen() -> None:
        heard.append(await bell.wait(PATIENCE_SECONDS))

    async with anyio.create_task_group() as group:
        group.start_soon(listen)
        await anyio.sleep(A_WHILE_SECONDS)
        assert heard == []
        await notebook.write(add, 1)
    assert heard == [True]


async def test_bell_rings_for_other_processes(bell: Doorbell, database_url: str) -> None:
    writer = start_writer(database_url, 1, 1, "never")
    assert await bell.wait(PATIENCE_SECONDS)
    writer.communicate(timeout=PATIENCE_SECONDS)
    assert writer.returncode == 0


async def test_bell_is_silent_while_nothing_is_committed(bell: Doorbell, notebook: Database) -> None:
    def fail(session: Session) -> None:
        add(session, 1)
        raise RuntimeError("no")

    await notebook.read(notes.count)
    await notebook.scan(notes.count)
    with pytest.raises(RuntimeError):
        await notebook.write(fail)
    assert not await bell.wait(A_WHILE_SECONDS)


async def test_lost_listener_comes_back(
    postgres_notebook: Database, postgres: psycopg.Connection, postgres_url: str
) -> None:
    def listeners() -> set[int]:
        return {pid for (pid,) in postgres.execute(LISTENERS, (postgres_url.rpartition("/")[2],))}

    bell = postgres_notebook.doorbell()
    await until_rung(bell)
    for number in (0, 2):
        (lost,) = listeners()
        postgres.execute("SELECT pg_terminate_backend(%s, 5000)", (lost,))
        await postgres_notebook.write(add, number)  # while nobody listens
        await until_rung(bell)
        while not listeners() - {lost}:  # noqa: ASYNC110
            await anyio.sleep(0.01)
        while await bell.wait(A_WHILE_SECONDS):
            pass
        await postgres_notebook.write(add, number + 1)
        await until_rung(bell)
    await bell.close()
    while listeners():  # noqa: ASYNC110 - the server takes its time to notice
        await anyio.sleep(0.01)


async def until_rung(bell: Doorbell) -> None:
    with anyio.fail_after(PATIENCE_SECONDS):
        while not await bell.wait(PATIENCE_SECONDS):
            pass


async def test_nobody_waits_long_for_a_server_that_is_away(anyio_backend: str) -> None:
    database = open_database(f"postgresql://postgres@127.0.0.1:{free_port()}/nowhere")
    bell = database.doorbell()
    with anyio.fail_after(PATIENCE_SECONDS):
        for _ in range(3):
            assert not await bell.wait(10 * PATIENCE_SECONDS)
    await bell.close()
    await database.close()


async def test_bell_outlasts_a_locked_and_a_missing_file(sqlite_url: str, tmp_path: Path) -> None:
    place = tmp_path / "dateline.db"
    bell, away = SqliteDoorbell(str(place)), tmp_path / "away.db"
    with notes.outside(sqlite_url) as other:
        other.execute(text("PRAGMA locking_mode=EXCLUSIVE"))
        other.execute(text("UPDATE log_head SET seq = 1"))
        assert not await bell.wait(A_WHILE_SECONDS)
    assert await bell.wait(PATIENCE_SECONDS)
    await bell.close()
    place.rename(away)
    assert not await bell.wait(A_WHILE_SECONDS)
    away.rename(place)
    assert await bell.wait(PATIENCE_SECONDS)
    await bell.close()
