"""Telling a CDN, change by change, what to forget: when that is done, by whom, and again until it works."""

import asyncio
from collections.abc import Iterable
from time import monotonic
from typing import Final

import httpx
import structlog

from app.changes.touching import Standing
from app.core.clock import utc_now
from app.core.ids import new_id
from app.db import Database
from app.purging.sending import NotSent, Refused, open_client, send
from app.purging.services import Service, calls
from app.purging.store import Order, hold, move, next_order

LOOK_EVERY_SECONDS: Final = 0.25
SETTLING_SECONDS: Final = 0.25
REPEAT_AFTER_SECONDS: Final = 5.0
"""Every purge is sent a second time: an answer that was on its way to the CDN at the first one was kept after it."""
FIRST_PAUSE_SECONDS: Final = 1.0
LONGEST_PAUSE_SECONDS: Final = 30.0

log = structlog.get_logger("dateline.purging")


async def follow(database: Database, service: Service) -> None:
    """Tell the service of every change, until cancelled. Any number of processes may: one sends, mostly."""
    async with open_client() as client:
        follower = Follower(database, service, client)
        while True:  # noqa: ASYNC110 - there is more to it than waiting
            await asyncio.sleep(await follower.step())


class Follower:
    """One process that may send. What it has not sent yet, it looks up again, together with what came since."""

    def __init__(self, database: Database, service: Service, client: httpx.AsyncClient) -> None:
        self._database, self._service, self._client = database, service, client
        self._holder = new_id().hex
        self._failures = 0
        self._sent: list[tuple[float, Order]] = []

    async def step(self) -> float:
        """Send what is to be sent now; after how many seconds to look again."""
        try:
            await self._repeat()
            is_sent = await self._tell()
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
        self._sent.append((monotonic() + REPEAT_AFTER_SECONDS, order))
        return True

    async def _repeat(self) -> None:
        """Send once more what was sent a while ago."""
        now = monotonic()
        if due := [order for at, order in self._sent if at <= now]:
            await self._send(joined(order.keys for order in due), due[-1].until, is_repeat=True)
            self._sent = [sent for sent in self._sent if sent[0] > now]

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


def joined(keys: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """All of these; None for everything."""
    given = list(keys)
    return None if None in given else frozenset().union(*(each for each in given if each is not None))


def pause_seconds(failures: int) -> float:
    """How long to wait after so many failures in a row (at least 1)."""
    return min(FIRST_PAUSE_SECONDS * 2.0 ** min(failures - 1, 10), LONGEST_PAUSE_SECONDS)
