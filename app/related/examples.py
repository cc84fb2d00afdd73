"""Realistic examples of related stories."""

from typing import Any

from app.articles.examples import API, ID, OTHER_CARD, SITE, SLUG

ENTRY: dict[str, Any] = {
    "article": OTHER_CARD,
    "score": 0.8312,
    "reasons": [
        {"kind": "tag", "values": ["Cap Selvan strike"], "shares": None},
        {"kind": "words", "values": ["strike", "ships", "Cap"], "shares": [0.41, 0.22, 0.07]},
        {"kind": "time", "values": ["published 15 hours apart"], "shares": None},
    ],
    "variants": [],
    "fallback": False,
}
RELATED: dict[str, Any] = {
    "data": [ENTRY],
    "links": {"self": f"{API}/v1/articles/{ID}/related", "article": f"{API}/v1/articles/{ID}"},
    "meta": {"limit": 5, "related_seq": 4711},
}
LISTS: dict[str, Any] = {
    "data": [{"ref": ID, "article": {"id": ID, "slug": SLUG, "url": f"{SITE}/{SLUG}"}, "related": [ENTRY]}],
    "links": {"self": f"{API}/v1/related?articles={ID},long-gone"},
    "meta": {"limit": 3, "related_seq": 4711, "missing": ["long-gone"]},
}
