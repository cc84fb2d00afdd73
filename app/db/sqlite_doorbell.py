"""The doorbell of SQLite: a number that every commit to the file moves, read often on the event loop.

Reading the data themselves is for `sqlite`.
"""

import asyncio
import sqlite3
import time
from pathlib import Path

from app.db.doorbell import Doorbell
from app.db.sqlite_driver import BUSY, driver, error_code

POLL_SECONDS = 0.020
"""Looking costs some microseconds."""


class SqliteDoorbell(Doorbell):
    """Rings for the commits of all other connections, of this process or of any other."""

    def __init__(self, path: str) -> None:
        self._place = f"{Path(path).absolute().as_uri()}?mode=rw"  # it is not for a bell to make the file
        self._connection: sqlite3.Connection | None = None
        self._seen: int | None = None

    async def wait(self, seconds: float) -> bool:
        """See Doorbell."""
        deadline = time.monotonic() + seconds
        while not self._rang():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            await asyncio.sleep(min(POLL_SECONDS, left))
        return True

    async def close(self) -> None:
        """See Doorbell."""
        self._hang_up()

    def _rang(self) -> bool:
        try:
            version = self._version()
        except driver.Error as error:
            if error_code(error) != BUSY:
                self._hang_up()
            return False
        rang, self._seen = version != self._seen, version
        return rang

    def _version(self) -> int:
        if self._connection is None:
            self._connection = driver.connect(self._place, uri=True, timeout=0, isolation_level=None)
        # All rows, though it is one: a statement that is not finished pins its snapshot, and the number stands still.
        ((version,),) = self._connection.execute("PRAGMA data_version").fetchall()
        return int(version)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = self._seen = None  # the numbers of two connections cannot be compared
