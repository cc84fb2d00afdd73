"""Terms as machines take them: by the patterns of RFC 9309, whichever way they choose among them."""

import re
from typing import Any, Final
from urllib.parse import quote, urlsplit
from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree

from app.settings import Settings
from app.syndication import terms
from app.syndication.site import site_of
from app.syndication.terms import license_xml, robots, tdmrep
from tests.newsroom_client import Newsroom

API: Final = "https://api.newsroom.example"
SITE: Final = "https://www.newsroom.example"
RSL: Final = {"r": "https://rslstandard.org/rsl"}


def matches(pattern: str, path: str) -> bool:
    """RFC 9309, 2.2.3: a prefix, with * for anything and $ for the end."""
    ends = pattern.endswith("$")
    parts = (re.escape(part) for part in pattern.removesuffix("$").split("*"))
    return re.match(".*".join(parts) + ("$" if ends else ""), path) is not None


def reserved(rules: list[dict[str, Any]], path: str) -> set[int]:
    """What the rules say of a path: by the first that matches, and by the longest."""
    found = [rule for rule in rules if matches(rule["location"], path)]
    longest = max(found, key=lambda rule: len(rule["location"]), default=None)
    return {rule["tdm-reservation"] for rule in (*found[:1], *([longest] if longest else []))}


async def test_terms_of_an_article_are_not_those_of_one_whose_name_goes_on(newsroom: Newsroom) -> None:
    free = await newsroom.publish("free", slug="harbour", rights={"ai": {"train": True}})
    await newsroom.publish("shut", slug="harbour-reopens")
    rules = (await newsroom.get("/.well-known/tdmrep.json")).json()
    for path, told in (
        ("/harbour", {0}),
        ("/harbour-reopens", {1}),
        ("/", {1}),
        (f"/v1/articles/{free['id']}", {0}),
        (f"/v1/articles/{free['id']}.rss", {0}),
        ("/v1/timeline", {1}),
    ):
        assert reserved(rules, path) == told, path

    contents = etree.fromstring((await newsroom.get("/license.xml")).content).findall("r:content", RSL)
    special = [url for content in contents if "*" not in (url := str(content.get("url")))]
    assert [matches(url, f"{SITE}/harbour-reopens") for url in special] == [False]
    assert [matches(url, f"{SITE}/harbour") for url in special] == [True]
    assert len({content.get("url") for content in contents}) == len(contents)


async def test_locations_are_encoded_as_paths_are(newsroom: Newsroom) -> None:
    made = await newsroom.publish("ar", language="ar", headline="الميناء يفتح", rights={"ai": {"train": True}})
    rules = (await newsroom.get("/.well-known/tdmrep.json")).json()
    card = await newsroom.data(f"/v1/articles/{made['id']}")
    assert rules[0]["location"].isascii()
    assert reserved(rules, urlsplit(card["url"]).path) == {0}
    assert reserved(rules, f"/{quote('الميناء-يفتح-غدا')}") == {1}


def test_site_below_a_path_says_of_this_service_too() -> None:
    rules = tdmrep(site_of(Settings(api_url=API, site_url=f"{SITE}/news")), [])
    for path in ("/news/harbour", "/v1/articles/harbour", "/feeds/rss"):
        assert reserved(rules, path) == {1}, path


@pytest.mark.without_edge
async def test_terms_are_found_behind_rights_that_say_nothing_of_machines(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "MOST_EXCEPTIONS", 1)
    await newsroom.publish("older", slug="older", rights={"ai": {"train": True}})
    await newsroom.publish("free", slug="free", rights={"ai": {"train": True}})
    for n in range(2):
        await newsroom.publish(f"ends-{n}", rights={"expires_at": "2199-01-01T00:00:00Z"})
        await newsroom.publish(f"same-{n}", rights={"ai": {"train": False, "ground": True}})

    async def locations() -> list[str]:
        rules = (await newsroom.get("/.well-known/tdmrep.json")).json()
        return [rule["location"] for rule in rules if "/v1/" not in rule["location"]]

    assert await locations() == ["/free$", "/*"]
    monkeypatch.setattr(terms, "MOST_LOOKED_AT", 4)
    assert await locations() == ["/*"]


def test_site_and_service_may_share_an_address() -> None:
    contents = etree.fromstring(license_xml(site_of(Settings(api_url=SITE, site_url=SITE)), []))
    assert [content.get("url") for content in contents] == [f"{SITE}/*"]


@pytest.mark.parametrize("host", ["https://münchen.example", "https://api.newsroom.example/ä"])
def test_addresses_are_uris(host: str) -> None:
    site = site_of(Settings(api_url=host, site_url=host))
    assert robots(site).isascii()
    assert all(str(content.get("url")).isascii() for content in etree.fromstring(license_xml(site, [])))
    assert all(rule["location"].isascii() and rule["tdm-policy"].isascii() for rule in tdmrep(site, []))


async def test_robots_are_read_by_another_parser(newsroom: Newsroom) -> None:
    answer = await newsroom.get("/robots.txt")
    parser = RobotFileParser()
    parser.parse(answer.text.splitlines())
    assert parser.can_fetch("AnyBot", f"{API}/feeds/rss")
    assert parser.site_maps() == [f"{API}/sitemap.xml", f"{API}/sitemaps/news.xml"]
    assert (await newsroom.get("/robots.txt", headers={"If-None-Match": answer.headers["etag"]})).status_code == 304


def test_what_is_reserved_is_the_same_in_every_file() -> None:
    for train in (False, True):
        for ground, summarise in ((True, True), (True, False), (False, True)):
            site = site_of(
                Settings(api_url=API, site_url=SITE, ai_train=train, ai_ground=ground, ai_summarise=summarise)
            )
            root = etree.fromstring(license_xml(site, []))
            permits = root.findtext("r:content/r:license/r:permits", default="", namespaces=RSL).split()
            signal = next(line for line in robots(site).splitlines() if line.startswith("Content-Signal: "))
            said = dict(one.split("=") for one in signal.removeprefix("Content-Signal: ").split(", "))
            assert {name for name, value in said.items() if value == "yes"} == set(permits) - {"ai-index"}
            assert reserved(tdmrep(site, []), "/any") == {int(not train)}
