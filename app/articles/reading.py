"""One article for the public: its stored text by id or slug, or why it is not there.

The stored bytes are all that is read. What is not public cannot be found here: it is not in `articles`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, case, exists, literal, or_, select
from sqlalchemy.orm import Session

from app.articles.rights import RIGHTS
from app.articles.store import ALIASES, ARTICLES, TOMBSTONES
from app.changes.log import HEAD_AT, HEAD_SEQ
from app.core.ids import parse_id
from app.core.slugs import composed
from app.db.base import Uid
from app.db.prepared import Prepared

View = Literal["document", "card"]
NO_SEQ: Final = -1


@dataclass(frozen=True, slots=True)
class Stored:
    """A public article's stored text, with what the answer's headers need.

    `own_seq` is the line of the log that last changed any byte of it, and `seq` the newest of all. `may_train` is what
    its own rights say of machines that learn; None leaves it to the site.
    """

    seq: int
    changed_at: datetime
    id: UUID
    own_seq: int
    slug: str
    language: str
    modified_at: datetime
    may_train: bool | None
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


@dataclass(frozen=True, slots=True)
class Never:
    """Nothing public ever had this name, up to this position of the log."""

    seq: int


_FOUND = (
    HEAD_SEQ.label("seq"),
    HEAD_AT.label("changed_at"),
    ARTICLES.c.id,
    ARTICLES.c.seq.label("own_seq"),
    ARTICLES.c.slug,
    ARTICLES.c.language,
    ARTICLES.c.modified_at,
    RIGHTS.c.train.label("may_train"),
)
_WITH_RIGHTS = ARTICLES.outerjoin(RIGHTS, RIGHTS.c.article_id == ARTICLES.c.id)
_VIEWS: tuple[View, ...] = ("document", "card")
_TEXT = {view: case((ARTICLES.c.seq == bindparam("known_seq"), ""), else_=ARTICLES.c[view]) for view in _VIEWS}
_SHOWN = {view: select(*_FOUND, text.label("text")).select_from(_WITH_RIGHTS) for view, text in _TEXT.items()}
_BY_SLUG = {view: Prepared(shown.where(ARTICLES.c.slug == bindparam("ref"))) for view, shown in _SHOWN.items()}
_BY_ID = {view: Prepared(shown.where(ARTICLES.c.id == bindparam("id", type_=Uid))) for view, shown in _SHOWN.items()}

_ALIAS = (
    select(HEAD_SEQ, ARTICLES.c.id, ARTICLES.c.slug)
    .join(ALIASES, ALIASES.c.article_id == ARTICLES.c.id)
    .where(ALIASES.c.slug == bindparam("ref"))
)


def _rest(is_it: ColumnElement[bool], was_it: ColumnElement[bool]) -> Select[Any]:
    """One row in any case: the position of the log, whether the article is there after all, and its tombstone."""
    one = select(literal(1).label("one")).subquery("one")
    is_public = exists(select(literal(1)).select_from(ARTICLES).where(is_it))
    told = [TOMBSTONES.c[name] for name in ("article_id", "reason", "text", "withdrawn_at")]
    found = select(HEAD_SEQ.label("seq"), is_public.label("is_public"), *told)
    return found.select_from(one.outerjoin(TOMBSTONES, was_it)).limit(1)


_REST_BY_ID = _rest(ARTICLES.c.id == bindparam("id", type_=Uid), TOMBSTONES.c.article_id == bindparam("id", type_=Uid))
_REST_BY_SLUG = _rest(
    ARTICLES.c.slug == bindparam("ref"),
    or_(
        TOMBSTONES.c.slug == bindparam("ref"),
        TOMBSTONES.c.article_id
        == select(ALIASES.c.article_id).where(ALIASES.c.slug == bindparam("ref")).scalar_subquery(),
    ),
)


def find(session: Session, ref: str, *, view: View = "document", known_seq: int = NO_SEQ) -> Stored | None:
    """The public article with this id or slug; None when there is none under this name (see `absence`).

    Its text is not read, and empty, where its `own_seq` is `known_seq`.
    """
    id = parse_id(ref)
    statement = _BY_SLUG[view] if id is None else _BY_ID[view]
    named = {"ref": composed(ref)} if id is None else {"id": id}
    row = statement.first(session, {**named, "known_seq": known_seq})
    return Stored(*row) if row else None


def absence(session: Session, ref: str) -> Moved | Gone | Never | None:
    """Why no public article has this id or slug; None when one has, and only came while it was looked for."""
    connection, id = session.connection(), parse_id(ref)
    if id is None and (moved := connection.execute(_ALIAS, {"ref": composed(ref)}).first()):
        return Moved(*moved)
    statement = _REST_BY_SLUG if id is None else _REST_BY_ID
    seq, is_public, *gone = connection.execute(statement, {"ref": composed(ref)} if id is None else {"id": id}).one()
    if is_public:
        return None
    return Never(seq) if gone[0] is None else Gone(seq, *gone)
