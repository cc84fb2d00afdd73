from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.articles.content import Source
from app.syndication.atom import ATOM
from app.syndication.formats import Format
from app.syndication.rss import RSS
from app.syndication.xml import Element, Frame, add, legal, rfc822
from tests.syndication.articles import article
from tests.syndication.channels import document, found, strictly

ANY_TEXT = st.text(st.characters(exclude_categories=())) | st.text(
    "]>&;<![CDAT \n\r\t\x00\x0b\x1f\ud800\ufffe\uffff\U0001f469"
)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plain", "plain"),
        ("tab\tline\nreturn\r", "tab\tline\nreturn\r"),
        ("nul\x00 bell\x07 escape\x1b", "nul bell escape"),
        ("noncharacters \ufffe\uffff", "noncharacters "),
        ("lone \ud800 \udfff", "lone  "),
        (
            "private \ue000 last \ufffd next \U00010000 \U0010ffff",
            "private \ue000 last \ufffd next \U00010000 \U0010ffff",
        ),
        ("👩\u200d👩\u200d👧 \u200fعربي\u2069", "👩\u200d👩\u200d👧 \u200fعربي\u2069"),
    ],
)
def test_text_loses_what_xml_forbids_and_nothing_else(text: str, kept: str) -> None:
    assert legal(text) == kept


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2026, 11, 20, 5, 52, 7, 214903, tzinfo=UTC), "Fri, 20 Nov 2026 05:52:07 +0000"),
        (datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))), "Wed, 31 Dec 2025 23:30:00 +0000"),
        (datetime(1000, 1, 1, tzinfo=UTC), "Wed, 01 Jan 1000 00:00:00 +0000"),
    ],
)
def test_dates_of_rss_have_four_digits_of_year_and_a_numeric_zone(at: datetime, written: str) -> None:
    assert rfc822(at) == written


@pytest.mark.parametrize("form", [RSS, ATOM])
@given(text=ANY_TEXT)
def test_any_text_makes_a_document_and_is_read_back(form: Format, text: str) -> None:
    story = article(1).model_copy(update={"headline": text, "body_html": text})
    root = strictly(document(form, story, title=text))

    titles = "//atom:title" if form is ATOM else "//title"
    assert found(root, titles) == [legal(text)] * 2
    assert found(root, "//atom:content | //content:encoded") == ([legal(text)] if text else [])


@given(text=ANY_TEXT)
def test_any_text_can_stand_in_an_attribute(text: str) -> None:
    source = Source.model_construct(name=text, url="https://wire.example/")
    root = strictly(document(RSS, article(1).model_copy(update={"source": source})))
    assert found(root, "//item/atom:link/@title") == [legal(text)]


def test_entries_repeat_nothing_of_what_stands_around_them() -> None:
    frame = Frame("rss", "channel", prefixes="atom dc", version="2.0")

    def fill(feed: Element) -> None:
        add(feed, "dc:title", "a & b", lang=None, size=3)

    assert frame.entry(fill) == b'<dc:title size="3">a &amp; b</dc:title>'
    assert frame.opening(fill) == (
        b'<?xml version="1.0" encoding="utf-8"?>\n<rss xmlns:atom="http://www.w3.org/2005/Atom" '
        b'xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel><dc:title size="3">a &amp; b</dc:title>'
    )
    assert frame.closing == b"</channel></rss>"
