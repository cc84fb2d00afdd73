"""Telling a CDN, change by change, what to forget: when that is done, by whom, and again until it works."""

import asyncio
from collections import deque
from time import monotonic
from typing import Final

import httpx
import structlog

from app.changes.touching import Standing
from app.core.clock import utc_now
from app.db import Database
from app.purging.sending import NotSent, Refused, open_client, send
from app.purging.services import Service, calls
from app.purging.store import Place, find_place, hold, move, move_repeat, next_order, next_repeat

LOOK_EVERY_SECONDS: Final = 0.25
SETTLING_SECONDS: Final = 0.25
REPEAT_AFTER_SECONDS: Final = 5.0
"""Every purge is sent a second time: an answer that was on its way to the CDN at the first one was kept after it."""
FIRST_PAUSE_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 30.0

log = structlog.get_logger("dateline.purging")


async def follow(database: Database, service: Service, *, holder: str) -> None:
    """Tell the service of every change, until cancelled. Any number of processes may, each a `holder`: one sends."""
    async with open_client() as client:
        follower = Follower(database, service, client, holder=holder)
        while True:  # noqa: ASYNC110 - there is more to it than waiting
            await asyncio.sleep(await follower.step())


class Follower:
    """One process that may send. What it has not sent yet, it looks up again, together with what came since."""

    def __init__(self, database: Database, service: Service, client: httpx.AsyncClient, *, holder: str) -> None:
        self._database, self._service, self._client, self._holder = database, service, client, holder
        self._failures = 0
        # What to send a second time stands in the database; when, each process knows from having seen it told.
        self._told: deque[tuple[float, Standing]] = deque()

    async def step(self) -> float:
        """Send what is to be sent now; after how many seconds to look again."""
        try:
            is_sent = await self._repeat() or await self._tell()
        except NotSent as error:
            return self._failed(str(error))
        self._worked()
        return 0.0 if is_sent else LOOK_EVERY_SECONDS

    async def _tell(self) -> bool:
        """Whether there was something new to be sent, by this process."""
        order = await self._database.snapshot(next_order, self._service.target)
        if not order.is_needed or not await self._is_ours():
            return False
        order = await self._database.snapshot(next_order, self._service.target)
        # Every process keeps answers of its own, and is at most 0.2 s behind a commit (app.web.hearing). A CDN that
        # came back sooner might fetch the old one, and keep it for as long as it keeps anything.
        await asyncio.sleep(SETTLING_SECONDS)
        await self._send(order.keys, order.until)
        await self._database.write(move, self._service.target, order)
        return True

    async def _repeat(self) -> bool:
        """Whether something was sent once more, of what was sent a while ago, by whichever process."""
        place = await self._database.read(find_place, self._service.target)
        due = self._due(place, now=monotonic())
        if due is None or not await self._is_ours():
            return False
        order = await self._database.snapshot(next_repeat, self._service.target, until=due)
        if order.is_needed:
            await self._send(order.keys, order.until, is_repeat=True)
        await self._database.write(move_repeat, self._service.target, order)
        return order.is_needed

    def _due(self, place: Place, *, now: float) -> Standing | None:
        """Up to where a second time is due by now, where it has not come so far."""
        if place.told is not None and (not self._told or self._told[-1][1] != place.told):
            if self._told and not place.told.has_reached(self._told[-1][1]):
                self._told.clear()  # a backup was restored
            self._told.append((now + REPEAT_AFTER_SECONDS, place.told))
        while len(self._told) > 1 and self._told[1][0] <= now:
            self._told.popleft()
        if not self._told or self._told[0][0] > now:
            return None
        due = self._told[0][1]
        return None if place.repeated is not None and place.repeated.has_reached(due) else due

    async def _is_ours(self) -> bool:
        return await self._database.write(hold, self._service.target, holder=self._holder, now=utc_now())

    async def _send(self, keys: frozenset[str] | None, until: Standing, *, is_repeat: bool = False) -> None:
        try:
            for call in calls(self._service, keys, until=until, now=utc_now(), is_repeat=is_repeat):
                await send(self._client, self._service, call)
        except Refused as error:
            if keys is None:
                raise
            # One key that the service will not have must not keep all that follow from being forgotten.
            log.warning("the CDN forgets everything", service=self._service.kind, reason=str(error), keys=len(keys))
            await self._send(None, until, is_repeat=is_repeat)

    def _failed(self, reason: str) -> float:
        if not self._failures:  # told once, however long it lasts
            log.warning("the CDN cannot be told what to forget", service=self._service.kind, reason=reason)
        self._failures += 1
        return pause_seconds(self._failures)

    def _worked(self) -> None:
        if self._failures:
            log.info("the CDN is told again what to forget", service=self._service.kind, failures=self._failures)
        self._failures = 0


def pause_seconds(failures: int) -> float:
    """How long to wait after so many failures in a row (at least 1)."""
    return min(FIRST_PAUSE_SECONDS * 2.0 ** min(failures - 1, 10), LONGEST_PAUSE_SECONDS)
