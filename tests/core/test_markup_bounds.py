"""HTML and text as hostile as they come: reading them takes bounded time and space."""

import pytest

from app.core.markup import blocks_from_html, blocks_from_text, blocks_html, clean_inline

BASE = "https://site.example/news/"
HUGE = 40_000


@pytest.mark.parametrize(
    "unit",
    [
        "<div>", "<b>", "<ul><li>", "<table><tr><td>", "<blockquote>", "<svg>", "<math><mtext>", "<template>",
        "<select>", "<figure><figcaption>", "<pre>", "<a href='", '<a "', "<a /", "<!--", "<!", "<![CDATA[", "</", "<",
        "&", "&#", "&a", "<xmp></xm", "<style></style>", "<iframe>", "<img src=/a>", "<p>", "<br>", "<i><b></i></b>",
        "</p>", "\u202e", "\u00a0", "<b a=1>x<p>", "&amp;<b>x</b>", "\u00a0<b>x</b>", "<abbr title='0123456789'>x<p>",
        "9", "\n", " \n", "x\n\n", "<a<b",
    ],
)  # fmt: skip
def test_huge_input_is_read_in_bounded_time_and_space(unit: str) -> None:
    source = unit * (HUGE // len(unit))
    for blocks in (blocks_from_html(source, base_url=BASE), blocks_from_text(source)):
        assert len(blocks_html(blocks)) <= 12 * HUGE
    assert len(clean_inline(source, base_url=BASE)) <= 12 * HUGE


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 50_000 + "x" + "</div>" * 50_000,
        "<p>" + "".join(f"<b title={n}>" for n in range(10_000)) + "<p>x" * 10_000,
        "<i>" + "".join(f"<abbr title='{'y' * 400}{n}'>" for n in range(100)) + "<p>x" * 10_000,
        "<p " + " ".join(f"a{n}=1" for n in range(30_000)) + ">x",
        "&#" + "9" * HUGE + "; &#x" + "f" * HUGE + "; x",
        "<p>x" + " " * HUGE + "<br>" * 10_000,
        "<i><b><u><s><em><sub><sup><code></i>x" * 5_000,
    ],
    ids=["depth", "formatting", "reopening", "attributes", "digits", "blanks", "misnesting"],
)
def test_nesting_and_repetition_do_not_multiply(source: str) -> None:
    html = blocks_html(blocks_from_html(source, base_url=BASE))
    assert "x" in html
    assert len(html) <= 12 * HUGE


def test_references_to_absurd_characters_are_replaced() -> None:
    digits = "9" * 10_000
    assert (
        clean_inline(f"&#{digits};&#x{digits};&#{'0' * 5_000}65; &#xD800; &#1;x", base_url=BASE)
        == "\ufffd\ufffdA \ufffd x"
    )
