"""What machines may do, where they look for it: the site's terms, and those of articles that say otherwise."""

from typing import Any

from lxml import etree

from app.settings import Settings
from app.syndication.entry import Terms
from app.syndication.site import site_of
from app.syndication.terms import robots
from tests.newsroom_client import Newsroom

API, SITE = "https://api.newsroom.example", "https://www.newsroom.example"
RSL = {"r": "https://rslstandard.org/rsl"}
POLICY = f"{API}/license.xml"


def site(**settings: Any) -> Any:
    return site_of(Settings(api_url=API, site_url=SITE, **settings))


async def test_robots_say_where_the_terms_and_the_sitemaps_are(newsroom: Newsroom) -> None:
    answer = await newsroom.get("/robots.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.splitlines() == [
        f"License: {POLICY}",
        "",
        "User-agent: *",
        "Content-Signal: search=yes, ai-input=yes, ai-train=no",
        "Allow: /",
        "Disallow: /v1/newsroom/",
        "",
        f"Sitemap: {API}/sitemap.xml",
        f"Sitemap: {API}/sitemaps/news.xml",
    ]


def test_signals_are_those_of_the_settings() -> None:
    assert "search=yes, ai-input=no, ai-train=yes\n" in robots(site(ai_train=True, ai_ground=False))
    assert "ai-input=no" in robots(site(ai_summarise=False))
    assert site(hub_url="https://hub.example/?a=1").hub_url == "https://hub.example/?a=1"
    assert site().hub_url is None


def test_terms_are_the_sites_where_an_article_says_nothing() -> None:
    ours = Terms(train=False, ground=True, summarise=True)
    assert ours.but(train=None, ground=None, summarise=None) == ours
    assert ours.but(train=True, ground=None, summarise=False) == Terms(train=True, ground=True, summarise=False)


async def licensed(newsroom: Newsroom) -> dict[str, tuple[str, str]]:
    answer = await newsroom.get("/license.xml")
    assert answer.headers["content-type"] == "application/rsl+xml"
    contents = etree.fromstring(answer.content).findall("r:content", RSL)

    def uses(content: Any, kind: str) -> str:
        return str(content.findtext(f"r:license/r:{kind}", default="", namespaces=RSL))

    return {str(content.get("url")): (uses(content, "permits"), uses(content, "prohibits")) for content in contents}


async def test_license_names_articles_that_say_otherwise_before_the_site(newsroom: Newsroom) -> None:
    every = {
        f"{SITE}/*": ("search ai-index ai-input", "ai-train"),
        f"{API}/*": ("search ai-index ai-input", "ai-train"),
    }
    assert await licensed(newsroom) == every
    free = await newsroom.publish("free", slug="free", rights={"ai": {"train": True}})
    shut = await newsroom.publish("shut", slug="shut", rights={"ai": {"ground": False}})
    await newsroom.publish("same", rights={"ai": {"train": False}})
    await newsroom.publish("ends", rights={"expires_at": "2199-01-01T00:00:00Z"})

    found = await licensed(newsroom)

    assert list(found.items()) == [
        (f"{SITE}/shut$", ("search", "ai-index ai-input ai-train")),
        (f"{API}/v1/articles/{shut['id']}*", ("search", "ai-index ai-input ai-train")),
        (f"{SITE}/free$", ("search ai-index ai-input ai-train", "")),
        (f"{API}/v1/articles/{free['id']}*", ("search ai-index ai-input ai-train", "")),
        *every.items(),
    ]
    await newsroom.withdraw("free")
    await newsroom.withdraw("shut")
    assert await licensed(newsroom) == every


async def test_reservations_name_articles_that_say_otherwise_before_the_site(newsroom: Newsroom) -> None:
    free = await newsroom.publish("free", slug="free", rights={"ai": {"train": True}})
    await newsroom.publish("shut", rights={"ai": {"ground": False}})
    answer = await newsroom.get("/.well-known/tdmrep.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == [
        {"location": "/free$", "tdm-reservation": 0, "tdm-policy": POLICY},
        {"location": f"/v1/articles/{free['id']}*", "tdm-reservation": 0, "tdm-policy": POLICY},
        {"location": "/*", "tdm-reservation": 1, "tdm-policy": POLICY},
    ]
    known = {"If-None-Match": answer.headers["etag"]}
    assert (await newsroom.get("/.well-known/tdmrep.json", headers=known)).status_code == 304
    await newsroom.publish("free", slug="free", rights=None)
    assert len((await newsroom.get("/.well-known/tdmrep.json", headers=known)).json()) == 1
