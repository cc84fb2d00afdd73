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
from functools import partial
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
            done: list[_Turn] = []
            work = asyncio.get_running_loop().run_in_executor(self._thread, self._work, done)
            work.add_done_callback(partial(self._tell, done))

    def _tell(self, done: list[_Turn], work: asyncio.Future[None]) -> None:
        self._is_at_work = False
        failure = work.exception()
        if failure is not None and not done and self._waiting:
            done.append(self._waiting.popleft())  # it could not even begin
        for turn in done:
            if error := turn.error or failure:
                turn.answer.set_exception(error)
            else:
                turn.answer.set_result(turn.value)
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

    def _work(self, done: list[_Turn]) -> None:
        """Carry out what waits in one transaction, and put down whose turn it was."""
        try:
            session = patiently(lambda: self._kept.begin("BEGIN IMMEDIATE"), seconds=self._wait_seconds)
            self._carry_out(session, done)
            if any(turn.error is None for turn in done):
                self._kept.control("COMMIT")
        except Overloaded:
            return  # by another process, and whoever waits gives up by a clock of its own
        except driver.Error as error:
            raise DBAPIError.instance("", (), error, driver.Error) from error
        finally:
            self._kept.roll_back()
            self._kept.recover()

    def _carry_out(self, session: Session, done: list[_Turn]) -> None:
        """One after the other, until nothing waits, one failed, or the first has waited long enough for the others."""
        until = time.perf_counter() + SHARED_SECONDS
        while self._waiting and (not done or time.perf_counter() < until):
            done.append(turn := self._waiting.popleft())
            if turn is not done[0]:
                self._kept.control("SAVEPOINT one")
            try:
                turn.value = turn.context.run(turn.write, session)
                session.flush()
                self._kept.forget()
            except BaseException as error:
                turn.error = error
                if turn is not done[0] and self._kept.raw.in_transaction:
                    self._kept.control("ROLLBACK TO one")
                    return
                # Those before it were taken back with it: their turn comes again.
                self._waiting.extendleft(reversed(done[:-1]))
                done[:] = [turn]
                return
