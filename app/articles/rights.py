"""What of articles' rights the service acts on: when they end, and what machines may do.

What else they say is carried in the document, in words.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, select
from sqlalchemy.orm import Session

from app.articles.content import AiUse, Rights
from app.articles.store import Row, portions
from app.articles.tables import ArticleRights
from app.db.base import Instant
from app.db.batches import among, insert_all
from app.db.prepared import Prepared

RIGHTS = cast(Table, ArticleRights.__table__)

_DELETE = Prepared(delete(RIGHTS).where(among(RIGHTS.c.article_id, "some")))
_EXPIRED = (
    select(RIGHTS.c.article_id)
    .where(RIGHTS.c.expires_at <= bindparam("now", type_=Instant))
    .order_by(RIGHTS.c.expires_at, RIGHTS.c.article_id)
    .limit(bindparam("limit"))
)


def rights_row(id: UUID, rights: Rights | None, *, published_at: datetime) -> Row | None:
    """What to keep of these rights; None when they say nothing that the service acts on."""
    if rights is None or (rights.expires_at is None and rights.ai == AiUse()):
        return None
    return {"article_id": id, "published_at": published_at, "expires_at": rights.expires_at} | rights.ai.model_dump()


def replace(session: Session, rows: Iterable[Row | None], *, standing: Collection[UUID]) -> None:
    """Keep these instead of what was kept of the articles that stand already."""
    for some in portions(standing):
        _DELETE.run(session, {"some": some})
    insert_all(session, RIGHTS, [row for row in rows if row is not None])


def expired(session: Session, *, now: datetime, limit: int) -> Sequence[UUID]:
    """Public articles whose rights have ended, the first that did first."""
    return session.connection().execute(_EXPIRED, {"now": now, "limit": limit}).scalars().all()
