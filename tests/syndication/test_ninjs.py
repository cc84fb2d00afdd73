"""ninjs 3.1 and 2.2, judged by IPTC's schemas and compared with the articles that they were written from."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from app.articles.schemas import ArticleOut
from app.core.clock import format_instant
from app.core.markup import blocks_text
from app.syndication.entry import Detail, Entry, Removal
from app.syndication.formats import Format
from app.syndication.ninjs import NINJS_2, NINJS_3, Version, item
from tests.syndication.articles import ARABIC, BARE, EVERYTHING, NASTY, PLAIN, QUOTED_URLS, TEN_IMAGES, article, rights
from tests.syndication.channels import SITE, channel
from tests.syndication.standards import empties, faults, parsed

FORMATS = pytest.mark.parametrize(("format", "schema"), [(NINJS_3, "ninjs-3.1"), (NINJS_2, "ninjs-2.2")])
VERSIONS = pytest.mark.parametrize("version", ["3.1", "2.2"])

GONE = Removal(
    UUID("019a9c5e-8a3c-7c41-9d5e-0000000000ff"), datetime(2026, 11, 20, 9, tzinfo=UTC), "legal", "Taken back."
)


def feed(
    format: Format, *articles: ArticleOut, detail: Detail = "full", removals: tuple[Removal, ...] = (), **changes: Any
) -> dict[str, Any]:
    """A whole feed of these articles and removals, as a strict parser reads it."""
    assert format.removal is not None
    parts = [format.entry(Entry(one, SITE, detail)) for one in articles] + [format.removal(one) for one in removals]
    found = parsed(format.opening(channel(format, **changes)) + format.separator.join(parts) + format.closing)
    assert isinstance(found, dict)
    return found


def alone(one: ArticleOut, version: Version = "3.1", detail: Detail = "full") -> dict[str, Any]:
    """An article alone, as it is read."""
    found = parsed(json.dumps(item(Entry(one, SITE, detail), version)))
    assert isinstance(found, dict)
    return found


def values(roles: list[dict[str, str]]) -> dict[str, str]:
    """What is said in each role."""
    return {one["role"]: one["value"] for one in roles}


@FORMATS
@pytest.mark.parametrize("detail", ["full", "summary", "headline"])
def test_feed_of_everything_nasty_is_valid(format: Format, schema: str, detail: Detail) -> None:
    older = "https://api.newsroom.example/feeds/ninjs?cursor=A"

    found = feed(format, *NASTY.values(), detail=detail, removals=(GONE,), language="en", older_url=older)

    assert faults(found, schema) == []
    assert list(empties(found)) == []


@FORMATS
def test_feed_without_articles_is_valid(format: Format, schema: str) -> None:
    found = feed(format)

    assert faults(found, schema) == []
    assert (found["type"], found["associations"]) == ("composite", [])


@FORMATS
@pytest.mark.parametrize("name", NASTY)
def test_article_alone_is_valid(format: Format, schema: str, name: str) -> None:
    assert format.alone is not None

    found = parsed(format.alone(Entry(NASTY[name], SITE)))

    assert faults(found, schema) == []
    assert list(empties(found)) == []


@pytest.mark.parametrize("name", NASTY)
def test_item_says_what_the_article_says(name: str) -> None:
    one = NASTY[name]

    found = alone(one)

    assert found["uri"] == f"urn:uuid:{one.id}"
    assert found["version"] == str(one.version)
    assert found["language"] == one.language
    assert found["firstCreated"] == format_instant(one.first_published_at)
    assert found["contentCreated"] == format_instant(one.published_at)
    assert found["versionCreated"] == format_instant(one.updated_at)
    assert values(found["headlines"])["main"] == one.headline
    assert values(found["headlines"]).get("short") == one.short_headline
    assert values(found.get("descriptions", [])).get("summary") == one.summary
    assert found.get("by", "") == ", ".join(who.name for who in one.contributors if who.role == "author")
    bodies = {body["contentType"]: body["value"] for body in found.get("bodies", [])}
    plain = blocks_text(one.body)
    expected = {"text/html": one.body_html, "text/plain": plain}
    assert bodies == {form: value for form, value in expected.items() if value}


@VERSIONS
def test_both_versions_say_the_same(version: Version) -> None:
    found = alone(EVERYTHING, version)

    assert found["standard"] == {
        "name": "ninjs",
        "version": version,
        "schema": f"http://www.iptc.org/std/ninjs/ninjs-schema_{version}.json#",
    }
    assert found["urgency"] == 1
    assert found["located"] == "Marseille"
    assert found["places"] == [{"name": "Marseille", "literal": "marseille"}]
    assert found["subjects"] == [{"name": "Economy & Ports", "rel": "section", "literal": "economy"}]
    assert [event["name"] for event in found["events"]] == ["Cap Selvan strike", "Dockers strike at Cap Selvan"]
    assert found["events"][1]["uri"] == "urn:uuid:019a9a10-5b1f-7d0a-8e44-91c7b2d3f6a8"
    assert found["by"] == "Inès Caradec, Tom O’Hara"


def test_names_of_version_2_are_in_lower_case() -> None:
    found = alone(EVERYTHING, "2.2")

    assert {
        "altids",
        "contentcreated",
        "copyrightholder",
        "ednote",
        "infosources",
        "pubstatus",
        "representationtype",
        "rightsinfo",
        "usageterms",
        "versioncreated",
    } <= found.keys()
    assert "poi" not in json.dumps(found)


def test_names_and_sources_have_their_roles() -> None:
    sources = [(one["name"], one["role"]) for one in alone(EVERYTHING)["infoSources"]]

    assert sources == [
        ("Inès Caradec", "author"),
        ("Tom O’Hara", "author"),
        ("Jonas Weir", "photographer"),
        ("Inès Caradec", "photographer"),
        ("Port Wire", "source"),
    ]


def test_other_names_of_the_article_are_kept() -> None:
    assert alone(EVERYTHING)["altIds"] == [
        {"role": "external", "value": "wire-123"},
        {"role": "slug", "value": EVERYTHING.slug},
    ]


def test_tags_go_by_their_kinds() -> None:
    kinds = ("topic", "person", "place", "organisation", "event", "ship")
    tags = [{"slug": kind, "name": kind.title(), "kind": kind} for kind in kinds]

    found = alone(article(tags=tags))

    names = {name: [one["name"] for one in found[name]] for name in ("people", "places", "organisations", "events")}
    assert names == {"people": ["Person"], "places": ["Place"], "organisations": ["Organisation"], "events": ["Event"]}
    assert [one["name"] for one in found["subjects"]] == ["Topic", "Ship"]


def test_corrections_are_told_to_readers_and_to_editors() -> None:
    found = alone(EVERYTHING)

    assert values(found["descriptions"])["correction"] == "The strike lasted nine days, not eight."
    assert found["edNote"] == (
        "Corrected 2026-11-20T07:10:31.008412Z, version 2 (major): The strike lasted nine days, not eight."
    )


def test_pictures_are_associated_with_their_files() -> None:
    [lead] = alone(EVERYTHING)["associations"]

    assert lead["name"] == "main picture"
    assert lead["by"] == "Jonas Weir"
    assert values(lead["descriptions"]) == {
        "caption": "The first ship docked at 06:40.",
        "alt": "Cranes over a ship at dawn",
    }
    assert lead["renditions"] == [
        {
            "name": "main",
            "href": "https://images.newsroom.example/harbour.jpg",
            "contentType": "image/jpeg",
            "width": 1600,
            "height": 900,
            "poi": {"x": 800, "y": 360},
        }
    ]


def test_every_picture_is_associated_once() -> None:
    found = alone(TEN_IMAGES)["associations"]

    assert [one["name"] for one in found] == ["main picture", *(f"picture {number}" for number in range(2, 11))]
    assert len({one["uri"] for one in found}) == 10


@pytest.mark.parametrize(("detail", "kind"), [("full", "full"), ("summary", "partial"), ("headline", "partial")])
def test_less_than_the_whole_is_partial(detail: Detail, kind: str) -> None:
    found = alone(PLAIN, detail=detail)

    assert found["representationType"] == kind
    assert ("bodies" in found) is (detail == "full")


def test_counts_are_of_the_words_that_are_read() -> None:
    bodies = alone(ARABIC)["bodies"]

    assert {body["charCount"] for body in bodies} == {len(blocks_text(ARABIC.body))}
    assert {body["wordCount"] for body in bodies} == {ARABIC.word_count}


def test_rights_are_in_words() -> None:
    found = alone(EVERYTHING)

    assert found["copyrightHolder"] == "Harbour Gazette"
    assert found["copyrightNotice"] == "© 2026 Harbour Gazette"
    assert found["usageTerms"] == "Not to be changed; credit the Harbour Gazette."
    assert "expires" not in found


def test_rights_are_a_policy_too() -> None:
    info = alone(EVERYTHING)["rightsInfo"]

    policy = parsed(info["encodedRights"])

    assert info["langId"] == "http://www.w3.org/ns/odrl/2/"
    assert policy["target"] == f"urn:uuid:{EVERYTHING.id}"
    assert [rule(one) for one in policy["prohibition"]] == [
        ("use", "spatial", "isNoneOf", [{"@id": f"http://cvx.iptc.org/iso3166-1a2/{code}"} for code in ("FR", "BE")]),
        ("use", "dateTime", "gteq", {"@value": "2027-11-20T00:00:00Z", "@type": "xsd:dateTime"}),
        ("tdm:mine", "purpose", "eq", "ai-train"),
    ]
    assert ("tdm:mine", "purpose", "eq", "ai-input") in [rule(one) for one in policy["permission"]]


def rule(one: dict[str, Any]) -> tuple[str, str, str, object]:
    """A rule of ODRL with its one constraint."""
    [constraint] = one["constraint"]
    return one["action"], constraint["leftOperand"], constraint["operator"], constraint["rightOperand"]


@pytest.mark.parametrize("own", [None, rights(territories=[], expires_at=None, ai={})])
def test_rights_that_are_the_site_s_are_linked(own: dict[str, Any] | None) -> None:
    assert alone(article(rights=own))["rightsInfo"] == {
        "langId": "https://rslstandard.org/rsl",
        "linkedRights": "https://api.newsroom.example/license.xml",
    }


def test_article_without_a_word_on_machines_has_no_rule_for_them() -> None:
    own = rights(ai={}, expires_at=None)

    policy = parsed(alone(article(rights=own))["rightsInfo"]["encodedRights"])

    assert "permission" not in policy
    assert [one["action"] for one in policy["prohibition"]] == ["use"]


def test_withdrawn_article_is_canceled() -> None:
    [found] = feed(NINJS_3, removals=(GONE,))["associations"]

    assert found["uri"] == f"urn:uuid:{GONE.id}"
    assert found["pubStatus"] == "canceled"
    assert found["versionCreated"] == "2026-11-20T09:00:00Z"
    assert found["edNote"] == "Withdrawn: legal"
    assert values(found["descriptions"]) == {"withdrawal": "Taken back."}
    assert "headlines" not in found


def test_withdrawal_without_a_word_is_valid() -> None:
    silent = Removal(GONE.id, GONE.at, "error", None)

    assert faults(feed(NINJS_2, removals=(silent,)), "ninjs-2.2") == []


def test_feed_names_its_pages() -> None:
    found = feed(NINJS_3, BARE, older_url="https://api.newsroom.example/feeds/ninjs?cursor=A")

    pages = {one["name"]: one["href"] for one in found["renditions"]}
    assert pages == {
        "self": "https://api.newsroom.example/feeds/ninjs?limit=3&content=full",
        "current": "https://api.newsroom.example/feeds/ninjs",
        "next": "https://api.newsroom.example/feeds/ninjs?cursor=A",
        "web": SITE.url,
    }
    assert [one["name"] for one in found["associations"]] == [BARE.headline]


def test_addresses_are_written_in_ascii() -> None:
    found = alone(QUOTED_URLS)

    assert found["infoSources"][0]["uri"] == "https://xn--bcher-kva.example/stra%C3%9Fe?q='%C3%A4'&r=%22#%C3%BC"


def test_id_stays_and_version_moves() -> None:
    first, third = alone(article(2)), alone(EVERYTHING)

    assert first["uri"] == third["uri"]
    assert (first["version"], third["version"]) == ("1", "3")
    assert third["versionCreated"] > first["versionCreated"]


def test_media_types_carry_the_version() -> None:
    assert NINJS_3.media_type == "application/vnd.iptc.ninjs+json; version=3.1"
    assert NINJS_2.media_type == "application/vnd.iptc.ninjs+json; version=2.2"
