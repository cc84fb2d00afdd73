"""The doors onto PostgreSQL: every call a greenlet over the async driver, and for each door a pool of its own.

What may be tried again after a failure is for `postgres_failures`.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.util import greenlet_spawn

from app.db.database import WAIT_SECONDS, Database, finished, settle
from app.db.doorbell import Doorbell
from app.db.errors import Unconfirmed
from app.db.postgres_desks import Desks
from app.db.postgres_doorbell import PostgresDoorbell
from app.db.postgres_failures import is_away, persist

P = ParamSpec("P")
T = TypeVar("T")

CONNECT_SECONDS = 5
IDLE_IN_TRANSACTION_SECONDS = 30
RECYCLE_SECONDS = 1800
READS = 8


class PostgresDatabase(Database):
    """One PostgreSQL database. `url` names the psycopg driver; nothing connects before the first call."""

    dialect = "postgresql"

    def __init__(self, url: URL, *, wait_seconds: float = WAIT_SECONDS) -> None:
        def engine(size: int, level: str, statement_seconds: int, *, read_only: bool = True) -> Engine:
            settings = _settings(statement_seconds, read_only=read_only)
            return _make_engine(url, settings, level=level, size=size, wait_seconds=wait_seconds)

        self._url = url
        self._reads = engine(READS, "AUTOCOMMIT", 5)
        self._desks = Desks(self._reads, size=READS, wait_seconds=wait_seconds, keep_seconds=RECYCLE_SECONDS)
        self._snapshots = engine(4, "REPEATABLE READ", 5)
        self._scans = engine(2, "REPEATABLE READ", 60)
        self._writes = engine(4, "READ COMMITTED", 15, read_only=False)

    async def read(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See Database."""
        async with self._desks:
            work = greenlet_spawn(persist, lambda: self._desks.run(lambda session: fn(session, *args, **kwargs)))
            return await settle(work, stop=_stop)

    async def snapshot(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See Database."""
        return await self._look(self._snapshots, lambda session: fn(session, *args, **kwargs))

    async def scan(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See Database."""
        return await self._look(self._scans, lambda session: fn(session, *args, **kwargs))

    async def write(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See Database. Raises Unconfirmed when the connection was lost while committing."""

        def attempt() -> T:
            try:
                with Session(self._writes, expire_on_commit=False) as session:
                    value = finished(fn, session, *args, **kwargs)
                    session.flush()  # what can fail and be repeated comes before the commit
                    _commit(session)
                    return value
            finally:
                self.written += 1

        return await settle(greenlet_spawn(persist, attempt))

    def doorbell(self) -> Doorbell:
        """See Database."""
        _, options = self._reads.dialect.create_connect_args(self._url)
        return PostgresDoorbell(dict(options) | _connect_args(self._url, _settings(5, read_only=True)))

    async def close(self) -> None:
        """See Database."""
        await greenlet_spawn(self._desks.clear)
        for engine in (self._reads, self._snapshots, self._scans, self._writes):
            await greenlet_spawn(engine.dispose)

    @staticmethod
    async def _look(engine: Engine, fn: Callable[[Session], T]) -> T:
        def attempt() -> T:
            with Session(engine, autoflush=False) as session:
                return finished(fn, session)

        return await settle(greenlet_spawn(persist, attempt), stop=_stop)


def _stop(work: asyncio.Future[Any]) -> None:
    work.cancel()


def _commit(session: Session) -> None:
    try:
        session.commit()
    except DBAPIError as error:
        if is_away(error):
            raise Unconfirmed("the connection was lost while committing") from error
        raise


def _settings(statement_seconds: int, *, read_only: bool) -> str:
    values = {
        "timezone": "UTC",
        "statement_timeout": f"{statement_seconds}s",
        "idle_in_transaction_session_timeout": f"{IDLE_IN_TRANSACTION_SECONDS}s",
        "default_transaction_read_only": "on" if read_only else "off",
    }
    return " ".join(f"-c {name}={value}" for name, value in values.items())


def _connect_args(url: URL, settings: str) -> dict[str, Any]:
    own = url.query.get("options", "")
    return {
        "connect_timeout": CONNECT_SECONDS,
        "application_name": "dateline",
        "options": f"{own if isinstance(own, str) else ' '.join(own)} {settings}".strip(),
    }


def _make_engine(url: URL, settings: str, *, level: str, size: int, wait_seconds: float) -> Engine:
    return create_async_engine(
        url,
        isolation_level=level,
        skip_autocommit_rollback=level == "AUTOCOMMIT",
        pool_size=size,
        max_overflow=0,
        pool_timeout=wait_seconds,
        pool_use_lifo=True,
        pool_recycle=RECYCLE_SECONDS,
        connect_args=_connect_args(url, settings),
    ).sync_engine
