"""oEmbed at its edges: addresses that are none, texts that break out, sizes and formats."""

from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import quote

import pytest
from lxml import etree

from app.settings import Settings
from app.syndication.oembed import ref_of
from app.syndication.site import site_of
from tests.newsroom_client import Newsroom

SITE: Final = "https://www.newsroom.example"
API: Final = "https://api.newsroom.example"


def asked(url: str) -> str:
    return f"/oembed?url={quote(url, safe='')}"


@pytest.mark.parametrize(
    "url",
    [f"{SITE}/%00", f"{SITE}/a%00b", f"{SITE}/%1b", f"{SITE}/{'a' * 3000}", f"{SITE}/%ff%fe", f"{API}/v1/articles/%00"],
)
async def test_address_that_no_article_can_have_is_not_found(newsroom: Newsroom, url: str) -> None:
    answer = await newsroom.get(asked(url))
    assert answer.status_code == 404, answer.text


@pytest.mark.parametrize(
    ("site_url", "url", "ref"),
    [
        ("https://example.com", "https://example.com/v1/articles/harbour", "harbour"),
        ("https://example.com/news", "https://example.com/news/harbour", "harbour"),
        ("https://example.com/news", "https://example.com/newsroom", None),
        ("https://example.com/news", "https://example.com/harbour", None),
        ("https://example.com/nouvelles-de-l'été", "https://example.com/nouvelles-de-l'%C3%A9t%C3%A9/port", "port"),
        ("https://example.com/~desk", "https://example.com/%7Edesk/port", "port"),
        ("https://münchen.example", "https://xn--mnchen-3ya.example/hafen", "hafen"),
        ("https://münchen.example", "https://MÜNCHEN.example/hafen", "hafen"),
        ("https://example.com:443", "https://example.com/harbour", "harbour"),
        ("https://example.com", "https://example.com/harbour//", "harbour"),
        ("https://example.com", "https://example.com//harbour", None),
        ("https://example.com", "https://example.com/a%2Fb", None),
    ],
)
def test_addresses_are_compared_as_addresses(site_url: str, url: str, ref: str | None) -> None:
    site = site_of(Settings(site_url=site_url, api_url="https://example.com"))
    assert ref_of(site, url) == ref


async def test_embed_of_any_text_is_one_element_that_says_it(newsroom: Newsroom) -> None:
    headline = """</a></blockquote><script>alert("1")</script> & 'quoted' ]]> 👩\u200d👧"""
    await newsroom.publish("one", slug="one", headline=headline, summary="<img src=x onerror=alert(1)> & more")
    for format in ("json", "xml"):
        answer = await newsroom.get(f"{asked(f'{SITE}/one')}&format={format}")
        html = answer.json()["html"] if format == "json" else etree.fromstring(answer.content).findtext("html")
        seen = Seen()
        seen.feed(str(html))
        assert set(seen.tags) <= {"blockquote", "p", "a", "footer"}
        assert headline in "".join(seen.texts)


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


async def test_direction_is_that_of_the_language(newsroom: Newsroom) -> None:
    await newsroom.publish("ar", slug="port", language="ar", headline="NATO: الميناء")
    html = (await newsroom.get(asked(f"{SITE}/port"))).json()["html"]
    assert 'lang="ar"' in html
    assert 'dir="rtl"' in html


async def test_everything_that_a_rich_embed_must_have_is_there_and_of_its_kind(newsroom: Newsroom) -> None:
    await newsroom.publish("one", slug="one")
    told = (await newsroom.get(asked(f"{SITE}/one") + "&maxwidth=100&maxheight=50")).json()
    assert (told["version"], told["type"]) == ("1.0", "rich")
    assert (told["width"], told["height"]) == (100, 50)
    assert "max-width:100px;max-height:50px;" in told["html"]
    assert not {"thumbnail_url", "author_name"} & told.keys()
    assert not [name for name, value in told.items() if value is None]


@pytest.mark.parametrize("thumbnail", [{"width": 10}, {"height": 10}, {}])
async def test_picture_of_unknown_size_is_left_out(newsroom: Newsroom, thumbnail: dict[str, int]) -> None:
    await newsroom.publish("one", slug="one", image={"url": "https://images.example/a.jpg"} | thumbnail)
    told = (await newsroom.get(asked(f"{SITE}/one"))).json()
    assert not [name for name in told if name.startswith("thumbnail")]


async def test_embed_is_purged_with_its_article_and_says_what_may_be_done_with_it(newsroom: Newsroom) -> None:
    made = await newsroom.publish("one", slug="one", rights={"ai": {"train": True}})
    answer = await newsroom.get(asked(f"{SITE}/one"))
    assert answer.headers["surrogate-key"] == f"article-{made['id']}"
    assert (
        await newsroom.get(asked(f"{SITE}/one"), headers={"If-None-Match": answer.headers["etag"]})
    ).status_code == 304
    assert answer.headers["tdm-reservation"] == "0"


@pytest.mark.parametrize("query", ["url=", "url=%20", "format=json", "url=https%3A%2F%2Fx&format="])
async def test_request_without_what_it_needs_is_a_problem(newsroom: Newsroom, query: str) -> None:
    assert (await newsroom.get(f"/oembed?{query}")).status_code in (400, 404, 501)
