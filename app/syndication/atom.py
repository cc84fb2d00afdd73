"""Atom (RFC 4287), with archives (RFC 5005) and tombstones (RFC 6721)."""

from typing import Final

from app.core.clock import format_instant
from app.syndication.addresses import uri
from app.syndication.entry import Channel, Entry, Removal
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
from app.syndication.xml import Element, Frame, add, set_language

MEDIA_TYPE: Final = "application/atom+xml; charset=utf-8"

_FRAME: Final = Frame("atom:feed", default="atom", prefixes=f"atom at {PREFIXES}")


def _opening(channel: Channel) -> bytes:
    """The feed, up to its entries."""

    def fill(feed: Element) -> None:
        set_language(feed, channel.language)
        add(feed, "atom:id", channel.urn)
        add(feed, "atom:title", channel.title)
        add(feed, "atom:subtitle", channel.description)
        add(feed, "atom:updated", format_instant(channel.updated_at))
        # Entries that name nobody inherit this: RFC 4287, 4.1.1, wants an author of each.
        _add_person(feed, "atom:author", channel.site.name, uri(channel.site.url))
        add(feed, "atom:rights", f"© {channel.site.name}")
        add(feed, "atom:generator", "Dateline")
        add(feed, "atom:link", rel="alternate", type="text/html", href=uri(channel.home_url))
        add_links(feed, channel, MEDIA_TYPE)

    return _FRAME.opening(fill)


def _entry(entry: Entry) -> bytes:
    """One article as an entry."""

    def fill(feed: Element) -> None:
        item = add(feed, "atom:entry")
        set_language(item, entry.article.language)
        _add_identity(item, entry)
        _add_links(item, entry)
        _add_names(item, entry)
        _add_texts(item, entry)
        add_source(item, entry)
        add_place(item, entry)
        add_rights(item, entry)
        add_images(item, entry)

    return _FRAME.entry(fill)


def _removal(removal: Removal) -> bytes:
    """What was taken back, when and why, in the place of its entry."""

    def fill(feed: Element) -> None:
        tombstone = add(feed, "at:deleted-entry", ref=removal.urn, when=format_instant(removal.at))
        add(tombstone, "at:comment", ": ".join(filter(None, (removal.reason, removal.text))), type="text")

    return _FRAME.entry(fill)


def _add_identity(item: Element, entry: Entry) -> None:
    add(item, "atom:id", entry.urn)
    add(item, "atom:title", entry.article.headline, type="text")
    add(item, "atom:updated", format_instant(entry.article.updated_at))
    add(item, "atom:published", format_instant(entry.article.published_at))


def _add_links(item: Element, entry: Entry) -> None:
    article = entry.article
    add(item, "atom:link", rel="alternate", type="text/html", hreflang=article.language, href=uri(article.url))
    for translation in article.translations:
        # As alternates, some readers would follow the last of them.
        href = uri(translation.url)
        add(item, "atom:link", rel="related", type="text/html", hreflang=translation.language, href=href)


def _add_names(item: Element, entry: Entry) -> None:
    article, api = entry.article, entry.site.api_url
    for name in entry.authors:
        _add_person(item, "atom:author", name)
    for name in others(entry):
        _add_person(item, "atom:contributor", name)
    if (section := article.section) is not None:
        add(item, "atom:category", term=section.slug, scheme=f"{api}/v1/sections", label=section.name)
    for tag in article.tags:
        add(item, "atom:category", term=tag.slug, scheme=f"{api}/v1/tags", label=tag.name)


def _add_texts(item: Element, entry: Entry) -> None:
    if entry.summary is not None:
        add(item, "atom:summary", entry.summary, type="text")
    if entry.html is not None:
        add(item, "atom:content", entry.html, type="html")
    if (line := rights_line(entry.article.rights)) is not None:
        add(item, "atom:rights", line)


def _add_person(parent: Element, role: str, name: str, url: str | None = None) -> None:
    person = add(parent, role)
    add(person, "atom:name", name)
    if url is not None:
        add(person, "atom:uri", url)


ATOM: Final = Format("atom", MEDIA_TYPE, _opening, _entry, _FRAME.closing, removal=_removal)
