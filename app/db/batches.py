"""Many values in one statement and one parameter: what a driver takes longest for is to send them one by one."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Dialect,
    Table,
    Text,
    TypeDecorator,
    bindparam,
    delete,
    insert,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeEngine

from app.db.dialect import is_sqlite
from app.db.prepared import Prepared

_POSTGRESQL: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


class ListOf(TypeDecorator[Any]):
    """Several values of a type as one text: JSON for SQLite, the literal of an array for PostgreSQL."""

    impl = Text
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """The text."""
        if dialect.name != "sqlite":
            return f"{{{','.join(map(_quoted, value))}}}"
        written = self.of.dialect_impl(dialect).bind_processor(dialect)
        return json.dumps([written(one) for one in value] if written else list(value), ensure_ascii=False)


class among(ColumnElement[bool]):  # noqa: N801 - reads like an operator of the database
    """That a column is one of the values of one parameter: `in_` without a statement for every number of them."""

    inherit_cache = True
    type = Boolean()
    _traverse_internals = [  # noqa: RUF012 - SQLAlchemy's own protocol
        ("column", InternalTraversal.dp_clauseelement),
        ("values", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, column: ColumnElement[Any], parameter: str) -> None:
        self.column = column
        self.values = bindparam(parameter, type_=ListOf(column.type))

    def self_group(self, against: OperatorType | None = None) -> "among":
        """Itself: a condition already, which SQLite must not compare with 1."""
        return self


@compiles(among, "sqlite")
def _among_listed(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in (element.column, element.values))
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - compiled, not composed


@compiles(among, "postgresql")
def _among_array(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in (element.column, element.values))
    return f"{column} = ANY(CAST({values} AS {element.column.type.compile(compiler.dialect)}[]))"


def insert_all(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of any values, which all name the same columns, and every one that has no default of the database."""
    if rows:
        _inserting(table, tuple(rows[0])).run_each(session, rows)


@cache
def _inserting(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(insert(table), columns=names)


def insert_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many small rows of numbers and texts, which all name the same columns."""
    if not rows:
        return
    if is_sqlite(session):
        insert_all(session, table, rows)
    else:
        _inserting_json(table, tuple(rows[0])).run(session, {"rows": json.dumps(rows, ensure_ascii=False)})


def delete_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Delete the rows that have these numbers or texts; all name the same columns."""
    if not rows:
        return
    if is_sqlite(session):
        _deleting(table, tuple(rows[0])).run_each(session, rows)
    else:
        _deleting_json(table, tuple(rows[0])).run(session, {"rows": json.dumps(rows)})


@cache
def _inserting_json(table: Table, names: tuple[str, ...]) -> Prepared:
    columns = ", ".join(names)
    return Prepared(text(f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {_rows_given(table, names)}"))  # noqa: S608 - our own names


@cache
def _deleting_json(table: Table, names: tuple[str, ...]) -> Prepared:
    same = " AND ".join(f"{table.name}.{name} = given.{name}" for name in names)
    return Prepared(text(f"DELETE FROM {table.name} USING {_rows_given(table, names)} WHERE {same}"))  # noqa: S608 - our own names


@cache
def _deleting(table: Table, names: tuple[str, ...]) -> Prepared:
    return Prepared(delete(table).where(*(table.c[name] == bindparam(name) for name in names)))


def _rows_given(table: Table, names: tuple[str, ...]) -> str:
    typed = ", ".join(f"{name} {table.c[name].type.compile(_POSTGRESQL)}" for name in names)
    return f"json_to_recordset(CAST(:rows AS json)) AS given ({typed})"


def _quoted(value: object) -> str:
    """A value as an element of the literal of an array."""
    if isinstance(value, int):
        return str(value)
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
