"""Asking for articles by their storylines, where that is not a matter of SQL: the log knows storylines by their ids."""

from dataclasses import replace

from app.articles.filters import Filters
from app.articles.storylines.store import resolve
from app.db import Database


async def by_id(database: Database, filters: Filters) -> Filters:
    """The same filters with storylines by their ids; a name that no storyline has, or had, matches nothing."""
    if not filters.storylines:
        return filters
    known = await database.read(resolve, filters.storylines)
    ids = (str(known.get(name, name)) for name in filters.storylines)
    return replace(filters, storylines=tuple(dict.fromkeys(ids)))
