"""One article for the public: its stored text by id or slug, or why it is not there.

The stored bytes are all that is read. What is not public cannot be found here: it is not in `articles`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.articles.store import ALIASES, ARTICLES, TOMBSTONES
from app.changes.log import HEAD_AT, HEAD_SEQ
from app.core.ids import parse_id
from app.db.base import Uid

View = Literal["document", "card"]


@dataclass(frozen=True, slots=True)
class Stored:
    """A public article's stored text, with what the answer's headers need."""

    seq: int
    changed_at: datetime
    id: UUID
    slug: str
    language: str
    modified_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The article is public under another slug."""

    seq: int
    id: UUID
    slug: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The article was public and has been withdrawn."""

    seq: int
    id: UUID
    reason: str
    text: str | None
    withdrawn_at: datetime


_FOUND = (
    HEAD_SEQ.label("seq"),
    HEAD_AT.label("changed_at"),
    ARTICLES.c.id,
    ARTICLES.c.slug,
    ARTICLES.c.language,
    ARTICLES.c.modified_at,
)
_VIEWS: tuple[View, ...] = ("document", "card")
_BY_SLUG = {view: select(*_FOUND, ARTICLES.c[view]).where(ARTICLES.c.slug == bindparam("ref")) for view in _VIEWS}
_BY_ID = {view: select(*_FOUND, ARTICLES.c[view]).where(ARTICLES.c.id == bindparam("id", type_=Uid)) for view in _VIEWS}

_ALIAS = (
    select(HEAD_SEQ, ARTICLES.c.id, ARTICLES.c.slug)
    .join(ALIASES, ALIASES.c.article_id == ARTICLES.c.id)
    .where(ALIASES.c.slug == bindparam("ref"))
)
_GONE = (HEAD_SEQ, *(TOMBSTONES.c[name] for name in ("article_id", "reason", "text", "withdrawn_at")))
_TOMBSTONE_BY_ID = select(*_GONE).where(TOMBSTONES.c.article_id == bindparam("id", type_=Uid))
_TOMBSTONE_BY_SLUG = select(*_GONE).where(
    or_(
        TOMBSTONES.c.slug == bindparam("ref"),
        TOMBSTONES.c.article_id
        == select(ALIASES.c.article_id).where(ALIASES.c.slug == bindparam("ref")).scalar_subquery(),
    )
)


def find(session: Session, ref: str, *, view: View = "document") -> Stored | None:
    """The public article with this id or slug; None when there is none under this name (see `absence`)."""
    id = parse_id(ref)
    statement = _BY_SLUG[view] if id is None else _BY_ID[view]
    row = session.connection().execute(statement, {"ref": ref} if id is None else {"id": id}).first()
    return Stored(*row) if row else None


def absence(session: Session, ref: str) -> Moved | Gone | None:
    """Why no public article has this id or slug: it moved, it was withdrawn, or (None) it never was there."""
    connection, id = session.connection(), parse_id(ref)
    if id is not None:
        gone = connection.execute(_TOMBSTONE_BY_ID, {"id": id}).first()
        return Gone(*gone) if gone else None
    if moved := connection.execute(_ALIAS, {"ref": ref}).first():
        return Moved(*moved)
    gone = connection.execute(_TOMBSTONE_BY_SLUG, {"ref": ref}).first()
    return Gone(*gone) if gone else None
