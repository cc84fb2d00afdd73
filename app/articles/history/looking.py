"""The SQL of the past front: every version along the order of publication, and whether it was in force at an instant.

What makes a page of them is for `front`.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from app.articles.facets import Facets
from app.articles.filters import EVERYTHING, Filters
from app.articles.store import ARTICLES, VERSIONS
from app.changes.log import FIRST_AT, HEAD_AT, HEAD_SEQ, Kind
from app.db.base import Instant, Uid

_MOMENT = select(HEAD_SEQ.label("seq"), HEAD_AT.label("changed_at"), FIRST_AT.label("first_at"))

Way = Literal["older", "newer"]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order of all versions."""

    at: datetime
    id: UUID
    number: int

    def is_same_article(self, other: "Place") -> bool:
        """Whether both are versions of one article, of one publication."""
        return (self.at, self.id) == (other.at, other.id)


@dataclass(frozen=True, slots=True)
class Looked:
    """A version that was looked at: its card if it was in force and is asked for, or that it was and is withdrawn."""

    place: Place
    card: str | None
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Portion:
    """Some versions in the order of a walk, and how new that is."""

    seq: int
    changed_at: datetime
    looked: list[Looked]


def look(session: Session, filters: Filters, *, as_of: datetime, way: Way, start: Place | None, limit: int) -> Portion:
    """At most `limit` versions beyond `start`, published between the dates of the filters, whether in force or not.

    Cards of those that the filters do not let through are left out.
    """
    connection = session.connection()
    moment = connection.execute(_MOMENT).one()
    is_logged = moment.first_at is not None and as_of >= moment.first_at
    statement = looking(way, start is not None, filters.since is not None, filters.until is not None, is_logged)
    values = bound(filters, as_of=as_of, start=start, limit=limit)
    looked = [
        Looked(Place(row.published_at, row.article_id, row.number), _sifted(row.card, filters), bool(row.is_withdrawn))
        for row in connection.execute(statement, values)
    ]
    return Portion(moment.seq, moment.changed_at, looked)


def is_sifting(filters: Filters) -> bool:
    """Whether the filters ask for more than dates."""
    return replace(filters, since=None, until=None) != EVERYTHING


def _sifted(card: str | None, filters: Filters) -> str | None:
    if card is None or not is_sifting(filters):
        return card
    return card if Facets.shown(card).match(filters) else None


def bound(window: Filters, *, as_of: datetime, start: Place | None, limit: int) -> dict[str, Any]:
    """What to bind to `looking`."""
    values: dict[str, Any] = {"as_of": as_of, "limit": limit}
    values |= {"since": window.since} if window.since else {}
    values |= {"until": window.until} if window.until else {}
    return values | ({"start_at": start.at, "start_id": start.id, "start_number": start.number} if start else {})


@lru_cache(maxsize=32)
def looking(way: Way, has_start: bool, since: bool, until: bool, is_logged: bool) -> Select[Any]:
    """Along the order of all versions, no further than the limit; then each is looked at."""
    place = VERSIONS.c.published_at, VERSIONS.c.article_id, VERSIONS.c.number
    window = [VERSIONS.c.published_at <= bindparam("as_of", type_=Instant)]
    window += [VERSIONS.c.published_at >= bindparam("since", type_=Instant)] if since else []
    window += [VERSIONS.c.published_at < bindparam("until", type_=Instant)] if until else []
    if has_start:
        start = tuple_(
            bindparam("start_at", type_=Instant), bindparam("start_id", type_=Uid), bindparam("start_number")
        )
        window.append(tuple_(*place) < start if way == "older" else tuple_(*place) > start)
    walk = select(*place).where(*window).order_by(*_in_order(place, way)).limit(bindparam("limit")).subquery("walk")
    here = (VERSIONS.c.article_id == walk.c.article_id) & (VERSIONS.c.number == walk.c.number)
    is_shown = VERSIONS.c.withdrawn_at.is_(None) & ARTICLES.c.id.is_not(None)
    was_there = _in_force() if is_logged else VERSIONS.c.kind == Kind.PUBLISHED.value
    order = walk.c.published_at, walk.c.article_id, walk.c.number
    return (
        select(
            *order,
            case((and_(was_there, is_shown), VERSIONS.c.card)).label("card"),
            case((and_(was_there, ~is_shown), literal(1)), else_=literal(0)).label("is_withdrawn"),
        )
        .select_from(walk.join(VERSIONS, here).outerjoin(ARTICLES, ARTICLES.c.id == walk.c.article_id))
        .order_by(*_in_order(order, way))
    )


def _in_force() -> ColumnElement[bool]:
    """That readers saw this version at the instant."""
    instant = bindparam("as_of", type_=Instant)
    return and_(VERSIONS.c.at <= instant, or_(VERSIONS.c.until.is_(None), VERSIONS.c.until > instant))


def _in_order(columns: Any, way: Way) -> Any:
    return [column.desc() for column in columns] if way == "older" else columns
