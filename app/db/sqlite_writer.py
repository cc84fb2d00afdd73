"""Writing to SQLite, on one thread: what waits meanwhile shares a transaction, and one wait for the disk serves all.

Each write stands for itself: it fails alone, and is answered when what it wrote is on the disk.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.db.database import settle
from app.db.errors import Overloaded
from app.db.sqlite_driver import driver, patiently
from app.db.sqlite_kept import KeptSession

T = TypeVar("T")

SHARED_SECONDS = 0.020
"""For so long a transaction takes in what waits: the first write in it is not answered before it ends."""


@dataclass(slots=True, eq=False)
class _Turn:
    """A write that was asked for, and what came of it."""

    write: Callable[[Session], Any]
    answer: asyncio.Future[Any]
    context: Context = field(default_factory=copy_context)
    value: Any = None
    error: BaseException | None = None


class Writer:
    """Carries out writes in the order in which they were asked for."""

    def __init__(self, engine: Engine, *, wait_seconds: float) -> None:
        self._kept = KeptSession(engine, autoflush=True)
        self._wait_seconds = wait_seconds
        self._thread = ThreadPoolExecutor(1, "sqlite-write")
        self._waiting: deque[_Turn] = deque()
        self._is_at_work = False

    async def write(self, fn: Callable[[Session], T]) -> T:
        """What `fn` returns, committed. Raises Overloaded when its turn did not come in time; begun, it finishes."""
        loop = asyncio.get_running_loop()
        turn = _Turn(fn, loop.create_future())
        self._waiting.append(turn)
        patience = loop.call_later(self._wait_seconds, self._give_up, turn)
        self._go_on()
        try:
            value: T = await settle(turn.answer, stop=lambda _: self._leave(turn))
            return value
        finally:
            patience.cancel()

    async def close(self) -> None:
        """Closes the connection, when nothing is written any more."""
        await asyncio.to_thread(self._thread.shutdown)
        self._kept.close()

    def _go_on(self) -> None:
        if self._waiting and not self._is_at_work:
            self._is_at_work = True
            asyncio.get_running_loop().run_in_executor(self._thread, self._carry_out).add_done_callback(self._tell)

    def _tell(self, work: asyncio.Future[list[_Turn]]) -> None:
        self._is_at_work = False
        for turn in work.result():
            if turn.error is None:
                turn.answer.set_result(turn.value)
            else:
                turn.answer.set_exception(turn.error)
        self._go_on()

    def _leave(self, turn: _Turn) -> None:
        """Its caller left: what has not begun never will."""
        with suppress(ValueError):
            self._waiting.remove(turn)
            turn.answer.cancel()

    def _give_up(self, turn: _Turn) -> None:
        with suppress(ValueError):
            self._waiting.remove(turn)
            turn.answer.set_exception(Overloaded("no turn to write to the database"))

    def _carry_out(self) -> list[_Turn]:
        """Write what waits, for as long as a transaction takes in more; those whose turn it was."""
        done: list[_Turn] = []
        try:
            session = patiently(lambda: self._kept.begin("BEGIN IMMEDIATE"), seconds=self._wait_seconds)
            until = time.perf_counter() + SHARED_SECONDS
            while self._waiting and (not done or (done[-1].error is None and time.perf_counter() < until)):
                done.append(self._waiting.popleft())
                self._take_in(done[-1], session, is_first=len(done) == 1)
            if done and done[0].error is None:
                self._commit()
        except BaseException as error:  # of all of them: their caller is to hear of it, not this thread
            if not done and self._waiting:
                done.append(self._waiting.popleft())
            for turn in done:
                turn.error = turn.error or error
        self._kept.roll_back()
        self._kept.recover()
        return done

    def _take_in(self, turn: _Turn, session: Session, *, is_first: bool) -> None:
        """Carry out one write. What it has written is taken back when it fails, which ends the sharing."""
        if not is_first:
            self._kept.control("SAVEPOINT one")
        try:
            turn.value = turn.context.run(turn.write, session)
            session.flush()
            self._kept.forget()
        except BaseException as error:
            turn.error = error
            if is_first:
                return  # there is nothing to be kept
            if not self._kept.raw.in_transaction:
                raise  # SQLite took all of it back
            self._kept.control("ROLLBACK TO one")

    def _commit(self) -> None:
        try:
            self._kept.control("COMMIT")
        except driver.Error as error:
            raise DBAPIError.instance("COMMIT", (), error, driver.Error) from error
