"""JSON Feed, judged by its schema and compared with the articles that it was written from."""

from typing import Any

import pytest

from app.articles.schemas import ArticleOut
from app.core.clock import format_instant
from app.syndication.entry import Detail, Entry
from app.syndication.jsonfeed import JSON_FEED
from tests.syndication.articles import (
    BARE,
    BODYLESS,
    EVERYTHING,
    NASTY,
    PLAIN,
    QUOTED_URLS,
    TEN_IMAGES,
    article,
    image,
    picture,
)
from tests.syndication.channels import HUB, SITE, channel
from tests.syndication.standards import empties, faults, parsed

DETAILS: tuple[Detail, ...] = ("full", "summary", "headline")


def feed(*articles: ArticleOut, detail: Detail = "full", **changes: Any) -> dict[str, Any]:
    """A whole feed of these articles, as a strict parser reads it."""
    entries = [JSON_FEED.entry(Entry(one, SITE, detail)) for one in articles]
    opening = JSON_FEED.opening(channel(JSON_FEED, **changes))
    found = parsed(opening + JSON_FEED.separator.join(entries) + JSON_FEED.closing)
    assert isinstance(found, dict)
    return found


def item(one: ArticleOut, detail: Detail = "full") -> dict[str, Any]:
    """An article as the one item of a feed."""
    [found] = feed(one, detail=detail)["items"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("detail", DETAILS)
def test_feed_of_everything_nasty_is_valid(detail: Detail) -> None:
    found = feed(*NASTY.values(), detail=detail)

    assert faults(found, "jsonfeed-1.1") == []
    assert list(empties(found)) == []


def test_feed_without_articles_is_valid() -> None:
    found = feed()

    assert faults(found, "jsonfeed-1.1") == []
    assert found["items"] == []


@pytest.mark.parametrize("name", NASTY)
def test_item_says_what_the_article_says(name: str) -> None:
    one = NASTY[name]

    found = item(one)

    assert found["id"] == f"urn:uuid:{one.id}"
    assert found["url"] == one.url
    assert found["title"] == one.headline
    assert found.get("summary") == one.summary
    assert found["language"] == one.language
    assert found["date_published"] == format_instant(one.published_at)
    assert found["date_modified"] == format_instant(one.updated_at)
    assert [author["name"] for author in found.get("authors", [])] == [
        who.name for who in one.contributors if who.role == "author"
    ]
    assert found.get("tags", []) == [tag.name for tag in one.tags]
    if one.body:
        assert found["content_html"] == one.body_html


@pytest.mark.parametrize(
    ("one", "detail", "content"),
    [
        (PLAIN, "full", {"content_html": PLAIN.body_html}),
        (PLAIN, "summary", {"content_text": "Forty ships are waiting."}),
        (PLAIN, "headline", {"content_text": PLAIN.headline}),
        (BODYLESS, "full", {"content_text": "Forty ships are waiting."}),
        (BARE, "full", {"content_text": BARE.headline}),
        (BARE, "summary", {"content_text": BARE.headline}),
    ],
)
def test_item_has_exactly_one_content(one: ArticleOut, detail: Detail, content: dict[str, str]) -> None:
    found = item(one, detail)

    assert {name: found[name] for name in found if name.startswith("content_")} == content


def test_headlines_carry_no_summary() -> None:
    assert "summary" not in item(PLAIN, "headline")


def test_feed_introduces_itself() -> None:
    found = feed(site=HUB, language="en", older_url="https://api.newsroom.example/feeds/json?cursor=A")

    assert found["version"] == "https://jsonfeed.org/version/1.1"
    assert next(iter(found)) == "version"
    assert found["title"] == "Harbour Gazette: Fish & Chips"
    assert found["home_page_url"] == SITE.url
    assert found["feed_url"] == "https://api.newsroom.example/feeds/json?limit=3&content=full"
    assert found["next_url"] == "https://api.newsroom.example/feeds/json?cursor=A"
    assert found["hubs"] == [{"type": "WebSub", "url": "https://hub.example/push"}]
    assert found["authors"] == [{"name": "Harbour Gazette", "url": SITE.url}]
    assert found["language"] == "en"


def test_correction_changes_the_date_and_not_the_id() -> None:
    before = article(2, version=1)

    found = item(EVERYTHING)

    assert found["id"] == item(before)["id"]
    assert found["date_modified"] > item(before)["date_modified"]
    assert found["date_published"] == item(before)["date_published"]


def test_minor_edit_changes_no_date() -> None:
    edited = article(1, version=2, modified_at="2026-11-21T08:00:00Z")

    assert item(edited)["date_modified"] == item(PLAIN)["date_modified"]


def test_tags_of_one_name_are_one() -> None:
    tags = [{"slug": f"paris-{kind}", "name": "Paris", "kind": kind} for kind in ("place", "person")]

    found = item(article(tags=tags))

    assert found["tags"] == ["Paris"]
    assert [tag["kind"] for tag in found["_dateline"]["tags"]] == ["place", "person"]


def test_pictures_are_attached_with_their_types() -> None:
    found = item(TEN_IMAGES)

    assert found["image"] == "https://images.newsroom.example/picture-0.jpg"
    assert [one["mime_type"] for one in found["attachments"]] == [
        *("image/jpeg", "image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/svg+xml"),
        *("image/jpeg", "image/tiff"),
    ]


def test_pictures_of_the_same_caption_are_not_taken_for_forms_of_one() -> None:
    found = item(article(body=[picture("a.jpg"), picture("b.jpg"), picture("c.jpg", caption="The queue")]))

    assert [one.get("title") for one in found["attachments"]] == [None, None, "The queue"]


def test_addresses_are_written_in_ascii() -> None:
    found = item(QUOTED_URLS)

    assert found["external_url"] == "https://xn--bcher-kva.example/stra%C3%9Fe?q='%C3%A4'&r=%22#%C3%BC"
    assert found["image"].endswith("it's%22quoted%22.jpg?a=1&b='2'&c=%C3%A9")


def test_extension_has_what_the_format_lacks() -> None:
    found = item(EVERYTHING)["_dateline"]

    assert found["about"] == "https://api.newsroom.example/docs"
    assert found["breaking"] is True
    assert found["section"] == {"slug": "economy", "name": "Economy & Ports"}
    assert found["place"] == "Marseille"
    assert found["corrections"][0]["text"] == "The strike lasted nine days, not eight."
    assert found["images"][0]["credit"] == "Jonas Weir"
    assert found["rights"]["territories"] == ["FR", "BE"]
    assert found["rights"]["expires_at"] == "2027-11-20T00:00:00Z"
    assert found["ai"] == {"train": False, "ground": True, "summarise": True}
    assert len(found["contributors"]) == 4


def test_lone_surrogates_are_dropped() -> None:
    broken = PLAIN.model_copy(update={"headline": "Har\ud800bour", "body_html": "<p>\udfffquay</p>"})

    found = item(broken)

    assert (found["title"], found["content_html"]) == ("Harbour", "<p>quay</p>")


def test_picture_without_a_file_type_is_not_attached() -> None:
    assert "attachments" not in item(article(image=image("show?id=1")))
