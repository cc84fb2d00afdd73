"""The four doors from async code to SQL, as an interface, and what both databases share behind it.

How a door runs is for `sqlite` and `postgres`.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from functools import cached_property
from typing import Any, Concatenate, NoReturn, ParamSpec, TypeVar

import anyio
from sqlalchemy.orm import Session

from app.db.doorbell import Doorbell
from app.db.errors import Overloaded

P = ParamSpec("P")
T = TypeVar("T")

WAIT_SECONDS = 5.0


class Database(ABC):
    """An open database. A store function is `fn(session, ...)`: synchronous, and it returns finished values.

    Functions given to `read`, `snapshot` and `scan` may run twice, so they change nothing but what they return.
    No turn within the time allowed raises Overloaded.
    """

    dialect: str
    written = 0
    """How many writes of this process have ended: counted before their callers know."""

    @abstractmethod
    async def read(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What `fn` returns: one bounded statement, and no more is promised about two."""

    @abstractmethod
    async def snapshot(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What `fn` returns: a few bounded statements that all see the same moment."""

    @abstractmethod
    async def scan(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What `fn` returns: a long read of one moment, away from the short ones."""

    @abstractmethod
    async def write(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What `fn` returns, once its transaction is committed to disk; any exception rolls all of it back.

        A write that has started finishes even when its caller is cancelled. One that was rolled back through no fault
        of its own runs again (by a deadlock or a lost connection on PostgreSQL, on SQLite with another that it shared a
        transaction with), so `fn` changes nothing but the database.
        """

    async def rehearse(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What `fn` returns, of a write that is rolled back. One at a time: what is kept comes first."""

        def perform(session: Session) -> NoReturn:
            raise _Rehearsed(finished(fn, session, *args, **kwargs))

        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._stage.acquire()
        except TimeoutError:
            raise Overloaded("too many rehearsals at once") from None
        try:
            await self.write(perform)
        except _Rehearsed as rehearsed:
            value: T = rehearsed.value
            return value
        finally:
            self._stage.release()

    @cached_property
    def _stage(self) -> asyncio.Lock:
        return asyncio.Lock()

    @abstractmethod
    def doorbell(self) -> Doorbell:
        """A new bell, to be closed before the database is. It rings when the log was written to."""

    @abstractmethod
    async def close(self) -> None:
        """Ends every connection, when no call is under way any more."""


class _Rehearsed(Exception):  # noqa: N818 - it ends a transaction that must not be kept
    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


def finished(fn: Callable[Concatenate[Session, P], T], session: Session, /, *args: P.args, **kwargs: P.kwargs) -> T:
    """What `fn` returns. Raises TypeError when that is not a finished value but something still to be run."""
    try:
        value = fn(session, *args, **kwargs)
    except StopIteration as error:
        # No future can carry it: the caller would wait for ever, and the door stay shut.
        raise RuntimeError("a store function raised StopIteration") from error
    if isinstance(value, (Iterator, Awaitable, AsyncIterator)):
        _discard(value)
        raise TypeError(
            f"{getattr(fn, '__qualname__', fn)} returned a {type(value).__name__}, which would run after its "
            "transaction has ended: return finished values"
        )
    return value


def _discard(value: object) -> None:
    close = getattr(value, "close", None)
    if close is not None:
        close()


async def settle(work: Awaitable[T], *, stop: Callable[[asyncio.Future[T]], object] | None = None) -> T:
    """The result of `work`, in a task of its own. A cancelled caller leaves only when the work is over.

    `stop` is called once with the work when the caller is cancelled; without it, the work simply finishes.
    """
    future = asyncio.ensure_future(work)
    try:
        await asyncio.wait({future})
    except asyncio.CancelledError:
        if stop is not None:
            stop(future)
        await _outlast(future)
        raise
    return future.result()


async def _outlast(future: asyncio.Future[T]) -> None:
    # Shielded, because anyio cancels again at every await: unshielded, a driver cannot even cancel its query.
    with anyio.CancelScope(shield=True):
        while not future.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({future})
    if not future.cancelled():
        future.exception()  # seen, though nobody is left to hear of it
