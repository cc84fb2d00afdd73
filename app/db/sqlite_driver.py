"""SQLite as we need it: a current library, connections that leave no statement unfinished, and our settings.

Which connection serves which door is for `sqlite`.
"""

import importlib
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import sqlalchemy
from sqlalchemy import Engine, create_engine, event

from app.db.errors import CannotOpen, Overloaded

T = TypeVar("T")

BUSY, INTERRUPT = 5, 9
OLDEST = (3, 44)  # the first whose group_concat takes an ORDER BY
RETRY_SECONDS = 0.002  # SQLite's own waiting backs off to 100 ms and starves behind an import
SETUP_MILLISECONDS = 5000
STEPS_PER_CHECK = 1000
JOURNAL_BYTES = 64 * 1024 * 1024


def _current_library() -> Any:
    if sys.platform == "linux":  # a distribution's own SQLite is often one that can corrupt a WAL
        with suppress(ImportError):
            return importlib.import_module("pysqlite3.dbapi2")
    return sqlite3


if TYPE_CHECKING:
    driver = sqlite3
else:
    driver = _current_library()


def _never() -> bool:
    return False


class TrackedConnection(driver.Connection):
    """A connection that can be stopped, and can end every statement it started.

    A statement left unfinished pins its snapshot for all later reads, and holds its lock on the write connection.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.is_stopped: Callable[[], bool] = _never
        self._started: list[sqlite3.Cursor] = []
        super().__init__(*args, **kwargs)

    def cursor(self, *args: Any) -> Any:
        """A new cursor; refused with SQLITE_INTERRUPT once the connection is stopped."""
        if self.is_stopped():
            error = driver.OperationalError("interrupted")
            error.sqlite_errorcode = INTERRUPT
            raise error
        cursor = super().cursor(*args)
        self._started.append(cursor)
        return cursor

    def heed_stops(self) -> None:
        """Lets a running statement notice that the connection was stopped."""
        self.set_progress_handler(lambda: self.is_stopped(), STEPS_PER_CHECK)

    def free(self) -> None:
        """Lifts a stop."""
        self.is_stopped = _never

    def end_statements(self) -> None:
        """Ends what is unfinished."""
        for cursor in self._started:
            cursor.close()
        self._started.clear()

    def forget_statements(self) -> None:
        """Leaves the cursors made so far to whoever made them."""
        self._started.clear()


def tracked(connection: sqlalchemy.Connection) -> TrackedConnection:
    """The driver's connection under SQLAlchemy's."""
    return cast(TrackedConnection, connection.connection.driver_connection)


def error_code(error: BaseException | None) -> int:
    """SQLite's primary error code of an exception, bare or wrapped by SQLAlchemy; 0 when it has none."""
    cause = getattr(error, "orig", None) or error
    return int(getattr(cause, "sqlite_errorcode", 0)) & 0xFF


def patiently(attempt: Callable[[], T], *, seconds: float) -> T:
    """What `attempt` returns, tried again while the database is locked. Raises Overloaded when the time is up."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return attempt()
        except (driver.OperationalError, sqlalchemy.exc.OperationalError) as error:
            if error_code(error) != BUSY:
                raise
            if time.monotonic() >= deadline:
                raise Overloaded("the database stayed locked") from error
        time.sleep(RETRY_SECONDS)


def check_place(path: str) -> None:
    """Raises CannotOpen when no database could be at `path`, or this SQLite is too old."""
    if driver.sqlite_version_info < OLDEST:
        raise CannotOpen(f"SQLite 3.44 or newer is needed, and this Python has {driver.sqlite_version}")
    folder = Path(path).absolute().parent
    if not folder.is_dir():
        raise CannotOpen(f"the folder {folder} for the database does not exist")


def make_engine(
    path: str, *, begin: str, patience_seconds: float, query_only: bool = False, foreign_keys: bool = True, **pool: Any
) -> Engine:
    """An engine whose transactions start with `begin`, waiting up to `patience_seconds` for a lock."""
    engine = create_engine(
        sqlalchemy.URL.create("sqlite", database=path),
        module=driver,
        connect_args={"check_same_thread": False, "factory": TrackedConnection},
        **pool,
    )

    @event.listens_for(engine, "connect")
    def prepare(raw: TrackedConnection, _record: object) -> None:
        _prepare(raw, query_only=query_only, foreign_keys=foreign_keys)

    @event.listens_for(engine, "begin")
    def start(connection: sqlalchemy.Connection) -> None:
        raw = tracked(connection)
        patiently(lambda: raw.execute(begin), seconds=patience_seconds)

    @event.listens_for(engine, "commit")
    @event.listens_for(engine, "rollback")
    def end(connection: sqlalchemy.Connection) -> None:
        tracked(connection).end_statements()

    return engine


def _prepare(raw: TrackedConnection, *, query_only: bool, foreign_keys: bool) -> None:
    raw.isolation_level = None  # the driver begins nothing; the engine does
    raw.execute(f"PRAGMA busy_timeout={SETUP_MILLISECONDS}")
    (mode,) = patiently(
        lambda: raw.execute("PRAGMA journal_mode=WAL").fetchone(), seconds=SETUP_MILLISECONDS / 1000
    )  # the first to come switches, and SQLite does not wait for that by itself
    if mode != "wal":
        raise CannotOpen(f"SQLite cannot keep a write-ahead log there (journal mode {mode}): use a local disk")
    for setting in (
        "synchronous=FULL",  # NORMAL can take back commits that were acknowledged, when the power fails
        f"foreign_keys={foreign_keys:d}",
        f"journal_size_limit={JOURNAL_BYTES}",
        f"query_only={query_only:d}",
        "busy_timeout=0",
    ):
        raw.execute(f"PRAGMA {setting}")
    raw.end_statements()
    if query_only:
        raw.heed_stops()
