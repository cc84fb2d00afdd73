"""What readers ask for: the rows of the table, the targets of each, and how dear each may be."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.articles.store import ARTICLES
from app.db import open_database
from app.related.store import SIGNATURES
from app.web.paging import Cursor

SEED = 7
PAGE = 20
DEEP_PAGE = 10_000
MOST_TARGETS = 20_000
"""So many addresses are asked for in turn."""
AROUND_PAGES = 200
"""So many pages are asked for around the deep one."""


@dataclass(frozen=True, slots=True)
class Goals:
    """CPU time relative to bare uvicorn, at most."""

    sqlite: float
    postgresql: float

    def of(self, kind: str) -> float:
        """That of a kind of database."""
        return self.sqlite if kind == "sqlite" else self.postgresql


HOT, UNCHANGED = Goals(1.4, 1.4), Goals(1.2, 1.2)
ARTICLE, LIST = Goals(7, 13), Goals(9, 15)


@dataclass(frozen=True, slots=True)
class Read:
    """One row: what is asked for in turn, of the edge or without it. `validated`: with the ETag of the last answer."""

    name: str
    goals: Goals
    targets: Sequence[str] = field(repr=False)
    is_hot: bool = False
    is_validated: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What an archive has to be asked for."""

    newest: UUID
    articles: Sequence[UUID]
    related: Sequence[UUID]
    deep: Sequence[Cursor]
    deep_page: int


async def explore(url: str) -> Known:
    """What this archive has."""
    database = open_database(url)
    try:
        return await database.scan(_explore)
    finally:
        await database.close()


def reads(known: Known) -> list[Read]:
    """The rows of the table."""
    newest = [f"/v1/articles/{known.newest}"]
    deep = [f"/v1/timeline?cursor={cursor.encode()}" for cursor in known.deep]
    return [
        Read("hot article", HOT, newest, is_hot=True),
        Read("hot timeline", HOT, ["/v1/timeline"], is_hot=True),
        Read("hot feed", HOT, ["/feeds/rss"], is_hot=True),
        Read("hot 304", UNCHANGED, newest, is_hot=True, is_validated=True),
        Read("cold article", ARTICLE, [f"/v1/articles/{id}" for id in known.articles]),
        Read("cold timeline, first page", LIST, ["/v1/timeline"]),
        *([Read(f"cold timeline, page {known.deep_page:,}", LIST, deep)] if deep else []),
        Read("cold related list", LIST, [f"/v1/articles/{id}/related" for id in known.related]),
    ]


def deep_page(articles: int) -> int:
    """Which page is the deep one of so many articles: the 10,000th, or where nine tenths of all are newer."""
    return min(DEEP_PAGE, articles * 9 // 10 // PAGE)


def _explore(session: Session) -> Known:
    random = Random(SEED)
    newest_first = (ARTICLES.c.published_at.desc(), ARTICLES.c.id.desc())
    ids = list(session.execute(select(ARTICLES.c.id).order_by(*newest_first)).scalars())
    known = list(session.execute(select(SIGNATURES.c.article_id).order_by(SIGNATURES.c.number)).scalars())
    page = deep_page(session.execute(select(func.count()).select_from(ARTICLES)).scalar_one())
    begin = max(0, (page - 1 - AROUND_PAGES // 2) * PAGE - 1)
    around = select(ARTICLES.c.published_at, ARTICLES.c.id).order_by(*newest_first)
    rows = session.execute(around.offset(begin).limit(AROUND_PAGES * PAGE)).all() if page > 1 else []
    return Known(
        ids[0],
        random.sample(ids, min(MOST_TARGETS, len(ids))),
        random.sample(known, min(MOST_TARGETS, len(known))),
        [Cursor("older", row.published_at, row.id) for row in rows[: -PAGE or None]],
        page,
    )
