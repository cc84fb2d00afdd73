"""What PostgreSQL takes away, and what is tried again."""

import asyncio

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.db import Database, Overloaded, open_database
from app.db.errors import Unconfirmed
from tests.db import notes
from tests.db.notes import Note

DOORS = ["read", "snapshot", "scan", "write"]
CONFLICT = text("DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$")
END_OWN_CONNECTION = text("SELECT pg_terminate_backend(pg_backend_pid())")
DYING_AT_COMMIT = """
CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER dying AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION die();
"""


def end_connections(postgres: psycopg.Connection, url: str) -> None:
    name = url.rpartition("/")[2]
    postgres.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))


@pytest.mark.parametrize("door", DOORS)
async def test_call_survives_the_loss_of_idle_connections(
    postgres_notebook: Database, postgres: psycopg.Connection, postgres_url: str, door: str
) -> None:
    call = getattr(postgres_notebook, door)
    await asyncio.gather(call(notes.linger), call(notes.linger))
    end_connections(postgres, postgres_url)
    assert list(await asyncio.gather(call(notes.count), call(notes.count))) == [0, 0]


@pytest.mark.parametrize("door", DOORS)
async def test_call_that_always_loses_its_connection_is_overloaded(postgresql: Database, door: str) -> None:
    runs: list[int] = []

    def lose(session: Session) -> None:
        runs.append(1)
        session.execute(END_OWN_CONNECTION)

    with pytest.raises(Overloaded):
        await getattr(postgresql, door)(lose)
    assert len(runs) == 2


async def test_write_that_lost_its_connection_is_written_once(postgres_notebook: Database) -> None:
    runs: list[int] = []

    def lose_once(session: Session) -> None:
        runs.append(1)
        notes.add(session, 1)
        if len(runs) == 1:
            session.execute(END_OWN_CONNECTION)

    await postgres_notebook.write(lose_once)
    assert len(runs) == 2
    assert await postgres_notebook.read(notes.count) == 1


async def test_write_that_lost_its_connection_before_its_last_flush_is_written_once(
    postgres_notebook: Database, postgres: psycopg.Connection
) -> None:
    runs: list[int] = []

    def lose_once(session: Session) -> None:
        runs.append(1)
        session.add(Note(id=1, body=""))
        with session.no_autoflush:
            own = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        if len(runs) == 1:
            postgres.execute("SELECT pg_terminate_backend(%s, 5000)", (own,))

    await postgres_notebook.write(lose_once)
    assert len(runs) == 2
    assert await postgres_notebook.read(notes.count) == 1


async def test_write_lost_while_committing_is_not_tried_again(postgres_notebook: Database) -> None:
    runs: list[int] = []

    def add(session: Session) -> None:
        runs.append(1)
        notes.add(session, 1)

    await postgres_notebook.write(lambda session: session.execute(text(DYING_AT_COMMIT)) and None)
    with pytest.raises(Unconfirmed):
        await postgres_notebook.write(add)
    assert len(runs) == 1


@pytest.mark.parametrize(("conflicts", "runs_expected"), [(1, 2), (3, 4)])
async def test_conflict_is_tried_again(postgres_notebook: Database, conflicts: int, runs_expected: int) -> None:
    runs: list[int] = []

    def conflict(session: Session) -> None:
        runs.append(1)
        notes.add(session, 1)
        if len(runs) <= conflicts:
            session.execute(CONFLICT)

    await postgres_notebook.write(conflict)
    assert len(runs) == runs_expected
    assert await postgres_notebook.read(notes.count) == 1


async def test_endless_conflict_is_overloaded(postgresql: Database) -> None:
    runs: list[int] = []

    def conflict(session: Session) -> None:
        runs.append(1)
        session.execute(CONFLICT)

    with pytest.raises(Overloaded, match="conflict"):
        await postgresql.write(conflict)
    assert len(runs) == 4


async def test_deadlocked_writers_both_finish(postgres_notebook: Database) -> None:
    def touch(session: Session, *numbers: int) -> None:
        session.execute(text("SET LOCAL deadlock_timeout = '10ms'"))
        for number in numbers:
            session.execute(text("UPDATE notes SET body = body || 'x' WHERE id = :id"), {"id": number})
            notes.linger(session)

    for number in (1, 2):
        await postgres_notebook.write(notes.add, number, "")
    await asyncio.gather(postgres_notebook.write(touch, 1, 2), postgres_notebook.write(touch, 2, 1))
    bodies = text("SELECT body FROM notes")
    assert await postgres_notebook.read(lambda session: session.execute(bodies).scalars().all()) == ["xx", "xx"]


async def test_statement_that_takes_too_long_is_overloaded(postgresql: Database) -> None:
    def dawdle(session: Session) -> None:
        session.execute(text("SET LOCAL statement_timeout = 20"))
        notes.run_endless(session)

    with pytest.raises(Overloaded, match="timeout"):
        await postgresql.snapshot(dawdle)


async def test_wrong_statement_is_raised_at_once(postgresql: Database) -> None:
    runs: list[int] = []

    def misspell(session: Session) -> None:
        runs.append(1)
        session.execute(text("SELECT * FROM nowhere"))

    with pytest.raises(ProgrammingError):
        await postgresql.read(misspell)
    assert len(runs) == 1


async def test_absent_server_is_overloaded(free_tcp_port: int) -> None:
    database = open_database(f"postgresql://nobody@127.0.0.1:{free_tcp_port}/nothing")
    with pytest.raises(Overloaded, match="refused"):
        await database.read(notes.count)
    await database.close()


async def test_options_of_the_url_are_kept(postgres_url: str) -> None:
    database = open_database(f"{postgres_url}?options=-c%20search_path%3Delsewhere")
    shown = await database.read(
        lambda session: session.execute(text("SELECT current_setting('search_path')")).scalar_one()
    )
    await database.close()
    assert shown == "elsewhere"


@pytest.mark.parametrize(
    ("door", "isolation", "read_only", "limit"),
    [
        ("read", "read committed", "on", "5s"),  # AUTOCOMMIT: the server's own default
        ("snapshot", "repeatable read", "on", "5s"),
        ("scan", "repeatable read", "on", "1min"),
        ("write", "read committed", "off", "15s"),
    ],
)
async def test_each_door_has_its_settings(
    postgresql: Database, door: str, isolation: str, read_only: str, limit: str
) -> None:
    def settings(session: Session) -> list[str]:
        names = ("transaction_isolation", "transaction_read_only", "statement_timeout", "TimeZone")
        return [session.execute(text(f"SHOW {name}")).scalar_one() for name in names]

    assert await getattr(postgresql, door)(settings) == [isolation, read_only, limit, "UTC"]
