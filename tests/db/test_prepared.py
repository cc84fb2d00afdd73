"""Statements that go straight to the driver: the same rows and failures as of any other, and whoever listens hears."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, Float, Text, bindparam, cast, event, func, literal, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.db import Database
from app.db.base import Instant, Uid
from app.db.batches import among
from app.db.prepared import Prepared

AT = datetime(2026, 11, 20, 5, 52, 0, 1, tzinfo=UTC)
ID = UUID(int=7)
ECHO = select(
    bindparam("id", type_=Uid).label("id"),
    cast(bindparam("at", type_=Instant), Instant).label("at"),
    bindparam("is_it", type_=literal(True).type).label("is_it"),
    cast(bindparam("text", type_=Text), Text).label("text"),
    literal("é\n").label("fixed"),
)
VALUES = {"id": ID, "at": AT, "is_it": True, "text": None}


async def test_rows_are_those_of_the_statement(database: Database) -> None:
    prepared = Prepared(ECHO)
    for _ in range(2):
        row: Any = await database.read(lambda session: prepared.first(session, VALUES))
        assert (row.id, row.at, row.is_it, row.text, row.fixed) == (ID, AT, True, None, "é\n")


async def test_one_parameter_may_be_many_values(database: Database) -> None:
    found = Prepared(select(literal(1).label("one")).where(among(bindparam("it", type_=Uid), "some")))

    def ask(session: Session, *some: UUID) -> list[tuple[int]]:
        return [tuple(row) for row in found.rows(session, {"it": ID, "some": some})]

    assert await database.read(ask, UUID(int=1), ID) == [(1,)]
    assert await database.read(ask, UUID(int=1)) == []


async def test_nothing_found_has_no_first_row(database: Database) -> None:
    nothing = Prepared(select(literal(1).label("one")).where(literal(1) == bindparam("n")))
    assert await database.read(lambda session: nothing.first(session, {"n": 2})) is None


async def test_failure_is_what_it_always_is_and_the_door_stays_open(database: Database) -> None:
    broken = Prepared(select(bindparam("x").label("x")).prefix_with("BROKEN"))
    for _ in range(2):
        with pytest.raises(DBAPIError):
            await database.read(lambda session: broken.rows(session, {"x": 1}))
    assert await database.read(lambda session: Prepared(ECHO).first(session, VALUES)) is not None


async def test_listeners_hear_of_it(database: Database) -> None:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await database.read(lambda session: Prepared(ECHO).first(session, VALUES))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len([statement for statement in seen if "fixed" in statement]) == 1


async def test_cancelled_read_gives_back_no_connection_that_is_still_at_it(postgresql: Database) -> None:
    slow = Prepared(select(func.pg_sleep(bindparam("seconds", type_=Float)).cast(Text).label("slept")))
    pid = Prepared(select(func.pg_backend_pid().label("pid")))
    for _ in range(8):  # more than there are connections
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await postgresql.read(lambda session: slow.rows(session, {"seconds": 30.0}))
    rows = await asyncio.gather(*(postgresql.read(lambda session: pid.rows(session, {})) for _ in range(8)))
    assert all(row.pid > 0 for (row,) in rows)
