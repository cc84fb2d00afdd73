"""Realistic examples for the documentation: one story, told the same everywhere."""

from typing import Any

API = "https://api.newsroom.example"
SITE = "https://www.newsroom.example"

ID = "019a9c5e-8a3c-7c41-9d5e-2f6b7a1c0e11"
SLUG = "harbour-reopens-after-nine-day-strike"
_TAGS = [
    {"slug": "cap-selvan-strike", "name": "Cap Selvan strike", "kind": "event"},
    {"slug": "marseille", "name": "Marseille", "kind": "place"},
]
_SECTION = {"slug": "economy", "name": "Economy"}
_BY = [{"slug": "ines-caradec", "name": "Inès Caradec", "role": "author"}]
_IMAGE = {
    "url": "https://images.newsroom.example/harbour-reopens.jpg",
    "alt": "Cranes over a container ship at dawn, the first since the strike began",
    "caption": "The first ship docked at 06:40.",
    "credit": "Jonas Weir",
    "width": 1600,
    "height": 900,
    "focal_point": [0.5, 0.4],
}
STORYLINE: dict[str, Any] = {
    "id": "019a9a10-5b1f-7d0a-8e44-91c7b2d3f6a8",
    "slug": "dockers-strike-at-cap-selvan",
    "title": "Dockers strike at Cap Selvan",
}

CARD: dict[str, Any] = {
    "id": ID,
    "slug": SLUG,
    "url": f"{SITE}/{SLUG}",
    "version": 2,
    "seq": 4711,
    "language": "en",
    "headline": "Harbour reopens after nine-day strike",
    "short_headline": "Harbour reopens",
    "summary": "Dockers and the port authority signed at dawn; forty ships are waiting.",
    "section": _SECTION,
    "tags": _TAGS,
    "contributors": _BY,
    "image": _IMAGE,
    "breaking": True,
    "published_at": "2026-11-20T05:52:07.214903Z",
    "updated_at": "2026-11-20T07:10:31.008412Z",
    "corrections": [],
    "storyline": STORYLINE,
    "links": {"self": f"{API}/v1/articles/{ID}"},
}

OTHER_ID = "019a9b71-03de-7a15-8b42-6f0c2d9e4a37"
OTHER_CARD: dict[str, Any] = CARD | {
    "id": OTHER_ID,
    "slug": "forty-ships-wait-off-cap-selvan",
    "url": f"{SITE}/forty-ships-wait-off-cap-selvan",
    "version": 1,
    "seq": 4688,
    "headline": "Forty ships wait off Cap Selvan",
    "short_headline": None,
    "summary": "The queue reaches to the horizon on the eighth day of the strike.",
    "image": None,
    "breaking": False,
    "published_at": "2026-11-19T14:02:55.671020Z",
    "updated_at": "2026-11-19T14:02:55.671020Z",
    "links": {"self": f"{API}/v1/articles/{OTHER_ID}"},
}

DOCUMENT: dict[str, Any] = CARD | {
    "external_id": "wire-123",
    "body": [
        {"type": "paragraph", "html": "The first container ship in nine days docked <em>at 06:40</em>."},
        {"type": "heading", "level": 2, "html": "What was agreed"},
        {"type": "list", "ordered": False, "items": ["Shorter night shifts", "A pay rise of 4.2 per cent"]},
    ],
    "body_html": "<p>The first container ship in nine days docked <em>at 06:40</em>.</p><h2>What was agreed</h2>"
    "<ul><li>Shorter night shifts</li><li>A pay rise of 4.2 per cent</li></ul>",
    "word_count": 23,
    "reading_minutes": 1,
    "place": "Marseille",
    "source": None,
    "rights": {
        "usage_terms": "Not to be changed; credit the Harbour Gazette.",
        "copyright_holder": "Harbour Gazette",
        "copyright_notice": "© 2026 Harbour Gazette",
        "territories": [],
        "expires_at": None,
        "ai": {"train": False, "ground": None, "summarise": None},
    },
    "first_published_at": "2026-11-20T05:52:07.214903Z",
    "modified_at": "2026-11-20T07:10:31.008412Z",
    "translations": [
        {
            "id": "019a9c60-11f0-7d02-a9b3-4e8a5c7d6f20",
            "slug": "le-port-rouvre-apres-neuf-jours-de-greve",
            "language": "fr",
            "url": f"{SITE}/le-port-rouvre-apres-neuf-jours-de-greve",
        }
    ],
    "links": {
        "self": f"{API}/v1/articles/{ID}",
        "related": f"{API}/v1/articles/{ID}/related",
        "versions": f"{API}/v1/articles/{ID}/versions",
        "jsonld": f"{API}/v1/articles/{ID}.jsonld",
        "canonical": f"{SITE}/{SLUG}",
    },
}

OLDER = "AQAABkPeAwC-JwGanFqKPHxBnV4va3ocDhFq9c3B"
NEWER = "AQEABkPeAwC-JwGanFqKPHxBnV4va3ocDhHkLq0V"


def links(path: str) -> dict[str, Any]:
    """The links of a page of a list."""
    base = f"{API}{path}"
    return {"self": base, "older": f"{base}?cursor={OLDER}", "newer": f"{base}?cursor={NEWER}"}


CARD_PAGE: dict[str, Any] = {
    "data": [CARD, OTHER_CARD],
    "links": links("/v1/articles"),
    "meta": {"limit": 20, "collapsed": None},
}
