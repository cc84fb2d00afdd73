"""Reading feeds back with other people's parsers."""

from typing import Any

import feedparser  # type: ignore[import-untyped]
import httpx
from lxml import etree

from tests.newsroom_client import Newsroom

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "at": "http://purl.org/atompub/tombstones/1.0",
    "fh": "http://purl.org/syndication/history/1.0",
    "media": "http://search.yahoo.com/mrss/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
}


def parsed(answer: httpx.Response) -> Any:
    """The root element of an answer that is XML."""
    assert answer.status_code == 200, answer.text
    return etree.fromstring(answer.content)


async def entries(newsroom: Newsroom, path: str) -> list[Any]:
    """The entries of a feed as feedparser has them."""
    answer = await newsroom.get(path)
    assert answer.status_code == 200, answer.text
    read = feedparser.parse(answer.content)
    assert not read.bozo, read.get("bozo_exception")
    return list(read.entries)


def ids_of(format: str, answer: httpx.Response) -> list[str]:
    """The ids of the articles in a feed, in its order."""
    match format:
        case "rss" | "atom":
            urns = [entry.id for entry in feedparser.parse(answer.content).entries]
        case "json":
            urns = [item["id"] for item in answer.json()["items"]]
        case _:
            urns = [item["uri"] for item in answer.json().get("associations", []) if item["pubStatus"] == "usable"]
    return [urn.removeprefix("urn:uuid:") for urn in urns]
