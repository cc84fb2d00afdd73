"""The doors onto SQLite: short reads inline, long ones on two threads, writes on one.

Settings and locks of a connection are for `sqlite_driver`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import copy_context
from threading import Event
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.db.database import WAIT_SECONDS, Database, finished, settle
from app.db.doorbell import Doorbell
from app.db.errors import CannotOpen, Overloaded
from app.db.sqlite_doorbell import SqliteDoorbell
from app.db.sqlite_driver import check_place, make_engine, patiently, tracked
from app.db.sqlite_inline import DoesNotFit, InlineReader
from app.db.sqlite_writer import Writer

P = ParamSpec("P")
T = TypeVar("T")

SCANS = 2


class SqliteDatabase(Database):
    """One database file, shared with any number of other processes of this machine."""

    dialect = "sqlite"

    def __init__(self, path: str, *, wait_seconds: float = WAIT_SECONDS, inline_seconds: float = 0.020) -> None:
        check_place(path)
        self._path = path
        self._wait_seconds = wait_seconds
        # Its real transactions, the writer begins: this one is for SQLAlchemy to believe in, and locks nothing.
        self._writes = make_engine(path, begin="BEGIN", patience_seconds=wait_seconds, poolclass=NullPool)
        self._scans = make_engine(
            path, begin="BEGIN", patience_seconds=wait_seconds, query_only=True, pool_size=SCANS, max_overflow=0
        )
        self._reads = make_engine(path, begin="BEGIN", patience_seconds=0, query_only=True, poolclass=NullPool)
        try:
            self._writer = Writer(
                self._writes, wait_seconds=wait_seconds
            )  # makes the file and its log before any reader
            self._inline = InlineReader(self._reads, budget_seconds=inline_seconds)
        except DatabaseError as error:
            self._dispose()
            raise CannotOpen(f"cannot open {path} as a database: {error.orig}") from error
        self._scanners, self._scan_turns = ThreadPoolExecutor(SCANS, "sqlite-scan"), asyncio.Semaphore(SCANS)
        self.moved = 0  # inline reads that had to become scans

    async def read(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See Database."""
        try:
            return self._inline.run(fn, *args, **kwargs)
        except DoesNotFit:
            self.moved += 1
        return await self.scan(fn, *args, **kwargs)

    async def snapshot(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See Database."""
        return await self.read(fn, *args, **kwargs)

    async def scan(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See Database."""
        stop = Event()

        def attempt() -> T:
            with Session(self._scans, autoflush=False) as session:
                raw = tracked(session.connection())
                raw.is_stopped = stop.is_set
                try:
                    return finished(fn, session, *args, **kwargs)
                finally:
                    raw.free()

        def run() -> T:
            return patiently(attempt, seconds=self._wait_seconds)

        async with self._turn(self._scan_turns):
            return await settle(self._start(self._scanners, run), stop=lambda _: stop.set())

    async def write(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """See Database."""
        try:
            return await self._writer.write(lambda session: finished(fn, session, *args, **kwargs))
        finally:
            self.written += 1

    def doorbell(self) -> Doorbell:
        """See Database."""
        return SqliteDoorbell(self._path)

    async def close(self) -> None:
        """See Database."""
        await asyncio.to_thread(self._scanners.shutdown)
        await self._writer.close()
        self._inline.close()
        self._dispose()

    def _dispose(self) -> None:
        for engine in (self._reads, self._scans, self._writes):
            engine.dispose()

    @asynccontextmanager
    async def _turn(self, turns: asyncio.Semaphore) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._wait_seconds):
                await turns.acquire()
        except TimeoutError:
            raise Overloaded("every thread for the database is taken") from None
        try:
            yield
        finally:
            turns.release()

    @staticmethod
    def _start(pool: ThreadPoolExecutor, run: Callable[[], T]) -> asyncio.Future[T]:
        return asyncio.get_running_loop().run_in_executor(pool, copy_context().run, run)
