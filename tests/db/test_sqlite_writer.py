"""Writes that wait for their turn share a transaction: each as if it had one of its own."""

import asyncio
import time
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db import Database
from app.db.sqlite_driver import tracked
from app.db.sqlite_writer import SHARED_SECONDS
from tests.db import notes
from tests.db.notes import NOTES, Note

PATIENCE_SECONDS = 10


class Refusal(Exception):  # noqa: N818 - a name of the domain, as in the app
    pass


async def at_once(database: Database, *writes: Callable[[Session], Any]) -> list[Any]:
    """What came of writes that all wait for one which is under way."""
    release = Event()
    first = asyncio.create_task(database.write(lambda session: release.wait(PATIENCE_SECONDS)))
    rest = [asyncio.create_task(database.write(write)) for write in writes]
    await asyncio.sleep(0.05)
    release.set()
    await first
    return await asyncio.gather(*rest, return_exceptions=True)


def add(number: int) -> Callable[[Session], int]:
    return lambda session: notes.add(session, number)


def fail(session: Session) -> None:
    notes.add(session, 99)
    raise Refusal


def numbers(session: Session) -> list[int]:
    return list(session.scalars(select(NOTES.c.id).order_by(NOTES.c.id)))


@pytest.fixture
async def ends(sqlite_notebook: Database) -> list[str]:
    """How transactions end from now on."""
    seen: list[str] = []

    def note(statement: str) -> None:
        if statement in {"COMMIT", "ROLLBACK"}:
            seen.append(statement)

    await sqlite_notebook.write(lambda session: tracked(session.connection()).set_trace_callback(note))
    seen.clear()
    return seen


async def test_what_waits_is_committed_once(sqlite_notebook: Database, ends: list[str]) -> None:
    await sqlite_notebook.write(add(1))
    assert ends == ["COMMIT"]
    assert await at_once(sqlite_notebook, *map(add, range(2, 7))) == [2, 3, 4, 5, 6]
    assert ends == ["COMMIT"] * 3  # of what was under way, and of all that waited for it
    assert await sqlite_notebook.read(numbers) == [1, 2, 3, 4, 5, 6]


async def test_no_write_waits_long_for_others(sqlite_notebook: Database, ends: list[str]) -> None:
    def slowly(session: Session, number: int) -> None:
        time.sleep(SHARED_SECONDS)
        notes.add(session, number)

    async def answered(number: int) -> int:
        await sqlite_notebook.write(slowly, number)
        return len(ends)

    assert await asyncio.gather(*map(answered, range(4))) == [1, 2, 3, 4]


async def test_write_that_fails_is_taken_back_alone(sqlite_notebook: Database) -> None:
    one, refused, two, again = await at_once(sqlite_notebook, add(1), fail, add(2), add(1))
    assert (one, two) == (1, 2)
    assert isinstance(refused, Refusal)
    assert isinstance(again, IntegrityError)
    assert await sqlite_notebook.read(numbers) == [1, 2]


async def test_first_one_that_fails_takes_nobody_along(sqlite_notebook: Database) -> None:
    refused, one = await at_once(sqlite_notebook, fail, add(1))
    assert isinstance(refused, Refusal)
    assert one == 1
    assert await sqlite_notebook.read(numbers) == [1]


async def test_session_that_one_broke_is_whole_for_the_next(sqlite_notebook: Database) -> None:
    def break_(session: Session) -> None:
        session.add_all([Note(id=5, body="one"), Note(id=5, body="the same")])

    one, broken, two = await at_once(sqlite_notebook, add(1), break_, add(2))
    assert (one, two) == (1, 2)
    assert isinstance(broken, IntegrityError)
    assert await sqlite_notebook.read(numbers) == [1, 2]


async def test_no_write_sees_objects_of_another(sqlite_notebook: Database) -> None:
    def change(session: Session) -> None:
        session.add(Note(id=1, body="one"))

    def look(session: Session) -> int:
        return len(session.identity_map) + len(session.new)

    _, known = await at_once(sqlite_notebook, change, look)
    assert known == 0


async def test_commit_that_fails_is_told_to_everybody(sqlite_notebook: Database) -> None:
    def owe(session: Session) -> None:
        session.execute(text("INSERT INTO debts VALUES (7)"))

    deferred = "CREATE TABLE debts (note INTEGER REFERENCES notes(id) DEFERRABLE INITIALLY DEFERRED)"
    await sqlite_notebook.write(lambda session: session.execute(text(deferred)).close())
    both = await at_once(sqlite_notebook, add(1), owe)
    assert [type(one) for one in both] == [IntegrityError, IntegrityError]
    assert await sqlite_notebook.read(numbers) == []
    assert await sqlite_notebook.write(add(1)) == 1


async def test_write_that_takes_all_back_lets_those_before_it_write_again(sqlite_notebook: Database) -> None:
    def abort(session: Session) -> None:
        tracked(session.connection()).execute("INSERT OR ROLLBACK INTO notes VALUES (1, 'again')")

    one, aborted, two = await at_once(sqlite_notebook, add(1), abort, add(2))
    assert (one, two) == (1, 2)
    assert isinstance(aborted, Exception)
    assert await sqlite_notebook.read(numbers) == [1, 2]
