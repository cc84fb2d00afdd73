"""The named background loops, inside `serve` or alone in `work`: safe to run in any number of processes.

What each does is a verb of the package that owns it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.articles.refreshing import refresh_all
from app.articles.rights import expired
from app.core.clock import utc_now
from app.core.ids import new_id
from app.db import Database
from app.db.errors import Overloaded, Unconfirmed
from app.newsroom import kept
from app.newsroom.publishing import release_due, withdraw_expired
from app.newsroom.store import list_due
from app.purging import following as purging
from app.purging.services import service_of
from app.related import following, storytelling
from app.search import filling
from app.settings import Settings

RELEASE_EVERY_SECONDS = 0.25
RELEASED_AT_ONCE = 50
EXPIRE_EVERY_SECONDS = 0.5
EXPIRED_AT_ONCE, EXPIRING_PAUSE_SECONDS = 50, 0.025
RELATE_EVERY_SECONDS = 0.25
FORGET_EVERY_SECONDS = 600.0
FORGOTTEN_AT_ONCE, FORGETTING_PAUSE_SECONDS = 100, 0.025
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.5, 30.0

log = structlog.get_logger("dateline.worker")


async def run(database: Database, settings: Settings) -> None:
    """Run every loop until cancelled."""
    async with asyncio.TaskGroup() as loops:
        loops.create_task(_persist("release", lambda: _release(database, settings)))
        loops.create_task(_persist("expire", lambda: _expire(database, settings)))
        loops.create_task(_persist("refresh", lambda: _refresh(database, settings)))
        loops.create_task(_persist("search", lambda: _fill_search(database)))
        loops.create_task(_persist("forget", lambda: _forget(database)))
        loops.create_task(_persist("related", lambda: _relate(database)))
        if service := service_of(settings):
            holder = new_id().hex
            loops.create_task(_persist("purge", lambda: purging.follow(database, service, holder=holder)))


async def _release(database: Database, settings: Settings) -> None:
    """Publish scheduled articles when their time comes; late ones, after any pause, at once and in order.

    One that cannot be published is told of and set aside for a while: the others must not wait for it.
    """
    aside: dict[UUID, float] = {}
    while True:
        now, tick = utc_now(), monotonic()
        aside = {id: until for id, until in aside.items() if until > tick}
        # A read asks first: an idle service must not take the write lock four times a second.
        due = await database.read(list_due, now=now, limit=RELEASED_AT_ONCE + len(aside))
        if not (due := [id for id in due if id not in aside]):
            await asyncio.sleep(RELEASE_EVERY_SECONDS)
            continue
        try:
            await _release_these(database, settings, due)
        except (Overloaded, Unconfirmed):
            raise
        except Exception:
            stuck = await _release_one_by_one(database, settings, due)
            aside |= dict.fromkeys(stuck, tick + LONGEST_WAIT_SECONDS)


async def _release_these(database: Database, settings: Settings, ids: Sequence[UUID]) -> None:
    released = await database.write(_release_due, ids, site_url=settings.site_url)
    if released:
        log.info("released", articles=released)
    else:
        await asyncio.sleep(RELEASE_EVERY_SECONDS)  # another worker or the newsroom holds them


def _release_due(session: Session, ids: Sequence[UUID], *, site_url: str) -> int:
    return release_due(session, now=utc_now(), site_url=site_url, limit=len(ids), only=ids)


async def _release_one_by_one(database: Database, settings: Settings, ids: Sequence[UUID]) -> set[UUID]:
    """The ids of those that cannot be published."""
    stuck = set()
    for id in ids:
        try:
            await _release_these(database, settings, [id])
        except (Overloaded, Unconfirmed):
            raise
        except Exception:
            log.exception("cannot be released", draft=str(id))
            stuck.add(id)
    return stuck


async def _expire(database: Database, settings: Settings) -> None:
    """Withdraw articles as their rights end."""
    while True:
        withdrawn = 0
        if await database.read(expired, now=utc_now(), limit=1):
            withdrawn = await database.write(_withdraw_expired, site_url=settings.site_url)
        if withdrawn:
            log.info("rights expired", articles=withdrawn)
            await asyncio.sleep(EXPIRING_PAUSE_SECONDS)  # others want to write too
        else:
            await asyncio.sleep(EXPIRE_EVERY_SECONDS)


def _withdraw_expired(session: Session, *, site_url: str) -> int:
    return withdraw_expired(session, now=utc_now(), site_url=site_url, limit=EXPIRED_AT_ONCE)


async def _refresh(database: Database, settings: Settings) -> None:
    """Once: render anew what was rendered in an older format or for another site."""
    if refreshed := await refresh_all(database, site_url=settings.site_url):
        log.info("rendered anew", articles=refreshed)


async def _fill_search(database: Database) -> None:
    """Once: bring into the index of search what it does not hold, after an upgrade."""
    if filled := await filling.fill(database):
        log.info("search index filled", articles=filled)


async def _relate(database: Database) -> None:
    """Keep related stories and storylines as the log has it."""
    while True:
        if await database.read(following.is_behind) or await database.read(storytelling.is_behind):
            await storytelling.keep_up(database)
        await asyncio.sleep(RELATE_EVERY_SECONDS)


async def _forget(database: Database) -> None:
    """Let go of the answers that no repetition can ask for any more: rarely, and a few at a time."""
    while True:
        if await database.read(kept.has_expired, now=utc_now()):
            await database.write(kept.forget, now=utc_now(), limit=FORGOTTEN_AT_ONCE)
            await asyncio.sleep(FORGETTING_PAUSE_SECONDS)  # others want to write too
        else:
            await asyncio.sleep(FORGET_EVERY_SECONDS)


async def _persist(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do the work, again after every failure, waiting longer each time."""
    wait_seconds = FIRST_WAIT_SECONDS
    while True:
        started_at = monotonic()
        try:
            return await work()
        except Exception:
            if monotonic() - started_at > LONGEST_WAIT_SECONDS:
                wait_seconds = FIRST_WAIT_SECONDS  # it had worked well for a while
            log.exception("loop failed", loop=name, wait_seconds=wait_seconds)
            await asyncio.sleep(wait_seconds)
            wait_seconds = min(wait_seconds * 2, LONGEST_WAIT_SECONDS)
