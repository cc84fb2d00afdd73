"""Names to articles: a few statements for all of them, and one rule for which article a name means.

What is public comes before what was withdrawn; what an article is called now, before what it was called.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Text, cast, literal, select, union_all
from sqlalchemy.orm import Session

from app.articles.legacy import LEGACY_URLS
from app.articles.store import ALIASES, ARTICLES, TOMBSTONES
from app.changes import log
from app.db.batches import among
from app.resolver.names import Name, Sites

Way = Literal["id", "slug", "alias", "external_id", "legacy_url"]


@dataclass(frozen=True, slots=True)
class Public:
    """An article that is public, with its card as it is stored."""

    id: UUID
    slug: str
    card: str


@dataclass(frozen=True, slots=True)
class Gone:
    """An article that was withdrawn, and what readers are told of that."""

    id: UUID
    reason: str
    text: str | None
    withdrawn_at: datetime


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a name means, and by which of its meanings; both None where nothing public ever had it."""

    name: Name
    way: Way | None = None
    found: Public | Gone | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """What each of the names means, in their order, as of a position of the log."""

    seq: int
    changed_at: datetime
    names: list[Resolved]


_CALLED = union_all(
    *(
        select(literal(way).label("way"), cast(column, Text).label("name"), id.label("id")).where(among(column, asked))
        for way, asked, column, id in (
            ("slug", "slugs", TOMBSTONES.c.slug, TOMBSTONES.c.article_id),
            ("slug", "slugs", ARTICLES.c.slug, ARTICLES.c.id),
            ("alias", "slugs", ALIASES.c.slug, ALIASES.c.article_id),
            ("external_id", "external_ids", TOMBSTONES.c.external_id, TOMBSTONES.c.article_id),
            ("external_id", "external_ids", ARTICLES.c.external_id, ARTICLES.c.id),
            ("legacy_url", "pages", LEGACY_URLS.c.page, LEGACY_URLS.c.article_id),
        )
    )
)
_PUBLIC = select(ARTICLES.c.id, ARTICLES.c.slug, ARTICLES.c.card).where(among(ARTICLES.c.id, "ids"))
_GONE = select(TOMBSTONES.c.article_id, TOMBSTONES.c.reason, TOMBSTONES.c.text, TOMBSTONES.c.withdrawn_at).where(
    among(TOMBSTONES.c.article_id, "ids")
)


def resolve(session: Session, texts: Sequence[str], sites: Sites) -> Resolution:
    """What each of the texts means; several statements, however many texts, so for `snapshot`."""
    head = log.head(session)
    names = [sites.read(text) for text in texts]
    called = _called(session, names)
    meanings = [list(_meanings(name, called)) for name in names]
    known = _known(session, {id for one in meanings for _, id in one})
    resolved = [_resolved(name, one, known) for name, one in zip(names, meanings, strict=True)]
    return Resolution(head.seq, head.changed_at, resolved)


def _resolved(name: Name, meanings: Sequence[tuple[Way, UUID]], known: Mapping[UUID, Public | Gone]) -> Resolved:
    for kind in (Public, Gone):
        for way, id in meanings:
            if isinstance(found := known.get(id), kind):
                return Resolved(name, way, found)
    return Resolved(name)


def _meanings(name: Name, called: Mapping[tuple[Way, str], UUID]) -> Iterable[tuple[Way, UUID]]:
    """Which articles the name may mean, the likeliest first."""
    if name.id is not None:
        yield "id", name.id
    ways: tuple[tuple[Way, str | None], ...] = (
        ("slug", name.slug),
        ("alias", name.slug),
        ("external_id", name.external_id),
        ("legacy_url", name.page),
    )
    for way, text in ways:
        if text is not None and (id := called.get((way, text))) is not None:
            yield way, id


def _called(session: Session, names: Sequence[Name]) -> dict[tuple[Way, str], UUID]:
    """Which articles have or had these slugs, external ids and addresses."""
    values = {
        "slugs": sorted({name.slug for name in names if name.slug is not None}),
        "external_ids": sorted({name.external_id for name in names}),
        "pages": sorted({name.page for name in names if name.page is not None}),
    }
    return {(row.way, row.name): row.id for row in session.connection().execute(_CALLED, values)}


def _known(session: Session, ids: Iterable[UUID]) -> dict[UUID, Public | Gone]:
    """Those of the articles that are public or were withdrawn."""
    connection, some = session.connection(), {"ids": sorted(ids)}
    gone: dict[UUID, Any] = {row.article_id: Gone(*row) for row in connection.execute(_GONE, some)}
    return gone | {row.id: Public(*row) for row in connection.execute(_PUBLIC, some)}
