"""A table of the tests' own, and store functions on it."""

import time
from typing import Any

from sqlalchemy import Connection, Text, create_engine, func, insert, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import NullPool

from app.db.dialect import is_sqlite
from app.db.opening import parse_url
from app.db.sqlite_driver import driver


class Own(DeclarativeBase):
    pass


class Note(Own):
    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[str] = mapped_column(Text)


NOTES = Own.metadata.tables["notes"]

LINGER_SECONDS = 0.1

# A statement that ends only when it is stopped.
ENDLESS = {
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(300)",
}


def create(session: Session) -> None:
    NOTES.create(session.connection())


def add(session: Session, number: int, body: str = "note") -> int:
    session.execute(insert(NOTES), {"id": number, "body": body})
    return number


def count(session: Session) -> int:
    return session.execute(select(func.count()).select_from(NOTES)).scalar_one()


def run_endless(session: Session) -> None:
    session.execute(text(ENDLESS[session.get_bind().dialect.name])).all()


def linger(session: Session) -> None:
    """Gives others the time to do something meanwhile."""
    if is_sqlite(session):
        time.sleep(LINGER_SECONDS)
    else:
        session.execute(text(f"SELECT pg_sleep({LINGER_SECONDS})"))


def outside(url: str) -> Connection:
    """A connection that goes through no door."""
    parsed = parse_url(url)
    # The same library as the doors': two SQLites in one process do not see each other's locks.
    options: dict[str, Any] = {"module": driver} if parsed.drivername == "sqlite" else {}
    return create_engine(parsed, poolclass=NullPool, isolation_level="AUTOCOMMIT", **options).connect()
