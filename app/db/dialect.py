"""The few places where the statements for SQLite and PostgreSQL differ.

How each database is opened and called is for `sqlite` and `postgres`.
"""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, func, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

_CLAIM = text("SELECT count(*) FROM (SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key) c")


def is_sqlite(session: Session) -> bool:
    """Whether the session talks to SQLite; otherwise it is PostgreSQL."""
    return session.get_bind().dialect.name == "sqlite"


def claim(session: Session, kind: str, names: Iterable[str]) -> None:
    """Makes writers that decide about the same names of a kind take turns, until this transaction ends.

    Claim all names of a kind at once, before looking them up: two calls can deadlock with each other, one cannot.
    """
    if is_sqlite(session):
        return  # BEGIN IMMEDIATE: there is one writer
    keys = sorted({_key(kind, name) for name in names})
    if keys:
        session.execute(_CLAIM, {"keys": keys})


def _key(kind: str, name: str) -> int:
    digest = blake2b(f"{kind}\0{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def lines(column: ColumnElement[Any], *order: ColumnElement[Any]) -> ColumnElement[str]:
    """The values of a text column as one text, a line each, in the given order; NULL over no rows.

    One row instead of many: every row that SQLite steps to releases the GIL, and a busy thread then takes it.
    """
    joined = func.aggregate_strings(column, "\n")
    return joined.aggregate_order_by(*order) if order else joined


def lacks_table(error: DBAPIError) -> bool:
    """Whether a statement failed because its table does not exist."""
    if getattr(error.orig, "sqlstate", None) == "42P01":
        return True
    return str(error.orig).startswith("no such table")
