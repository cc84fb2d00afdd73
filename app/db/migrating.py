"""Brings a database to the schema of this code, and says whether it is there. Alembic does the work.

What a revision changes is for `migrations/`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

import app
from app.db.dialect import lacks_table
from app.db.errors import CannotOpen, Overloaded, SchemaTooNew
from app.db.opening import parse_url

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(app.__file__).parent.parent / "migrations"
WAIT_SECONDS = 60
LOCK = 0x64617465_6C696E65  # every process that migrates a PostgreSQL database takes this advisory lock
_RECORDED = text("SELECT version_num FROM alembic_version")
_ID = re.compile(r"^(revision|down_revision)\b[^=\n]*=\s*[\"']([^\"']+)[\"']", re.MULTILINE)


def migrate(url: str, *, scripts: Path = MIGRATIONS) -> bool:
    """Brings the database at `url` to the newest schema; False when it was there. Any number may call it at once.

    All revisions go in one transaction, so a failure leaves the old schema. Raises SchemaTooNew before changing
    anything, and CannotOpen when there is no database.
    """
    if _is_newest(current(url), scripts):
        return False
    from alembic import command  # not on the way of a database that is up to date: loading it takes longer than that

    config = alembic_config(url, scripts=scripts)
    with exclusively(url) as connection:
        if _is_newest(_recorded(connection), scripts):  # somebody else was first
            return False
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True


def current(url: str) -> str | None:
    """The revision of the database at `url`; None when it has no schema yet."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists():
        return None
    with _connected(url, begin="BEGIN") as connection:
        return _recorded(connection)


def head(scripts: Path = MIGRATIONS) -> str:
    """The newest revision that this code knows."""
    known = _revisions(scripts)
    newest = sorted(set(known) - set(known.values()))
    if len(newest) != 1:
        raise ValueError(f"{scripts} must have one newest revision, not {', '.join(newest) or 'none'}")
    return newest[0]


def schema_is_current(session: Session) -> bool:
    """Whether the session's database has the schema that this code was written for; one statement."""
    try:
        return session.execute(_RECORDED).scalars().all() == [head()]
    except DBAPIError as error:
        if lacks_table(error):
            return False
        raise


def alembic_config(url: str, *, scripts: Path = MIGRATIONS) -> "Config":
    """What Alembic's own commands need to work on the database at `url`."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config


@contextmanager
def exclusively(url: str) -> Iterator[Connection]:
    """A connection in a transaction that no other migration shares; committed at the end. Waits for its turn."""
    with _connected(url, begin="BEGIN IMMEDIATE") as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            _take_turn(connection)
        yield connection
        _check_references(connection)


def _take_turn(connection: Connection) -> None:
    connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'"))
    try:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    except DBAPIError as error:
        raise Overloaded(f"another process has been migrating the database for {WAIT_SECONDS} s") from error


@contextmanager
def _connected(url: str, *, begin: str) -> Iterator[Connection]:
    try:
        connection = _make_engine(url, begin).connect()
    except DBAPIError as error:
        raise CannotOpen(f"cannot open the database: {str(error.orig).partition(chr(10))[0]}") from error
    with connection:
        yield connection


def _make_engine(url: str, begin: str) -> Engine:
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, poolclass=NullPool, connect_args={"connect_timeout": 5})
    from app.db.sqlite_driver import check_place, make_engine

    check_place(parsed.database or "")
    # A table is altered by making it anew, which must not touch the rows that refer to it.
    return make_engine(
        parsed.database or "", begin=begin, patience_seconds=WAIT_SECONDS, foreign_keys=False, poolclass=NullPool
    )


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        if broken:
            raise ValueError(f"the migration would break {len(broken)} references, the first in {broken[0][0]}")


def _is_newest(found: str | None, scripts: Path) -> bool:
    if found is not None and found not in _revisions(scripts):
        raise SchemaTooNew(
            f"the database has schema {found}, which this version of Dateline does not know "
            f"(its newest is {head(scripts)}): run the newer version"
        )
    return found == head(scripts)


def _recorded(connection: Connection) -> str | None:
    point = connection.begin_nested()  # a failed statement would end the whole transaction on PostgreSQL
    try:
        return connection.execute(_RECORDED).scalar()
    except DBAPIError as error:
        if lacks_table(error):
            return None
        raise
    finally:
        point.rollback()


@cache
def _revisions(scripts: Path) -> dict[str, str | None]:
    """Every known revision and the one before it, read from the files: Alembic would import them all."""
    texts = (file.read_text(encoding="utf-8") for file in (scripts / "versions").iterdir() if file.suffix == ".py")
    found = [dict(_ID.findall(source)) for source in texts]
    return {ids["revision"]: ids.get("down_revision") for ids in found if ids}
