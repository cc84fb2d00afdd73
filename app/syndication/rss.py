"""RSS 2.0 (revision 2.0.11 and the profile of the RSS Advisory Board), with the modules that news uses."""

import html
from typing import Final

from app.core.clock import format_instant
from app.core.markup import blocks_text
from app.syndication.addresses import uri
from app.syndication.entry import Channel, Entry
from app.syndication.formats import Format
from app.syndication.modules import (
    PREFIXES,
    add_images,
    add_links,
    add_place,
    add_rights,
    add_source,
    others,
    rights_line,
)
from app.syndication.xml import Element, Frame, add, rfc822, set_language

MEDIA_TYPE: Final = "application/rss+xml; charset=utf-8"

_FRAME: Final = Frame("rss", "channel", prefixes=f"atom content {PREFIXES}", version="2.0")
_MINUTES_TO_LIVE: Final = 5


def _opening(channel: Channel) -> bytes:
    """The channel, up to its items."""

    def fill(feed: Element) -> None:
        add(feed, "title", channel.title)
        add(feed, "link", uri(channel.home_url))
        add(feed, "description", channel.description)
        if channel.language is not None:
            add(feed, "language", channel.language)
        add(feed, "copyright", f"© {channel.site.name}")
        add(feed, "lastBuildDate", rfc822(channel.updated_at))
        add(feed, "generator", "Dateline")
        add(feed, "docs", "https://www.rssboard.org/rss-specification")
        add(feed, "ttl", str(_MINUTES_TO_LIVE))
        add_links(feed, channel, MEDIA_TYPE)

    return _referenced(_FRAME.opening(fill))


def _entry(entry: Entry) -> bytes:
    """One article as an item."""

    def fill(feed: Element) -> None:
        item = add(feed, "item")
        set_language(item, entry.article.language)
        _add_identity(item, entry)
        _add_texts(item, entry)
        _add_names(item, entry)
        add_source(item, entry)
        add_place(item, entry)
        if (line := rights_line(entry.article.rights)) is not None:
            add(item, "dc:rights", line)
        add_rights(item, entry)
        add_images(item, entry)

    return _referenced(_FRAME.entry(fill))


def _add_identity(item: Element, entry: Entry) -> None:
    add(item, "title", entry.article.headline)
    add(item, "link", uri(entry.article.url))
    add(item, "guid", entry.urn, isPermaLink="false")
    add(item, "pubDate", rfc822(entry.article.published_at))
    # RSS has no word for a correction.
    add(item, "atom:updated", format_instant(entry.article.updated_at))
    add(item, "dc:language", entry.article.language)


def _add_texts(item: Element, entry: Entry) -> None:
    # The profile wants a description wherever there is more, and before it.
    if (synopsis := _synopsis(entry)) is not None:
        # Descriptions are HTML: a summary is escaped as such, and as XML again when it is written.
        add(item, "description", html.escape(synopsis, quote=False))
    if entry.html is not None:
        add(item, "content:encoded", entry.html)


def _synopsis(entry: Entry) -> str | None:
    """The summary, or the first words of the body where there is none."""
    if entry.summary is not None or entry.html is None:
        return entry.summary
    texts = (blocks_text([block]) for block in entry.article.body)
    return next(filter(None, texts), None)


def _add_names(item: Element, entry: Entry) -> None:
    article, api = entry.article, entry.site.api_url
    for name in entry.authors:
        add(item, "dc:creator", name)
    for name in others(entry):
        add(item, "dc:contributor", name)
    if article.section is not None:
        add(item, "category", article.section.name, domain=f"{api}/v1/sections")
    for tag in article.tags:
        add(item, "category", tag.name, domain=f"{api}/v1/tags")


def _referenced(xml: bytes) -> bytes:
    # The profile: readers that unescape titles once too often get & and < right when they are written as numbers.
    return xml.replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")


RSS: Final = Format("rss", MEDIA_TYPE, _opening, _entry, _FRAME.closing)
