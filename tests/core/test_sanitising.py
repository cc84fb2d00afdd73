import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.markup import (
    Block,
    EmbedBlock,
    HeadingBlock,
    ImageBlock,
    ListBlock,
    ParagraphBlock,
    QuoteBlock,
    blocks_from_html,
    blocks_from_text,
    blocks_html,
    clean_blocks,
    clean_inline,
)
from tests.core.payloads import PAYLOADS, dangers

BASE = "https://site.example/"


def blocks_holding(text: str) -> list[Block]:
    """A block of every type with `text` wherever it takes free text."""
    url = "https://a.example/x.jpg"
    return [
        ParagraphBlock(type="paragraph", html=text),
        HeadingBlock(type="heading", level=2, html=text),
        ListBlock(type="list", ordered=True, items=[text, text]),
        QuoteBlock(type="quote", html=text, cite=text),
        QuoteBlock(type="quote", html="words", cite=text),
        ImageBlock(type="image", url=url, alt=text, caption=text, credit=text),
        EmbedBlock(type="embed", provider=text[:100], url=url, title=text),
    ]


def htmls(blocks: list[Block]) -> list[str]:
    """The inline HTML of every block that has some, as clients get it."""
    found = [block.html for block in blocks if isinstance(block, ParagraphBlock | HeadingBlock | QuoteBlock)]
    return found + [item for block in blocks if isinstance(block, ListBlock) for item in block.items]


def assert_harmless(blocks: list[Block]) -> None:
    assert dangers(blocks_html(blocks)) == []
    for html in htmls(blocks):
        assert dangers(html) == []


def test_judge_sees_what_is_dangerous() -> None:
    for markup in ("<script>", "<b onclick=x>", "<b style=x>", "<a href='javascript:x'>", "<img src=data:x>"):
        assert dangers(markup), markup


@pytest.mark.parametrize("payload", PAYLOADS)
def test_attack_dies_in_html(payload: str) -> None:
    assert_harmless(blocks_from_html(payload, base_url=BASE))
    assert_harmless(blocks_from_html(f"<ul><li>a{payload}<li>b</ul><blockquote>c{payload}</blockquote>", base_url=BASE))
    assert_harmless(blocks_from_html(f"<table><td>a{payload}<td>b</table><pre>\"'>{payload}</pre>", base_url=BASE))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_attack_dies_in_text(payload: str) -> None:
    assert_harmless(blocks_from_text(f"{payload}\n{payload}\n\n{payload}"))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_attack_dies_in_blocks(payload: str) -> None:
    assert_harmless(clean_blocks(blocks_holding(payload), base_url=BASE))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_cleaned_attack_is_clean(payload: str) -> None:
    for blocks in (blocks_from_html(payload, base_url=BASE), clean_blocks(blocks_holding(payload), base_url=BASE)):
        assert clean_blocks(blocks, base_url=BASE) == blocks


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            *"<>/&;=\"' \n\t\xa0\u200b\u202e\u202c\u2067\u2069ab1",
            "<b>",
            "</b>",
            "<i>",
            "</i>",
            "<br>",
            "<p>",
            "</p>",
            "<a href='/x'>",
            "<a href=https://a.example>",
            "</a>",
            "<span lang=fr>",
            "</span>",
            "<code>",
            "<ruby>",
            "<rt>",
            "<script>",
            "</script>",
            "<!--",
            "-->",
            "<svg>",
            "</svg>",
            "<style>",
            "</style>",
            "&lt;",
            "&amp;",
            "&#x202e;",
            "&nbsp;",
            "<ul>",
            "<li>",
            "</ul>",
            "<blockquote>",
            "</blockquote>",
            "<cite>",
            "</cite>",
            "<pre>",
            "</pre>",
            "<table>",
            "<tr>",
            "<td>",
            "</table>",
            "<h2>",
            "</h2>",
            "<img src=/i.jpg>",
            "<figure>",
            "<figcaption>",
            "</figure>",
            "<hr>",
            "<iframe src='//v.example/1'>",
            "</iframe>",
            "<q>",
            "</q>",
            " onclick=x ",
            "<b",
            "<abbr title='",
            "\x00",
            "\ufdd0",
            "\x85",
            "é",
            "ش",
            "木",
        ]
    ),
    max_size=25,
).map("".join)


@settings(deadline=None, max_examples=300)
@given(FRAGMENTS)
def test_any_html_becomes_harmless_blocks_and_stays_the_same(source: str) -> None:
    blocks = blocks_from_html(source, base_url=BASE)
    assert_harmless(blocks)
    assert clean_blocks(blocks, base_url=BASE) == blocks


@settings(deadline=None, max_examples=300)
@given(FRAGMENTS)
def test_cleaning_twice_is_cleaning_once(source: str) -> None:
    clean = clean_inline(source, base_url=BASE)
    assert clean_inline(clean, base_url=BASE) == clean
    assert dangers(clean) == []


@settings(deadline=None, max_examples=150)
@given(st.text())
def test_any_text_becomes_harmless_blocks_and_stays_the_same(source: str) -> None:
    blocks = blocks_from_text(source)
    assert_harmless(blocks)
    assert clean_blocks(blocks, base_url=BASE) == blocks
