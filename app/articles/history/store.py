"""The SQL of one article's history: its versions, one of them, and the one in force at an instant.

All of it asks whether the article is public now. What all articles said at an instant is in `front`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from app.articles import store
from app.articles.schemas import CorrectionRef
from app.articles.store import ARTICLES, VERSIONS
from app.changes.log import FIRST_AT, Kind
from app.db.base import Instant, Uid

LAST_NUMBER = 2_147_483_647


@dataclass(frozen=True, slots=True)
class Version:
    """One publication, as it is listed; `previous` is the number of the one before it that is not withdrawn."""

    number: int
    kind: str
    at: datetime
    updated_at: datetime
    slug: str
    card: str
    previous: int | None
    correction: CorrectionRef | None


@dataclass(frozen=True, slots=True)
class Whole(Version):
    """One publication with all that it said."""

    content: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is told of a withdrawn version: that it was, when and why."""

    reason: str
    text: str | None
    withdrawn_at: datetime


@dataclass(frozen=True, slots=True)
class Versions:
    """Some versions, newest first; whether there are older ones, and how many were withdrawn in all."""

    shown: list[Version]
    is_more: bool
    withdrawn: int


_ID = VERSIONS.c.article_id == bindparam("id", type_=Uid)
_IS_SHOWN = VERSIONS.c.withdrawn_at.is_(None)
_OF_PUBLIC = VERSIONS.join(ARTICLES, ARTICLES.c.id == VERSIONS.c.article_id)
_LISTED = ("number", "kind", "at", "updated_at", "slug", "card")
_TOLD = ("withdrawal_reason", "withdrawal_text", "withdrawn_at")

_earlier = VERSIONS.alias("earlier")
_PREVIOUS = (
    select(func.max(_earlier.c.number))
    .where(
        _earlier.c.article_id == VERSIONS.c.article_id,
        _earlier.c.number < VERSIONS.c.number,
        _earlier.c.withdrawn_at.is_(None),
    )
    .scalar_subquery()
)


def _selected(*names: str) -> Select[Any]:
    return select(*(VERSIONS.c[name] for name in names), _PREVIOUS.label("previous")).select_from(_OF_PUBLIC).where(_ID)


_BACKWARDS = VERSIONS.c.number.desc()
_PAGE = (
    _selected(*_LISTED)
    .where(_IS_SHOWN, VERSIONS.c.number < bindparam("before"))
    .order_by(_BACKWARDS)
    .limit(bindparam("limit"))
)
_WITHDRAWN = select(func.count()).select_from(_OF_PUBLIC).where(_ID, VERSIONS.c.withdrawn_at.is_not(None))
_ONE = _selected(*_LISTED, "content", *_TOLD)
_BY_NUMBER = _ONE.where(VERSIONS.c.number == bindparam("number"))
_NEWEST = _ONE.where(_IS_SHOWN).order_by(_BACKWARDS).limit(1)
_IN_FORCE = _ONE.where(VERSIONS.c.at <= bindparam("at", type_=Instant)).order_by(_BACKWARDS).limit(1)
_IN_THE_ARCHIVE = _ONE.where(
    bindparam("at", type_=Instant) < FIRST_AT,
    VERSIONS.c.published_at <= bindparam("at", type_=Instant),
    VERSIONS.c.kind == Kind.PUBLISHED.value,
).order_by(VERSIONS.c.number)


def versions(session: Session, id: UUID, *, before: int | None = None, limit: int) -> Versions | None:
    """At most `limit` versions of a public article, from the one before `before` or the newest on.

    None when the article is not public.
    """
    connection = session.connection()
    values = {"id": id, "before": before or LAST_NUMBER, "limit": limit + 1}
    rows = connection.execute(_PAGE, values).mappings().all()
    if not rows and _newest(session, id) is None:
        return None
    withdrawn = connection.execute(_WITHDRAWN, {"id": id}).scalar_one()
    corrected = _corrections(session, id)
    shown = [Version(**row, correction=corrected.get(row["number"])) for row in rows[:limit]]
    return Versions(shown, len(rows) > limit, withdrawn)


def version(session: Session, id: UUID, number: int) -> Whole | Withheld | None:
    """A version of a public article; None when the article is not public, or never had it."""
    return _found(
        session, id, session.connection().execute(_BY_NUMBER, {"id": id, "number": number}).mappings().first()
    )


def newest(session: Session, id: UUID) -> Whole | None:
    """The version that readers see of a public article now; None when it is not public."""
    found = _found(session, id, _newest(session, id))
    assert not isinstance(found, Withheld)
    return found


def in_force(session: Session, id: UUID, *, at: datetime) -> Whole | Withheld | None:
    """The version of a public article that was the newest at an instant; None when it had none, or is not public.

    Before the log begins, the first version of an archive article counts from its own date.
    """
    connection, values = session.connection(), {"id": id, "at": at}
    row = connection.execute(_IN_FORCE, values).mappings().first()
    return _found(session, id, row or connection.execute(_IN_THE_ARCHIVE, values).mappings().first())


def _newest(session: Session, id: UUID) -> Mapping[Any, Any] | None:
    return session.connection().execute(_NEWEST, {"id": id}).mappings().first()


def _found(session: Session, id: UUID, row: Mapping[Any, Any] | None) -> Whole | Withheld | None:
    if row is None:
        return None
    if row["withdrawn_at"] is not None:
        return Withheld(row["withdrawal_reason"], row["withdrawal_text"], row["withdrawn_at"])
    correction = _corrections(session, id).get(row["number"])
    return Whole(**{name: row[name] for name in (*_LISTED, "previous", "content")}, correction=correction)


def _corrections(session: Session, id: UUID) -> dict[int, CorrectionRef]:
    return {one.version: one for one in store.corrections(session, [id]).get(id, [])}
