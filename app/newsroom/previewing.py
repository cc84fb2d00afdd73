"""A draft as it would be published: published, read and rolled back, so that nothing is guessed.

Who may see it is for `preview_routes`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn
from uuid import UUID

from sqlalchemy.orm import Session

from app.articles.store import documents
from app.db import Database
from app.newsroom import publishing, store
from app.newsroom.answers import etag
from app.newsroom.lifecycle import Publish


@dataclass(frozen=True, slots=True)
class Preview:
    """The document as it would be stored, and the entity tag of the draft that it is of."""

    id: UUID
    document: str
    etag: str


class _Previewed(Exception):  # noqa: N818 - it ends a transaction that must not be kept
    def __init__(self, preview: Preview) -> None:
        super().__init__()
        self.preview = preview


async def preview(database: Database, ref: str, *, clock: Callable[[], datetime], site_url: str) -> Preview:
    """What publishing this draft would make public, now or at the time that is set. Raises DraftNotFound, SlugTaken."""
    try:
        await database.write(_publish, ref, clock=clock, site_url=site_url)
    except _Previewed as seen:
        return seen.preview


def _publish(session: Session, ref: str, *, clock: Callable[[], datetime], site_url: str) -> NoReturn:
    draft = store.lock(session, ref)
    seen, now = etag(draft), clock()
    now = max(now, draft.scheduled_at or now)
    publishing.publish(session, draft, Publish(is_minor=draft.scheduled_minor), now=now, site_url=site_url)
    session.flush()
    raise _Previewed(Preview(draft.id, documents(session, [draft.id])[draft.id], seen))
