"""oEmbed 1.0 (oembed.com): an article's address in, a card that any page can show out."""

import re
from dataclasses import dataclass
from html import escape
from typing import Any, Final
from urllib.parse import SplitResult, unquote, urlsplit

from lxml import etree

from app.articles.schemas import CardOut
from app.core.errors import NotFound, Problem
from app.core.languages import is_rtl
from app.syndication.addresses import uri
from app.syndication.entry import Site
from app.syndication.xml import DECLARATION, legal
from app.web.query import CONTROL

WIDTH, HEIGHT = 600, 200
CACHE_SECONDS: Final = 60

_API_PATH: Final = "/v1/articles/"
_SUFFIX = re.compile(r"\.[a-z]+$")


class NoEmbed(NotFound):
    """The address is not that of an article."""

    slug = "no-embed"
    title = "There is nothing to embed at this address"
    explanation = (
        "`url` is the address of an article on the reader's site, under any slug it ever had, or in this API. Lists "
        "and other pages cannot be embedded this way; for lists there is /embed/headlines.js."
    )
    example_detail = "https://www.newsroom.example/about is not the address of an article."


class FormatNotImplemented(Problem):
    """oEmbed knows JSON and XML, and the standard demands this status for all else."""

    slug = "format-not-implemented"
    status = 501
    title = "The format is not one of oEmbed"
    explanation = "`format` is `json`, which it is by default, or `xml`; the standard demands 501 for any other."
    example_detail = "format: 'yaml' is neither json nor xml."


@dataclass(frozen=True, slots=True)
class Room:
    """How large the embed may be, in pixels."""

    width: int | None = None
    height: int | None = None

    @property
    def style(self) -> str:
        """The attribute that keeps an element within it; nothing where there is room enough."""
        bounds = (("width", self.width), ("height", self.height))
        kept = "".join(f"max-{side}:{pixels}px;" for side, pixels in bounds if pixels is not None)
        return f' style="{kept}box-sizing:border-box;overflow:auto"' if kept else ""

    def holds(self, width: int, height: int) -> bool:
        """Whether something so large fits."""
        return (self.width is None or width <= self.width) and (self.height is None or height <= self.height)


def ref_of(site: Site, url: str) -> str | None:
    """The id or slug in the address of an article; None for any other address.

    http and https are alike; queries, fragments and a slash at the end are not looked at.
    """
    for base, prefix in ((site.url, "/"), (site.api_url, _API_PATH)):
        try:
            ref = _within(url.strip(), base.rstrip("/") + prefix)
        except ValueError:
            return None
        ref = _SUFFIX.sub("", ref) if prefix == _API_PATH else ref
        # A control character is in no name of ours, and PostgreSQL cannot be asked for a NUL.
        if ref and "/" not in ref and "." not in ref and not CONTROL.search(ref):
            return ref
    return None


def _within(url: str, base: str) -> str:
    """What comes behind the base in the path of an address; nothing where it is elsewhere. Raises ValueError."""
    given, own = urlsplit(uri(url)), urlsplit(uri(base))
    path, below = unquote(given.path), unquote(own.path)
    is_there = given.scheme in ("http", "https") and _host(given) == _host(own) and path.startswith(below)
    return path[len(below) :].rstrip("/") if is_there else ""


def embed(site: Site, card: CardOut, room: Room) -> dict[str, Any]:
    """The card as a rich embed, with its picture where that is known to fit."""
    answer: dict[str, Any] = {
        "type": "rich",
        "version": "1.0",
        "title": card.headline,
        "provider_name": site.name,
        "provider_url": site.url,
        "cache_age": CACHE_SECONDS,
        "html": _html(site, card, room),
        "width": WIDTH if room.width is None else min(WIDTH, room.width),
        "height": HEIGHT if room.height is None else min(HEIGHT, room.height),
    }
    if authors := [who.name for who in card.contributors if who.role == "author"]:
        answer["author_name"] = ", ".join(dict.fromkeys(authors))
    image = card.image
    if image is not None and image.width and image.height and room.holds(image.width, image.height):
        answer |= {
            "thumbnail_url": uri(image.url),
            "thumbnail_width": image.width,
            "thumbnail_height": image.height,
        }
    return answer


def as_xml(answer: dict[str, Any]) -> bytes:
    """The answer in oEmbed's XML."""
    root = etree.Element("oembed")
    for name, value in answer.items():
        etree.SubElement(root, name).text = legal(str(value))
    return DECLARATION + etree.tostring(root, encoding="utf-8", xml_declaration=False)


def _host(parts: SplitResult) -> tuple[str | None, int | None]:
    port = parts.port
    return parts.hostname, None if port in (80, 443) else port


def _html(site: Site, card: CardOut, room: Room) -> str:
    summary = f"<p>{escape(card.summary)}</p>" if card.summary else ""
    direction = "rtl" if is_rtl(card.language) else "ltr"
    return (
        f'<blockquote class="dateline-embed" lang="{escape(card.language)}" dir="{direction}" '
        f'cite="{escape(card.url)}"{room.style}>'
        f'<p><a href="{escape(card.url)}">{escape(card.headline)}</a></p>{summary}'
        f'<footer><a href="{escape(site.url)}">{escape(site.name)}</a></footer></blockquote>'
    )
