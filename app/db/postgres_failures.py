"""Which failures of PostgreSQL leave nothing behind, so that the same work can be tried again.

A commit whose answer was lost is not one of them: see `postgres`.
"""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from app.db.errors import Overloaded

T = TypeVar("T")

SHUT_DOWN, CRASHED, STARTING, FULL = "57P01", "57P02", "57P03", "53300"
SERIALIZATION, DEADLOCK = "40001", "40P01"
TIMED_OUT, LOCK_TIMED_OUT = "57014", "55P03"
LOSSES, CONFLICTS = 1, 3  # how often a lost connection and a conflict of transactions are tried again


def persist(attempt: Callable[[], T]) -> T:
    """What `attempt` returns, tried again where that is safe. Raises Overloaded when it is no use."""
    losses, conflicts = LOSSES, CONFLICTS
    while True:
        try:
            return attempt()
        except NoFreeConnection as error:
            raise Overloaded("every connection to the database is taken") from error
        except DBAPIError as error:
            if is_away(error) and losses:
                losses -= 1
            elif is_conflict(error) and conflicts:
                conflicts -= 1
            elif is_away(error) or is_conflict(error) or _state(error) in (TIMED_OUT, LOCK_TIMED_OUT):
                raise Overloaded(first_line(error)) from error
            else:
                raise


def is_away(error: DBAPIError) -> bool:
    """Whether there was no connection, or it was lost."""
    if error.connection_invalidated:
        return True
    return isinstance(error, OperationalError) and _state(error) in (None, SHUT_DOWN, CRASHED, STARTING, FULL)


def is_conflict(error: DBAPIError) -> bool:
    """Whether PostgreSQL rolled the transaction back in favour of another."""
    return _state(error) in (SERIALIZATION, DEADLOCK)


def first_line(error: DBAPIError) -> str:
    """What the server or the driver said, without its explanations."""
    return str(error.orig).partition("\n")[0]


def _state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
