"""Realistic examples for the documentation: the story of `articles.examples`, as the log tells it."""

import json
from typing import Any

from app.articles.examples import API, CARD, DOCUMENT, ID, SLUG, STORYLINE

_UPDATED: dict[str, Any] = {
    "seq": 4711,
    "kind": "article.updated",
    "article_id": ID,
    "at": "2026-11-20T07:10:31.008412Z",
    "version": 2,
    "reason": None,
    "previous_slug": None,
    "slug": SLUG,
    "storyline_id": None,
    "storyline": None,
    "article": CARD,
}
_WITHDRAWN: dict[str, Any] = {
    "seq": 4712,
    "kind": "article.withdrawn",
    "article_id": "019a9b02-7c11-7e88-8d31-5b2f90c4d7aa",
    "at": "2026-11-20T07:12:02.551930Z",
    "version": None,
    "reason": "error",
    "previous_slug": None,
    "slug": None,
    "storyline_id": None,
    "storyline": None,
    "article": None,
}
_GROUPED: dict[str, Any] = _UPDATED | {
    "seq": 4713,
    "kind": "storyline.updated",
    "at": "2026-11-20T07:12:40.118204Z",
    "version": None,
    "storyline_id": STORYLINE["id"],
    "storyline": STORYLINE,
}

CHANGE_PAGE: dict[str, Any] = {
    "data": [_UPDATED, _WITHDRAWN, _GROUPED],
    "links": {"self": f"{API}/v1/changes?after=4710", "next": f"{API}/v1/changes?after=4713"},
    "meta": {"limit": 100, "next_after": 4713, "seq": 4713},
}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


EVENT = {"id": "4711", "event": _UPDATED["kind"], "data": _text(_UPDATED)}
EXPORT = "".join(f"{_text(line)}\n" for line in ({"seq": 4712}, DOCUMENT))
