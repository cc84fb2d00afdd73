"""Realistic examples of names and what they mean."""

from typing import Any

from app.articles.examples import API, CARD, ID, SITE, SLUG

_OLD = "https://old.newsroom.example/story.php?id=17"
_NOTHING: dict[str, Any] = dict.fromkeys(
    ("matched", "id", "slug", "url", "location", "article", "reason", "text", "withdrawn_at")
)
_FOUND = {"id": ID, "slug": SLUG, "url": f"{SITE}/{SLUG}", "location": f"{API}/v1/articles/{SLUG}", "article": CARD}
PAGE: dict[str, Any] = {
    "data": [
        _NOTHING | {"q": _OLD, "status": 308, "matched": "legacy_url"} | _FOUND,
        _NOTHING
        | {
            "q": "wire-122",
            "status": 410,
            "matched": "external_id",
            "id": "019a9b71-03de-7a15-8b42-6f0c2d9e4a01",
            "reason": "error",
            "text": "The figures were wrong.",
            "withdrawn_at": "2026-11-20T07:10:31.008412Z",
        },
        _NOTHING | {"q": "never-was", "status": 404},
    ],
    "links": {
        "self": f"{API}/v1/resolve?q=https%3A%2F%2Fold.newsroom.example%2Fstory.php%3Fid%3D17&q=wire-122&q=never-was"
    },
    "meta": {"found": 1, "withdrawn": 1, "unknown": 1},
}
