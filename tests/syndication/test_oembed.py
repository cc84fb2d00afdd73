"""oEmbed: an article's address in, a card out."""

from typing import Any
from urllib.parse import quote

import pytest
from lxml import etree

from app.settings import Settings
from app.syndication.oembed import ref_of
from app.syndication.site import site_of
from tests.newsroom_client import Newsroom

API, SITE = "https://api.newsroom.example", "https://www.newsroom.example"
ID = "019a9c5e-8a3c-7c41-9d5e-2f6b7a1c0e11"
IMAGE = {"url": "https://images.example/a.jpg", "width": 800, "height": 450}


@pytest.mark.parametrize(
    ("url", "ref"),
    [
        (f"{SITE}/harbour", "harbour"),
        (f"{SITE}/harbour/?utm=1#top", "harbour"),
        ("http://WWW.newsroom.example:80/harbour", "harbour"),
        (f" {SITE}/harbour", "harbour"),
        (f"{SITE}/%D9%85%D9%8A%D9%86%D8%A7%D8%A1", "ميناء"),
        (f"{SITE}/ميناء", "ميناء"),
        (f"{API}/v1/articles/{ID}", ID),
        (f"{API}/v1/articles/harbour.rss", "harbour"),
        (f"{SITE}/", None),
        (SITE, None),
        (f"{SITE}/world/harbour", None),
        (f"{SITE}/a.b", None),
        (f"{API}/v1/timeline", None),
        ("https://elsewhere.example/harbour", None),
        ("https://www.newsroom.example.evil.example/harbour", None),
        ("https://www.newsroom.example@evil.example/harbour", None),
        ("https://www.newsroom.example:8443/harbour", None),
        ("https://[/harbour", None),
        ("https://www.newsroom.example:x/harbour", None),
        ("ftp://www.newsroom.example/harbour", None),
        ("javascript:alert(1)", None),
        ("harbour", None),
        ("", None),
    ],
)
def test_articles_are_known_by_their_addresses(url: str, ref: str | None) -> None:
    assert ref_of(site_of(Settings(api_url=API, site_url=SITE)), url) == ref


async def embed(newsroom: Newsroom, url: str, more: str = "") -> Any:
    answer = await newsroom.get(f"/oembed?url={quote(url, safe='')}{more}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_article_is_embedded_as_a_card(newsroom: Newsroom) -> None:
    made = await newsroom.publish(
        "one", slug="one", headline="Ports & <b>", summary="“Nine” days", image=IMAGE, contributors=[{"name": "Inès"}]
    )
    told = await embed(newsroom, f"{SITE}/one")
    card = await newsroom.data(f"/v1/articles/{made['id']}?view=card")
    assert told == {
        "type": "rich",
        "version": "1.0",
        "title": card["headline"],
        "provider_name": "Dateline",
        "provider_url": SITE,
        "cache_age": 60,
        "html": told["html"],
        "width": 600,
        "height": 200,
        "author_name": "Inès",
        "thumbnail_url": IMAGE["url"],
        "thumbnail_width": 800,
        "thumbnail_height": 450,
    }
    shown = etree.fromstring(told["html"])
    assert (shown.get("lang"), shown.get("dir"), shown.get("cite")) == ("en", "ltr", card["url"])
    assert [link.get("href") for link in shown.iter("a")] == [card["url"], SITE]
    assert "".join(shown.itertext()) == "Ports & <b>“Nine” daysDateline"
    assert await embed(newsroom, f"{API}/v1/articles/{made['id']}") == told


async def test_room_is_kept(newsroom: Newsroom) -> None:
    await newsroom.publish("one", slug="one", image=IMAGE)
    told = await embed(newsroom, f"{SITE}/one", "&maxwidth=320&maxheight=1000")
    assert (told["width"], told["height"], "thumbnail_url" in told) == (320, 200, False)


async def test_xml_says_the_same(newsroom: Newsroom) -> None:
    await newsroom.publish("one", slug="one", headline="Ports & <b>")
    answer = await newsroom.get(f"/oembed?url={SITE}/one&format=xml")
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    root = etree.fromstring(answer.content)
    assert root.tag == "oembed"
    assert {child.tag: child.text for child in root} == {
        name: str(value) for name, value in (await embed(newsroom, f"{SITE}/one")).items()
    }


async def test_former_names_lead_to_the_article_and_withdrawn_ones_are_gone(newsroom: Newsroom) -> None:
    await newsroom.publish("one", slug="old")
    await newsroom.publish("one", slug="new")
    assert await embed(newsroom, f"{SITE}/old") == await embed(newsroom, f"{SITE}/new")
    await newsroom.withdraw("one", reason="legal")
    gone = await newsroom.get(f"/oembed?url={SITE}/old")
    assert (gone.status_code, gone.json()["reason"]) == (410, "legal")


@pytest.mark.parametrize(
    ("query", "status", "slug"),
    [
        ("", 400, "bad-parameter"),
        (f"url={SITE}/one&maxwidth=0", 400, "bad-parameter"),
        (f"url={SITE}/one&maxwidth=wide", 400, "bad-parameter"),
        (f"url={SITE}/one&url={SITE}/two", 400, "bad-parameter"),
        (f"url={SITE}/one&format=yaml", 501, "format-not-implemented"),
        ("url=https://elsewhere.example/one", 404, "no-embed"),
        (f"url={SITE}/nothing", 404, "article-not-found"),
        (f"url={SITE}/%00", 400, "bad-parameter"),
    ],
)
async def test_what_cannot_be_embedded_is_a_problem(newsroom: Newsroom, query: str, status: int, slug: str) -> None:
    answer = await newsroom.get(f"/oembed?{query}")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (status, slug)


async def test_what_oembed_does_not_know_is_ignored(newsroom: Newsroom) -> None:
    await newsroom.publish("one", slug="one")
    assert (await newsroom.get(f"/oembed?url={SITE}/one&omitscript=1&lang=fr")).status_code == 200
