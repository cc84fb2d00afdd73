"""Realistic examples of storylines: that of the story of `articles.examples`."""

from typing import Any

from app.articles.examples import API, CARD, NEWER, OTHER_CARD, STORYLINE, links

_LINKS = {
    "self": f"{API}/v1/storylines/{STORYLINE['id']}",
    "articles": f"{API}/v1/articles?storyline={STORYLINE['id']}",
}
ENTRY: dict[str, Any] = STORYLINE | {
    "article_count": 2,
    "first_published_at": OTHER_CARD["published_at"],
    "last_published_at": CARD["published_at"],
    "changed_at": "2026-11-20T05:52:09.804411Z",
    "latest": CARD,
    "links": _LINKS,
}
WHOLE: dict[str, Any] = ENTRY | {"articles": [OTHER_CARD, CARD]}
STORYLINES: dict[str, Any] = {"data": [ENTRY], "links": links("/v1/storylines"), "meta": {"limit": 20}}
ONE: dict[str, Any] = {
    "data": WHOLE,
    "links": {"self": _LINKS["self"], "older": None, "newer": f"{_LINKS['self']}?cursor={NEWER}"},
    "meta": {"limit": 100},
}
