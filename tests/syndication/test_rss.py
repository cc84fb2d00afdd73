import html
import re
from collections import Counter
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import pytest

from app.articles.schemas import ArticleOut
from app.core.clock import format_instant
from app.syndication.rss import RSS
from app.syndication.xml import legal
from tests.syndication.articles import (
    BARE,
    BODYLESS,
    CDATA,
    CONTROLS,
    ENTITIES,
    EVERYTHING,
    NASTY,
    PLAIN,
    article,
    paragraph,
    picture,
)
from tests.syndication.channels import HUB, as_read, at, document, found, names_filed_under, spaced, strictly

_DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"\d{2}:\d{2}:\d{2} \+0000"
)

each = pytest.mark.parametrize("story", NASTY.values(), ids=NASTY.keys())


@each
def test_item_says_what_the_article_says(story: ArticleOut) -> None:
    item = strictly(document(RSS, story)).find("channel/item")
    assert item is not None

    assert found(item, "title") == [legal(story.headline)]
    assert found(item, "guid") == [f"urn:uuid:{story.id}"]
    assert found(item, "content:encoded") == ([legal(story.body_html)] if story.body_html else [])
    assert found(item, "dc:language") == found(item, "@xml:lang") == [story.language]
    assert found(item, "atom:updated") == [format_instant(story.updated_at)]
    assert parsedate_to_datetime(found(item, "pubDate")[0]) == story.published_at.replace(microsecond=0)
    if story.summary is not None:
        assert [html.unescape(text) for text in found(item, "description")] == [legal(story.summary)]


@each
def test_other_peoples_parser_reads_the_same(story: ArticleOut) -> None:
    (entry,) = as_read(document(RSS, story)).entries

    assert spaced(entry.title) == spaced(legal(story.headline))
    assert entry.link == story.url
    assert entry.id == f"urn:uuid:{story.id}"
    assert not entry.guidislink
    assert at(entry.published_parsed) == story.published_at.replace(microsecond=0)
    assert at(entry.updated_parsed) == story.updated_at.replace(microsecond=0)
    if story.body_html:
        assert spaced(entry.content[0].value) == spaced(legal(story.body_html))
    assert spaced(html.unescape(entry.get("summary", ""))) == spaced(legal(story.summary or ""))
    names = dict.fromkeys(who.name for who in story.contributors if who.role == "author")
    assert [author.get("name") for author in entry.get("authors", [])] == [legal(name) for name in names]
    assert [tag.term for tag in entry.get("tags", [])] == names_filed_under(story)


@each
def test_document_has_every_namespace_once_and_only_declared_prefixes(story: ArticleOut) -> None:
    xml = document(RSS, story, PLAIN).decode()
    root, rest = xml.split(">", 2)[1:]
    assert xml.startswith('<?xml version="1.0" encoding="utf-8"?>\n<rss ')
    assert Counter(re.findall(r"xmlns:?[a-z]*=", xml)).most_common(1)[0][1] == 1
    assert "xmlns" in root
    assert "xmlns" not in rest
    assert "<![CDATA[" not in xml


@each
def test_required_elements_are_there_once(story: ArticleOut) -> None:
    root = strictly(document(RSS, story, site=HUB))
    assert found(root, "/rss/@version") == ["2.0"]
    for path in ("title", "link", "description", "lastBuildDate", "generator", "docs", "ttl", "copyright"):
        assert len(found(root, f"channel/{path}")) == 1, path
    for path in ("title", "link", "guid", "pubDate", "atom:updated", "dc:language"):
        assert len(found(root, f"channel/item/{path}")) == 1, path
    for path in ("description", "content:encoded", "dc:source", "dc:rights", "media:thumbnail", "dcterms:valid"):
        assert len(found(root, f"channel/item/{path}")) <= 1, path


@each
def test_addresses_are_absolute_uris(story: ArticleOut) -> None:
    root = strictly(document(RSS, story, site=HUB, older_url="https://api.newsroom.example/feeds/rss?cursor=a"))
    addresses = found(root, "//link") + found(root, "//@href") + found(root, "//@url")
    assert len(addresses) > 4
    for address in addresses:
        parts = urlsplit(address)
        assert parts.scheme == "https", address
        assert re.fullmatch(r"[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]+", address), address


@each
def test_links_in_the_content_are_absolute(story: ArticleOut) -> None:
    for content in found(strictly(document(RSS, story)), "//content:encoded"):
        for link in re.findall(r'(?:href|src)="([^"]*)"', content):
            assert link.startswith("https://"), link


def test_dates_are_of_rfc_822_with_a_numeric_zone() -> None:
    root = strictly(document(RSS, *NASTY.values()))
    dates = found(root, "//pubDate") + found(root, "//lastBuildDate")
    assert len(dates) == len(NASTY) + 1
    assert all(map(_DATE.fullmatch, dates)), dates
    assert found(root, "channel/lastBuildDate") == ["Fri, 20 Nov 2026 07:10:31 +0000"]


def test_guids_are_no_addresses_and_all_different() -> None:
    root = strictly(document(RSS, *NASTY.values()))
    assert set(found(root, "//guid/@isPermaLink")) == {"false"}
    assert len(set(found(root, "//guid"))) == len(NASTY)


def test_correction_changes_updated_and_not_the_guid_or_the_date() -> None:
    before = strictly(document(RSS, article(1)))
    after = strictly(document(RSS, article(1, version=2, slug="moved", updated_at="2026-11-21T09:00:00Z")))
    for path in ("//guid", "//pubDate"):
        assert found(after, path) == found(before, path)
    assert found(after, "//item/atom:updated") == ["2026-11-21T09:00:00Z"]
    assert found(after, "//item/link") != found(before, "//item/link")


def test_feed_says_once_where_it_is() -> None:
    root = strictly(document(RSS, EVERYTHING))
    links = root.findall(".//{http://www.w3.org/2005/Atom}link[@rel='self']")
    assert [dict(link.attrib) for link in links] == [
        {
            "rel": "self",
            "type": "application/rss+xml",
            "href": "https://api.newsroom.example/feeds/rss?limit=3&content=full",
        }
    ]


def test_feed_names_its_hub_only_where_there_is_one() -> None:
    path = "channel/atom:link[@rel='hub']/@href"
    assert found(strictly(document(RSS, site=HUB)), path) == ["https://hub.example/push"]
    assert found(strictly(document(RSS)), path) == []


def test_feed_leads_into_its_archive() -> None:
    older = "https://api.newsroom.example/feeds/rss?cursor=older"
    root = strictly(document(RSS, older_url=older))
    assert found(root, "channel/atom:link[@rel='prev-archive']/@href") == [older]
    assert found(root, "channel/atom:link[@rel='next']/@href") == [older]
    assert found(root, "channel/fh:archive | channel/atom:link[@rel='current']") == []


def test_archive_says_that_it_is_one_and_where_news_is() -> None:
    root = strictly(document(RSS, is_archive=True))
    assert found(root, "channel/fh:archive") == [""]
    assert found(root, "channel/atom:link[@rel='current']/@href") == ["https://api.newsroom.example/feeds/rss"]
    assert found(root, "channel/atom:link[@rel='prev-archive' or @rel='next']") == []


def test_feed_says_its_language_only_where_it_has_one() -> None:
    assert found(strictly(document(RSS, language="ar")), "channel/language") == ["ar"]
    assert found(strictly(document(RSS)), "channel/language") == []


def test_metadata_stand_before_items() -> None:
    channel = strictly(document(RSS, PLAIN, EVERYTHING, site=HUB))[0]
    names = [child.tag for child in channel]
    assert names[-2:] == ["item", "item"]
    assert "item" not in names[:-2]


def test_empty_feed_is_a_document() -> None:
    assert as_read(document(RSS)).entries == []


def test_titles_survive_readers_that_unescape_twice() -> None:
    xml = document(RSS, ENTITIES)
    assert b"&amp;" not in xml
    assert b"&lt;" not in xml
    assert b"<title>Fish &#x26; Chips &#x3C;b&gt;cost" in xml


def test_description_is_html_of_a_plain_summary() -> None:
    root = strictly(document(RSS, article(1, summary="1 < 2 & <br> &amp;")))
    assert found(root, "//item/description") == ["1 &lt; 2 &amp; &lt;br&gt; &amp;amp;"]


def test_description_stands_before_the_content_and_begins_it_where_there_is_no_summary() -> None:
    body = [picture("a.jpg"), paragraph("<em>Forty</em> ships &amp; more."), paragraph("Second.")]
    item = strictly(document(RSS, article(1, summary=None, body=body)))[0][-1]
    names = [child.tag for child in item]
    assert names.index("description") < names.index("{http://purl.org/rss/1.0/modules/content/}encoded")
    assert found(item, "description") == ["Forty ships &amp; more."]


def test_end_of_cdata_is_text_like_any_other() -> None:
    (entry,) = as_read(document(RSS, CDATA)).entries
    assert entry.title == CDATA.headline
    assert entry.content[0].value == CDATA.body_html


def test_characters_that_xml_forbids_are_gone() -> None:
    xml = document(RSS, CONTROLS, article(7).model_copy(update={"headline": "lone \ud800 surrogate"})).decode()
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", xml)
    assert found(strictly(xml.encode()), "//item/title")[1] == "lone  surrogate"
    assert found(strictly(xml.encode()), "//media:credit") == ["Credit"]


@pytest.mark.parametrize(
    ("detail", "has_description", "has_content", "images"),
    [("full", True, True, 1), ("summary", True, False, 1), ("headline", False, False, 1)],
)
def test_detail_decides_how_much_an_item_holds(
    detail: str, has_description: bool, has_content: bool, images: int
) -> None:
    root = strictly(document(RSS, EVERYTHING, detail=detail))  # type: ignore[arg-type]
    assert bool(found(root, "//item/description")) == has_description
    assert bool(found(root, "//item/content:encoded")) == has_content
    assert len(found(root, "//media:content")) == images


@pytest.mark.parametrize("story", [BODYLESS, BARE])
def test_article_without_a_body_has_no_content(story: ArticleOut) -> None:
    root = strictly(document(RSS, story))
    assert found(root, "//content:encoded") == []
    assert len(found(root, "//item/description")) == (story.summary is not None)


def test_picture_is_described_and_credited() -> None:
    (entry,) = as_read(document(RSS, EVERYTHING)).entries
    assert entry.media_content == [
        {
            "url": "https://images.newsroom.example/harbour.jpg",
            "type": "image/jpeg",
            "medium": "image",
            "width": "1600",
            "height": "900",
        }
    ]
    assert entry.media_credit == [{"role": "photographer", "scheme": "urn:ebu", "content": "Jonas Weir"}]
    root = strictly(document(RSS, EVERYTHING))
    assert found(root, "//media:content/media:description[@type='plain']") == ["The first ship docked at 06:40."]
    assert found(root, "//media:content/media:title[@type='plain']") == ["Cranes over a ship at dawn"]


def test_everybody_who_had_a_part_is_named_once() -> None:
    root = strictly(document(RSS, EVERYTHING))
    assert found(root, "//item/dc:creator") == ["Inès Caradec", "Tom O’Hara"]
    assert found(root, "//item/dc:contributor") == ["Jonas Weir"]
    # RSS's own author is an e-mail address, which nobody gave.
    assert found(root, "//item/author") == []


def test_section_and_tags_are_categories_of_their_vocabularies() -> None:
    (entry,) = as_read(document(RSS, EVERYTHING)).entries
    api = "https://api.newsroom.example/v1"
    assert [(tag.term, tag.scheme) for tag in entry.tags] == [
        ("Economy & Ports", f"{api}/sections"),
        ("Cap Selvan strike", f"{api}/tags"),
        ("Marseille", f"{api}/tags"),
    ]


def test_removal_has_no_word_in_rss() -> None:
    assert RSS.removal is None
    assert RSS.media_type == "application/rss+xml; charset=utf-8"
