"""Sitemaps as other people's schemas judge them, and as the planner walks for them."""

from datetime import timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

import httpx
import pytest
from lxml import etree

from app.core.clock import utc_now
from app.db import Database
from app.settings import Settings
from app.syndication import sitemaps, store
from app.syndication.site import site_of
from app.syndication.sitemaps import news_language
from tests.articles.plans import START, fill, plan
from tests.newsroom_client import Newsroom
from tests.syndication.standards import SCHEMAS

MAY: Final = "2025-05-31T23:59:59.999999Z"
XML: Final = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}
HEADLINES: Final = {
    "ar": "الميناء يفتح أبوابه بعد إضراب",
    "zh-Hant": "港口重新開放",
    "en": "Array[a[0]]> and ]]> &amp; <b> 👩\u200d👩\u200d👧 \ufffe\uffff",
    "x-pirate": "Arr",
    "i-klingon": "Qapla’",
    "sgn-be-fr": "Signs",
}


@cache
def schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / f"{name}.xsd"))


def judged(answer: httpx.Response, name: str) -> Any:
    """The root of an answer, which must be valid."""
    assert answer.status_code == 200, answer.text
    root = etree.fromstring(answer.content)
    schema(name).assertValid(root)
    return root


def texts(root: Any, path: str) -> list[str]:
    return [element.text for element in root.findall(path, XML)]


async def test_sitemaps_are_valid_in_every_language_and_with_every_character(newsroom: Newsroom) -> None:
    assert judged(await newsroom.get("/sitemap.xml"), "siteindex") is not None
    for language, headline in HEADLINES.items():
        await newsroom.publish(f"old-{language}", language=language, headline=headline, published_at=MAY)
        await newsroom.publish(f"new-{language}", language=language, headline=headline)

    judged(await newsroom.get("/sitemap.xml"), "siteindex")
    month = judged(await newsroom.get("/sitemaps/2025-05.xml"), "sitemap")
    news = judged(await newsroom.get("/sitemaps/news.xml"), "sitemap-news")

    cards = await newsroom.data("/v1/articles")
    shown = [card for card in cards if card["published_at"] != MAY]
    assert texts(news, ".//n:title") == [card["headline"] for card in shown]
    assert texts(news, "*/s:loc") == [card["url"] for card in shown]
    assert sorted(texts(month, "*/s:loc")) == sorted(card["url"] for card in cards if card["published_at"] == MAY)
    assert all(address.isascii() for address in texts(month, "*/s:loc"))


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("ckb-Arab-IQ", "ckb"),
        # A script says more than a region.
        ("zh-Hans-HK", "zh-cn"),
        # ISO 639-2 has a word for what it has no code for.
        ("x-pirate", "und"),
        ("i-klingon", "und"),
    ],
)
def test_news_languages_are_those_of_iso_639(tag: str, language: str) -> None:
    assert news_language(tag) == language


async def test_parts_may_divide_what_shares_an_instant(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MOST_URLS", 3)
    monkeypatch.setattr(sitemaps, "_AT_ONCE", 2)
    for n in range(7):
        await newsroom.publish(f"wire-{n}", slug=f"story-{n}", published_at=MAY)
    parts = [judged(await newsroom.get(f"/sitemaps/2025-05{part}.xml"), "sitemap") for part in ("", "-2", "-3")]
    assert [len(part) for part in parts] == [3, 3, 1]
    listed = {address for part in parts for address in texts(part, "*/s:loc")}
    assert listed == {f"https://www.newsroom.example/story-{n}" for n in range(7)}
    tags = {(await newsroom.get(f"/sitemaps/2025-05{part}.xml")).headers["etag"] for part in ("", "-2", "-3")}
    assert len(tags) == 3


async def test_unchanged_month_is_not_sent_again_and_reads_no_articles(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    await newsroom.publish("may", published_at=MAY)
    first = await newsroom.get("/sitemaps/2025-05.xml")
    read: list[Any] = []
    monkeypatch.setattr(sitemaps, "addresses", lambda *asked, **_: read.append(asked))
    again = await newsroom.get("/sitemaps/2025-05.xml", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, read) == (304, b"", [])
    for field in ("cache-control", "surrogate-key", "cache-tag", "dateline-seq", "vary"):
        assert first.headers[field] == again.headers[field]


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemaps/news.xml", "/sitemaps/2025-05.xml"])
async def test_sitemaps_answer_conditions_and_heads_and_ignore_what_they_do_not_know(
    newsroom: Newsroom, path: str
) -> None:
    await newsroom.publish("may", published_at=MAY)
    await newsroom.publish("now")
    first = await newsroom.get(f"{path}?utm_source=x&min_seq=1")
    assert (await newsroom.get(path, headers={"If-None-Match": first.headers["etag"]})).status_code == 304
    head = await newsroom.client.head(path)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", first.headers["etag"])
    assert first.headers["dateline-seq"] == "2"
    assert first.headers["surrogate-key"] == "articles"


async def test_minor_edit_leaves_the_month_as_it_is(newsroom: Newsroom) -> None:
    await newsroom.publish("may", slug="may", published_at=MAY)
    before = await newsroom.get("/sitemaps/2025-05.xml")
    path = "/v1/newsroom/articles/may"
    await newsroom.send("PATCH", path, {"summary": "Nine days."}, if_match=await newsroom.etag("may"))
    sent = await newsroom.send("POST", f"{path}/publish", {"minor": True}, if_match=await newsroom.etag("may"))
    assert sent.status_code == 200, sent.text
    after = await newsroom.get("/sitemaps/2025-05.xml")
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])


@pytest.mark.without_edge
async def test_news_leave_by_the_clock_alone(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    await newsroom.publish("now", slug="now")
    etag = (await newsroom.get("/sitemaps/news.xml")).headers["etag"]
    later = utc_now() + timedelta(days=2)
    monkeypatch.setattr("app.syndication.sitemap_routes.utc_now", lambda: later)
    answer = await newsroom.get("/sitemaps/news.xml", headers={"If-None-Match": etag})
    assert texts(etree.fromstring(answer.content), "*/s:loc") == []


@pytest.mark.parametrize(
    "site_url",
    ["https://münchen.example", "https://www.newsroom.example/a&b", "https://www.newsroom.example/nachrichten/ä"],
)
def test_addresses_are_uris_wherever_the_site_is(site_url: str) -> None:
    site = site_of(Settings(site_url=site_url))
    one = store.Address(START, UUID(int=1), "الميناء", START)
    headline = store.Headline("الميناء", "ar", "الميناء", START)
    for written, name in ((sitemaps.whole(site, [one]), "sitemap"), (sitemaps.news(site, [headline]), "sitemap-news")):
        root = etree.fromstring(written)
        schema(name).assertValid(root)
        (address,) = texts(root, "*/s:loc")
        assert address.isascii(), address


async def test_sitemaps_and_terms_are_read_along_their_indexes(database: Database) -> None:
    await fill(database)
    place = {"at": START, "id": UUID(int=0), "until": START + timedelta(days=31)}
    terms = {"train": False, "ground": True, "summarise": True}
    for statement, values, index in (
        (store._ADDRESSES, place | {"limit": 500}, "ix_articles_order"),
        (store._NTH, place | {"before": 1000}, "ix_articles_order"),
        (store._NEWS, {"since": START + timedelta(days=26), "limit": 1000}, "ix_articles_order"),
        (store._OF_THEIR_OWN, terms | {"looked_at": 10_000, "limit": 1000}, "ix_article_rights_order"),
    ):
        steps = await plan(database, statement, values)
        told = "; ".join(steps)
        # PostgreSQL reads a table whole that is empty, as that of the rights is here.
        assert index in told or (database.dialect == "postgresql" and "rights" in index), told
        assert not any(step in ("SCAN articles", "Seq Scan articles") for step in steps), told
        assert "articles_order" not in index or not any("ORDER BY" in step or step == "Sort" for step in steps), told
