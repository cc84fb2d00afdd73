"""How new the memory of answers is: whatever it gives, it gives on the word of a look at the log a moment ago.

Where the log and what else touches answers are read, is for the `News` that it is given.
"""

import asyncio
from collections.abc import Collection
from time import monotonic
from typing import Final, Protocol

from app.web.kept import Memory

SOON_SECONDS: Final = 0.05
"""After so long somebody's request has the log looked at, and does not wait for it."""
LONGEST_SECONDS: Final = 0.2
"""After so long nobody is answered before the log was looked at, whatever bell did not ring."""


class News(Protocol):
    """What was touched, by surrogate keys."""

    seq: int
    """How far the log had come when it was last looked at."""

    @property
    def is_behind(self) -> bool:
        """Whether this process knows already that there is something to hear, as after a write of its own."""

    async def hear(self) -> Collection[str] | None:
        """What was touched since the last call; None for everything. Raises what the database raises."""


class Closed(Exception):  # noqa: N818 - it is nobody's fault
    """The log is not looked at any more."""


class Hearing:
    """Lets a memory forget what was touched."""

    def __init__(self, memory: Memory, news: News) -> None:
        self._memory, self._news = memory, news
        self._heard_at = float("-inf")
        self._hearing: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def seq(self) -> int:
        """What the memory gives is as of this position of the log, at least."""
        return self._news.seq

    def is_current(self, now: float) -> bool:
        """Whether the memory may be asked; looks at the log soon, before it has to."""
        age = now - self._heard_at
        if age > LONGEST_SECONDS or self._news.is_behind or self._is_closed:
            return False
        if age > SOON_SECONDS and self._hearing is None:
            self._begin()
        return True

    async def catch_up(self) -> None:
        """Look at the log, now. Raises what the database raises, and Closed."""
        asked_at = monotonic()
        while self._heard_at < asked_at:
            if self._is_closed:
                raise Closed
            # Shielded: one of those who wait may leave. One that began before us does not count, or not for writers.
            await asyncio.shield(self._hearing or self._begin())

    async def close(self, *, seconds: float) -> None:
        """Look no more. One look that is under way may end, so that whoever waits for it is answered."""
        self._is_closed = True
        if (hearing := self._hearing) is not None:
            await asyncio.wait({hearing}, timeout=seconds)
            hearing.cancel()
            await asyncio.wait({hearing})

    def _begin(self) -> asyncio.Task[None]:
        self._hearing = asyncio.create_task(self._hear())
        self._hearing.add_done_callback(_see)
        return self._hearing

    async def _hear(self) -> None:
        began_at = monotonic()
        try:
            keys = await self._news.hear()
        finally:
            self._hearing = None  # here, and not in a callback: whoever came before that would await what is done
        if keys is None:
            self._memory.clear()
        elif keys:
            self._memory.touch(keys)
        self._heard_at = began_at


def _see(hearing: asyncio.Task[None]) -> None:
    """Failures are seen: whoever must not do without the look looks again, and hears of them."""
    if not hearing.cancelled():
        hearing.exception()
