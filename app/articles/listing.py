"""Lists of articles, newest first: pages of cards, and how much is news.

A page is one row: the position of the log, and the cards joined by newlines (no JSON text of ours holds one). So a page
costs one step of the database, whatever its length, and nothing is parsed or validated on the way out.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, case, cast, exists, func, literal, select
from sqlalchemy.orm import Session

from app.articles.filters import EVERYTHING, Filters
from app.articles.rendering import storyline_of
from app.articles.store import ARTICLES
from app.articles.walks import Shape, chosen, matching, shape, values
from app.changes.log import HEAD_AT, HEAD_SEQ
from app.db.dialect import lines
from app.db.prepared import Prepared
from app.web.paging import Cursor, Direction

LOOKED_UP = (2, 6, 11, 21, 51, 101)
"""For how many articles there are statements, each made once: a page takes the next longer one, and less of its rows.

Making one takes tens of milliseconds where filters are many, and nobody else is answered meanwhile.
"""

MOST_COUNTED = 1000
"""How many articles of one storyline are counted: each is looked at."""
_PUBLISHED, _UPDATED = ',"published_at":"', ',"updated_at":"'


@dataclass(frozen=True, slots=True)
class Collapsed:
    """An article that stands for others of its storyline, and how many of those match too."""

    article_id: UUID
    storyline_id: UUID
    count: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of cards, newest first, as stored, with where to go on and how new the answer is.

    `collapsed` are those of them that stand for others; None where every article is listed.
    """

    seq: int
    changed_at: datetime
    cards: list[str]
    older: Cursor | None
    newer: Cursor
    collapsed: list[Collapsed] | None = None


@dataclass(frozen=True, slots=True)
class News:
    """How much is newer than a position; `more` says that the counting stopped at its limit."""

    seq: int
    changed_at: datetime
    count: int
    breaking: int
    more: bool


def page(
    session: Session,
    filters: Filters = EVERYTHING,
    *,
    cursor: Cursor | None = None,
    limit: int,
    is_collapsed: bool = False,
) -> Page:
    """At most `limit` cards from `cursor` on, or the newest; `is_collapsed` lists one of each storyline, its newest.

    A page of newer articles is the one next to the cursor, so that following `newer` shows every article once.
    """
    direction = cursor.direction if cursor else None
    looked_up = next((length for length in LOOKED_UP if length > limit), limit + 1)
    prepared = _prepared(shape(filters, direction, limit=looked_up, is_collapsed=is_collapsed))
    (row,) = prepared.rows(session, values(filters, cursor))
    cards = row.cards.split("\n") if row.cards else []
    if cursor is not None and cursor.direction == "newer":
        first, is_last = max(0, len(cards) - limit), not row.is_any_before
    else:
        first, is_last = 0, len(cards) <= limit
    shown = cards[first : first + limit]
    collapsed = _collapsed(shown, row.counts.split("\n")[first:] if cards else []) if is_collapsed else None
    newer = position(shown[0], "newer") if shown else _awaiting(cursor)
    if is_last:
        return Page(row.seq, row.changed_at, shown, None, newer, collapsed)
    # On an empty page, what the reader has seen begins at the position it waits at.
    older = position(shown[-1], "older") if shown else Cursor("from", newer.at, newer.id)
    return Page(row.seq, row.changed_at, shown, older, newer, collapsed)


def news(session: Session, filters: Filters, *, cursor: Cursor, count_to: int) -> News:
    """How many articles are newer than `cursor`, counted up to `count_to` from it on."""
    statement = _news_statement(shape(filters, "newer", limit=count_to + 1))
    row = session.connection().execute(statement, values(filters, cursor)).one()
    flags = row.flags.split("\n") if row.flags else []
    counted = flags[:count_to]
    return News(row.seq, row.changed_at, len(counted), counted.count("1"), len(flags) > count_to)


def published_at(card: str) -> datetime:
    """The `published_at` of a stored card, without parsing it: in its texts every quote is escaped."""
    return _instant(card, published_at_starts(card))


def published_at_starts(card: str) -> int:
    """Where it stands in the card: in UTC, with a Z."""
    return card.rindex(_PUBLISHED) + len(_PUBLISHED)  # from behind, where it is nearer


def updated_at(card: str) -> datetime:
    """The `updated_at` of a stored card, likewise."""
    return _instant(card, card.rindex(_UPDATED) + len(_UPDATED))


def position(card: str, direction: Direction) -> Cursor:
    """Where a stored card stands in the order of lists, to read on from it."""
    return Cursor(direction, published_at(card), article_id(card))


def article_id(card: str) -> UUID:
    """The id of a stored card, which begins with it."""
    return UUID(card[7:43])


def storyline_id(card: str) -> UUID:
    """The id of the storyline of a stored card that is in one."""
    return UUID(storyline_of(card)[7:43])


def is_in_storyline(card: str, id: str) -> bool:
    """Whether a stored card shows the storyline of this id, if any."""
    return storyline_of(card)[7:43] == id


def _collapsed(cards: list[str], counts: list[str]) -> list[Collapsed]:
    standing = ((card, int(count)) for card, count in zip(cards, counts, strict=False) if count != "0")
    return [Collapsed(article_id(card), storyline_id(card), count) for card, count in standing]


def _instant(card: str, start: int) -> datetime:
    return datetime.fromisoformat(card[start : card.index('"', start)])


def _awaiting(cursor: Cursor | None) -> Cursor:
    """Where to wait for news when the page is empty."""
    if cursor is not None and cursor.direction == "newer":
        return cursor
    return Cursor.beginning()


@lru_cache(maxsize=512)
def _prepared(shape: Shape) -> Prepared:
    return Prepared(_page_statement(shape))


def _page_statement(shape: Shape) -> Select[Any]:
    ids = chosen(shape).subquery("chosen")
    columns: list[ColumnElement[Any]] = [ARTICLES.c.card]
    columns += [_others(shape).label("others")] if shape.is_collapsed else []
    found = select(*columns).join(ids, ARTICLES.c.id == ids.c.article_id)
    # Ordered before they are joined to one text: both databases take them as they come, and sort less.
    rows = found.order_by(ids.c.published_at.desc(), ids.c.article_id.desc()).subquery("page")
    told = [HEAD_SEQ.label("seq"), HEAD_AT.label("changed_at"), lines(rows.c.card).label("cards")]
    told += [lines(rows.c.others).label("counts")] if shape.is_collapsed else []
    if shape.direction == "newer":
        before = chosen(replace(shape, direction="from")).subquery("before")
        told.append(exists(select(literal(1)).select_from(before)).label("is_any_before"))
    return select(*told).select_from(rows)


def _others(shape: Shape) -> ColumnElement[str]:
    """How many other articles of its storyline match, counted as far as MOST_COUNTED."""
    other = ARTICLES.alias("other")
    same = other.c.storyline_id == ARTICLES.c.storyline_id, other.c.id != ARTICLES.c.id
    found = select(literal(1).label("one")).where(*same, *matching(shape, other)).order_by(other.c.storyline_id)
    counted = found.limit(MOST_COUNTED).correlate(ARTICLES).subquery("counted")
    return cast(select(func.count()).select_from(counted).scalar_subquery(), Text)


@lru_cache(maxsize=512)
def _news_statement(shape: Shape) -> Select[Any]:
    ids = chosen(shape).subquery("chosen")
    columns = ARTICLES.c.published_at, ARTICLES.c.id, case((ARTICLES.c.breaking, "1"), else_="0").label("flag")
    rows = select(*columns).join(ids, ARTICLES.c.id == ids.c.article_id).subquery("counted")
    flags = lines(rows.c.flag, rows.c.published_at, rows.c.id).label("flags")
    return select(HEAD_SEQ.label("seq"), HEAD_AT.label("changed_at"), flags).select_from(rows)
