"""What feeds are about: the site, or a section, tag, contributor or storyline, found by its name in the address."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeGuard, get_args
from urllib.parse import quote

from app.articles.filters import Filters, Group
from app.articles.listing import Page, page
from app.articles.storylines import reading
from app.articles.storylines.asking import check_name, not_found
from app.changes import surrogates
from app.changes.surrogates import LISTS
from app.core.slugs import composed
from app.db import Database
from app.syndication.errors import FeedNotFound
from app.taxonomy.store import Vocabulary, find_name

VOCABULARIES: tuple[Vocabulary, ...] = get_args(Vocabulary)

_NO_SLUG = "-"


Listing = Callable[..., Page]
"""Finds a page of articles: `listing(session, filters, cursor=…, limit=…)`, newest first."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a feed is about: its name (None for the whole site), its path without the format, and what is listed.

    `has_removals` says that the filters alone tell whether what was withdrawn had been listed; `keys` are the
    surrogate keys that it is purged by.
    """

    name: str | None
    path: str
    filters: Filters
    listing: Listing = page
    has_removals: bool = True
    keys: tuple[str, ...] = (LISTS,)


def site(filters: Filters) -> Subject:
    """Everything that matches the filters."""
    return Subject(None, "/feeds", filters)


async def named(database: Database, vocabulary: str, ref: str, filters: Filters) -> Subject:
    """A section, tag or contributor. Raises FeedNotFound where no public article ever carried it."""
    if not is_vocabulary(vocabulary):
        raise FeedNotFound(
            f"There are feeds of {', '.join(VOCABULARIES)} and storylines, and none of {vocabulary[:100]!r}."
        )
    slug = composed(ref)
    found = await database.read(find_name, vocabulary, slug)
    if found is None:
        raise FeedNotFound(f"No public article ever had {slug[:100]!r} among its {vocabulary}.")
    # What it is called is not told any more where nothing public carries it.
    name = found.name if found.article_count else slug
    return Subject(name, f"/feeds/{vocabulary}/{quote(slug)}", within(filters, vocabulary, slug))


async def storyline(database: Database, ref: str, filters: Filters, *, format: str) -> Subject:
    """A storyline with public articles. Raises StorylineNotFound, and MovedTo for a name that it had."""
    found = await database.snapshot(reading.find, ref)
    if isinstance(found, reading.Absent):
        raise not_found(found, ref)
    check_name(found, ref, before="/feeds/storylines/", behind=f"/{format}")
    title = json.loads(found.entry.storyline)["title"]
    # By its id: slugs change with the titles.
    listed = replace(filters, storylines=_only(str(found.id), filters.storylines))
    return Subject(title, f"/feeds/storylines/{found.id}", listed, keys=(surrogates.storyline(found.id), LISTS))


def within(filters: Filters, vocabulary: Vocabulary, slug: str) -> Filters:
    """What matches these filters and is also filed under this name."""
    match vocabulary:
        case "sections":
            return replace(filters, sections=_only(slug, filters.sections))
        case "tags":
            return replace(filters, tags=(*filters.tags, (slug,)))
        case "contributors":
            return replace(filters, contributors=(*filters.contributors, (slug,)))


def is_vocabulary(name: str) -> TypeGuard[Vocabulary]:
    """Whether there are feeds of this list of names."""
    return name in VOCABULARIES


def _only(name: str, asked: Group) -> Group:
    """This one, where any was asked for; else nothing: no article is in two."""
    return (name if not asked or name in asked else _NO_SLUG,)
