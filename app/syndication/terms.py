"""What machines may do with what is published, told where they look for it.

robots.txt (RFC 9309, with Content-Signal and RSL's License), license.xml (RSL 1.0) and tdmrep.json (the TDM Reservation
Protocol, W3C). What single articles say otherwise comes first: they are also told by their own header fields.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

from app.articles.rendering import article_url
from app.syndication import rsl
from app.syndication.entry import Site, Terms
from app.syndication.store import OwnTerms
from app.syndication.xml import Element, Frame, add

MOST_EXCEPTIONS: Final = 1000
"""How many articles with terms of their own are listed, the newest."""
MOST_LOOKED_AT: Final = 10_000
"""Among how many that have rights to act on: most of those only expire."""

_LICENSE: Final = Frame("rsl:rsl", default="rsl", prefixes="rsl")


def robots(site: Site) -> str:
    """The robots.txt: everything may be read, and what machines may do with it."""
    signals = {
        "search": True,
        "ai-input": site.terms.ground and site.terms.summarise,
        "ai-train": site.terms.train,
    }
    said = ", ".join(f"{name}={'yes' if is_allowed else 'no'}" for name, is_allowed in signals.items())
    return "\n".join(
        [
            f"License: {site.license_url}",
            "",
            "User-agent: *",
            f"Content-Signal: {said}",
            "Allow: /",
            "Disallow: /v1/newsroom/",
            "",
            f"Sitemap: {site.api_url}/sitemap.xml",
            f"Sitemap: {site.api_url}/sitemaps/news.xml",
            "",
        ]
    )


def license_xml(site: Site, exceptions: Sequence[OwnTerms]) -> bytes:
    """The terms as RSL, the most special first."""
    contents = []
    for one in exceptions:
        if (own := _own(site, one)) != site.terms:
            contents.append(_content(f"{article_url(site.url, one.slug)}$", own))
            contents.append(_content(f"{site.api_url}/v1/articles/{one.id}*", own))
    contents += [_content(address, site.terms) for address in dict.fromkeys((f"{site.url}/*", f"{site.api_url}/*"))]
    return _LICENSE.opening(lambda root: None) + "".join(contents).encode() + _LICENSE.closing


def tdmrep(site: Site, exceptions: Sequence[OwnTerms]) -> list[dict[str, Any]]:
    """The rules of /.well-known/tdmrep.json, the most special first: which rule a machine takes is then the same,
    whether it takes the first that matches or the longest.
    """
    service = urlsplit(site.api_url).path
    rules = []
    for one in exceptions:
        if one.train is not None and one.train != site.terms.train:
            # `$`, because a location is else the beginning of others: /harbour of /harbour-reopens, too.
            own = f"{urlsplit(article_url(site.url, one.slug)).path}$"
            rules += [_rule(site, place, one.train) for place in (own, f"{service}/v1/articles/{one.id}*")]
    everything = {f"{path}/*" for path in (urlsplit(site.url).path, service)}
    return [*rules, *(_rule(site, place, site.terms.train) for place in sorted(everything, key=len, reverse=True))]


def _rule(site: Site, location: str, may_train: bool) -> dict[str, Any]:
    return {"location": location, "tdm-reservation": int(not may_train), "tdm-policy": site.license_url}


def _own(site: Site, one: OwnTerms) -> Terms:
    return site.terms.but(train=one.train, ground=one.ground, summarise=one.summarise)


def _content(address: str, terms: Terms) -> str:
    # By hand: there are thousands, and few terms that they can have.
    return f"<content url={quoteattr(address)}>{_license(terms)}</content>"


@cache
def _license(terms: Terms) -> str:
    permitted, prohibited = rsl.usage(terms)

    def fill(content: Element) -> None:
        licence = add(content, "rsl:license")
        if permitted:
            add(licence, "rsl:permits", " ".join(permitted), type="usage")
        if prohibited:
            add(licence, "rsl:prohibits", " ".join(prohibited), type="usage")

    return _LICENSE.entry(fill).decode()
