"""Realistic examples of search."""

from typing import Any

from app.articles.examples import API, CARD

HIT: dict[str, Any] = CARD | {
    "score": 0.8721,
    "highlight": {
        "headline": CARD["headline"].replace("strike", "<mark>strike</mark>"),
        "summary": None,
        "body": "…the union's members voted to end the <mark>strike</mark> after nine days…",
    },
}
PAGE: dict[str, Any] = {
    "data": [HIT],
    "links": {
        "self": f"{API}/v1/search?q=strike",
        "older": None,
        "newer": f"{API}/v1/search?q=strike",
    },
    "meta": {
        "limit": 20,
        "sort": "relevance",
        "total": 1,
        "capped": False,
        "relaxed": False,
        "did_you_mean": None,
        "facets": {
            "section": [{"value": "world", "name": "World", "count": 1}],
            "tag": [{"value": "ceasefire", "name": "Ceasefire", "count": 1}],
            "language": [{"value": "en", "name": "en", "count": 1}],
            "year": [{"value": "2026", "name": "2026", "count": 1}],
        },
        "complete": True,
    },
}
SUGGESTIONS: dict[str, Any] = {
    "data": [{"text": "harbour strike", "articles": 12}, {"text": "harbour strikers", "articles": 3}],
    "links": {"self": f"{API}/v1/search/suggest?q=harbour%20str"},
    "meta": {"limit": 8},
}
