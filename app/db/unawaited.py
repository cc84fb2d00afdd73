"""Writing without waiting for each answer: to PostgreSQL, a statement goes out while the one before is carried out.

SQLite has nobody to wait for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.util import await_only

from app.db.dialect import is_sqlite

if TYPE_CHECKING:  # who keeps SQLite never loads it
    import psycopg


@contextmanager
def unawaited(session: Session) -> Iterator[None]:
    """Statements meanwhile tell nothing of what they did, and are carried out by the end, in their order.

    What is refused is raised then, or by a later statement. One that asks for rows raises ResourceClosedError.
    """
    if is_sqlite(session):
        yield
        return
    connection = session.connection()
    driver = cast("psycopg.AsyncConnection", connection.connection.driver_connection)
    pipeline = driver.pipeline()
    await_only(pipeline.__aenter__())
    try:
        try:
            yield
        except BaseException as error:
            await_only(pipeline.__aexit__(type(error), error, error.__traceback__))
            raise
        await_only(pipeline.__aexit__(None, None, None))
    except connection.dialect.loaded_dbapi.Error as error:
        raise _told(connection, error, is_lost=driver.closed) from error


def _told(connection: Connection, error: Exception, *, is_lost: bool) -> DBAPIError:
    """The error as SQLAlchemy tells of any other statement's."""
    if is_lost:
        connection.exec_driver_sql("SELECT 1")  # raises, and lets the pool know
    told = DBAPIError.instance("", None, error, connection.dialect.loaded_dbapi.Error, dialect=connection.dialect)
    assert isinstance(told, DBAPIError)
    return told
