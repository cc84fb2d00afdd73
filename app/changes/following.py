"""How far the log has come, as this process knows it: one follower tails it for all who wait for news.

Reading the news, and what to do with them, is for those who wait.
"""

import asyncio
from contextlib import suppress

import structlog

from app.changes.log import head_seq
from app.db import Database, Overloaded

FLOOR_SECONDS = 1.0
"""How often it looks when no bell rings: a bell may be lost without a sound."""

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.05, 1.0

log = structlog.get_logger("dateline.following")


class Follower:
    """The newest number of the log, `head`, and a place to wait for it to grow. One per process; `run` keeps it new.

    `went_back` counts how often the head did: who then waits is sent home, and what he knows is of another history.
    """

    def __init__(self, database: Database) -> None:
        self.head = 0
        self.went_back = 0
        self.is_closing = False
        self._database = database
        self._news, self._wanted = asyncio.Event(), asyncio.Event()
        self._listeners = self._looks = 0

    async def run(self) -> None:
        """Follow until cancelled, through every failure of the database."""
        bell = self._database.doorbell()
        try:
            while True:
                await self._catch_up()
                if self._listeners:
                    await bell.wait(FLOOR_SECONDS)
                else:
                    await self._rest()
        finally:
            await bell.close()

    async def reach(self, seq: int, *, within_seconds: float) -> bool:
        """Whether the log has come to `seq`: True as soon as it has, False when the time is up or we are closing.

        The database is asked first, so that True never waits for the bell. What it raises is raised: Overloaded.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(within_seconds):
                if self.head < seq:
                    await self.look()
                await self._hear(seq)
        return self.head >= seq

    async def hear(self, seq: int, *, within_seconds: float) -> bool:
        """As `reach`, without asking the database: for the many who wait for the next change, whenever it comes."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_seconds):
                await self._hear(seq)
        return self.head >= seq

    def hear_of(self, head: int) -> None:
        """Somebody has read that the log has come so far: as good as having looked."""
        if head > self.head:
            self._looks += 1
            self._take(head)

    def close(self) -> None:
        """Send everybody home: who waits, now or later, is not kept."""
        self.is_closing = True
        self._wake()

    async def _hear(self, seq: int) -> None:
        self._listeners += 1
        self._wanted.set()
        went_back = self.went_back
        try:
            while self.head < seq and not self.is_closing and self.went_back == went_back:
                await self._news.wait()
        finally:
            self._listeners -= 1

    async def _rest(self) -> None:
        """Nobody waits: no bell is needed until somebody does."""
        self._wanted.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(FLOOR_SECONDS):
                await self._wanted.wait()

    async def look(self) -> None:
        """Ask the database how far the log has come. Raises what it raises: Overloaded."""
        looks = self._looks
        head = await self._database.read(head_seq)
        if head < self.head and looks != self._looks:
            return  # older than what somebody else saw meanwhile
        self._looks += 1
        self._take(head)

    def _take(self, head: int) -> None:
        if head < self.head:
            log.error("the log went back: was the database restored?", known=self.head, found=head)
            self.went_back += 1
        if head != self.head:
            self.head = head
            self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def _catch_up(self) -> None:
        """Look until it succeeds."""
        pause_seconds = FIRST_PAUSE_SECONDS
        while True:
            try:
                return await self.look()
            except Exception as error:
                if pause_seconds == FIRST_PAUSE_SECONDS:  # told once, however long it lasts
                    is_known = isinstance(error, Overloaded)
                    log.warning("the log cannot be read", reason=str(error), exc_info=not is_known)
            await asyncio.sleep(pause_seconds)
            pause_seconds = min(pause_seconds * 2, LONGEST_PAUSE_SECONDS)
