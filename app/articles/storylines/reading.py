"""Storylines for the public: the list, newest activity first, and one by any name it has or had.

What an entry is called stands in the card of its newest article, so that a page is one row of the database, as in
`listing`. A storyline without public articles cannot be found here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, bindparam, cast, exists, literal, select, tuple_
from sqlalchemy.orm import Session

from app.articles.rendering import storyline_of
from app.articles.store import ARTICLES
from app.articles.storylines.naming import name_of
from app.articles.storylines.store import NAMES, STORYLINES
from app.changes.log import HEAD_AT, HEAD_SEQ
from app.core.clock import parse_instant
from app.db.base import Instant, Uid
from app.db.dialect import instant_text, lines, tabbed
from app.web.paging import Cursor, Direction

_TIMES = ("first_published_at", "last_published_at", "changed_at")


@dataclass(frozen=True, slots=True)
class Entry:
    """A public storyline. `storyline` is JSON, as articles show it, and `latest` the card of its newest article."""

    storyline: str
    count: int
    times: tuple[str, ...]
    latest: str

    @property
    def id(self) -> UUID:
        """Its id, which its JSON begins with."""
        return UUID(self.storyline[7:43])

    @property
    def text(self) -> str:
        """The entry as JSON, its links relative and its last brace missing: one storyline has more to tell."""
        times = ",".join(f'"{name}":"{time}"' for name, time in zip(_TIMES, self.times, strict=True))
        links = f'{{"self":"\\/v1/storylines/{self.id}","articles":"\\/v1/articles?storyline={self.id}"}}'
        return f'{self.storyline[:-1]},"article_count":{self.count},{times},"latest":{self.latest},"links":{links}'


@dataclass(frozen=True, slots=True)
class Page:
    """Some storylines, newest activity first, with where to go on and how new the answer is."""

    seq: int
    changed_at: datetime
    entries: list[Entry]
    older: Cursor | None
    newer: Cursor


@dataclass(frozen=True, slots=True)
class Found:
    """A public storyline by a name that it has or had, and how new that is."""

    seq: int
    changed_at: datetime
    id: UUID
    slug: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Absent:
    """No public storyline has this name, up to this position of the log."""

    seq: int


_LATEST = (
    select(ARTICLES.c.card)
    .where(ARTICLES.c.storyline_id == STORYLINES.c.id)
    .order_by(ARTICLES.c.published_at.desc(), ARTICLES.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_POSITION = STORYLINES.c.last_published_at, STORYLINES.c.id
_IS_PUBLIC = STORYLINES.c.last_published_at.is_not(None)


def _joined() -> ColumnElement[str]:
    times = (instant_text(STORYLINES.c[name]) for name in _TIMES)
    return tabbed(cast(STORYLINES.c.article_count, Text), *times, _LATEST)


_ONE = (
    select(
        HEAD_SEQ.label("seq"),
        HEAD_AT.label("changed_at"),
        STORYLINES.c.id,
        STORYLINES.c.slug,
        _joined().label("told"),
    )
    .join(NAMES, NAMES.c.storyline_id == STORYLINES.c.id)
    .where(NAMES.c.name == bindparam("name"), _IS_PUBLIC)
)


def find(session: Session, ref: str) -> Found | Absent:
    """The public storyline that has this id or slug, or had it."""
    connection = session.connection()
    row = connection.execute(_ONE, {"name": name_of(ref)}).first()
    if row is None:
        return Absent(int(connection.execute(select(HEAD_SEQ)).scalar_one()))
    return Found(row.seq, row.changed_at, row.id, row.slug, _entry(row.told))


def page(session: Session, *, cursor: Cursor | None = None, limit: int) -> Page:
    """At most `limit` storylines from `cursor` on, or those with the newest articles; always in that order."""
    statement = _page_statement(cursor.direction if cursor else None)
    values = {"limit": limit + 1} | ({"cursor_at": cursor.at, "cursor_id": cursor.id} if cursor else {})
    row = session.connection().execute(statement, values).one()
    entries = [_entry(line) for line in row.lines.split("\n")] if row.lines else []
    if cursor is not None and cursor.direction == "newer":
        shown, is_last = entries[-limit:], not row.is_any_before
    else:
        shown, is_last = entries[:limit], len(entries) <= limit
    newer = _position(shown[0], "newer") if shown else _awaiting(cursor)
    if is_last:
        return Page(row.seq, row.changed_at, shown, None, newer)
    older = _position(shown[-1], "older") if shown else Cursor("from", newer.at, newer.id)
    return Page(row.seq, row.changed_at, shown, older, newer)


def _entry(told: str) -> Entry:
    count, *times, latest = told.split("\t")
    return Entry(storyline_of(latest), int(count), tuple(time.replace(".000000Z", "Z") for time in times), latest)


def _position(entry: Entry, direction: Direction) -> Cursor:
    return Cursor(direction, parse_instant(entry.times[1]), entry.id)


def _awaiting(cursor: Cursor | None) -> Cursor:
    return cursor if cursor is not None and cursor.direction == "newer" else Cursor.beginning()


@lru_cache(maxsize=4)
def _page_statement(direction: Direction | None) -> Select[Any]:
    rows = select(*_POSITION, _joined().label("told")).where(_IS_PUBLIC, *_beyond(direction))
    walk = rows.order_by(*_order(direction)).limit(bindparam("limit")).subquery("walk")
    told = lines(walk.c.told, walk.c.last_published_at.desc(), walk.c.id.desc()).label("lines")
    columns = [HEAD_SEQ.label("seq"), HEAD_AT.label("changed_at"), told]
    if direction == "newer":
        before = select(literal(1)).select_from(STORYLINES).where(_IS_PUBLIC, *_beyond("from"))
        columns.append(exists(before).label("is_any_before"))
    return select(*columns).select_from(walk)


def _order(direction: Direction | None) -> Sequence[ColumnElement[Any]]:
    return _POSITION if direction == "newer" else [column.desc() for column in _POSITION]


def _beyond(direction: Direction | None) -> list[ColumnElement[bool]]:
    position = tuple_(bindparam("cursor_at", type_=Instant), bindparam("cursor_id", type_=Uid))
    match direction:
        case "older":
            return [tuple_(*_POSITION) < position]
        case "newer":
            return [tuple_(*_POSITION) > position]
        case "from":
            return [tuple_(*_POSITION) <= position]
    return []
