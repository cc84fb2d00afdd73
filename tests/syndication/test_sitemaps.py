"""Sitemaps: every public article once, in the month that it bears, and the news; the same bytes as long as it is so."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from lxml import etree

from app.core.clock import format_instant, utc_now
from app.syndication import sitemaps
from app.syndication.sitemaps import Part, news_language
from tests.newsroom_client import Newsroom
from tests.syndication.standards import SCHEMAS

API, SITE = "https://api.newsroom.example", "https://www.newsroom.example"
XML = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "n": "http://www.google.com/schemas/sitemap-news/0.9"}


XSD = "http://www.w3.org/2001/XMLSchema"


def read(answer: httpx.Response) -> Any:
    """The root of a sitemap, which must be as sitemaps.org and Google have it in their schemas."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    root: Any = etree.fromstring(answer.content)
    if len(root):  # the schemas have no word for a site without news
        (INDEX if root.tag.endswith("sitemapindex") else URLS).assertValid(root)
    return root


def all_of(*names: str) -> etree.XMLSchema:
    """These schemas together: what one leaves open, another says."""
    whole = etree.Element(f"{{{XSD}}}schema")
    for name in names:
        namespace = etree.parse(SCHEMAS / f"{name}.xsd").getroot().get("targetNamespace") or ""
        etree.SubElement(
            whole, f"{{{XSD}}}import", namespace=namespace, schemaLocation=(SCHEMAS / f"{name}.xsd").as_uri()
        )
    return etree.XMLSchema(whole)


INDEX, URLS = all_of("siteindex"), all_of("sitemap", "sitemap-news")


def texts(root: Any, path: str) -> list[str]:
    return [element.text for element in root.findall(path, XML)]


async def locations(newsroom: Newsroom, name: str) -> list[str]:
    return texts(read(await newsroom.get(f"/sitemaps/{name}.xml")), "s:url/s:loc")


async def test_index_lists_the_news_and_the_months_from_the_newest_back(newsroom: Newsroom) -> None:
    empty = read(await newsroom.get("/sitemap.xml"))
    assert texts(empty, "s:sitemap/s:loc") == [f"{API}/sitemaps/news.xml"]
    for n, month in enumerate(("2025-03", "2024-12", "2025-03")):
        await newsroom.publish(f"wire-{n}", published_at=f"{month}-09T10:00:00Z")

    index = read(await newsroom.get("/sitemap.xml"))

    assert texts(index, "s:sitemap/s:loc") == [f"{API}/sitemaps/{name}.xml" for name in ("news", "2025-03", "2024-12")]
    assert all(at.endswith("Z") for at in texts(index, "s:sitemap/s:lastmod"))
    assert len(index.findall("s:sitemap/s:lastmod", XML)) == 2


async def test_month_lists_its_articles_oldest_first_on_the_readers_site(newsroom: Newsroom) -> None:
    last = "2025-05-31T23:59:59.999999Z"
    await newsroom.publish("late", slug="late", published_at=last, updated_at="2025-06-02T00:00:00Z")
    await newsroom.publish("first", slug="first", published_at="2025-05-01T00:00:00Z")
    await newsroom.publish("june", slug="june", published_at="2025-06-01T01:59:59+02:00")
    await newsroom.publish("ميناء", headline="ميناء & مدينة", language="ar", published_at="2025-05-09T00:00:00Z")

    root = read(await newsroom.get("/sitemaps/2025-05.xml"))

    found = texts(root, "s:url/s:loc")
    assert [found[0], *found[2:]] == [f"{SITE}/{slug}" for slug in ("first", "june", "late")]
    assert found[1].isascii()
    assert texts(root, "s:url/s:lastmod") == [
        "2025-05-01T00:00:00Z",
        "2025-05-09T00:00:00Z",
        "2025-05-31T23:59:59Z",
        "2025-06-02T00:00:00Z",
    ]


async def test_month_stays_as_it_is_while_nothing_in_it_changes(newsroom: Newsroom) -> None:
    await newsroom.publish("one", slug="one", published_at="2025-05-09T00:00:00Z")
    before = await newsroom.get("/sitemaps/2025-05.xml")
    assert before.headers["surrogate-key"] == "articles"
    for n in range(2):
        await newsroom.publish(f"other-{n}", published_at="2025-06-09T00:00:00Z")
    await newsroom.publish("now")
    after = await newsroom.get("/sitemaps/2025-05.xml")
    assert (before.content, before.headers["etag"]) == (after.content, after.headers["etag"])
    known = {"If-None-Match": before.headers["etag"]}
    assert (await newsroom.get("/sitemaps/2025-05.xml", headers=known)).status_code == 304

    await newsroom.publish("late", slug="late", published_at="2025-05-10T00:00:00Z")
    changed = await newsroom.get("/sitemaps/2025-05.xml", headers=known)
    assert texts(read(changed), "s:url/s:loc") == [f"{SITE}/one", f"{SITE}/late"]


async def test_withdrawn_article_leaves_its_sitemaps_at_once(newsroom: Newsroom) -> None:
    await newsroom.publish("one", slug="one", published_at="2025-05-09T00:00:00Z")
    await newsroom.publish("two", slug="two", published_at="2025-05-09T00:00:00Z")
    await newsroom.publish("new", slug="new")
    await newsroom.withdraw("two")
    await newsroom.withdraw("new")
    assert await locations(newsroom, "2025-05") == [f"{SITE}/one"]
    assert await locations(newsroom, "news") == []
    await newsroom.withdraw("one")
    assert (await newsroom.get("/sitemaps/2025-05.xml")).status_code == 404
    assert texts(read(await newsroom.get("/sitemap.xml")), "s:sitemap/s:loc") == [f"{API}/sitemaps/news.xml"]


async def test_large_month_comes_in_parts(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MOST_URLS", 3)
    monkeypatch.setattr(sitemaps, "_AT_ONCE", 2)
    for n in range(7):
        await newsroom.publish(f"a{n}", slug=f"a{n}", published_at=f"2025-05-0{n + 1}T00:00:00Z")

    names = [loc.rpartition("/")[2] for loc in texts(read(await newsroom.get("/sitemap.xml")), "s:sitemap/s:loc")]

    assert names == ["news.xml", "2025-05.xml", "2025-05-2.xml", "2025-05-3.xml"]
    found = [await locations(newsroom, name.removesuffix(".xml")) for name in names[1:]]
    assert found == [[f"{SITE}/a{n}" for n in some] for some in (range(3), range(3, 6), range(6, 7))]
    assert (await newsroom.get("/sitemaps/2025-05-4.xml")).status_code == 404


@pytest.mark.parametrize(
    "name", ["2025-13", "2025-00", "2025-5", "2025", "x", "2025-05-1", "2025-05-0", "0999-05", "٢٠٢٥-٠٥"]
)
async def test_what_is_no_month_is_not_there(newsroom: Newsroom, name: str) -> None:
    await newsroom.publish("one", published_at="2025-05-09T00:00:00Z")
    answer = await newsroom.get(f"/sitemaps/{name}.xml")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.without_edge
async def test_news_are_those_of_two_days(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    now = utc_now()
    await newsroom.publish("old", slug="old", published_at=format_instant(now - timedelta(days=2, seconds=1)))
    await newsroom.publish("near", slug="near", published_at=format_instant(now - timedelta(days=1, hours=23)))
    await newsroom.publish("new", slug="new", headline="Ports & <harbours>", language="zh-Hant")

    root = read(await newsroom.get("/sitemaps/news.xml"))

    assert texts(root, "s:url/s:loc") == [f"{SITE}/new", f"{SITE}/near"]
    told = root.find("s:url/n:news", XML)
    assert texts(told, "n:publication/n:name") == ["Dateline"]
    assert texts(told, "n:publication/n:language") == ["zh-tw"]
    assert texts(told, "n:title") == ["Ports & <harbours>"]
    shown = (await newsroom.data("/v1/articles/new"))["published_at"]
    assert texts(told, "n:publication_date") == [shown]
    monkeypatch.setattr("app.syndication.sitemap_routes.MOST_NEWS", 1)
    assert await locations(newsroom, "news") == [f"{SITE}/new"]


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en-GB", "en"),
        ("fil", "fil"),
        ("zh", "zh-cn"),
        ("zh-Hans", "zh-cn"),
        ("zh-HK", "zh-tw"),
        ("zh-Hant-TW", "zh-tw"),
    ],
)
def test_google_has_its_own_names_for_chinese(tag: str, language: str) -> None:
    assert news_language(tag) == language


@pytest.mark.parametrize(
    ("month", "until"), [("2024-02", "2024-03-01T00:00:00Z"), ("2025-12", "2026-01-01T00:00:00Z"), ("9998-12", None)]
)
def test_month_ends_where_the_next_begins(month: str, until: str | None) -> None:
    part = Part.named(month)
    assert part is not None
    assert part.name == month
    assert until in (None, format_instant(part.start.until))
