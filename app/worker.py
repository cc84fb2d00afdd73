"""The named background loops, inside `serve` or alone in `work`: safe to run in any number of processes.

What each does is a verb of the package that owns it.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from app.articles.refreshing import refresh_all
from app.core.clock import utc_now
from app.db import Database
from app.newsroom.publishing import release_due
from app.newsroom.store import is_any_due
from app.settings import Settings

RELEASE_EVERY_SECONDS = 0.25
RELEASED_AT_ONCE = 50
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.5, 30.0

log = structlog.get_logger("dateline.worker")


async def run(database: Database, settings: Settings) -> None:
    """Run every loop until cancelled."""
    async with asyncio.TaskGroup() as loops:
        loops.create_task(_persist("release", lambda: _release(database, settings)))
        loops.create_task(_persist("refresh", lambda: _refresh(database, settings)))


async def _release(database: Database, settings: Settings) -> None:
    """Publish scheduled articles when their time comes; late ones, after any pause, at once and in order."""
    while True:
        now, released = utc_now(), 0
        # A read asks first: an idle service must not take the write lock four times a second.
        if await database.read(is_any_due, now=now):
            released = await database.write(release_due, now=now, site_url=settings.site_url, limit=RELEASED_AT_ONCE)
        if released:
            log.info("released", articles=released)
        else:
            await asyncio.sleep(RELEASE_EVERY_SECONDS)


async def _refresh(database: Database, settings: Settings) -> None:
    """Once: render anew what was rendered in an older format or for another site."""
    if refreshed := await refresh_all(database, site_url=settings.site_url, now=utc_now()):
        log.info("rendered anew", articles=refreshed)


async def _persist(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do the work, again after every failure, waiting longer each time."""
    wait_seconds = FIRST_WAIT_SECONDS
    while True:
        try:
            return await work()
        except Exception:
            log.exception("loop failed", loop=name, wait_seconds=wait_seconds)
            await asyncio.sleep(wait_seconds)
            wait_seconds = min(wait_seconds * 2, LONGEST_WAIT_SECONDS)
