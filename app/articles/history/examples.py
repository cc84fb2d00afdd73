"""Realistic examples of history: the story of the other examples, before and after its second version."""

from typing import Any

from app.articles.examples import API, DOCUMENT, ID, SLUG

_ARTICLE = f"{API}/v1/articles/{ID}"
_DIFF = f"{_ARTICLE}/diff?from=1&to=2"

FIRST: dict[str, Any] = {
    "version": 1,
    "kind": "article.published",
    "at": "2026-11-20T05:52:07.214903Z",
    "updated_at": "2026-11-20T05:52:07.214903Z",
    "headline": "Harbour reopens after eight-day strike",
    "slug": SLUG,
    "correction": None,
    "links": {"self": f"{_ARTICLE}/versions/1", "diff": None},
}
SECOND: dict[str, Any] = {
    "version": 2,
    "kind": "article.corrected",
    "at": "2026-11-20T07:10:31.008412Z",
    "updated_at": "2026-11-20T07:10:31.008412Z",
    "headline": "Harbour reopens after nine-day strike",
    "slug": SLUG,
    "correction": {
        "version": 2,
        "at": "2026-11-20T07:10:31.008412Z",
        "severity": "minor",
        "text": "The strike lasted nine days, not eight.",
        "previous_headline": "Harbour reopens after eight-day strike",
    },
    "links": {"self": f"{_ARTICLE}/versions/2", "diff": _DIFF},
}
VERSIONS: dict[str, Any] = {
    "data": [SECOND, FIRST],
    "links": {"self": f"{_ARTICLE}/versions", "article": _ARTICLE, "next": None},
    "meta": {"limit": 100, "withdrawn": 0},
}
VERSION: dict[str, Any] = {
    "data": DOCUMENT
    | {name: FIRST[name] for name in ("version", "headline", "updated_at")}
    | {"seq": 4702, "modified_at": FIRST["at"], "corrections": []}
}
_BEFORE = {"type": "paragraph", "html": "The first container ship in eight days docked at dawn."}
_AFTER = {"type": "paragraph", "html": "The first container ship in nine days docked <em>at 06:40</em>."}
DIFF: dict[str, Any] = {
    "data": {
        "from": FIRST,
        "to": SECOND,
        "changes": [
            {
                "field": "headline",
                "words": [
                    {"op": "equal", "text": "Harbour reopens after "},
                    {"op": "delete", "text": "eight"},
                    {"op": "insert", "text": "nine"},
                    {"op": "equal", "text": "-day strike"},
                ],
            },
            {
                "field": "body",
                "blocks": [
                    {
                        "op": "replace",
                        "count": 1,
                        "type": "paragraph",
                        "words": [
                            {"op": "equal", "text": "The first container ship in "},
                            {"op": "delete", "text": "eight"},
                            {"op": "insert", "text": "nine"},
                            {"op": "equal", "text": " days docked at "},
                            {"op": "delete", "text": "dawn"},
                            {"op": "insert", "text": "06:40"},
                            {"op": "equal", "text": "."},
                        ],
                        "from": _BEFORE,
                        "to": _AFTER,
                    },
                    {"op": "equal", "count": 2, "type": None, "words": [], "from": None, "to": None},
                ],
            },
            {
                "field": "section",
                "from": {"slug": "world", "name": "World"},
                "to": {"slug": "economy", "name": "Economy"},
            },
        ],
    },
    "links": {"self": _DIFF, "article": _ARTICLE, "versions": f"{_ARTICLE}/versions"},
}
