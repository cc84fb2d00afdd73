import re
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from app.articles.schemas import ArticleOut
from app.core.clock import format_instant, parse_instant
from app.syndication.atom import ATOM
from app.syndication.entry import Removal
from app.syndication.xml import legal
from tests.syndication.articles import BARE, BODYLESS, CDATA, CONTROLS, EVERYTHING, NASTY, PLAIN, TEN_IMAGES, article
from tests.syndication.channels import HUB, as_read, at, channel, document, found, spaced, strictly

each = pytest.mark.parametrize("story", NASTY.values(), ids=NASTY.keys())

_ID = UUID("019a9c5e-8a3c-7c41-9d5e-2f6b7a1c0e11")


def removal(reason: str = "legal", text: str | None = None) -> Removal:
    return Removal(_ID, datetime(2026, 11, 21, 9, 30, tzinfo=UTC), reason, text)


@each
def test_entry_says_what_the_article_says(story: ArticleOut) -> None:
    root = strictly(document(ATOM, story))
    entry = root.find("{http://www.w3.org/2005/Atom}entry")
    assert entry is not None

    assert found(entry, "atom:id") == [f"urn:uuid:{story.id}"]
    assert found(entry, "atom:title[@type='text']") == [legal(story.headline)]
    assert found(entry, "atom:summary[@type='text']") == [legal(text) for text in [story.summary] if text is not None]
    assert found(entry, "atom:content[@type='html']") == [legal(text) for text in [story.body_html] if text]
    assert found(entry, "atom:published") == [format_instant(story.published_at)]
    assert found(entry, "atom:updated") == [format_instant(story.updated_at)]
    assert found(entry, "@xml:lang") == [story.language]
    assert found(entry, "atom:link[@rel='alternate'][@type='text/html']/@href") == [story.url]
    assert found(entry, "atom:link[@rel='alternate']/@hreflang") == [story.language]


@each
def test_other_peoples_parser_reads_the_same(story: ArticleOut) -> None:
    (entry,) = as_read(document(ATOM, story)).entries

    assert spaced(entry.title) == spaced(legal(story.headline))
    assert entry.link == story.url
    assert entry.id == f"urn:uuid:{story.id}"
    assert at(entry.published_parsed) == story.published_at.replace(microsecond=0)
    assert at(entry.updated_parsed) == story.updated_at.replace(microsecond=0)
    assert spaced(entry.get("summary", "")) == spaced(legal(story.summary or ""))
    if story.body_html:
        assert spaced(entry.content[0].value) == spaced(legal(story.body_html))
        assert entry.content[0].type == "text/html"
        assert entry.content[0].language == story.language


@each
def test_document_has_every_namespace_once_and_only_declared_prefixes(story: ArticleOut) -> None:
    removed = ATOM.removal
    assert removed is not None
    xml = document(ATOM, story, PLAIN).removesuffix(b"</feed>") + removed(removal()) + ATOM.closing
    strictly(xml)
    root, rest = xml.decode().split(">", 2)[1:]
    assert "xmlns" in root
    assert "xmlns" not in rest
    assert b"<feed xmlns" in xml
    assert Counter(re.findall(r"xmlns:?[a-z]*=", root)).most_common(1)[0][1] == 1


@each
def test_required_elements_are_there_once(story: ArticleOut) -> None:
    root = strictly(document(ATOM, story, site=HUB))
    # RFC 4287, 4.1.1 and 4.1.2.
    for name in ("id", "title", "updated", "subtitle", "generator", "rights"):
        assert len(found(root, f"/atom:feed/atom:{name}")) == 1, name
    for name in ("id", "title", "updated", "published"):
        assert len(found(root, f"atom:entry/atom:{name}")) == 1, name
    for name in ("summary", "content", "rights"):
        assert len(found(root, f"atom:entry/atom:{name}")) <= 1, name


@each
def test_no_two_links_of_one_kind_say_the_same(story: ArticleOut) -> None:
    root = strictly(document(ATOM, story, site=HUB, older_url="https://api.newsroom.example/feeds/atom?cursor=a"))
    for parent in (root, root[-1]):
        links = parent.findall("{http://www.w3.org/2005/Atom}link")
        kinds = [tuple(link.get(name) for name in ("rel", "type", "hreflang")) for link in links]
        assert len(set(kinds)) == len(kinds)
        assert all(link.text is None and len(link) == 0 for link in links)


@each
def test_addresses_are_absolute(story: ArticleOut) -> None:
    root = strictly(document(ATOM, story, site=HUB))
    addresses = found(root, "//@href") + found(root, "//@url") + found(root, "//atom:uri")
    assert len(addresses) > 4
    assert all(urlsplit(address).scheme == "https" and address.isascii() for address in addresses), addresses


def test_dates_are_of_rfc_3339() -> None:
    root = strictly(document(ATOM, *NASTY.values()))
    dates = found(root, "//atom:updated") + found(root, "//atom:published")
    assert len(dates) == 2 * len(NASTY) + 1
    for date in dates:
        parse_instant(date)
        assert date.endswith("Z")


def test_ids_are_all_different_and_of_the_feed_another() -> None:
    ids = found(strictly(document(ATOM, *NASTY.values())), "//atom:id")
    assert len(set(ids)) == len(NASTY) + 1
    assert all(id == id.strip() and UUID(id.removeprefix("urn:uuid:")) for id in ids)


def test_correction_changes_updated_and_not_the_id() -> None:
    before = strictly(document(ATOM, article(1)))
    after = strictly(document(ATOM, article(1, version=2, slug="moved", updated_at="2026-11-21T09:00:00Z")))
    for path in ("//atom:entry/atom:id", "//atom:entry/atom:published"):
        assert found(after, path) == found(before, path)
    assert found(after, "//atom:entry/atom:updated") == ["2026-11-21T09:00:00Z"]


def test_typo_leaves_the_entry_as_new_as_it_was() -> None:
    mended = article(1, version=2, modified_at="2026-11-21T09:00:00Z", headline="Mended")
    assert found(strictly(document(ATOM, mended)), "//atom:entry/atom:updated") == ["2026-11-20T05:52:07.214903Z"]


def test_feed_says_once_where_it_is() -> None:
    root = strictly(document(ATOM, EVERYTHING))
    assert found(root, "//atom:link[@rel='self'][@type='application/atom+xml']/@href") == [
        "https://api.newsroom.example/feeds/atom?limit=3&content=full"
    ]
    assert found(root, "/atom:feed/atom:link[@rel='alternate'][@type='text/html']/@href") == [
        "https://www.newsroom.example"
    ]


def test_feed_names_its_hub_only_where_there_is_one() -> None:
    path = "/atom:feed/atom:link[@rel='hub']/@href"
    assert found(strictly(document(ATOM, site=HUB)), path) == ["https://hub.example/push"]
    assert found(strictly(document(ATOM)), path) == []


def test_feed_leads_into_its_archive() -> None:
    older = "https://api.newsroom.example/feeds/atom?cursor=older"
    root = strictly(document(ATOM, older_url=older))
    assert found(root, "atom:link[@rel='prev-archive']/@href") == [older]
    assert found(root, "atom:link[@rel='next']/@href") == [older]
    assert found(root, "fh:archive | atom:link[@rel='current']") == []


def test_archive_says_that_it_is_one_and_where_news_is() -> None:
    root = strictly(document(ATOM, is_archive=True))
    assert found(root, "fh:archive") == [""]
    assert found(root, "atom:link[@rel='current']/@href") == ["https://api.newsroom.example/feeds/atom"]


def test_metadata_stand_before_entries() -> None:
    names = [child.tag for child in strictly(document(ATOM, PLAIN, EVERYTHING, site=HUB))]
    entry = "{http://www.w3.org/2005/Atom}entry"
    assert names[-2:] == [entry, entry]
    assert entry not in names[:-2]


def test_entry_that_names_nobody_inherits_the_author_of_the_feed() -> None:
    root = strictly(document(ATOM, PLAIN, EVERYTHING))
    assert found(root, "/atom:feed/atom:author/atom:name") == ["Harbour Gazette"]
    assert found(root, "atom:entry[1]/atom:author") == []
    assert found(root, "atom:entry[2]/atom:author/atom:name") == ["Inès Caradec", "Tom O’Hara"]
    assert found(root, "atom:entry[2]/atom:contributor/atom:name") == ["Jonas Weir"]


def test_section_and_tags_are_categories_of_their_vocabularies() -> None:
    (entry,) = as_read(document(ATOM, EVERYTHING)).entries
    api = "https://api.newsroom.example/v1"
    assert [(tag.term, tag.scheme, tag.label) for tag in entry.tags] == [
        ("economy", f"{api}/sections", "Economy & Ports"),
        ("cap-selvan-strike", f"{api}/tags", "Cap Selvan strike"),
        ("marseille", f"{api}/tags", "Marseille"),
    ]


def test_source_and_translations_are_linked() -> None:
    root = strictly(document(ATOM, EVERYTHING))
    assert found(root, "atom:entry/atom:link[@rel='via']/@href") == ["https://wire.example/harbour?a=1&b=2"]
    assert found(root, "atom:entry/atom:link[@rel='related'][@hreflang='fr']/@href") == [
        "https://www.newsroom.example/le-port-rouvre"
    ]
    assert found(root, "atom:entry/dc:source") == ["Port Wire"]


def test_rights_are_carried() -> None:
    root = strictly(document(ATOM, EVERYTHING))
    assert found(root, "atom:entry/atom:rights") == [
        "© 2026 Harbour Gazette – Not to be changed; credit the Harbour Gazette."
    ]
    assert found(root, "atom:entry/dcterms:valid") == ["end=2027-11-20T00:00:00Z;scheme=W3C-DTF"]
    assert found(root, "atom:entry/media:restriction") == ["FR BE"]
    assert found(root, "atom:entry//rsl:prohibits[@type='usage']") == ["ai-train"]
    assert found(root, "/atom:feed/atom:link[@rel='license']/@href") == ["https://api.newsroom.example/license.xml"]


def test_pictures_are_carried() -> None:
    (entry,) = as_read(document(ATOM, TEN_IMAGES)).entries
    assert len(entry.media_content) == len(entry.media_credit) == 10
    assert found(strictly(document(ATOM, TEN_IMAGES)), "//media:description")[1:] == [
        f"Number {number}" for number in range(1, 10)
    ]


@pytest.mark.parametrize("story", [BODYLESS, BARE])
def test_entry_without_content_has_an_alternate(story: ArticleOut) -> None:
    root = strictly(document(ATOM, story))
    assert found(root, "//atom:content") == []
    assert found(root, "atom:entry/atom:link[@rel='alternate']/@href") == [story.url]
    assert len(found(root, "//atom:summary")) == (story.summary is not None)


@pytest.mark.parametrize(("detail", "summaries", "contents"), [("full", 1, 1), ("summary", 1, 0), ("headline", 0, 0)])
def test_detail_decides_how_much_an_entry_holds(detail: str, summaries: int, contents: int) -> None:
    root = strictly(document(ATOM, EVERYTHING, detail=detail))  # type: ignore[arg-type]
    assert len(found(root, "//atom:summary")) == summaries
    assert len(found(root, "//atom:content")) == contents


def test_end_of_cdata_is_text_like_any_other() -> None:
    (entry,) = as_read(document(ATOM, CDATA)).entries
    assert (entry.title, entry.summary) == (CDATA.headline, CDATA.summary)
    assert entry.content[0].value == CDATA.body_html


def test_characters_that_xml_forbids_are_gone() -> None:
    xml = document(ATOM, CONTROLS).decode()
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", xml)
    assert found(strictly(xml.encode()), "atom:entry/atom:author/atom:name") == ["Escape"]


def test_feed_has_the_language_that_all_of_it_is_in() -> None:
    assert found(strictly(document(ATOM, language="ar")), "@xml:lang") == ["ar"]
    assert found(strictly(document(ATOM)), "@xml:lang") == []


@pytest.mark.parametrize(
    ("removed", "comment"),
    [
        (removal(), "legal"),
        (removal("error", "It was <another> ship & crew.\x00"), "error: It was <another> ship & crew."),
    ],
)
def test_withdrawn_article_leaves_a_tombstone(removed: Removal, comment: str) -> None:
    written = ATOM.removal
    assert written is not None
    xml = document(ATOM, PLAIN).removesuffix(ATOM.closing) + written(removed) + ATOM.closing
    root = strictly(xml)

    # RFC 6721, 3: a child of the feed, with the id of the entry and a date of RFC 3339.
    assert found(root, "/atom:feed/at:deleted-entry/@ref") == [f"urn:uuid:{_ID}"]
    assert found(root, "/atom:feed/at:deleted-entry/@when") == ["2026-11-21T09:30:00Z"]
    assert found(root, "/atom:feed/at:deleted-entry/at:comment[@type='text']") == [comment]
    assert len(as_read(xml).entries) == 1


def test_empty_feed_is_a_document() -> None:
    xml = document(ATOM)
    assert as_read(xml).entries == []
    assert xml == ATOM.opening(channel(ATOM)) + ATOM.closing
    assert ATOM.media_type == "application/atom+xml; charset=utf-8"
