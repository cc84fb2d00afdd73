"""The addresses that articles had on a site before this one: whose each is, and what publishing keeps of them.

One that was public stays with its article, as slugs do, until the article itself gives it up: withdrawn, it answers so.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import cast
from uuid import UUID

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from app.articles.errors import LegacyUrlTaken
from app.articles.publication import Publication
from app.articles.store import portions
from app.articles.tables import LegacyUrl
from app.core.urls import page_key
from app.db.batches import among, insert_all
from app.db.dialect import claim
from app.db.prepared import Prepared

LEGACY_URLS = cast(Table, LegacyUrl.__table__)

Pages = dict[UUID, list[str]]
"""The pages of a former site that articles were, by what they are kept under."""

_OWNERS = Prepared(select(LEGACY_URLS.c.page, LEGACY_URLS.c.article_id).where(among(LEGACY_URLS.c.page, "some")))
_DELETE = Prepared(delete(LEGACY_URLS).where(among(LEGACY_URLS.c.article_id, "some")))


def settle(session: Session, publications: Sequence[Publication]) -> Pages:
    """The pages that each of these articles gets.

    Raises LegacyUrlTaken for one that is or was another's; what was scheduled goes public without it.
    """
    wanted = {p.id: {page_key(url): url for url in p.legacy_urls} for p in publications}
    pages = {page for urls in wanted.values() for page in urls}
    if not pages:
        return {id: [] for id in wanted}
    # In a few hundred turns: a lock for every page of an import would be more than PostgreSQL has room for.
    claim(session, "legacy_url", {page[:2] for page in pages})
    owners = _owners(session, pages)
    return {p.id: _settled(p, wanted[p.id], owners) for p in publications}


def replace(session: Session, settled: Pages, *, known: Collection[UUID]) -> None:
    """Keep these; of articles that were public before, instead of theirs."""
    for some in portions(known):
        _DELETE.run(session, {"some": some})
    rows = [{"page": page, "article_id": id} for id, pages in settled.items() for page in pages]
    insert_all(session, LEGACY_URLS, rows)


def _settled(publication: Publication, urls: Mapping[str, str], owners: dict[str, UUID]) -> list[str]:
    # What it asked for before, and did not get, it may go on asking for: that is no news to anybody.
    asked_before = set(map(page_key, publication.former_legacy_urls))
    kept = []
    for page, url in urls.items():
        if owners.setdefault(page, publication.id) == publication.id:
            kept.append(page)
        elif publication.is_strict and page not in asked_before:
            raise LegacyUrlTaken(url, at=publication.legacy_urls.index(url))
    return kept


def _owners(session: Session, pages: Collection[str]) -> dict[str, UUID]:
    owners: dict[str, UUID] = {}
    for some in portions(pages):
        owners |= {row.page: row.article_id for row in _OWNERS.rows(session, {"some": some})}
    return owners
