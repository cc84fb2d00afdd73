"""XML as feeds have it: namespaces, text and dates made fit for it, and elements written one by one into one document.

What stands in a feed is for the formats, and for `modules` what they share.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from typing import Final, TypeAlias

from lxml import etree

from app.syndication import rsl

NAMESPACES: Final = {
    "at": "http://purl.org/atompub/tombstones/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "fh": "http://purl.org/syndication/history/1.0",
    "media": "http://search.yahoo.com/mrss/",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "rsl": rsl.NAMESPACE,
    "sitemap": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
"""By the prefixes that names of elements are written with in this code, and by their specifications."""

DECLARATION: Final = b'<?xml version="1.0" encoding="utf-8"?>\n'

# XML 1.0, 2.2: what a document cannot hold, not even as a character reference.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Element: TypeAlias = etree._Element
Fill: TypeAlias = Callable[[Element], None]


class Frame:
    """What stands around the entries of a feed: elements inside each other, the outermost with every namespace.

    Entries are written inside it and cut out: so they repeat no namespaces, and the parts make one document.
    """

    def __init__(self, *path: str, default: str | None = None, prefixes: str, version: str | None = None) -> None:
        """A frame of elements named `path`; `default` is the prefix whose namespace goes without one."""
        self._path = path
        self._nsmap = {None if prefix == default else prefix: NAMESPACES[prefix] for prefix in sorted(prefixes.split())}
        self._version = version
        self._empty = self._written(lambda innermost: None)
        self.closing = self._empty[self._empty.index(b"</") :]

    def opening(self, fill: Fill) -> bytes:
        """A document that begins with what `fill` puts into the innermost element, up to where entries go."""
        return DECLARATION + self._written(fill)[: -len(self.closing)]

    def entry(self, fill: Fill) -> bytes:
        """What `fill` puts into the innermost element, alone."""
        return self._written(fill)[len(self._empty) - len(self.closing) : -len(self.closing)]

    def _written(self, fill: Fill) -> bytes:
        root = innermost = etree.Element(_name(self._path[0]), nsmap=self._nsmap)
        if self._version is not None:
            root.set("version", self._version)
        for name in self._path[1:]:
            innermost = add(innermost, name)
        fill(innermost)
        if not len(innermost):
            innermost.text = ""  # without a text it would be written as one tag, not two
        return etree.tostring(root, encoding="utf-8", xml_declaration=False)


def add(parent: Element, name: str, text: str | None = None, **attributes: str | int | None) -> Element:
    """A new last child of `parent`, named with a prefix of NAMESPACES; attributes that are None are left out."""
    element = etree.SubElement(parent, _name(name))
    if text is not None:
        element.text = legal(text)
    for key, value in attributes.items():
        if value is not None:
            element.set(key, legal(str(value)))
    return element


def set_language(element: Element, language: str | None) -> None:
    """Say what language the texts inside are in."""
    if language is not None:
        element.set(_name("xml:lang"), legal(language))


def legal(text: str) -> str:
    """`text` without the characters that XML 1.0 forbids: most controls, lone surrogates, U+FFFE and U+FFFF."""
    return _FORBIDDEN.sub("", text)


def rfc822(at: datetime) -> str:
    """A date of RSS 2.0: RFC 822 with a year of four digits and a numeric zone."""
    return format_datetime(at.astimezone(UTC))


@cache
def _name(name: str) -> str:
    prefix, colon, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if colon else name
