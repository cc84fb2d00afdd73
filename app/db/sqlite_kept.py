"""One SQLite connection and one Session for all transactions of a door, one after the other.

Opening both for each would cost three times as much as a short read, and a twentieth of a publication.
"""

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.db.sqlite_driver import tracked


class KeptSession:
    """A Session that believes in one endless transaction; the real ones are begun and ended under it."""

    def __init__(self, engine: Engine, *, autoflush: bool) -> None:
        self._connection = engine.connect()
        self._session = Session(self._connection, autoflush=autoflush, expire_on_commit=False)
        self.raw = tracked(self._connection)
        self._control = self.raw.cursor()
        self.raw.forget_statements()
        self._renew()

    def begin(self, statement: str) -> Session:
        """A transaction, and the session to use in it."""
        self.raw.end_statements()  # by someone who kept the session
        self._control.execute(statement)
        return self._session

    def control(self, statement: str) -> None:
        """End the transaction, or a part of it."""
        self.raw.end_statements()
        self._control.execute(statement)

    def roll_back(self) -> None:
        """End the transaction without a trace, unless it has ended."""
        self.raw.end_statements()
        if self.raw.in_transaction:
            self._control.execute("ROLLBACK")

    def forget(self) -> None:
        """Let the session know no object any more."""
        if self._session.identity_map or self._session.new:
            self._session.expunge_all()

    def recover(self) -> None:
        """The same when a transaction has ended, with whatever was done to the session in it."""
        if self._session.get_transaction() is not self._transaction or not self._session.is_active:
            self._renew()  # a failed flush, or a function that ended the transaction
        else:
            self.forget()

    def _renew(self) -> None:
        self._session.close()
        self._session.connection()
        self._transaction = self._session.get_transaction()
        self.raw.end_statements()
        self._control.execute("ROLLBACK")

    def close(self) -> None:
        """Closes the session and its connection."""
        self._session.close()
        self._connection.close()
