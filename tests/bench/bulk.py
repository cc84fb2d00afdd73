"""Filling large tables in one go: with no keys meanwhile, in rows as they come.

What they are filled with is for `growing` and `growing_search`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection, TableClause, create_engine, insert, text

from app.db.opening import parse_url
from app.db.sqlite_driver import driver

Row = dict[str, Any]

AT_ONCE = 1000


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection for what no door of the service is for, every statement a transaction."""
    parsed = parse_url(url)
    options = {"module": driver} if parsed.get_backend_name() == "sqlite" else {}
    engine = create_engine(parsed, isolation_level="AUTOCOMMIT", **options)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def settle(url: str) -> None:
    """What PostgreSQL's own housekeeping would have done by then; SQLite has none."""
    if url.startswith("postgresql"):
        with connected(url) as connection:
            connection.execute(text("VACUUM ANALYZE"))


def is_sqlite(connection: Connection) -> bool:
    """Whether this is SQLite; otherwise it is PostgreSQL."""
    return connection.dialect.name == "sqlite"


def fill(connection: Connection, table: TableClause, rows: Iterable[Row]) -> None:
    """Put these rows, which all name the same columns, into a table."""
    rest = iter(rows)
    if is_sqlite(connection):
        while some := list(islice(rest, AT_ONCE)):
            connection.execute(insert(table), some)
    elif first := next(rest, None):
        raw: Any = connection.connection.driver_connection
        with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(first)}) FROM STDIN") as copy:
            for row in chain((first,), rest):
                copy.write_row(list(row.values()))


@contextmanager
def without_keys(connection: Connection, pattern: str, *, indexed: str = "") -> Iterator[None]:
    """One transaction without the keys of the tables of this pattern, which are faster made once than kept.

    Of the table `indexed`, which others refer to, only without the indexes.
    """
    if is_sqlite(connection):
        for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "temp_store=FILE"):
            connection.exec_driver_sql(f"PRAGMA {setting}")
        dropped = _sqlite_keys(connection, pattern, indexed)
    else:
        for setting in ("maintenance_work_mem = '1GB'", "max_parallel_maintenance_workers = 0", "work_mem = '256MB'"):
            connection.exec_driver_sql(f"SET {setting}")
        dropped = _postgres_keys(connection, pattern, indexed)
    connection.exec_driver_sql("BEGIN")
    for drop, _ in dropped:
        connection.exec_driver_sql(drop)
    yield
    for _, make in dropped:
        connection.exec_driver_sql(make)
    connection.exec_driver_sql("COMMIT")


def _sqlite_keys(connection: Connection, pattern: str, indexed: str) -> list[tuple[str, str]]:
    """How each index is dropped and made again."""
    kept = """SELECT 'DROP INDEX ' || name, sql FROM sqlite_master
              WHERE type = 'index' AND sql IS NOT NULL AND (tbl_name LIKE :pattern ESCAPE '!' OR tbl_name = :indexed)"""
    rows = connection.execute(text(kept), {"pattern": pattern, "indexed": indexed})
    return [(drop, make) for drop, make in rows]


def _postgres_keys(connection: Connection, pattern: str, indexed: str) -> list[tuple[str, str]]:
    """How each key is dropped and made again."""
    keys = """SELECT 'ALTER TABLE ' || t.relname || ' DROP CONSTRAINT ' || conname,
              'ALTER TABLE ' || t.relname || ' ADD CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(c.oid)
              FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
              WHERE t.relname LIKE :pattern ESCAPE '!' AND contype IN ('p', 'u')"""
    indexes = """SELECT 'DROP INDEX ' || indexname, indexdef FROM pg_indexes i
                 WHERE (tablename LIKE :pattern ESCAPE '!' OR tablename = :indexed)
                 AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = i.indexname)"""
    return [
        (drop, make)
        for query in (keys, indexes)
        for drop, make in connection.execute(text(query), {"pattern": pattern, "indexed": indexed})
    ]


def used_bytes(connection: Connection) -> int:
    """How much of a SQLite database is in use."""
    pages, free, size = (
        connection.execute(text(f"PRAGMA {name}")).scalar_one()
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)
