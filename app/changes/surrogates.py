"""Surrogate keys: what answers show, by name, so that caches can be told to forget whatever shows it.

What a change of the log touches is told here; which answers carry which keys, by the routes.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

LISTS: Final = "articles"
"""Of every list of articles: any publication may change it."""

LOG: Final = "changes"
"""Of what every change makes old."""

RELATED: Final = "related"
"""Of every list of related stories: any of them may be ranked anew when the index has followed the log."""

VOCABULARIES: Final = ("sections", "tags", "contributors")
"""Of the lists of names, each with how many articles carry it."""

_ALWAYS: Final = frozenset({LISTS, LOG, *VOCABULARIES})


def article(id: object) -> str:
    """The key of everything that shows this one article whole."""
    return f"article-{id}"


def related(id: object) -> str:
    """The key of everything that shows this article's related stories."""
    return f"related-{id}"


def storyline(id: object) -> str:
    """The key of everything that shows this one storyline whole."""
    return f"storyline-{id}"


def touched_by(article_ids: Iterable[UUID], storyline_ids: Iterable[UUID]) -> frozenset[str]:
    """The keys of whatever may show something of changes that tell of these."""
    return _ALWAYS.union(map(article, article_ids), map(storyline, storyline_ids))
