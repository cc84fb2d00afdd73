"""Articles that are hard to syndicate, as the document has them; all texts are made up here."""

from typing import Any, Final

from app.articles.schemas import ArticleOut
from app.core.markup import Block, blocks_html

API: Final = "https://api.newsroom.example"
SITE: Final = "https://www.newsroom.example"

Json = Any


def article(number: int = 0, **changes: Json) -> ArticleOut:
    """An article with little to it but what a test gives; `number` makes its id, and its slug where none is given.

    `body` may be blocks as JSON; `body_html` follows from it.
    """
    id = f"019a9c5e-8a3c-7c41-9d5e-{number:012x}"
    slug = changes.get("slug", f"story-{number}")
    path = f"{API}/v1/articles/{id}"
    fields = _PLAIN | {"id": id, "slug": slug, "url": f"{SITE}/{slug}", "links": _links(path, f"{SITE}/{slug}")}
    return _with_html(ArticleOut.model_validate(fields | changes))


def image(name: str = "harbour.jpg", **changes: Json) -> dict[str, Json]:
    """A picture with all that can be said of one."""
    return {
        "url": f"https://images.newsroom.example/{name}",
        "alt": "Cranes over a ship at dawn",
        "caption": "The first ship docked at 06:40.",
        "credit": "Jonas Weir",
        "width": 1600,
        "height": 900,
    } | changes


def paragraph(html: str) -> dict[str, Json]:
    """A block of running text."""
    return {"type": "paragraph", "html": html}


def picture(name: str, **changes: Json) -> dict[str, Json]:
    """A block with a picture."""
    return {"type": "image"} | image(name, **changes)


def rights(**changes: Json) -> dict[str, Json]:
    """All that rights can say."""
    return {
        "usage_terms": "Not to be changed; credit the Harbour Gazette.",
        "copyright_holder": "Harbour Gazette",
        "copyright_notice": "© 2026 Harbour Gazette",
        "territories": ["FR", "BE"],
        "expires_at": "2027-11-20T00:00:00Z",
        "ai": {"train": False, "ground": True, "summarise": None},
    } | changes


def _links(path: str, canonical: str) -> dict[str, str]:
    return {
        "self": path,
        "related": f"{path}/related",
        "versions": f"{path}/versions",
        "jsonld": f"{path}.jsonld",
        "canonical": canonical,
    }


def _with_html(document: ArticleOut) -> ArticleOut:
    blocks: list[Block] = document.body
    return document if document.body_html else document.model_copy(update={"body_html": blocks_html(blocks)})


_PLAIN: Final[dict[str, Json]] = {
    "external_id": None,
    "version": 1,
    "seq": 7,
    "language": "en",
    "headline": "Harbour reopens after nine-day strike",
    "short_headline": None,
    "summary": "Forty ships are waiting.",
    "body": [paragraph("The first ship docked <em>at 06:40</em>.")],
    "body_html": "",
    "word_count": 6,
    "reading_minutes": 1,
    "section": None,
    "tags": [],
    "contributors": [],
    "image": None,
    "place": None,
    "source": None,
    "rights": None,
    "breaking": False,
    "first_published_at": "2026-11-20T05:52:07.214903Z",
    "published_at": "2026-11-20T05:52:07.214903Z",
    "updated_at": "2026-11-20T05:52:07.214903Z",
    "modified_at": "2026-11-20T05:52:07.214903Z",
    "corrections": [],
    "storyline": None,
    "translations": [],
}

_EVERYTHING: Final[dict[str, Json]] = {
    "external_id": "wire-123",
    "version": 3,
    "short_headline": "Harbour reopens",
    "section": {"slug": "economy", "name": "Economy & Ports"},
    "tags": [
        {"slug": "cap-selvan-strike", "name": "Cap Selvan strike", "kind": "event"},
        {"slug": "marseille", "name": "Marseille", "kind": "place"},
    ],
    "contributors": [
        {"slug": "ines-caradec", "name": "Inès Caradec", "role": "author"},
        {"slug": "tom-o-hara", "name": "Tom O’Hara", "role": "author"},
        {"slug": "jonas-weir", "name": "Jonas Weir", "role": "photographer"},
        {"slug": "ines-caradec", "name": "Inès Caradec", "role": "photographer"},
    ],
    "image": image(focal_point=[0.5, 0.4]),
    "place": "Marseille",
    "source": {"name": "Port Wire", "url": "https://wire.example/harbour?a=1&b=2"},
    "rights": rights(),
    "breaking": True,
    "updated_at": "2026-11-20T07:10:31.008412Z",
    "modified_at": "2026-11-20T07:12:00Z",
    "corrections": [
        {
            "version": 2,
            "at": "2026-11-20T07:10:31.008412Z",
            "severity": "major",
            "text": "The strike lasted nine days, not eight.",
            "previous_headline": "Harbour reopens after eight-day strike",
        }
    ],
    "storyline": {
        "id": "019a9a10-5b1f-7d0a-8e44-91c7b2d3f6a8",
        "slug": "dockers-strike-at-cap-selvan",
        "title": "Dockers strike at Cap Selvan",
    },
    "translations": [
        {
            "id": "019a9c60-11f0-7d02-a9b3-4e8a5c7d6f20",
            "slug": "le-port-rouvre",
            "language": "fr",
            "url": f"{SITE}/le-port-rouvre",
        }
    ],
}

_CONTROLS: Final = "".join(map(chr, range(0x20)))

PLAIN: Final = article(1)
EVERYTHING: Final = article(2, **_EVERYTHING)
ARABIC: Final = article(
    3,
    language="ar",
    slug="%D8%A7%D9%84%D9%85%D9%8A%D9%86%D8%A7%D8%A1",
    headline="الميناء يفتح أبوابه بعد إضراب دام تسعة أيام",
    summary="وُقّع الاتفاق فجرًا، و٤٠ سفينة «تنتظر» خارج الميناء.",
    body=[paragraph("رست أول سفينة <strong>عند الفجر</strong>\u200f.")],
    section={"slug": "iqtisad", "name": "اقتصاد"},
    contributors=[{"slug": "layla", "name": "ليلى حدّاد", "role": "author"}],
)
HEBREW: Final = article(
    4,
    language="he",
    headline="הנמל נפתח מחדש: \u2067„שביתה”\u2069 של תשעה ימים",
    summary="ארבעים אוניות ממתינות ל־Cap Selvan.",
    body=[paragraph("האונייה הראשונה עגנה ב־06:40.")],
)
EMOJI: Final = article(
    5,
    headline="👩\u200d👩\u200d👧 wave 🏳️\u200d🌈 from the quay 🇫🇷 1\ufe0f\u20e3",
    summary="𝒜 plane beyond: 🧑🏽\u200d🚒 𠮷野家",
    body=[paragraph("👩\u200d👩\u200d👧 <em>🏴󠁧󠁢󠁷󠁬󠁳󠁿</em>")],
)
CONTROLS: Final = article(
    6,
    headline=f"Bell{_CONTROLS}rings\ufffe\uffff\x7f\x85",
    summary=f"Form{_CONTROLS}feed\ufffe",
    body=[paragraph(f"Null{_CONTROLS}body\uffff")],
    contributors=[{"slug": "esc", "name": "E\x1bsc\x00ape", "role": "author"}],
    image=image(alt="A\x08lt", caption="Cap\x0btion", credit="Cre\x0cdit"),
)
CDATA: Final = article(
    7,
    headline="Array[a[0]]> and ]]> again <![CDATA[",
    summary="Ends ]]> early ]]]]>> <![CDATA[x]]>",
    body=[paragraph("a[b[0]]&gt;c ]]> d &lt;![CDATA[ e ]]&gt;")],
)
ENTITIES: Final = article(
    8,
    headline='Fish & Chips <b>cost</b> &pound;5 &amp; "rising" isn\'t &#8364;?',
    summary="1 < 2 && 3 > 2; write &lt;br&gt; &nbsp; &copy; as <br>",
    body=[paragraph('Fish &amp; Chips cost £5; write <code>&amp;lt;br&amp;gt;</code> &lt;b&gt; "so"\u00a0!')],
    section={"slug": "r-d", "name": "R&D <Labs>"},
    tags=[{"slug": "q-a", "name": 'Q&A "live"', "kind": "topic"}],
    contributors=[{"slug": "o-brien", "name": "O'Brien & <Sons>", "role": "author"}],
)
LONG: Final = article(
    9,
    body=[
        paragraph(" ".join(f"word{number}" for number in range(start, start + 100))) for start in range(0, 50_000, 100)
    ],
    word_count=50_000,
)
BODYLESS: Final = article(10, body=[], word_count=0, reading_minutes=0)
BARE: Final = article(11, body=[], summary=None, word_count=0, reading_minutes=0)
TEN_IMAGES: Final = article(
    12,
    image=image("picture-0.jpg"),
    body=[
        picture(f"picture-{number}.{extension}", caption=f"Number {number}")
        for number, extension in enumerate(
            ["jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "php?id=1&size=2", "JPG", "tiff"]
        )
    ],
)
QUOTED_URLS: Final = article(
    13,
    slug="it's-%22quoted%22",
    image=image("it's%22quoted%22.jpg?a=1&b='2'&c=é"),
    source={"name": "Bücher & Söhne", "url": "https://bücher.example/straße?q='ä'&r=%22#ü"},
    body=[paragraph("<a href=\"https://wire.example/?a=1&amp;b='2'\">A &amp; B</a>"), picture("quay.png?x=1&y=2")],
)
LONG_HEADLINE: Final = article(14, headline=" ".join(f"Harbour{number}" for number in range(2_000)))

NASTY: Final = {
    "plain": PLAIN,
    "everything": EVERYTHING,
    "arabic": ARABIC,
    "hebrew": HEBREW,
    "emoji": EMOJI,
    "controls": CONTROLS,
    "cdata": CDATA,
    "entities": ENTITIES,
    "long": LONG,
    "bodyless": BODYLESS,
    "bare": BARE,
    "ten images": TEN_IMAGES,
    "quoted urls": QUOTED_URLS,
    "long headline": LONG_HEADLINE,
}
