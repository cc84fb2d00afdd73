"""How many matches there are of each section, tag, language and year: counts, and the names that go with them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from app.db.batches import among
from app.search.matching import Match
from app.taxonomy.store import SECTIONS, TAGS

MOST_VALUES = 20
"""Of each facet, so many of the commonest values are told."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value that filters take, what people call it, and how many matches have it."""

    value: str
    name: str
    count: int


Facets = dict[str, list[FacetValue]]

_NAMES = {
    table: select(table.c.id, table.c.slug, table.c.name).where(among(table.c.id, "some")) for table in (SECTIONS, TAGS)
}


def facets(session: Session, found: Collection[Match]) -> Facets:
    """The commonest sections, tags and languages of these matches, and their years (UTC), newest first."""
    sections = Counter(match.section_id for match in found if match.section_id is not None)
    tags = Counter(id for match in found for id in match.tag_ids)
    languages = Counter(match.language for match in found)
    years = Counter(match.date[:4] for match in found)
    return {
        "section": _named(session, SECTIONS, sections),
        "tag": _named(session, TAGS, tags),
        "language": [FacetValue(tag, tag, count) for tag, count in _commonest(languages)],
        "year": [FacetValue(year, year, years[year]) for year in sorted(years, reverse=True)[:MOST_VALUES]],
    }


def _named(session: Session, table: Table, counts: Mapping[int, int]) -> list[FacetValue]:
    most = dict(_commonest(counts))
    if not most:
        return []
    rows = session.connection().execute(_NAMES[table], {"some": sorted(most)})
    named = [FacetValue(row.slug, row.name, most[row.id]) for row in rows]
    # By slug among equals: ids are given as articles come, and are not the same everywhere.
    return sorted(named, key=lambda one: (-one.count, one.value))


def _commonest(counts: Mapping[Any, int]) -> Iterable[tuple[Any, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_VALUES]
