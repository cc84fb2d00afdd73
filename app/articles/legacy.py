"""The addresses that articles had on a site before this one: whose each is, and what publishing keeps of them.

One that was public stays with its article, as slugs do, until the article itself gives it up: withdrawn, it answers so.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import cast
from uuid import UUID

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session

from app.articles.errors import LegacyUrlTaken
from app.articles.publication import Publication
from app.articles.store import portions
from app.articles.tables import LegacyUrl
from app.core.urls import page_name
from app.db.dialect import claim

LEGACY_URLS = cast(Table, LegacyUrl.__table__)

Pages = dict[UUID, dict[str, str]]
"""The legacy URLs of articles, each by the page that it names."""


def page_key(url: str) -> str:
    """What a page is kept under: two addresses of one page have one."""
    return hashlib.sha256(page_name(url).encode(errors="surrogatepass")).hexdigest()


def settle(session: Session, publications: Sequence[Publication]) -> Pages:
    """The legacy URLs that each of these articles gets.

    Raises LegacyUrlTaken for one that is or was another's; what was scheduled goes public without it.
    """
    wanted = {p.id: {page_key(url): url for url in p.legacy_urls} for p in publications}
    pages = {page for urls in wanted.values() for page in urls}
    if not pages:
        return wanted
    claim(session, "legacy_url", pages)
    owners = _owners(session, pages)
    return {p.id: _settled(p, wanted[p.id], owners) for p in publications}


def replace(session: Session, settled: Pages, *, known: Collection[UUID]) -> None:
    """Keep these; of articles that were public before, instead of theirs."""
    for some in portions(known):
        session.execute(delete(LEGACY_URLS).where(LEGACY_URLS.c.article_id.in_(some)))
    rows = [{"page": page, "article_id": id, "url": url} for id, urls in settled.items() for page, url in urls.items()]
    if rows:
        session.connection().execute(insert(LEGACY_URLS), rows)


def _settled(publication: Publication, urls: Mapping[str, str], owners: dict[str, UUID]) -> dict[str, str]:
    kept = {}
    for page, url in urls.items():
        if owners.setdefault(page, publication.id) == publication.id:
            kept[page] = url
        elif publication.is_strict:
            raise LegacyUrlTaken(url, at=publication.legacy_urls.index(url))
    return kept


def _owners(session: Session, pages: Collection[str]) -> dict[str, UUID]:
    owners: dict[str, UUID] = {}
    for some in portions(pages):
        rows = session.execute(select(LEGACY_URLS.c.page, LEGACY_URLS.c.article_id).where(LEGACY_URLS.c.page.in_(some)))
        owners |= {row.page: row.article_id for row in rows}
    return owners
