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
from app.db.sqlite_driver import BUSY, INTERRUPT, error_code, tracked

P = ParamSpec("P")
T = TypeVar("T")


class DoesNotFit(Exception):  # noqa: N818
    """The read met a lock or spent its budget; it has to be run elsewhere, from its start."""


class InlineReader:
    """Runs read functions at once, each in a transaction of its own, on one connection.

    Opening a connection and a Session per read would cost three times as much as the read.
    """

    def __init__(self, engine: Engine, *, budget_seconds: float) -> None:
        self._budget_seconds = budget_seconds
        self._deadline = math.inf
        self._connection = engine.connect()
        self._session = Session(self._connection, autoflush=False)
        self._raw = tracked(self._connection)
        self._raw.is_stopped = lambda: time.perf_counter() > self._deadline
        self._control = self._raw.cursor()
        self._raw.forget_statements()
        self._renew()

    def run(self, fn: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What `fn` returns. Raises DoesNotFit on a lock, or when the budget is spent."""
        self._raw.end_statements()  # by someone who kept the session
        self._control.execute("BEGIN")
        self._deadline = time.perf_counter() + self._budget_seconds
        try:
            return finished(fn, self._session, *args, **kwargs)
        except OperationalError as error:
            if error_code(error) in (BUSY, INTERRUPT):
                raise DoesNotFit from error
            raise
        finally:
            self._deadline = math.inf
            self._end()

    def _end(self) -> None:
        self._raw.end_statements()
        if self._raw.in_transaction:
            self._control.execute("ROLLBACK")
        if self._session.get_transaction() is not self._transaction or not self._session.is_active:
            self._renew()  # a failed flush, or a function that ended the transaction
        elif self._session.identity_map or self._session.new:
            self._session.expunge_all()

    def _renew(self) -> None:
        """Makes SQLAlchemy believe in one endless transaction; the real ones are begun and ended under it."""
        self._session.close()
        self._session.connection()
        self._transaction = self._session.get_transaction()
        self._raw.end_statements()
        self._control.execute("ROLLBACK")

    def close(self) -> None:
        """Closes the session and its connection."""
        self._session.close()
        self._connection.close()
