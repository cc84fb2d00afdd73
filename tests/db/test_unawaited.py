"""Writing without waiting for each answer: what was written is there, and what was refused is told."""

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError, ResourceClosedError
from sqlalchemy.orm import Session

from app.articles.store import ALIASES
from app.core.clock import utc_now
from app.core.ids import new_id
from app.db import Database
from app.db.batches import insert_all
from app.db.unawaited import unawaited

ROWS = [{"slug": f"storm-{n}", "article_id": new_id(), "at": utc_now() + timedelta(days=n)} for n in range(3)]


def slugs(session: Session) -> list[str]:
    """What was written."""
    return list(session.scalars(select(ALIASES.c.slug).order_by(ALIASES.c.slug)))


async def test_all_that_was_written_is_there_at_the_end(database: Database) -> None:
    def write(session: Session) -> list[str]:
        with unawaited(session):
            insert_all(session, ALIASES, ROWS[:1])
            with unawaited(session):
                insert_all(session, ALIASES, ROWS[1:])
        return slugs(session)

    assert await database.write(write) == ["storm-0", "storm-1", "storm-2"]
    assert await database.read(slugs) == ["storm-0", "storm-1", "storm-2"]


async def test_refusal_of_the_last_statement_is_raised_and_nothing_kept(database: Database) -> None:
    def write(session: Session) -> None:
        with unawaited(session):
            insert_all(session, ALIASES, ROWS)
            session.connection().execute(insert(ALIASES), ROWS[0])

    with pytest.raises(IntegrityError):
        await database.write(write)
    assert await database.read(slugs) == []


async def test_refusal_of_the_first_statement_is_raised_and_nothing_kept(database: Database) -> None:
    def write(session: Session) -> None:
        with unawaited(session):
            session.connection().execute(insert(ALIASES), ROWS[0])
            for row in ROWS:
                session.connection().execute(insert(ALIASES), row)

    with pytest.raises(IntegrityError):
        await database.write(write)
    assert await database.read(slugs) == []
    await database.write(insert_all, ALIASES, ROWS)  # the connection is as good as before


async def test_error_of_the_caller_is_what_is_raised(database: Database) -> None:
    def write(session: Session) -> None:
        with unawaited(session):
            insert_all(session, ALIASES, ROWS)
            raise LookupError("ours")

    with pytest.raises(LookupError, match="ours"):
        await database.write(write)
    assert await database.read(slugs) == []


async def test_refusal_is_raised_where_the_caller_handles_an_error_of_its_own(database: Database) -> None:
    def write(session: Session) -> None:
        insert_all(session, ALIASES, ROWS[:1])
        try:
            raise LookupError("handled")
        except LookupError:
            with unawaited(session):
                session.connection().execute(insert(ALIASES), ROWS[0])

    with pytest.raises(IntegrityError):
        await database.write(write)
    assert await database.read(slugs) == []


async def test_write_whose_connection_was_lost_meanwhile_is_tried_again(postgresql: Database) -> None:
    attempts = []

    def write(session: Session) -> None:
        attempts.append(1)
        with unawaited(session):
            insert_all(session, ALIASES, ROWS)
            if len(attempts) == 1:
                session.connection().execute(text("DO 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); END'"))

    await postgresql.write(write)
    assert len(attempts) == 2
    assert await postgresql.read(slugs) == ["storm-0", "storm-1", "storm-2"]


async def test_rows_cannot_be_asked_for_meanwhile(postgresql: Database) -> None:
    def write(session: Session) -> object:
        with unawaited(session):
            return session.connection().execute(select(func.now())).all()

    with pytest.raises(ResourceClosedError):
        await postgresql.write(write)
