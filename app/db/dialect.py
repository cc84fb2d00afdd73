"""The few places where the statements for SQLite and PostgreSQL differ.

How each database is opened and called is for `sqlite` and `postgres`.
"""

from collections.abc import Iterable
from functools import reduce
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.db.prepared import Prepared

CHANNEL = "dateline_log"

_RING = Prepared(text(f"SELECT pg_notify('{CHANNEL}', '')"))
_CLAIM = Prepared(
    text("SELECT count(*) FROM (SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key) c")
)
_ALONG_INDEXES = text("SET LOCAL enable_seqscan = off")
_TRY_CLAIM = text("SELECT pg_try_advisory_xact_lock(:key)")


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
        _CLAIM.run(session, {"keys": keys})


def try_claim(session: Session, kind: str, name: str) -> bool:
    """Claims one name without waiting; False while another transaction has it."""
    if is_sqlite(session):
        return True  # BEGIN IMMEDIATE: there is one writer
    return bool(session.execute(_TRY_CLAIM, {"key": _key(kind, name)}).scalar_one())


def ring(session: Session) -> None:
    """Lets every `Doorbell` of this database ring once this transaction is committed, and not if it is not."""
    if not is_sqlite(session):  # a bell of SQLite hears all commits by itself
        _RING.run(session, {})


def along_indexes(session: Session) -> None:
    """Plans made until this transaction ends go along indexes, where there are any.

    PostgreSQL keeps the plan of a statement that is sent often: one made while a table is empty reads all of it, also
    when it has grown, until somebody analyses it.
    """
    if not is_sqlite(session):
        session.execute(_ALONG_INDEXES)


def empty(session: Session, tables: Iterable[Table]) -> None:
    """Delete every row of these tables, however many: neither database looks at each."""
    names = [table.name for table in tables]
    if is_sqlite(session):
        for name in names:
            session.execute(text(f"DELETE FROM {name}"))  # noqa: S608 - names of our own tables
    else:
        session.execute(text(f"TRUNCATE {', '.join(names)}"))


def _key(kind: str, name: str) -> int:
    digest = blake2b(f"{kind}\0{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


class lines(FunctionElement[str]):  # noqa: N801 - reads like a function of the database
    """The values of a text column as one text, a line each, in the order of what follows it; NULL over no rows.

    One row instead of many: every row that SQLite steps to releases the GIL, and a busy thread then takes it. Not
    `aggregate_strings`, whose separator is put into the text of the statement anew at every call.
    """

    type = Text()
    inherit_cache = True


@compiles(lines, "sqlite")
def _concatenated(element: lines, compiler: SQLCompiler, **options: Any) -> str:
    return _joined("group_concat({}, char(10){})", element, compiler, **options)


@compiles(lines, "postgresql")
def _aggregated(element: lines, compiler: SQLCompiler, **options: Any) -> str:
    return _joined("string_agg({}, chr(10){})", element, compiler, **options)


def _joined(form: str, element: lines, compiler: SQLCompiler, **options: Any) -> str:
    column, *order = (compiler.process(clause, **options) for clause in element.clauses)
    return form.format(column, f" ORDER BY {', '.join(order)}" if order else "")


def tabbed(first: ColumnElement[str], *others: ColumnElement[str]) -> ColumnElement[str]:
    """These texts as one, with tabs between, for a line of `lines`; NULL where one of them is."""
    return reduce(lambda joined, one: joined.concat("\t").concat(one), others, first)


class instant_text(FunctionElement[str]):  # noqa: N801 - reads like a function of the database
    """An `Instant` as SQLite keeps it: RFC 3339 with six decimals and Z, to be joined with other text."""

    type = Text()
    inherit_cache = True


@compiles(instant_text, "sqlite")
def _kept(element: instant_text, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(instant_text, "postgresql")
def _written(element: instant_text, compiler: SQLCompiler, **options: Any) -> str:
    # Not a cast: its form depends on settings of the server.
    instant = compiler.process(element.clauses, **options)
    return f"""to_char({instant} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def lacks_table(error: DBAPIError) -> bool:
    """Whether a statement failed because its table does not exist."""
    if getattr(error.orig, "sqlstate", None) == "42P01":
        return True
    return str(error.orig).startswith("no such table")
