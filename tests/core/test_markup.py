from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from app.core.markup import (
    Block,
    HeadingBlock,
    ImageBlock,
    ListBlock,
    ParagraphBlock,
    blocks_from_html,
    blocks_from_text,
    blocks_html,
    blocks_text,
    clean_blocks,
    clean_inline,
    plain_text,
)

BASE = "https://site.example/news/"
BLOCKS = TypeAdapter(list[Block])


def read(source: str) -> list[dict[str, Any]]:
    """The blocks of `source` without the fields that are null."""
    return [block.model_dump(exclude_none=True) for block in blocks_from_html(source, base_url=BASE)]


def paragraph(html: str) -> dict[str, Any]:
    return {"type": "paragraph", "html": html}


def heading(level: int, html: str) -> dict[str, Any]:
    return {"type": "heading", "level": level, "html": html}


def listing(*items: str, ordered: bool = False) -> dict[str, Any]:
    return {"type": "list", "ordered": ordered, "items": list(items)}


def quote(html: str, **more: str) -> dict[str, Any]:
    return {"type": "quote", "html": html, **more}


def image(url: str = "https://site.example/i.jpg", **more: Any) -> dict[str, Any]:
    return {"type": "image", "url": url, **more}


def embed(provider: str, url: str, **more: str) -> dict[str, Any]:
    return {"type": "embed", "provider": provider, "url": url, **more}


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("", []),
        ("loose text", [paragraph("loose text")]),
        ("<p>one<p>two</p>three<div>four</div>", [paragraph(word) for word in ("one", "two", "three", "four")]),
        ("<p> a\n  b\t<b> c </b> d </p>", [paragraph("a b <b>c </b>d")]),
        ("<p></p><p> &nbsp; </p><p><br></p><p><b></b></p><div><div></div></div>", []),
        ("<p>a<br>b<br></p>", [paragraph("a<br>b")]),
        ("<h1>T</h1><h3>S <em>x</em></h3>text", [heading(2, "T"), heading(3, "S <em>x</em>"), paragraph("text")]),
        ("<h2>unclosed<p>text<p>more", [heading(2, "unclosed"), paragraph("text"), paragraph("more")]),
        ("<h2><div>inside</div></h2>", [heading(2, "inside")]),
        ("<ul><li>a<li><p>b</p><p>c</p></ul>", [listing("a", "b<br>c")]),
        ("<ol><li>a</li><li>b</li></ol>", [listing("a", "b", ordered=True)]),
        ("<ul><li>a<ul><li>b<ol><li>c</ol></ul>d<li>e</ul>", [listing("a", "b", "c", "d", "e")]),
        ("<ul></ul><ul><li></li></ul>", []),
        ("<ul><li>a <img src=/i.jpg> b</ul>", [listing("a"), image(), listing("b")]),
        ("<li>stray</li></ul>", [paragraph("stray")]),
        ("<blockquote>x</blockquote>", [quote("x")]),
        ("<blockquote><p>a</p><p>b</p></blockquote>", [quote("a<br><br>b")]),
        ("<blockquote><p>a</p><footer>— Who, <cite>What</cite></footer></blockquote>", [quote("a", cite="Who, What")]),
        ("<blockquote>a <cite>Who &amp; co</cite></blockquote>", [quote("a", cite="Who & co")]),
        ("<blockquote><p>a</p><cite>Who</cite></blockquote>", [quote("a", cite="Who")]),
        ("<blockquote><p>as <cite>Hamlet</cite> says</p></blockquote>", [quote("as <cite>Hamlet</cite> says")]),
        ("<blockquote><footer>alone</footer></blockquote>", [paragraph("alone")]),
        ("<blockquote>a<blockquote>b</blockquote>c</blockquote>d", [quote("a<br><br>b<br><br>c"), paragraph("d")]),
        ("<blockquote>a<img src=/i.jpg>b</blockquote>", [quote("a"), image(), quote("b")]),
        ("<img src=/i.jpg alt='A &amp; b'>", [image(alt="A & b")]),
        ("<img src=i.jpg alt='' width=640 height=480px>", [image(f"{BASE}i.jpg", alt="", width=640, height=480)]),
        ("<img src=//cdn.example/i.jpg width=100% height=-1>", [image("https://cdn.example/i.jpg")]),
        ("<img src='data:image/gif;base64,x' data-src=/i.jpg>", [image()]),
        ("<img><img src=''><img src=data:x><img src=/i.gif width=1 height=1>", []),
        ("<p>a <b>b<img src=/i.jpg>c</b> d</p>", [paragraph("a <b>b</b>"), image(), paragraph("<b>c</b> d")]),
        ("<figure><img src=/i.jpg><figcaption>A <b>b</b> &lt;c</figcaption></figure>", [image(caption="A b <c")]),
        (
            "<figure><figcaption>first</figcaption><a href=/x><img src=/i.jpg></a></figure>t",
            [image(caption="first"), paragraph("t")],
        ),
        ("<figure><figcaption>only</figcaption></figure>", [paragraph("only")]),
        (
            "<figure><figure><img src=/i.jpg><figcaption>1</figcaption></figure>"
            "<figure><img src=/i.jpg></figure></figure>",
            [image(caption="1"), image()],
        ),
        ("<picture><source srcset=x><img src=/i.jpg></picture>", [image()]),
        (
            "<iframe src='//www.youtube.com/embed/1' title=' A  film '>fallback</iframe>",
            [embed("youtube", "https://www.youtube.com/embed/1", title="A film")],
        ),
        ("<iframe src='http://player.vimeo.com/1'></iframe>", [embed("vimeo", "https://player.vimeo.com/1")]),
        ("<iframe src=https://youtu.be/1></iframe>", [embed("youtube", "https://youtu.be/1")]),
        ("<iframe src=https://emp.bbc.co.uk/1></iframe>", [embed("bbc", "https://emp.bbc.co.uk/1")]),
        ("<iframe src=https://127.0.0.1/1></iframe>", [embed("127.0.0.1", "https://127.0.0.1/1")]),
        (
            "<figure><iframe src=https://v.example/1></iframe><figcaption>film</figcaption></figure>",
            [embed("v", "https://v.example/1", title="film")],
        ),
        ("<iframe></iframe><iframe src=javascript:x></iframe><iframe srcdoc='<p>x'></iframe>", []),
        (
            "<blockquote class='x twitter-tweet'><p>Hi <a href=https://t.co/1>l</a></p>— X "
            "<a href='https://twitter.com/x/status/1'>May</a></blockquote>",
            [embed("twitter", "https://twitter.com/x/status/1")],
        ),
        (
            "<blockquote class=instagram-media data-instgrm-permalink=https://www.instagram.com/p/1/>Post</blockquote>",
            [embed("instagram", "https://www.instagram.com/p/1/")],
        ),
        ("<blockquote class=twitter-tweet>no link</blockquote>", [quote("no link")]),
        ("a<hr>b", [paragraph("a"), {"type": "separator"}, paragraph("b")]),
        (
            "<pre><code>if a &lt; b:\n    <b>go</b>\n</code></pre>",
            [paragraph("<code>if a &lt; b:<br>\u00a0\u00a0\u00a0 <b>go</b></code>")],
        ),
        (
            "<table><caption>C</caption><tr><th>a<th>b<tr><td>1<td></td><td><p>2</p>3</table>",
            [paragraph("C"), paragraph("a | b"), paragraph("1 | 2 3")],
        ),
        ("<table><tr><td><b>a </b><td>b</table>", [paragraph("<b>a </b>| b")]),
        ("<table><tr><td><p>a</p><p>b</p></td></tr></table>", [paragraph("a"), paragraph("b")]),
        ("<table><td><h2>a</h2><ul><li>b</ul>c</table>", [heading(2, "a"), listing("b"), paragraph("c")]),
        ("<dl><dt>a<dd>b</dl>", [paragraph("a"), paragraph("b")]),
        ("<p><b>a<p>b</b>c", [paragraph("<b>a</b>"), paragraph("<b>b</b>c")]),
        ("<b><i>a</b>b</i>", [paragraph("<b><i>a</i></b><i>b</i>")]),
        ("a<script>x</script>b<style>y</style>c<!-- d --><svg><p>e</svg>f<object>g</object>", [paragraph("abcf")]),
        ("<html><head><title>x</title><meta charset=y></head><body>z</body></html>", [paragraph("z")]),
        (
            "1 < 2 && 3 > 2 &amp; <3 &copy; &#8217; &notanentity;",
            [paragraph("1 &lt; 2 &amp;&amp; 3 &gt; 2 &amp; &lt;3 © ’ ¬anentity;")],
        ),
        ("مرحبا <b dir=RTL lang=ar>بالعالم</b>", [paragraph('مرحبا <b dir="rtl" lang="ar">بالعالم</b>')]),
    ],
)  # fmt: skip
def test_html_becomes_blocks(source: str, blocks: list[dict[str, Any]]) -> None:
    assert read(source) == blocks


@pytest.mark.parametrize(
    ("source", "clean"),
    [
        ("<a href='/x?a=1&copy=2&amp;b=3'>l</a>", '<a href="https://site.example/x?a=1&amp;copy=2&amp;b=3">l</a>'),
        ("<a href=x>l</a>", '<a href="https://site.example/news/x">l</a>'),
        ("<a href=//o.example/x>l</a>", '<a href="https://o.example/x">l</a>'),
        ("<a href='https://o.example/a b\"'>l</a>", '<a href="https://o.example/a%20b%22">l</a>'),
        ("<a href='mailto:a@b.example'>l</a>", '<a href="mailto:a@b.example">l</a>'),
        ("<a href='TEL:+212'>l</a>", '<a href="TEL:+212">l</a>'),
        ("<a href='#note'>l</a> <a name=x>m</a> <a href=''>n</a>", "l m n"),
        ("<a href=/1>a<a href=/2>b</a>", '<a href="https://site.example/1">a</a><a href="https://site.example/2">b</a>'),
        (
            "<a href=/1 hreflang=fr title=' t ' rel=x target=_blank>a</a>",
            '<a href="https://site.example/1" hreflang="fr" title="t">a</a>',
        ),
        ("<strike>a</strike><del>b</del><ins>c</ins><kbd>d</kbd>", "<s>a</s><s>b</s><u>c</u><code>d</code>"),
        ("<span>a</span><span lang=fr>b</span><span lang=not_a_tag>c</span>", 'a<span lang="fr">b</span>c'),
        ("<bdo>a</bdo><bdo dir=rtl>b</bdo><bdi>c</bdi>", 'a<bdo dir="rtl">b</bdo><bdi>c</bdi>'),
        ("<abbr title='a &quot;b&quot;'>c</abbr>", '<abbr title="a &quot;b&quot;">c</abbr>'),
        ("<time datetime=2025-05-18>x</time>", '<time datetime="2025-05-18">x</time>'),
        ("<ruby>漢<rp>(</rp><rt>かん<rp>)</rp></ruby>", "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>"),
        ("<p>a</p><p>b</p>", "a b"),
        ("a <img src=/i.jpg> b", "a b"),
        ("<font color=red>a</font><x-y>b</x-y><wbr>c", "abc"),
        ("50\u00a0% &nbsp;x", "50\u00a0% \u00a0x"),
        ("<b>\u202e</b>", ""),
        ("\u202e a <b>\u2067b\u2069</b>", "a <b>\u2067b\u2069</b>"),
        ("a &\ufdd0 &ampx; b<b>&amp;&nbsp;</b>", "a &amp; &amp;x; b<b>&amp;\u00a0</b>"),
    ],
)  # fmt: skip
def test_inline_html_keeps_words_and_their_shape(source: str, clean: str) -> None:
    assert clean_inline(source, base_url=BASE) == clean
    assert clean_inline(clean, base_url=BASE) == clean


@pytest.mark.parametrize(
    ("source", "paragraphs"),
    [
        ("", []),
        (" \n\t\n ", []),
        ("one", ["one"]),
        ("one\ntwo\r\n\r\nthree\r \r\n\n four ", ["one<br>two", "three", "four"]),
        ("<b>a</b> & b", ["&lt;b&gt;a&lt;/b&gt; &amp; b"]),
        ("50\u00a0%  et\tplus", ["50\u00a0% et plus"]),
        ("&lt;", ["&amp;lt;"]),
        ("a\u2029b\u2028\u2028c\0", ["a<br>b", "c"]),
    ],
)
def test_text_becomes_paragraphs(source: str, paragraphs: list[str]) -> None:
    assert [block.model_dump() for block in blocks_from_text(source)] == [paragraph(html) for html in paragraphs]


EVERY_BLOCK: list[dict[str, Any]] = [
    paragraph("a <b>b</b> &amp; c<br>d"),
    heading(2, "H"),
    listing("x", "<i>y</i>"),
    listing("z", ordered=True),
    quote("q", cite='<W> & "co"'),
    quote("r"),
    image(alt='"A" <b>', caption="<C>", credit="D & E", width=6, height=4),
    image(),
    embed("youtube", "https://youtu.be/1?a=1&b=2", title="<Film>"),
    embed("x", "https://x.example/1"),
    {"type": "separator"},
]


def test_blocks_are_shown_as_semantic_html() -> None:
    assert blocks_html(BLOCKS.validate_python(EVERY_BLOCK)).split("\n") == [
        "<p>a <b>b</b> &amp; c<br>d</p>",
        "<h2>H</h2>",
        "<ul><li>x</li><li><i>y</i></li></ul>",
        "<ol><li>z</li></ol>",
        "<blockquote><p>q</p><footer><cite>&lt;W&gt; &amp; &quot;co&quot;</cite></footer></blockquote>",
        "<blockquote><p>r</p></blockquote>",
        '<figure><img src="https://site.example/i.jpg" alt="&quot;A&quot; &lt;b&gt;" width="6" height="4">'
        "<figcaption>&lt;C&gt; <small>D &amp; E</small></figcaption></figure>",
        '<figure><img src="https://site.example/i.jpg" alt=""></figure>',
        '<p><a href="https://youtu.be/1?a=1&amp;b=2">&lt;Film&gt;</a></p>',
        '<p><a href="https://x.example/1">https://x.example/1</a></p>',
        "<hr>",
    ]


def test_blocks_have_their_running_text() -> None:
    assert blocks_text(BLOCKS.validate_python(EVERY_BLOCK)) == "a b & c\nd\n\nH\n\nx\ny\n\nz\n\nq\n\nr"


def test_shown_html_reads_back_as_the_same_blocks() -> None:
    blocks = BLOCKS.validate_python([block for block in EVERY_BLOCK if block["type"] not in ("image", "embed")])
    assert blocks_from_html(blocks_html(blocks), base_url=BASE) == blocks


def test_plain_text_resolves_references_and_line_breaks() -> None:
    assert plain_text("a &lt; <b>b</b>&amp;amp;<br>c") == "a < b&amp;\nc"


def test_blocks_are_read_as_strict_json() -> None:
    blocks = BLOCKS.validate_json('[{"type":"heading","level":1,"html":"x"},{"type":"quote","html":"y"}]')
    assert [block.model_dump() for block in blocks] == [heading(2, "x"), {**quote("y"), "cite": None}]


@pytest.mark.parametrize(
    "block",
    [
        {},
        {"html": "x"},
        {"type": "poem", "html": "x"},
        {"type": "paragraph"},
        {"type": "paragraph", "html": None},
        {"type": "paragraph", "html": 1},
        {"type": "paragraph", "html": "x", "style": "y"},
        {"type": "heading", "html": "x"},
        {"type": "heading", "html": "x", "level": 0},
        {"type": "heading", "html": "x", "level": 7},
        {"type": "heading", "html": "x", "level": "2"},
        {"type": "heading", "html": "x", "level": True},
        {"type": "list", "items": []},
        {"type": "list", "ordered": False},
        {"type": "list", "ordered": 0, "items": []},
        {"type": "list", "ordered": False, "items": [None]},
        {"type": "list", "ordered": False, "items": "x"},
        {"type": "quote"},
        {"type": "image"},
        {"type": "image", "url": "/i.jpg"},
        {"type": "image", "url": "javascript:alert(1)"},
        {"type": "image", "url": "https://a.example/i.jpg", "width": 0},
        {"type": "image", "url": "https://a.example/i.jpg", "width": "640"},
        {"type": "embed", "url": "https://a.example/"},
        {"type": "embed", "provider": "x"},
        {"type": "embed", "provider": "", "url": "https://a.example/"},
        {"type": "embed", "provider": "x", "url": "data:text/html,x"},
        {"type": "separator", "html": "x"},
    ],
)
def test_malformed_block_is_refused(block: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        BLOCKS.validate_python([block])


def test_every_field_of_a_served_block_is_promised() -> None:
    schema = TypeAdapter(Block).json_schema(mode="serialization")
    for shape in schema["$defs"].values():
        assert set(shape["required"]) == set(shape["properties"])


def test_given_blocks_are_cleaned_and_empty_ones_left_out() -> None:
    blocks: list[Block] = [
        ParagraphBlock(type="paragraph", html=" <script>x</script> "),
        ParagraphBlock(type="paragraph", html="<p>a</p>"),
        HeadingBlock(type="heading", level=2, html="<br>"),
        ListBlock(type="list", ordered=True, items=["", "b", "<b></b>"]),
        ListBlock(type="list", ordered=True, items=["", " "]),
        ImageBlock(type="image", url="https://a.example/i.jpg", alt="", caption=" c\nd ", credit=" \u200b "),
    ]
    cleaned = [block.model_dump(exclude_none=True) for block in clean_blocks(blocks, base_url=BASE)]
    assert cleaned == [
        paragraph("a"),
        listing("b", ordered=True),
        image("https://a.example/i.jpg", alt="", caption="c d"),
    ]
