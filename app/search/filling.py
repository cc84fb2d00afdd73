"""Bringing articles into the index that it does not hold as this code makes entries: after an upgrade, or when asked.

In short transactions, each of which holds the log's turn as a publication does. What is published meanwhile is there
already.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.articles.content import Content
from app.articles.hooks import Appearance
from app.articles.store import ARTICLES, CONTRIBUTED, TAGGED, VERSIONS
from app.changes import log
from app.core.clock import utc_now
from app.db import Database
from app.search import store
from app.search.analysis import FORMAT, analyse
from app.search.indexing import put
from app.search.store import DOCUMENTS, STATES

AT_ONCE = 25
PAUSE_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Progress:
    """How many articles were looked at, of how many."""

    done: int
    total: int


_IS_HELD = and_(DOCUMENTS.c.article_id == ARTICLES.c.id, DOCUMENTS.c.format == FORMAT)
_COLUMNS = (ARTICLES.c.id, ARTICLES.c.published_at, ARTICLES.c.section_id, VERSIONS.c.content)


async def fill(
    database: Database,
    *,
    tell: Callable[[Progress], None] = lambda _: None,
    clock: Callable[[], datetime] = utc_now,
) -> int:
    """Have the index hold every public article; how many it did not."""
    if await database.read(is_settled):
        return 0
    filled, after, total = 0, UUID(int=0), await database.scan(_missing_count)
    while missing := await database.scan(_missing, after=after):
        filled += await database.write(_take_in, missing, clock=clock)
        after = missing[-1]
        tell(Progress(filled, total))
        await asyncio.sleep(PAUSE_SECONDS)  # for other writers
    await database.write(store.settle)
    return filled


async def refill(database: Database, *, tell: Callable[[Progress], None]) -> int:
    """Make every entry anew; what is asked meanwhile is answered from the old ones as far as the new are not there."""
    await database.write(store.unsettle)
    return await fill(database, tell=tell)


def is_settled(session: Session) -> bool:
    """Whether the index holds every public article as this code makes entries."""
    return bool(session.execute(select(STATES.c.format == FORMAT)).scalar_one())


def _missing(session: Session, *, after: UUID) -> list[UUID]:
    ids = select(ARTICLES.c.id).outerjoin(DOCUMENTS, DOCUMENTS.c.article_id == ARTICLES.c.id)
    stale = or_(DOCUMENTS.c.format.is_(None), DOCUMENTS.c.format != FORMAT)
    return list(session.scalars(ids.where(ARTICLES.c.id > after, stale).order_by(ARTICLES.c.id).limit(AT_ONCE)))


def _missing_count(session: Session) -> int:
    counts = select(func.count()).select_from(ARTICLES)
    held = select(func.count()).select_from(DOCUMENTS).where(DOCUMENTS.c.format == FORMAT)
    return session.execute(counts).scalar_one() - session.execute(held).scalar_one()


def _take_in(session: Session, ids: Sequence[UUID], *, clock: Callable[[], datetime]) -> int:
    """Put those of these articles into the index that are public and not in it; how many those were."""
    version = (VERSIONS.c.article_id == ARTICLES.c.id) & (VERSIONS.c.number == ARTICLES.c.version)
    rows: Sequence[Any] = session.execute(
        select(*_COLUMNS)
        .join(VERSIONS, version)
        .where(ARTICLES.c.id.in_(ids), ~select(DOCUMENTS.c.number).where(_IS_HELD).exists())
        .order_by(ARTICLES.c.id)
        .with_for_update(of=ARTICLES)  # nobody withdraws them until they are in
    ).all()
    contents = [Content.model_validate_json(row.content) for row in rows]
    analyses = [analyse(content) for content in contents]
    tags, contributors = (
        _linked(session, table, column, ids)
        for table, column in ((TAGGED, TAGGED.c.tag_id), (CONTRIBUTED, CONTRIBUTED.c.contributor_id))
    )
    log.take(session, now=clock())
    appearances = [
        Appearance(
            row.id,
            content,
            row.published_at,
            row.section_id,
            frozenset(tags.get(row.id, ())),
            frozenset(contributors.get(row.id, ())),
        )
        for row, content in zip(rows, contents, strict=True)
    ]
    put(session, appearances, analyses)
    return len(rows)


def _linked(session: Session, table: Any, column: Any, ids: Sequence[UUID]) -> dict[UUID, list[int]]:
    links: dict[UUID, list[int]] = {}
    for id, linked in session.execute(select(table.c.article_id, column).where(table.c.article_id.in_(ids))):
        links.setdefault(id, []).append(linked)
    return links
