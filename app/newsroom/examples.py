"""Realistic examples of what the newsroom sends and is answered."""

from typing import Any

from app.articles.examples import API, DOCUMENT, ID, SITE, SLUG

PATCH: dict[str, Any] = {"headline": "Harbour reopens after a nine-day strike", "breaking": False}
PUBLISH: dict[str, Any] = {"at": None, "minor": False}
CORRECT: dict[str, Any] = {
    "severity": "major",
    "text": "An earlier version gave the length of the strike as eight days.",
    "changes": {"headline": DOCUMENT["headline"]},
}
WITHDRAW: dict[str, Any] = {"reason": "error", "text": "The figures were wrong.", "note": "Desk call, 14:05."}

_CLEANED: dict[str, Any] = {
    "external_id": "wire-123",
    "language": "en",
    "headline": DOCUMENT["headline"],
    "short_headline": DOCUMENT["short_headline"],
    "summary": DOCUMENT["summary"],
    "body": DOCUMENT["body"],
    "body_html": None,
    "body_text": None,
    "section": "economy",
    "tags": [{"name": "Cap Selvan strike", "kind": "event"}, {"name": "Marseille", "kind": "place"}],
    "contributors": [{"name": "Inès Caradec", "role": "author"}],
    "image": DOCUMENT["image"],
    "place": "Marseille",
    "source": None,
    "slug": None,
    "legacy_urls": [],
    "breaking": True,
    "translation_of": None,
    "published_at": None,
    "updated_at": None,
    "rights": None,
}
ARTICLE: dict[str, Any] = {
    "external_id": "wire-123",
    "language": "en",
    "headline": DOCUMENT["headline"],
    "summary": DOCUMENT["summary"],
    "body_html": DOCUMENT["body_html"],
    "section": "economy",
    "tags": _CLEANED["tags"],
    "contributors": _CLEANED["contributors"],
    "image": DOCUMENT["image"],
    "place": "Marseille",
    "breaking": True,
}
_PUBLIC = {
    "slug": SLUG,
    "url": f"{SITE}/{SLUG}",
    **{
        name: DOCUMENT[name]
        for name in ("version", "seq", "first_published_at", "published_at", "updated_at", "modified_at")
    },
}
_DRAFT: dict[str, Any] = {
    "id": ID,
    "external_id": "wire-123",
    "state": "published",
    "revision": 4,
    "version": 2,
    "has_unpublished_edits": False,
    "scheduled_at": None,
    "created_at": "2026-11-20T05:40:12.500000Z",
    "modified_at": "2026-11-20T07:10:31.008412Z",
    "public": _PUBLIC,
    "withdrawal": None,
    "article": _CLEANED,
    "links": {"self": f"{API}/v1/newsroom/articles/{ID}", "public": f"{API}/v1/articles/{ID}"},
}
DRAFT: dict[str, Any] = {"data": _DRAFT}
WITHDRAWN: dict[str, Any] = {
    "data": _DRAFT
    | {
        "state": "withdrawn",
        "revision": 5,
        "public": None,
        "withdrawal": WITHDRAW | {"at": "2026-11-20T13:06:00.120000Z"},
        "links": {"self": f"{API}/v1/newsroom/articles/{ID}", "public": None},
    }
}
