"""Realistic examples of sections, tags and contributors."""

from typing import Any

API = "https://api.newsroom.example"


def _page(vocabulary: str, parameter: str, *entries: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": [
            {**entry, "links": {"articles": f"{API}/v1/articles?{parameter}={entry['slug']}"}} for entry in entries
        ],
        "links": {"self": f"{API}/v1/{vocabulary}", "next": None},
        "meta": {"limit": 100},
    }


SECTIONS = _page(
    "sections",
    "section",
    {"slug": "economy", "name": "Economy", "article_count": 214},
    {"slug": "world", "name": "World", "article_count": 391},
)
TAGS = _page(
    "tags",
    "tag",
    {"slug": "cap-selvan-strike", "name": "Cap Selvan strike", "kind": "event", "article_count": 10},
    {"slug": "marseille", "name": "Marseille", "kind": "place", "article_count": 37},
)
CONTRIBUTORS = _page(
    "contributors", "contributor", {"slug": "ines-caradec", "name": "Inès Caradec", "article_count": 58}
)
