"""Feeds to write articles into, and the documents that come of it, as other people's parsers read them."""

from calendar import timegm
from datetime import UTC, datetime
from time import struct_time
from typing import Any, Final

import feedparser  # type: ignore[import-untyped]
from lxml import etree

from app.articles.schemas import ArticleOut
from app.syndication.entry import Channel, Detail, Entry, Site, Terms
from app.syndication.formats import Format
from app.syndication.xml import NAMESPACES
from tests.syndication.articles import API
from tests.syndication.articles import SITE as SITE_URL

SITE: Final = Site("Harbour Gazette", SITE_URL, API, Terms(train=False, ground=True, summarise=True))
HUB: Final = Site(SITE.name, SITE.url, SITE.api_url, SITE.terms, hub_url="https://hub.example/push")

XPATHS: Final = {prefix: namespace for prefix, namespace in NAMESPACES.items() if prefix != "xml"}


def channel(form: Format, **changes: Any) -> Channel:
    """A feed of the whole site, with what a test changes."""
    url = f"{API}/feeds/{form.name}"
    fields: dict[str, Any] = {
        "site": SITE,
        "title": "Harbour Gazette: Fish & Chips",
        "description": "The latest from Harbour Gazette on Fish & Chips",
        "home_url": SITE_URL,
        "self_url": f"{url}?limit=3&content=full",
        "current_url": url,
        "urn": "urn:uuid:2f1b6a52-9a51-5d7e-8f3a-6f0c2d9e4a37",
        "updated_at": datetime(2026, 11, 20, 7, 10, 31, 8412, tzinfo=UTC),
    }
    return Channel(**fields | changes)


def document(form: Format, *articles: ArticleOut, detail: Detail = "full", **changes: Any) -> bytes:
    """A whole feed of these articles."""
    entries = [form.entry(Entry(article, SITE, detail)) for article in articles]
    return form.opening(channel(form, **changes)) + b"".join(entries) + form.closing


def strictly(xml: bytes) -> etree._Element:
    """The root, as a parser reads it that forgives nothing."""
    return etree.fromstring(xml, etree.XMLParser(recover=False, resolve_entities=False, huge_tree=True))


def found(element: etree._Element, path: str) -> list[str]:
    """The texts or attributes at a path; an element without text is an empty one."""
    nodes = element.xpath(path, namespaces=XPATHS)
    assert isinstance(nodes, list)
    return [node if isinstance(node, str) else (node.text or "") for node in nodes if not isinstance(node, tuple)]


def as_read(xml: bytes) -> Any:
    """The feed as feedparser has it, its HTML left as it is written; it must find nothing to mend."""
    read = feedparser.parse(xml, sanitize_html=False, resolve_relative_uris=False)
    assert not read.bozo, read.bozo_exception
    return read


def spaced(text: str | None) -> str | None:
    """Text as readers show it, blanks made one."""
    return None if text is None else " ".join(text.split())


def at(moment: struct_time) -> datetime:
    """A time as feedparser has it."""
    return datetime.fromtimestamp(timegm(moment), UTC)


def names_filed_under(story: ArticleOut) -> list[str]:
    """Its section and tags, by their names."""
    return [*([story.section.name] if story.section else []), *(tag.name for tag in story.tags)]
