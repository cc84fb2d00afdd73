"""Short reads of PostgreSQL at desks: sessions that keep their connection from one read to the next.

To take one from a pool and to give it back costs as much as most reads. Each statement is a transaction of its own.
"""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.db.database import finished
from app.db.errors import Overloaded

T = TypeVar("T")


class Desks:
    """So many reads at once, each by a session that no other read has meanwhile."""

    def __init__(self, engine: Engine, *, size: int, wait_seconds: float, keep_seconds: float) -> None:
        self._engine, self._wait_seconds, self._keep_seconds = engine, wait_seconds, keep_seconds
        self._turns = asyncio.Semaphore(size)
        self._free: list[tuple[Session, float]] = []

    async def __aenter__(self) -> None:
        """Waits for a turn. Raises Overloaded when none comes in time."""
        if not self._turns.locked():
            await self._turns.acquire()
            return
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._turns.acquire()
        except TimeoutError:
            raise Overloaded("every connection to the database is taken") from None

    async def __aexit__(self, *_: object) -> None:
        self._turns.release()

    def run(self, fn: Callable[[Session], T]) -> T:
        """What `fn` returns; for who has a turn, within a greenlet."""
        session, opened_at = self._take()
        try:
            value = finished(fn, session)
        except BaseException as error:
            session.close()
            if isinstance(error, DBAPIError):
                self.clear()  # where one connection was lost, so were the others
            raise
        if session.identity_map or session.new:
            session.expunge_all()
        self._free.append((session, opened_at))
        return value

    def clear(self) -> None:
        """Gives back every connection that is not in use."""
        while self._free:
            self._free.pop()[0].close()

    def _take(self) -> tuple[Session, float]:
        """The one that was in use last, where there is one and it is not too old."""
        now = time.monotonic()
        while self._free:
            session, opened_at = self._free.pop()
            if now - opened_at < self._keep_seconds:
                return session, opened_at
            session.close()
        return Session(self._engine, autoflush=False), now
