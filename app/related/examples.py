"""Realistic examples of related stories."""

from typing import Any

from app.articles.examples import API, ID, OTHER_CARD

ENTRY: dict[str, Any] = {
    "article": OTHER_CARD,
    "score": 0.83,
    "reasons": [
        {"kind": "tag", "values": ["Cap Selvan strike", "Marseille"]},
        {"kind": "words", "values": ["ships", "strike"]},
        {"kind": "time", "values": ["published 15 hours apart"]},
    ],
    "variants": [],
}
RELATED: dict[str, Any] = {
    "data": [ENTRY],
    "links": {"self": f"{API}/v1/articles/{ID}/related", "article": f"{API}/v1/articles/{ID}"},
    "meta": {"limit": 5},
}
