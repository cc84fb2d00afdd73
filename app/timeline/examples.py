"""Realistic examples of the timeline."""

from typing import Any

from app.articles.examples import API, CARD, NEWER, OTHER_CARD, links

CARDS: list[dict[str, Any]] = [
    CARD | {"local": {"date": "2026-11-20", "time": "06:52", "offset": "+01:00"}},
    OTHER_CARD | {"local": {"date": "2026-11-19", "time": "15:02", "offset": "+01:00"}},
]
TIMELINE: dict[str, Any] = {
    "data": CARDS,
    "links": links("/v1/timeline"),
    "meta": {
        "limit": 20,
        "tz": "Europe/Paris",
        "days": [{"date": "2026-11-20", "count": 1}, {"date": "2026-11-19", "count": 1}],
        "as_of": None,
        "withdrawn": 0,
        "collapsed": None,
    },
}
NEWS: dict[str, Any] = {
    "data": {"count": 3, "breaking": 1, "more": False},
    "links": {"newer": f"{API}/v1/timeline?cursor={NEWER}"},
}
