"""JSON-LD, judged by schema.org's own names and by what Google asks for, and compared with the articles."""

import html
import json
from collections.abc import Iterator
from typing import Any

import pytest

from app.articles.examples import ID
from app.articles.schemas import ArticleOut
from app.articles.storylines.examples import WHOLE
from app.core.clock import format_instant, parse_instant
from app.core.markup import blocks_text
from app.syndication.entry import Detail, Entry
from app.syndication.jsonld import dumps, live_blog, news_article
from tests.syndication.articles import (
    BARE,
    CDATA,
    ENTITIES,
    EVERYTHING,
    NASTY,
    PLAIN,
    QUOTED_URLS,
    TEN_IMAGES,
    article,
    rights,
)
from tests.syndication.channels import SITE
from tests.syndication.standards import SCHEMAS, empties, parsed

NAMES: dict[str, dict[str, list[str]]] = json.loads((SCHEMAS / "schemaorg-names.json").read_text("utf-8"))


def news(one: ArticleOut, detail: Detail = "full") -> dict[str, Any]:
    """An article, as a strict parser reads it."""
    found = parsed(dumps(news_article(Entry(one, SITE, detail))))
    assert isinstance(found, dict)
    return found


def live(**changes: Any) -> dict[str, Any]:
    """The storyline of the documentation's examples, as a strict parser reads it."""
    found = parsed(dumps(live_blog(WHOLE | changes, SITE)))
    assert isinstance(found, dict)
    return found


def properties(kind: str) -> set[str]:
    """All that may be said of a thing of this type."""
    return {*NAMES[kind]["has"]}.union(*map(properties, NAMES[kind]["is"]))


def unknown(value: object, path: str = "$") -> Iterator[str]:
    """What schema.org does not know: types, and properties where they stand."""
    if isinstance(value, list):
        for number, element in enumerate(value):
            yield from unknown(element, f"{path}[{number}]")
    if isinstance(value, dict):
        known = properties(value["@type"]) | {"@context", "@type", "@id"}
        yield from (f"{path}.{name}" for name in value if name not in known)
        for name, member in value.items():
            yield from unknown(member, f"{path}.{name}")


@pytest.mark.parametrize("detail", ["full", "summary", "headline"])
@pytest.mark.parametrize("name", NASTY)
def test_articles_are_said_in_schema_org_s_words(name: str, detail: Detail) -> None:
    found = news(NASTY[name], detail)

    assert found["@context"] == "https://schema.org"
    assert found["@type"] == "NewsArticle"
    assert list(unknown(found)) == []
    assert list(empties(found)) == []


@pytest.mark.parametrize("name", NASTY)
def test_article_has_what_google_asks_for(name: str) -> None:
    found = news(NASTY[name])

    assert found["headline"]
    assert all(author["@type"] in ("Person", "Organization") and author["name"] for author in found["author"])
    assert all(image["url"].startswith("https://") for image in found.get("image", []))
    for name in ("datePublished", "dateModified"):
        parse_instant(found[name])
    assert found["publisher"] == {"@type": "Organization", "name": SITE.name, "url": SITE.url}


@pytest.mark.parametrize("name", NASTY)
def test_article_says_what_the_article_says(name: str) -> None:
    one = NASTY[name]

    found = news(one)

    assert found["@id"] == f"urn:uuid:{one.id}"
    assert found["url"] == one.url
    assert found["mainEntityOfPage"] == {"@type": "WebPage", "@id": one.url}
    assert found["headline"] == one.headline
    assert found.get("alternativeHeadline") == one.short_headline
    assert found.get("description") == one.summary
    assert found.get("articleBody", "") == blocks_text(one.body)
    assert found.get("articleSection") == (one.section.name if one.section else None)
    assert found.get("keywords", []) == [tag.name for tag in one.tags]
    assert found["inLanguage"] == one.language
    assert found["datePublished"] == format_instant(one.published_at)
    assert found["dateModified"] == format_instant(one.updated_at)
    assert found["version"] == one.version
    assert found["wordCount"] == one.word_count


def test_people_stand_in_their_roles() -> None:
    roles = ("author", "editor", "translator", "photographer", "author")
    contributors = [{"slug": f"{role}-{n}", "name": f"{role} {n}", "role": role} for n, role in enumerate(roles)]

    found = news(article(contributors=contributors))

    names = {name: [one["name"] for one in found[name]] for name in ("author", "editor", "translator", "contributor")}
    assert names == {
        "author": ["author 0", "author 4"],
        "editor": ["editor 1"],
        "translator": ["translator 2"],
        "contributor": ["photographer 3"],
    }


def test_article_that_nobody_signed_is_the_publication_s() -> None:
    assert news(PLAIN)["author"] == [{"@type": "Organization", "name": SITE.name, "url": SITE.url}]


def test_corrections_are_comments() -> None:
    assert news(EVERYTHING)["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "The strike lasted nine days, not eight.",
            "datePublished": "2026-11-20T07:10:31.008412Z",
        }
    ]


def test_source_is_what_it_is_based_on() -> None:
    found = news(EVERYTHING)

    assert found["isBasedOn"] == "https://wire.example/harbour?a=1&b=2"
    assert found["sourceOrganization"] == {"@type": "Organization", "name": "Port Wire"}


def test_picture_has_its_credit_and_size() -> None:
    found = news(EVERYTHING)

    assert found["image"] == [
        {
            "@type": "ImageObject",
            "url": "https://images.newsroom.example/harbour.jpg",
            "contentUrl": "https://images.newsroom.example/harbour.jpg",
            "encodingFormat": "image/jpeg",
            "caption": "The first ship docked at 06:40.",
            "description": "Cranes over a ship at dawn",
            "creditText": "Jonas Weir",
            "width": 1600,
            "height": 900,
        }
    ]
    assert found["thumbnailUrl"] == "https://images.newsroom.example/harbour.jpg"


def test_all_pictures_are_there_once() -> None:
    assert len(news(TEN_IMAGES)["image"]) == 10
    assert len(news(TEN_IMAGES, "summary")["image"]) == 1


def test_what_stands_beside_the_article_is_linked() -> None:
    found = news(EVERYTHING)

    assert found["isPartOf"] == {
        "@type": "CreativeWorkSeries",
        "@id": "urn:uuid:019a9a10-5b1f-7d0a-8e44-91c7b2d3f6a8",
        "name": "Dockers strike at Cap Selvan",
    }
    assert [one["inLanguage"] for one in found["workTranslation"]] == ["fr"]
    assert found["contentLocation"] == {"@type": "Place", "name": "Marseille"}
    assert found["dateline"] == "Marseille"
    assert found["about"] == [
        {"@type": "Thing", "name": "Cap Selvan strike"},
        {"@type": "Place", "name": "Marseille"},
    ]


def test_rights_are_there() -> None:
    found = news(EVERYTHING)

    assert found["license"] == "https://api.newsroom.example/license.xml"
    assert found["copyrightHolder"] == {"@type": "Organization", "name": "Harbour Gazette"}
    assert found["copyrightNotice"] == "© 2026 Harbour Gazette"
    assert found["copyrightYear"] == 2026
    assert found["expires"] == "2027-11-20T00:00:00Z"
    assert found["conditionsOfAccess"] == (
        "Not to be changed; credit the Harbour Gazette. – Territories: FR, BE – "
        "Machines may: search, ai-index, ai-input – Machines may not: ai-train"
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ai": {}}, "Not to be changed; credit the Harbour Gazette. – Territories: FR, BE"),
        ({"ai": {}, "usage_terms": None}, "Territories: FR, BE"),
        ({"ai": {}, "usage_terms": None, "territories": []}, None),
        (
            {"ai": {"train": True}, "usage_terms": None, "territories": []},
            "Machines may: search, ai-index, ai-input, ai-train",
        ),
    ],
)
def test_conditions_are_those_that_are_said(changes: dict[str, Any], words: str | None) -> None:
    assert news(article(rights=rights(**changes))).get("conditionsOfAccess") == words


@pytest.mark.parametrize("detail", ["summary", "headline"])
def test_less_than_the_whole_has_no_body(detail: Detail) -> None:
    found = news(EVERYTHING, detail)

    assert "articleBody" not in found
    assert ("description" in found) is (detail == "summary")


def test_nothing_in_a_script_ends_it() -> None:
    nasty = article(headline="</script><!--<script>", summary="a\u2028b\u2029c & d")

    text = dumps(news_article(Entry(nasty, SITE)))

    assert not set("<>&\u2028\u2029") & set(text)
    assert html.unescape(text) == text
    assert parsed(text)["headline"] == "</script><!--<script>"
    assert parsed(text)["description"] == "a\u2028b\u2029c & d"


@pytest.mark.parametrize("one", [CDATA, ENTITIES, BARE, QUOTED_URLS])
def test_texts_come_back_as_they_were(one: ArticleOut) -> None:
    assert news(one)["headline"] == one.headline


def test_lone_surrogates_are_dropped() -> None:
    assert news(PLAIN.model_copy(update={"headline": "Har\ud800bour"}))["headline"] == "Harbour"


def test_live_blog_is_said_in_schema_org_s_words() -> None:
    found = live()

    assert found["@type"] == "LiveBlogPosting"
    assert list(unknown(found)) == []
    assert list(empties(found)) == []


def test_live_blog_covers_its_articles() -> None:
    found = live()

    assert found["@id"] == f"urn:uuid:{WHOLE['id']}"
    assert found["headline"] == WHOLE["title"]
    assert found["url"] == WHOLE["links"]["self"]
    assert found["coverageStartTime"] == found["datePublished"] == WHOLE["first_published_at"]
    assert found["coverageEndTime"] == WHOLE["last_published_at"]
    assert found["dateModified"] == "2026-11-20T07:10:31.008412Z"
    assert found["image"]["creditText"] == "Jonas Weir"


def test_live_blog_s_updates_are_newest_first() -> None:
    first, second = live()["liveBlogUpdate"]

    assert first["datePublished"] > second["datePublished"]
    assert first["@id"] == f"urn:uuid:{ID}"
    card = WHOLE["articles"][-1]
    assert (first["headline"], first["articleBody"]) == (card["headline"], card["summary"])
    assert (first["url"], first["dateModified"]) == (card["url"], card["updated_at"])
    assert first["author"] == [{"@type": "Person", "name": "Inès Caradec"}]
    assert "image" in first
    assert "image" not in second


def test_update_without_a_summary_says_its_headline() -> None:
    card = WHOLE["latest"] | {"summary": None, "contributors": []}

    [update] = live(articles=[card], latest=card)["liveBlogUpdate"]

    assert update["articleBody"] == card["headline"]
    assert update["author"][0]["name"] == SITE.name
