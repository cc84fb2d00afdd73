"""What each door promises, on both databases."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.db import Database
from tests.db import notes
from tests.db.notes import Note

READERS = ["read", "snapshot", "scan"]
DOORS = [*READERS, "write"]


class Refusal(Exception):  # noqa: N818
    pass


async def test_write_is_committed_when_it_returns(notebook: Database, database_url: str) -> None:
    assert await notebook.write(notes.add, 1, body="kept") == 1
    with notes.outside(database_url) as connection:
        assert connection.execute(select(notes.NOTES.c.body)).scalars().all() == ["kept"]


async def test_failing_write_rolls_everything_back(notebook: Database) -> None:
    def fail(session: Session) -> None:
        notes.add(session, 1)
        raise Refusal

    with pytest.raises(Refusal):
        await notebook.write(fail)
    assert await notebook.read(notes.count) == 0


@pytest.mark.parametrize("door", READERS)
async def test_reader_sees_every_earlier_write(notebook: Database, door: str) -> None:
    for number in range(1, 4):
        await notebook.write(notes.add, number)
        assert await getattr(notebook, door)(notes.count) == number


@pytest.mark.parametrize("door", READERS)
async def test_reader_may_not_write(notebook: Database, door: str) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"):
        await getattr(notebook, door)(notes.add, 1)
    assert await notebook.read(notes.count) == 0


@pytest.mark.parametrize("door", ["snapshot", "scan"])
async def test_snapshot_sees_one_moment(notebook: Database, database_url: str, door: str) -> None:
    ids = count(1)

    def count_twice(session: Session) -> tuple[int, int]:
        before = notes.count(session)
        with notes.outside(database_url) as connection:
            connection.execute(notes.NOTES.insert(), {"id": next(ids), "body": "meanwhile"})
        return before, notes.count(session)

    before, after = await getattr(notebook, door)(count_twice)  # perhaps twice: a slow snapshot is taken again
    assert before == after
    assert await getattr(notebook, door)(notes.count) == next(ids) - 1 > before


UNFINISHED: list[Callable[[Session], Any]] = [
    lambda session: session.execute(text("SELECT 1")),
    lambda session: session.execute(text("SELECT 1")).scalars(),
    lambda session: session.execute(text("SELECT 1")).mappings(),
    lambda session: (row for row in session.execute(text("SELECT 1"))),
    lambda session: map(str, [1]),
]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("fn", UNFINISHED)
async def test_unfinished_value_is_refused(database: Database, door: str, fn: Callable[[Session], Any]) -> None:
    with pytest.raises(TypeError, match="return finished values"):
        await getattr(database, door)(fn)
    assert await getattr(database, door)(lambda session: session.execute(text("SELECT 1")).scalar_one()) == 1


async def test_coroutine_is_refused_and_its_write_rolled_back(notebook: Database) -> None:
    async def late() -> None:
        pass

    def add_and_postpone(session: Session) -> Any:
        notes.add(session, 1)
        return late()

    with pytest.raises(TypeError, match="coroutine"):
        await notebook.write(add_and_postpone)
    assert await notebook.read(notes.count) == 0


@pytest.mark.parametrize("door", DOORS)
async def test_stop_iteration_leaves_the_door_usable(notebook: Database, door: str) -> None:
    with pytest.raises(RuntimeError, match="StopIteration"):
        await getattr(notebook, door)(lambda session: next(iter(())))
    assert await getattr(notebook, door)(notes.count) == 0


@pytest.mark.parametrize("door", READERS)
async def test_unfinished_cursor_does_not_pin_the_snapshot(notebook: Database, door: str) -> None:
    kept: list[Any] = []

    def add_many(session: Session) -> None:
        for number in range(1000):
            notes.add(session, number, "x" * 1000)

    def look_at_first(session: Session) -> None:
        result = session.execute(select(notes.NOTES))
        kept.append((result, result.fetchone()))

    await notebook.write(add_many)
    await getattr(notebook, door)(look_at_first)
    await notebook.write(notes.add, 1000)
    assert await getattr(notebook, door)(notes.count) == 1001


async def test_unfinished_cursor_does_not_hold_up_a_commit(notebook: Database, database_url: str) -> None:
    kept: list[Any] = []

    def add_and_look(session: Session) -> None:
        result = session.execute(
            notes.NOTES.insert().returning(notes.NOTES.c.id), [{"id": n, "body": ""} for n in (1, 2)]
        )
        kept.append((result, result.fetchone()))

    await notebook.write(add_and_look)
    with notes.outside(database_url) as connection:
        connection.execute(notes.NOTES.insert(), {"id": 3, "body": ""})
    assert await notebook.read(notes.count) == 3


def end_transaction(session: Session) -> None:
    session.rollback()
    notes.count(session)


def commit(session: Session) -> None:
    notes.count(session)
    session.commit()


def close(session: Session) -> None:
    session.close()


def flush(session: Session) -> None:
    session.add(Note(id=1, body=""))
    session.flush()


@pytest.mark.parametrize("door", READERS)
@pytest.mark.parametrize("misuse", [end_transaction, commit, close, flush])
async def test_misused_session_does_not_harm_the_next_read(
    notebook: Database, door: str, misuse: Callable[[Session], None]
) -> None:
    try:
        await getattr(notebook, door)(misuse)
    except DBAPIError:
        assert misuse is flush
    await notebook.write(notes.add, 1)
    assert await getattr(notebook, door)(notes.count) == 1


@pytest.mark.parametrize("door", DOORS)
async def test_mapped_row_is_usable_after_the_door(notebook: Database, door: str) -> None:
    await notebook.write(notes.add, 1, "first")
    note = await getattr(notebook, door)(lambda session: session.get(Note, 1))
    await notebook.write(lambda session: session.get_one(Note, 1).__setattr__("body", "second"))
    again = await getattr(notebook, door)(lambda session: session.get(Note, 1))
    assert (note.body, again.body) == ("first", "second")


@pytest.mark.parametrize("door", DOORS)
async def test_exception_comes_out_as_it_was_raised(database: Database, door: str) -> None:
    def refuse(session: Session) -> None:
        raise Refusal

    with pytest.raises(Refusal):
        await getattr(database, door)(refuse)
