"""The column types, through both databases and back."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.db import Database
from app.db.base import Base, Instant, Uid
from app.db.dialect import is_sqlite

NOON = datetime(2025, 5, 18, 12, 0, tzinfo=UTC)


class Own(DeclarativeBase):
    metadata = Base.metadata.__class__(naming_convention=Base.metadata.naming_convention)


class Event(Own):
    __tablename__ = "events"
    id: Mapped[UUID] = mapped_column(Uid, primary_key=True)
    at: Mapped[datetime | None] = mapped_column(Instant, unique=True)


@pytest.fixture
async def calendar(database: Database) -> Database:
    await database.write(lambda session: Own.metadata.create_all(session.connection()))
    return database


def note(session: Session, *moments: datetime | None) -> None:
    session.execute(insert(Event), [{"id": uuid4(), "at": moment} for moment in moments])


def moments(session: Session) -> list[datetime | None]:
    return list(session.execute(select(Event.at).order_by(Event.at)).scalars())


@pytest.mark.parametrize(
    "moment",
    [
        NOON,
        NOON.replace(microsecond=1),
        NOON.astimezone(timezone(timedelta(hours=5, minutes=45))),
        datetime(1, 1, 1, 12, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ],
)
async def test_moment_comes_back_as_utc(calendar: Database, moment: datetime) -> None:
    await calendar.write(note, moment)
    (found,) = await calendar.read(moments)
    assert found == moment
    assert found is not None
    assert found.tzinfo is UTC


async def test_no_moment_stays_none(calendar: Database) -> None:
    await calendar.write(note, None)
    assert await calendar.read(moments) == [None]


async def test_order_is_that_of_time(calendar: Database) -> None:
    steps = [timedelta(), timedelta(microseconds=1), timedelta(seconds=1), timedelta(days=1), timedelta(days=9000)]
    expected = [NOON + step for step in steps]
    zones = [timezone(timedelta(hours=hours)) for hours in (-11, 14, 0, 3, -5)]
    await calendar.write(note, *(moment.astimezone(zone) for moment, zone in zip(expected, zones, strict=True)))
    assert await calendar.read(moments) == expected


async def test_comparison_in_sql_is_that_of_time(calendar: Database) -> None:
    def earlier(session: Session, moment: datetime) -> list[datetime | None]:
        return list(session.execute(select(Event.at).where(Event.at < moment)).scalars())

    await calendar.write(note, NOON, NOON + timedelta(microseconds=1))
    limit = (NOON + timedelta(microseconds=1)).astimezone(timezone(timedelta(hours=9)))
    assert await calendar.read(earlier, limit) == [NOON]


async def test_naive_moment_is_refused(calendar: Database) -> None:
    with pytest.raises(StatementError, match="offset from UTC") as caught:
        await calendar.write(note, NOON.replace(tzinfo=None))
    assert isinstance(caught.value.orig, ValueError)
    assert await calendar.read(moments) == []


async def test_sqlite_keeps_readable_text(calendar: Database) -> None:
    def raw(session: Session) -> list[object]:
        return list(session.execute(text("SELECT at FROM events")).scalars())

    await calendar.write(note, NOON)
    sqlite = await calendar.read(is_sqlite)
    assert await calendar.read(raw) == (["2025-05-18T12:00:00.000000Z"] if sqlite else [NOON])


async def test_uid_is_found_by_its_value(calendar: Database) -> None:
    identity = uuid4()
    await calendar.write(lambda session: session.execute(insert(Event), {"id": identity}) and None)
    found = await calendar.read(lambda session: session.execute(select(Event.id).where(Event.id == identity)).scalar())
    assert found == identity
    assert type(found) is UUID


def test_constraints_have_names() -> None:
    table = Own.metadata.tables["events"]
    assert {constraint.name for constraint in table.constraints} == {"pk_events", "uq_events_at"}
