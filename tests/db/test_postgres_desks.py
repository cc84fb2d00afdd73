"""Short reads of PostgreSQL keep their connections, and nothing of what was read."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.changes.tables import LogHead
from app.db import Database
from app.db.postgres_desks import Desks

BACKEND = text("SELECT pg_backend_pid()")


def backend(session: Session) -> int:
    return int(session.connection().execute(BACKEND).scalar_one())


async def test_read_has_the_connection_of_the_one_before(postgresql: Database) -> None:
    assert len({await postgresql.read(backend) for _ in range(5)}) == 1


async def test_reads_at_once_have_a_connection_each(postgresql: Database) -> None:
    def linger(session: Session) -> int:
        session.connection().execute(text("SELECT pg_sleep(0.1)"))
        return backend(session)

    assert len(set(await asyncio.gather(*(postgresql.read(linger) for _ in range(8))))) == 8


async def test_each_read_sees_what_was_committed_before_it(postgresql: Database) -> None:
    def seen(session: Session) -> int:
        return session.get_one(LogHead, 1).seq

    def move(session: Session) -> None:
        session.get_one(LogHead, 1).seq += 1

    first = await postgresql.read(seen)
    await postgresql.write(move)
    assert await postgresql.read(seen) == first + 1


async def test_connection_of_a_failed_statement_serves_nobody_else_unreset(postgresql: Database) -> None:
    for _ in range(20):  # more than there are desks: none is lost
        with pytest.raises(DBAPIError):
            await postgresql.read(lambda session: session.execute(text("BROKEN")))
    assert await postgresql.read(backend) > 0


async def test_connection_that_is_too_old_is_given_back(postgresql: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    desks: Desks = vars(postgresql)["_desks"]
    await postgresql.read(backend)
    (kept,) = [session for session, _ in vars(desks)["_free"]]
    monkeypatch.setattr(desks, "_keep_seconds", 0.0)
    await postgresql.read(backend)
    assert [session for session, _ in vars(desks)["_free"]] != [kept]
