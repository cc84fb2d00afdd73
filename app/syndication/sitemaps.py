"""Sitemaps (sitemaps.org, 0.9): an index, one for each month of the archive, and the news of two days for Google.

A month's is made from its first article to its last, so that it stays the same, byte for byte, once the month is over
and nothing in it changed. Its addresses are about 100 bytes each, and those of ours at most 2,300: 50,000 of them stay
within the 50 MB that a sitemap may have as long as addresses are below a thousand bytes on average.
"""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Final, Self
from uuid import UUID
from xml.sax.saxutils import escape

from app.articles.months import Month
from app.articles.rendering import article_url
from app.core.clock import FIRST_YEAR, LAST_YEAR, format_instant
from app.db import Database
from app.syndication.entry import Site
from app.syndication.store import Address, Headline, Place, addresses, nth
from app.syndication.xml import DECLARATION, NAMESPACES, Element, Frame, add, legal

MEDIA_TYPE: Final = "application/xml; charset=utf-8"

MOST_URLS = 50_000
MOST_SITEMAPS: Final = 50_000
NEWS_SPAN: Final = timedelta(days=2)
MOST_NEWS: Final = 1000

_AT_ONCE = 500
_START: Final = UUID(int=0)
_INDEX: Final = Frame("sitemap:sitemapindex", default="sitemap", prefixes="sitemap")
_NEWS: Final = Frame("sitemap:urlset", default="sitemap", prefixes="news sitemap")
# What is listed is written by hand: thousands of one shape, a tenth of the time.
_OPENING: Final = DECLARATION + f'<urlset xmlns="{NAMESPACES["sitemap"]}">'.encode()
_CLOSING: Final = b"</urlset>"
_PART = re.compile(r"(?P<year>[0-9]{4})-(?P<month>0[1-9]|1[0-2])(?:-(?P<number>[2-9]|[1-9][0-9]{1,3}))?")


@dataclass(frozen=True, slots=True)
class Part:
    """One sitemap of a month, which has several when it has more than MOST_URLS articles; they count from 1."""

    month: str
    number: int

    @classmethod
    def named(cls, name: str) -> Self | None:
        """The part of this name, as 2025-05 or 2025-05-2; None for what is none."""
        match = _PART.fullmatch(name)
        if match is None or not FIRST_YEAR <= int(match["year"]) <= LAST_YEAR:
            return None
        return cls(f"{match['year']}-{match['month']}", int(match["number"] or 1))

    @property
    def name(self) -> str:
        """How its address calls it."""
        return self.month if self.number == 1 else f"{self.month}-{self.number}"

    @property
    def start(self) -> Place:
        """The place before the first article of the month, which ends where the next begins."""
        year, month = map(int, self.month.split("-"))
        first = datetime(year, month, 1, tzinfo=UTC)
        return Place(first, _START, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC))


def parts(month: Month) -> list[Part]:
    """The sitemaps of a month."""
    return [Part(month.name, number) for number in range(1, ceil(month.article_count / MOST_URLS) + 1)]


def index(site: Site, months: Sequence[Month]) -> bytes:
    """The index: the news, and the months from the newest back."""
    listed = [(part, month.changed_at) for month in months for part in parts(month)]

    def fill(root: Element) -> None:
        add(add(root, "sitemap:sitemap"), "sitemap:loc", f"{site.api_url}/sitemaps/news.xml")
        for part, changed_at in listed[: MOST_SITEMAPS - 1]:
            sitemap = add(root, "sitemap:sitemap")
            add(sitemap, "sitemap:loc", f"{site.api_url}/sitemaps/{part.name}.xml")
            add(sitemap, "sitemap:lastmod", format_instant(changed_at))

    return _INDEX.opening(fill) + _INDEX.closing


def news(site: Site, headlines: Sequence[Headline]) -> bytes:
    """The sitemap of the news."""
    name = escape(legal(site.name))
    listed = "".join(_new(site, one, name) for one in headlines)
    return _NEWS.opening(lambda root: None) + listed.encode() + _NEWS.closing


def news_language(tag: str) -> str:
    """A language as Google News has it: ISO 639, and Chinese by its script."""
    primary, *rest = tag.lower().split("-")
    if primary != "zh":
        # ISO 639-2 has a word for what it has no code for: private use, and names from before BCP 47.
        return primary if len(primary) in (2, 3) else "und"
    is_traditional = "hant" in rest or ("hans" not in rest and not {"tw", "hk", "mo"}.isdisjoint(rest))
    return "zh-tw" if is_traditional else "zh-cn"


async def urls(database: Database, site: Site, part: Part) -> AsyncIterator[bytes]:
    """The sitemap of a part of a month, some hundred addresses at a time."""
    yield _OPENING
    place: Place | None = part.start
    if part.number > 1:
        place = await database.scan(nth, part.start, number=(part.number - 1) * MOST_URLS)
    left = MOST_URLS
    while place is not None and left > 0:
        found = await database.scan(addresses, place, limit=min(_AT_ONCE, left))
        yield _urls(site, found)
        left -= len(found)
        place = Place(found[-1].published_at, found[-1].id, place.until) if len(found) == _AT_ONCE else None
    yield _CLOSING


def whole(site: Site, found: Sequence[Address]) -> bytes:
    """A sitemap of these alone."""
    return _OPENING + _urls(site, found) + _CLOSING


def _new(site: Site, one: Headline, name: str) -> str:
    return (
        f"<url><loc>{escape(article_url(site.url, one.slug))}</loc><news:news>"
        f"<news:publication><news:name>{name}</news:name>"
        f"<news:language>{news_language(one.language)}</news:language></news:publication>"
        f"<news:publication_date>{format_instant(one.published_at)}</news:publication_date>"
        f"<news:title>{escape(legal(one.headline))}</news:title></news:news></url>"
    )


def _urls(site: Site, found: Sequence[Address]) -> bytes:
    return "".join(_url(site, one) for one in found).encode()


def _url(site: Site, one: Address) -> str:
    location = escape(article_url(site.url, one.slug))
    return f"<url><loc>{location}</loc><lastmod>{format_instant(one.updated_at)}</lastmod></url>"
