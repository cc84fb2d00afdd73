"""Short SQLite reads on the event loop itself: one kept connection and Session, and a time budget.

Reads that do not fit are for a thread of `sqlite`.
"""

import math
import time
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.db.database import finished
from app.db.sqlite_driver import BUSY, INTERRUPT, error_code
from app.db.sqlite_kept import KeptSession

P = ParamSpec("P")
T = TypeVar("T")


class DoesNotFit(Exception):  # noqa: N818
    """The read met a lock or spent its budget; it has to be run elsewhere, from its start."""


class InlineReader:
    """Runs read functions at once, each in a transaction of its own, on one connection."""

    def __init__(self, engine: Engine, *, budget_seconds: float) -> None:
        self._budget_seconds = budget_seconds
        self._deadline = math.inf
        self._kept = KeptSession(engine, autoflush=False)
        self._kept.raw.is_stopped = lambda: time.perf_counter() > self._deadline

    def run(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What `fn` returns. Raises DoesNotFit on a lock, or when the budget is spent."""
        session = self._kept.begin("BEGIN")
        self._deadline = time.perf_counter() + self._budget_seconds
        try:
            return finished(fn, session, *args, **kwargs)
        except OperationalError as error:
            if error_code(error) in (BUSY, INTERRUPT):
                raise DoesNotFit from error
            raise
        finally:
            self._deadline = math.inf
            self._kept.roll_back()
            self._kept.recover()

    def close(self) -> None:
        """Closes the session and its connection."""
        self._kept.close()
