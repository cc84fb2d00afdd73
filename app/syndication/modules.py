"""What RSS and Atom say in the same elements: links of feeds and archives, pictures, sources, rights, and terms.

They are those of Media RSS 1.5.1, Dublin Core, RFC 5005 and RSL 1.0.
"""

from collections.abc import Sequence
from typing import Final

from app.articles.content import AiUse, Image, Rights
from app.core.clock import format_instant
from app.core.markup import ImageBlock
from app.syndication import rsl
from app.syndication.addresses import image_type, uri
from app.syndication.entry import Channel, Entry, Terms
from app.syndication.xml import Element, add

PREFIXES: Final = "dc dcterms fh media rsl"


def add_links(feed: Element, channel: Channel, media_type: str) -> None:
    """Where the feed is, goes on, is pushed from, and what may be done with it; and whether it is an archive."""
    own_type = media_type.partition(";")[0]
    add(feed, "atom:link", rel="self", type=own_type, href=uri(channel.self_url))
    if channel.site.hub_url is not None:
        add(feed, "atom:link", rel="hub", href=uri(channel.site.hub_url))
    add(feed, "atom:link", rel="license", type=rsl.MEDIA_TYPE, href=uri(channel.site.license_url))
    if channel.is_archive:
        add(feed, "fh:archive")
        add(feed, "atom:link", rel="current", type=own_type, href=uri(channel.current_url))
    if channel.older_url is not None:
        # RFC 5005 has a word for readers who keep archives (4) and another for those who turn pages (3).
        for relation in ("prev-archive", "next"):
            add(feed, "atom:link", rel=relation, type=own_type, href=uri(channel.older_url))


def others(entry: Entry) -> list[str]:
    """The names of those who had a part in it and did not write it, in order."""
    authors = entry.authors
    names = dict.fromkeys(who.name for who in entry.article.contributors)
    return [name for name in names if name not in authors]


def add_source(item: Element, entry: Entry) -> None:
    """Who had it first. RSS's own `source` is not for this: it wants the address of a feed."""
    source = entry.article.source
    if source is None:
        return
    add(item, "dc:source", source.name)
    if source.url is not None:
        add(item, "atom:link", rel="via", href=uri(source.url), title=source.name)


def add_place(item: Element, entry: Entry) -> None:
    """Where it was reported from."""
    if entry.article.place is not None:
        add(item, "dcterms:spatial", entry.article.place)


def add_images(item: Element, entry: Entry) -> None:
    """Its pictures, with their credits and descriptions, the one that stands for it first and as its thumbnail too."""
    for image in entry.images:
        _add_image(item, image)
    if (lead := entry.article.image) is not None:
        add(item, "media:thumbnail", url=uri(lead.url), width=lead.width, height=lead.height)


def add_rights(item: Element, entry: Entry) -> None:
    """Who holds the rights, where and how long they are given, and what machines may do where the article says it."""
    rights = entry.article.rights
    if rights is None:
        return
    if rights.copyright_holder is not None:
        add(item, "dcterms:rightsHolder", rights.copyright_holder)
    if rights.expires_at is not None:
        # DCMI Period Encoding Scheme.
        add(item, "dcterms:valid", f"end={format_instant(rights.expires_at)};scheme=W3C-DTF")
    if rights.territories:
        add(item, "media:restriction", " ".join(rights.territories), relationship="allow", type="country")
    if rights.ai != AiUse():
        _add_terms(item, entry, rights)


def rights_line(rights: Rights | None) -> str | None:
    """Who owns it and what they ask for, in one line."""
    if rights is None:
        return None
    owner = rights.copyright_notice or (f"© {rights.copyright_holder}" if rights.copyright_holder else None)
    return " – ".join(filter(None, (owner, rights.usage_terms))) or None


def _add_image(item: Element, image: Image | ImageBlock) -> None:
    content = add(
        item,
        "media:content",
        url=uri(image.url),
        type=image_type(image.url),
        medium="image",
        width=image.width,
        height=image.height,
    )
    if image.alt:
        add(content, "media:title", image.alt, type="plain")
    if image.caption is not None:
        add(content, "media:description", image.caption, type="plain")
    if image.credit is not None:
        add(content, "media:credit", image.credit, role="photographer", scheme="urn:ebu")


def _add_terms(item: Element, entry: Entry, rights: Rights) -> None:
    # RSL 1.0, 4.7: the address is on the feed's own origin; the reader's page is another form of the same.
    content = add(item, "rsl:content", url=uri(entry.article.links.self))
    _add_uses(add(content, "rsl:license"), entry.terms, rights.territories)
    add(content, "rsl:alternate", uri(entry.article.url), type="text/html")
    if rights.copyright_holder is not None:
        add(content, "rsl:copyright", rights.copyright_holder)


def _add_uses(parent: Element, terms: Terms, territories: Sequence[str]) -> None:
    permits, prohibits = rsl.usage(terms)
    lists = (("permits", "usage", permits), ("permits", "geo", territories), ("prohibits", "usage", prohibits))
    for element, kind, tokens in lists:
        if tokens:
            add(parent, f"rsl:{element}", " ".join(tokens), type=kind)
