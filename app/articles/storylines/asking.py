"""Asking for storylines by their names, and for articles by their storylines where that is not a matter of SQL."""

from dataclasses import replace
from urllib.parse import quote

from app.articles.filters import Filters
from app.articles.storylines.errors import StorylineNotFound
from app.articles.storylines.naming import name_of
from app.articles.storylines.reading import Absent, Found
from app.articles.storylines.store import resolve
from app.changes import surrogates
from app.db import Database
from app.web.moved import MovedTo


def not_found(absent: Absent, ref: str) -> StorylineNotFound:
    """What to answer where no public storyline has or had this name."""
    detail = f"No storyline has the id or slug {ref[:100]!r}."
    return StorylineNotFound(detail, headers={"Dateline-Seq": str(absent.seq)})


def check_name(found: Found, ref: str, *, before: str, behind: str = "") -> None:
    """Nothing, where the storyline has the name that it was found by. Raises MovedTo where it only had it.

    `before` and `behind` are what stands around the name in the address.
    """
    if name_of(ref) not in (found.slug, str(found.id)):
        raise MovedTo(
            f"{before}{quote(found.slug)}{behind}",
            seq=found.seq,
            keys=(surrogates.storyline(found.id), surrogates.LISTS),
        )


async def by_id(database: Database, filters: Filters) -> Filters:
    """The same filters with storylines by their ids; a name that no storyline has, or had, matches nothing."""
    if not filters.storylines:
        return filters
    known = await database.read(resolve, filters.storylines)
    ids = (str(known.get(name, name)) for name in filters.storylines)
    return replace(filters, storylines=tuple(dict.fromkeys(ids)))
