"""Articles that are hard to write down, published as a newsroom would, and read back from every format as the JSON has
them.
"""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser  # type: ignore[import-untyped]
import pytest
from lxml import etree, html

from app.syndication.ninjs import NINJS_2
from tests.newsroom_client import Newsroom
from tests.syndication import standards
from tests.syndication.reading import NAMESPACES, parsed
from tests.syndication.standards import faults

PICTURES = [{"type": "image", "url": f"https://images.example/{n}.jpg", "caption": f"Nº {n}"} for n in range(10)]
NASTY: dict[str, dict[str, Any]] = {
    "arabic": {"language": "ar", "headline": "الميناء يعاود العمل بعد إضراب", "body_text": "رست أول سفينة عند الفجر."},
    "hebrew": {"language": "he", "headline": "הנמל נפתח מחדש", "summary": "‏ארבעים אוניות"},
    "emoji": {"headline": "Crews 👩🏽‍🚒🇫🇷 arrive", "summary": "🚢→⚓️", "body_text": "👨‍👩‍👧‍👦 and a flag 🏴󠁧󠁢󠁳󠁣󠁴󠁿"},
    "controls": {
        "headline": "Bell\u0007 and\u000b tab",
        "summary": "a\u0002b\ufffe\uffffc",
        "body_html": "<p>x\u0001\u001fy</p>",
    },
    "cdata": {"headline": "]]> and <![CDATA[", "summary": "]]>]]&gt;", "body_html": "<p>]]> &lt;![CDATA[ x ]]&gt;</p>"},
    "entities": {
        "headline": "R&D &amp; &#60;b&#62; &nbsp;",
        "summary": "<b>bold</b> & &copy;",
        "body_html": "<p>&eacute;&#x1F6A2; &amp;amp; &lt;script&gt;</p>",
    },
    "long": {"headline": "Fifty thousand words", "body_text": "\n\n".join(["harbour " * 500] * 100)},
    "empty": {"headline": "No body at all"},
    "bare": {"headline": "No picture", "body_text": "Nothing to see."},
    "pictures": {
        "headline": "Ten pictures",
        "body": PICTURES,
        "image": {"url": "https://images.example/0.jpg", "credit": "J. “Jo” Weir", "width": 800, "height": 450},
    },
    "relative": {
        "headline": "Relative links",
        "body_html": '<p><a href="/other?a=1&b=2">there</a> <a href="../up">up</a></p><img src="/a b.png">',
    },
    "quotes": {
        "headline": "“Quotes” 'and' \"more\"",
        "image": {"url": "https://images.example/éq'x.jpg?a=%22b%22&c=ü"},
    },
    "people": {
        "headline": "By many",
        "contributors": [{"name": "A & B"}, {"name": "<C>", "role": "photographer"}, {"name": "دال"}],
    },
    "rights": {
        "headline": "Rights",
        "rights": {
            "usage_terms": "No <b> & no ]]>",
            "copyright_holder": "A & B",
            "territories": ["FR"],
            "ai": {"train": True},
        },
    },
}


async def documents(newsroom: Newsroom) -> list[Any]:
    """The nasty articles as the JSON API has them, newest first."""
    for name, fields in NASTY.items():
        await newsroom.publish(name, **fields)
    cards = await newsroom.data("/v1/timeline")
    return [await newsroom.data(f"/v1/articles/{card['id']}") for card in cards]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def markup(text: str) -> bytes:
    """HTML as a browser would have it, however it was escaped."""
    return bytes(etree.tostring(html.fragment_fromstring(text or "", create_parent=True), method="c14n"))


async def test_rss_says_what_the_json_says(newsroom: Newsroom) -> None:
    told = await documents(newsroom)
    answer = await newsroom.get("/feeds/rss")
    read = feedparser.parse(answer.content)
    assert not read.bozo
    items = parsed(answer).findall("channel/item")
    assert len(items) == len(told) == len(NASTY)
    for item, entry, document in zip(items, read.entries, told, strict=True):
        assert entry.id == f"urn:uuid:{document['id']}"
        assert item.find("guid").get("isPermaLink") == "false"
        assert item.findtext("link") == entry.link == document["url"]
        assert item.findtext("title") == document["headline"]
        dated = item.findtext("pubDate")
        assert re.fullmatch(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000", dated)
        assert parsedate_to_datetime(dated) == at(document["published_at"]).replace(microsecond=0)
        content = item.findtext("content:encoded", namespaces=NAMESPACES)
        assert markup(content or "") == markup(document["body_html"])
        assert addresses(content) <= {url for url in addresses(content) if url.startswith(("http://", "https://"))}
        if document["summary"]:
            assert html_text(item.findtext("description")) == document["summary"]
        authors = [who["name"] for who in document["contributors"] if who["role"] == "author"]
        assert [one.text for one in item.findall("dc:creator", NAMESPACES)] == authors
        assert len(item.findall(".//media:content", NAMESPACES)) == len(pictures(document))
    assert len(parsed(answer).findall("channel/atom:link[@rel='self']", NAMESPACES)) == 1


async def test_atom_says_what_the_json_says(newsroom: Newsroom) -> None:
    told = await documents(newsroom)
    answer = await newsroom.get("/feeds/atom")
    read = feedparser.parse(answer.content)
    assert not read.bozo
    for element, entry, document in zip(
        parsed(answer).findall("atom:entry", NAMESPACES), read.entries, told, strict=True
    ):
        assert entry.id == f"urn:uuid:{document['id']}"
        assert element.findtext("atom:title", namespaces=NAMESPACES) == document["headline"]
        assert at(entry.published) == at(document["published_at"])
        assert at(entry.updated) == at(document["updated_at"])
        alternate = element.find("atom:link[@rel='alternate']", NAMESPACES)
        assert alternate.get("href") == document["url"]
        content = element.find("atom:content", NAMESPACES)
        assert markup("" if content is None else content.text) == markup(document["body_html"])
        summary = element.findtext("atom:summary", namespaces=NAMESPACES)
        assert (summary or None) == document["summary"]
    assert read.feed.updated == max(document["updated_at"] for document in told)


async def test_json_feed_says_what_the_json_says(newsroom: Newsroom) -> None:
    told = await documents(newsroom)
    answer = await newsroom.get("/feeds/json")
    feed: Any = standards.parsed(answer.content)
    assert faults(feed, "jsonfeed-1.1") == []
    for item, document in zip(feed["items"], told, strict=True):
        assert item["id"] == f"urn:uuid:{document['id']}"
        assert (item["url"], item["title"], item.get("summary")) == (
            *(document["url"], document["headline"]),
            document["summary"],
        )
        assert item.get("content_html", "") == document["body_html"]
        assert (at(item["date_published"]), at(item["date_modified"])) == (
            at(document["published_at"]),
            at(document["updated_at"]),
        )


@pytest.mark.parametrize(("version", "accept"), [("3.1", "*/*"), ("2.2", NINJS_2.media_type)])
async def test_ninjs_says_what_the_json_says(newsroom: Newsroom, version: str, accept: str) -> None:
    told = await documents(newsroom)
    answer = await newsroom.get("/feeds/ninjs", headers={"Accept": accept})
    feed: Any = standards.parsed(answer.content)
    assert faults(feed, f"ninjs-{version}") == []
    for item, document in zip(feed["associations"], told, strict=True):
        assert item["uri"] == f"urn:uuid:{document['id']}"
        assert item["headlines"][0]["value"] == document["headline"]
        assert item["language"] == document["language"]
        bodies = {body.get("contentType", body.get("contenttype")): body["value"] for body in item.get("bodies", ())}
        assert bodies.get("text/html", "") == document["body_html"]


async def test_linked_data_says_what_the_json_says(newsroom: Newsroom) -> None:
    for document in await documents(newsroom):
        answer = await newsroom.get(document["links"]["jsonld"])
        told: Any = standards.parsed(answer.content)
        assert (told["@type"], told["headline"], told["url"]) == ("NewsArticle", document["headline"], document["url"])
        assert at(told["datePublished"]) == at(document["published_at"])
        assert at(told["dateModified"]) == at(document["updated_at"])
        assert b"<" not in answer.content, "fit for a script element"


def html_text(text: str | None) -> str:
    """What HTML says in words."""
    return "".join(html.fragment_fromstring(text or "", create_parent=True).itertext())


def addresses(content: str | None) -> set[str]:
    fragment = html.fragment_fromstring(content or "", create_parent=True)
    return {url for _, _, url, _ in fragment.iterlinks()}


def pictures(document: Any) -> set[str]:
    shown = {block["url"] for block in document["body"] if block["type"] == "image"}
    return shown | ({document["image"]["url"]} if document["image"] else set())
