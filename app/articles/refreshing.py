"""Rendering anew what was stored in an older format or for another site: from the versions, in short transactions.

The public bytes change without a publication, so each article gets a change of its own in the log.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, or_, select, update
from sqlalchemy.orm import Session

from app.articles import filing, store, translations
from app.articles.content import Content
from app.articles.facets import Facets
from app.articles.rendering import FORMAT, Facts, render
from app.articles.schemas import CorrectionRef, StorylineRef
from app.articles.store import ARTICLES, VERSIONS, Row
from app.articles.storylines.store import refs
from app.articles.tables import Rendering
from app.changes import log
from app.changes.log import Kind, Turn
from app.core.clock import utc_now
from app.db import Database
from app.taxonomy.naming import Names

_RENDERING = cast(Table, Rendering.__table__)
_AT_ONCE = 50


async def refresh_all(database: Database, *, site_url: str, clock: Callable[[], datetime] = utc_now) -> int:
    """Render anew every article that is not as it would be rendered today; how many there were."""
    if await database.read(_is_settled, site_url):
        return 0
    refreshed, after = 0, UUID(int=0)
    while stale := await database.scan(_stale, site_url, after=after):
        refreshed += await database.write(refresh, stale, site_url=site_url, clock=clock)
        after = stale[-1]
    await database.write(_settle, site_url)
    return refreshed


def refresh(session: Session, ids: Sequence[UUID], *, site_url: str, clock: Callable[[], datetime]) -> int:
    """Render these articles anew, as far as they are public and stale; how many those were."""
    translations.queue(session, ids, [str(id) for id in ids])
    rows = session.execute(_locked(ids, site_url)).all()
    contents = {row.id: Content.model_validate_json(row.content) for row in rows}
    names = filing.file(session, list(contents.values()))
    groups = translations.lock(session, {row.original for row in rows})
    corrections = store.corrections(session, contents.keys())
    storylines = refs(session, (row.storyline_id for row in rows))
    turn = log.take(session, now=clock())
    refreshed = [
        _refreshed(
            row,
            contents[row.id],
            names,
            groups,
            corrections.get(row.id, []),
            storylines.get(row.storyline_id),
            turn,
            site_url,
        )
        for row in rows
    ]
    store.update_articles(session, refreshed)
    log.close(session, turn)
    return len(rows)


def rendered_for(session: Session) -> str | None:
    """The site that everything public was last rendered for; None before the first time."""
    return session.execute(select(_RENDERING.c.site_url)).scalar_one() or None


def _locked(ids: Sequence[UUID], site_url: str) -> Any:
    columns = (
        *("id", "external_id", "slug", "original", "storyline_id", "version"),
        *("first_published_at", "published_at", "updated_at"),
    )
    version = (VERSIONS.c.article_id == ARTICLES.c.id) & (VERSIONS.c.number == ARTICLES.c.version)
    return (
        select(*(ARTICLES.c[name] for name in columns), VERSIONS.c.content)
        .join(VERSIONS, version)
        .where(ARTICLES.c.id.in_(ids), _is_stale(site_url))  # asked again: another process may have been faster
        .order_by(ARTICLES.c.id)
        .with_for_update(of=ARTICLES)
    )


def _refreshed(
    row: Any,
    content: Content,
    names: Names,
    groups: translations.Groups,
    corrections: list[CorrectionRef],
    storyline: StorylineRef | None,
    turn: Turn,
    site_url: str,
) -> Row:
    facets = Facets.of(content, names, published_at=row.published_at, storyline=storyline).dump()
    seq = turn.append(Kind.REFRESHED, row.id, version=row.version, before=facets, after=facets)
    facts = Facts(
        id=row.id,
        external_id=row.external_id,
        slug=row.slug,
        version=row.version,
        seq=seq,
        first_published_at=row.first_published_at,
        published_at=row.published_at,
        updated_at=row.updated_at,
        modified_at=turn.at,
        corrections=corrections,
        translations=groups.of(row.id, site_url=site_url),
        storyline=storyline,
    )
    rendered = render(content, facts, names, site_url=site_url)
    return {
        "id": row.id,
        "seq": seq,
        "modified_at": turn.at,
        "document_format": FORMAT,
        "site_url": site_url,
        "card": rendered.card,
        "document": rendered.document,
    }


def _stale(session: Session, site_url: str, *, after: UUID) -> list[UUID]:
    ids = (
        select(ARTICLES.c.id).where(ARTICLES.c.id > after, _is_stale(site_url)).order_by(ARTICLES.c.id).limit(_AT_ONCE)
    )
    return list(session.scalars(ids))


def _is_stale(site_url: str) -> ColumnElement[bool]:
    return or_(ARTICLES.c.document_format != FORMAT, ARTICLES.c.site_url != site_url)


def _is_settled(session: Session, site_url: str) -> bool:
    row = session.execute(select(_RENDERING.c.document_format, _RENDERING.c.site_url)).one()
    return tuple(row) == (FORMAT, site_url)


def _settle(session: Session, site_url: str) -> None:
    session.execute(update(_RENDERING).values(document_format=FORMAT, site_url=site_url))
