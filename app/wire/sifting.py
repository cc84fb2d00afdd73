"""Which changes a filter lets through. Pure; which lines are looked at is for `store` and `streaming`."""

from functools import lru_cache

from app.articles.facets import Facets
from app.articles.filters import EVERYTHING, Filters


def passes(before: str, after: str, filters: Filters) -> bool:
    """Whether the article was listed under these filters before the change, or is after it: departures are heard.

    Both as the log keeps them, empty for an article that is not public.
    """
    return filters == EVERYTHING or _matches(after, filters) or _matches(before, filters)


def _matches(kept: str, filters: Filters) -> bool:
    return bool(kept) and _parsed(kept).match(filters)


@lru_cache(maxsize=4096)
def _parsed(kept: str) -> Facets:
    # Kept, because what an article was after one change it was before the next, and a thousand streams ask alike.
    return Facets.parse(kept)
