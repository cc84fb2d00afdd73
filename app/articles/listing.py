"""Lists of articles, newest first: pages of cards, and how much is news.

A page is one row: the position of the log, and the cards joined by newlines (no JSON text of ours holds one). So a page
costs one step of the database, whatever its length, and nothing is parsed or validated on the way out.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, exists, literal, select
from sqlalchemy.orm import Session

from app.articles.filters import EVERYTHING, Filters
from app.articles.store import ARTICLES
from app.articles.walks import Shape, chosen, shape, values
from app.changes.log import HEAD_AT, HEAD_SEQ
from app.db.dialect import lines
from app.web.paging import Cursor, Direction


@dataclass(frozen=True, slots=True)
class Page:
    """One page of cards, newest first, as stored, with where to go on and how new the answer is."""

    seq: int
    changed_at: datetime
    cards: list[str]
    older: Cursor | None
    newer: Cursor


@dataclass(frozen=True, slots=True)
class News:
    """How much is newer than a position; `more` says that the counting stopped at its limit."""

    seq: int
    changed_at: datetime
    count: int
    breaking: int
    more: bool


def page(session: Session, filters: Filters = EVERYTHING, *, cursor: Cursor | None = None, limit: int) -> Page:
    """At most `limit` cards from `cursor` on, or the newest.

    A page of newer articles is the one next to the cursor, so that following `newer` shows every article once.
    """
    statement = _page_statement(shape(filters, cursor.direction if cursor else None))
    row = session.connection().execute(statement, values(filters, cursor, limit=limit + 1)).one()
    cards = row.cards.split("\n") if row.cards else []
    if cursor is not None and cursor.direction == "newer":
        shown, is_last = cards[-limit:], not row.is_any_before
    else:
        shown, is_last = cards[:limit], len(cards) <= limit
    newer = _position(shown[0], "newer") if shown else _awaiting(cursor)
    if is_last:
        return Page(row.seq, row.changed_at, shown, None, newer)
    # On an empty page, what the reader has seen begins at the position it waits at.
    older = _position(shown[-1], "older") if shown else Cursor("from", newer.at, newer.id)
    return Page(row.seq, row.changed_at, shown, older, newer)


def news(session: Session, filters: Filters, *, cursor: Cursor, count_to: int) -> News:
    """How many articles are newer than `cursor`, counted up to `count_to` from it on."""
    statement = _news_statement(shape(filters, "newer"))
    row = session.connection().execute(statement, values(filters, cursor, limit=count_to + 1)).one()
    flags = row.flags.split("\n") if row.flags else []
    counted = flags[:count_to]
    return News(row.seq, row.changed_at, len(counted), counted.count("1"), len(flags) > count_to)


def published_at(card: str) -> datetime:
    """The `published_at` of a stored card, without parsing it: in its texts every quote is escaped."""
    start = card.index(',"published_at":"') + 17
    return datetime.fromisoformat(card[start : card.index('"', start)])


def article_id(card: str) -> UUID:
    """The id of a stored card, which begins with it."""
    return UUID(card[7:43])


def _position(card: str, direction: Direction) -> Cursor:
    return Cursor(direction, published_at(card), article_id(card))


def _awaiting(cursor: Cursor | None) -> Cursor:
    """Where to wait for news when the page is empty."""
    if cursor is not None and cursor.direction == "newer":
        return cursor
    return Cursor.beginning()


@lru_cache(maxsize=512)
def _page_statement(shape: Shape) -> Select[Any]:
    ids = chosen(shape).subquery("chosen")
    columns = ARTICLES.c.card, ARTICLES.c.published_at, ARTICLES.c.id
    rows = select(*columns).join(ids, ARTICLES.c.id == ids.c.article_id).subquery("page")
    cards = lines(rows.c.card, rows.c.published_at.desc(), rows.c.id.desc()).label("cards")
    told = [HEAD_SEQ.label("seq"), HEAD_AT.label("changed_at"), cards]
    if shape.direction == "newer":
        before = chosen(replace(shape, direction="from")).subquery("before")
        told.append(exists(select(literal(1)).select_from(before)).label("is_any_before"))
    return select(*told).select_from(rows)


@lru_cache(maxsize=512)
def _news_statement(shape: Shape) -> Select[Any]:
    ids = chosen(shape).subquery("chosen")
    columns = ARTICLES.c.published_at, ARTICLES.c.id, case((ARTICLES.c.breaking, "1"), else_="0").label("flag")
    rows = select(*columns).join(ids, ARTICLES.c.id == ids.c.article_id).subquery("counted")
    flags = lines(rows.c.flag, rows.c.published_at, rows.c.id).label("flags")
    return select(HEAD_SEQ.label("seq"), HEAD_AT.label("changed_at"), flags).select_from(rows)
