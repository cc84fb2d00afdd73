"""A draft as it would be published: published in a rehearsal and read, so that nothing is guessed.

Who may see it is for `preview_routes`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.articles.store import documents
from app.db import Database
from app.newsroom import store
from app.newsroom.answers import etag
from app.newsroom.copy import restore
from app.newsroom.lifecycle import Decision, Publish, decide
from app.newsroom.publishing import Release, release, standing


@dataclass(frozen=True, slots=True)
class Preview:
    """The document as it would be stored, and the entity tag of the draft that it is of."""

    id: UUID
    document: str
    etag: str


async def preview(database: Database, ref: str, *, clock: Callable[[], datetime], site_url: str) -> Preview:
    """What publishing this draft would make public, now or at the time that is set.

    Raises DraftNotFound, SlugTaken, LegacyUrlTaken.
    """
    return await database.rehearse(_publish, ref, clock=clock, site_url=site_url)


def _publish(session: Session, ref: str, *, clock: Callable[[], datetime], site_url: str) -> Preview:
    draft = store.lock(session, ref)
    seen, now, is_due = etag(draft), clock(), draft.scheduled_at is not None
    now = max(now, draft.scheduled_at or now)
    if decide(standing(draft), Publish(is_minor=draft.scheduled_minor), now=now) is Decision.RELEASE:
        made = Release(draft, restore(draft.content), draft.scheduled_minor, is_due=is_due)
        release(session, [made], now=now, site_url=site_url)
    return Preview(draft.id, documents(session, [draft.id])[draft.id], seen)
