"""The doorbell of PostgreSQL: a connection of its own that listens to what `dialect.ring` notifies.

Reading the data themselves is for `postgres`.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import structlog
from psycopg import AsyncConnection

from app.db.dialect import CHANNEL
from app.db.doorbell import Doorbell

AWAY_SECONDS = 0.2
"""How long anybody waits at most while nobody listens."""

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.05, 5.0

# A connection that is silent for minutes is dropped by what stands between, and neither end is told.
KEPT_ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}

log = structlog.get_logger("dateline.doorbell")


class PostgresDoorbell(Doorbell):
    """Rings for every transaction that rang the bell, of any process. `options` are the driver's, to connect."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = KEPT_ALIVE | dict(options)
        self._rung = asyncio.Event()
        self._is_listening = False
        self._listener: asyncio.Task[None] | None = None

    async def wait(self, seconds: float) -> bool:
        """See Doorbell. Not for longer than AWAY_SECONDS while the connection is lost."""
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen())
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds if self._is_listening else min(seconds, AWAY_SECONDS)):
                await self._rung.wait()
        rang = self._rung.is_set()
        self._rung.clear()
        return rang

    async def close(self) -> None:
        """See Doorbell."""
        if self._listener is not None:
            self._listener.cancel()
            with suppress(asyncio.CancelledError):
                await self._listener

    async def _listen(self) -> None:
        pause_seconds = FIRST_PAUSE_SECONDS
        while True:
            try:
                await self._hear()
            except Exception as error:
                log.warning("not listening", reason=str(error).partition("\n")[0])
            if self._is_listening:
                self._is_listening, pause_seconds = False, FIRST_PAUSE_SECONDS
                self._rung.set()  # whoever waits has to wait for less from now on
            await asyncio.sleep(pause_seconds)
            pause_seconds = min(pause_seconds * 2, LONGEST_PAUSE_SECONDS)

    async def _hear(self) -> None:
        """Listen until the connection is lost, which raises."""
        connection = await self._connected()
        try:
            await connection.execute(f"LISTEN {CHANNEL}")
            self._is_listening = True
            self._rung.set()
            async for _ in connection.notifies():
                self._rung.set()
        finally:
            await connection.close()

    async def _connected(self) -> AsyncConnection[Any]:
        # In a task of its own: cancelled in the middle, the driver would leave the connection open.
        connecting = asyncio.ensure_future(AsyncConnection.connect(**self._options, autocommit=True))
        try:
            return await asyncio.shield(connecting)
        except asyncio.CancelledError:
            with suppress(Exception):
                await (await connecting).close()
            raise
