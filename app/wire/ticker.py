"""Reading the log for many at once: who waits for the same change shares one read of it.

What is read is for `store`; who waits, and how long, is for `waiting` and `streaming`.
"""

import asyncio
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from app.articles.filters import EVERYTHING, Filters
from app.articles.reading import View
from app.changes.following import Follower
from app.db import Database
from app.wire import store
from app.wire.errors import check_reached
from app.wire.store import Page

MOST_KEPT = 16
SHORT = 100
"""How many lines are read on the way of a request; more, and whatever is long, are read away from the others."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What somebody reads of the log."""

    filters: Filters = EVERYTHING
    view: View = "card"
    limit: int = 100


@dataclass(frozen=True, slots=True)
class _Shared:
    head: int
    page: asyncio.Task[Page]


class Ticker:
    """The log as one process reads it."""

    def __init__(self, database: Database, follower: Follower) -> None:
        self.follower = follower
        self._database = database
        self._shared: dict[tuple[Reading, int], _Shared] = {}

    async def page(self, reading: Reading, after: int) -> Page:
        """The lines above `after`, as of now. Raises SeqAhead when the log has not come to it."""
        is_short = reading.view == "card" and reading.filters == EVERYTHING and reading.limit <= SHORT
        door = self._database.read if is_short else self._database.scan
        found = await door(store.page, after, limit=reading.limit, view=reading.view, filters=reading.filters)
        if found.head.seq < self.follower.head:  # restored from a backup, or more than one database answers
            await self.follower.look()
        self.follower.hear_of(found.head.seq)
        check_reached(after, head=found.head.seq)
        return found

    async def shared(self, reading: Reading, after: int) -> Page:
        """As `page`, but as of the newest change that this process has heard of: a read that others asked for, too."""
        key, head = (reading, after), self.follower.head
        known = self._shared.get(key)
        if known is None or known.head != head or _has_failed(known.page):
            known = self._shared[key] = _Shared(head, asyncio.create_task(self.page(reading, after)))
            while len(self._shared) > MOST_KEPT:
                del self._shared[next(iter(self._shared))]
        # Shielded: one of them may leave, and the others still wait.
        return await asyncio.shield(known.page)


def _has_failed(page: asyncio.Task[Page]) -> bool:
    return page.done() and (page.cancelled() or page.exception() is not None)


async def _ticker(request: Request) -> Ticker:
    ticker: Ticker = request.app.state.ticker
    return ticker


Ticks = Annotated[Ticker, Depends(_ticker)]
