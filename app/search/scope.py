"""What a request leaves of the archive to be searched: its filters as tokens of the index, and its languages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, literal, select, type_coerce, union_all
from sqlalchemy.orm import Session

from app.articles.filters import Filters
from app.core.languages import primary_language
from app.db.batches import among
from app.search.store import LANGUAGES
from app.search.tokens import breaking_token, contributor_token, language_token, section_token, tag_token
from app.taxonomy.store import CONTRIBUTORS, SECTIONS, TAGS

MOST_LANGUAGES = 100
"""A query is read in so many languages at most; of more, in those of most articles."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Filters as the index knows them: one token of each group; and what it does not know.

    `languages` says how many articles there are in each language that a query is read in, most first.
    """

    groups: tuple[tuple[str, ...], ...]
    languages: Mapping[str, int]
    since: datetime | None
    until: datetime | None
    storylines: tuple[str, ...]


_LANGUAGES = select(LANGUAGES.c.language, LANGUAGES.c.articles).where(LANGUAGES.c.articles > 0)
_NAMES = union_all(
    *(
        select(literal(kind), type_coerce(table.c.slug, Text), table.c.id).where(
            among(type_coerce(table.c.slug, Text), kind)
        )
        for kind, table in (("sections", SECTIONS), ("tags", TAGS), ("contributors", CONTRIBUTORS))
    )
)
_TOKENS = {"sections": section_token, "tags": tag_token, "contributors": contributor_token}


def resolve(session: Session, filters: Filters) -> Scope | None:
    """The scope that these filters leave; None where no article can be in it."""
    spoken = {row.language: row.articles for row in session.connection().execute(_LANGUAGES)}
    asked = {tag: count for tag, count in spoken.items() if _is_asked(tag, filters.languages)}
    groups = _named(session, filters)
    if filters.languages:
        groups.append(tuple(sorted(map(language_token, asked))))
    if filters.is_breaking is not None:
        groups.append((breaking_token(filters.is_breaking),))
    if not asked or not all(groups):
        return None
    return Scope(tuple(groups), _primaries(asked), filters.since, filters.until, filters.storylines)


def _is_asked(tag: str, ranges: Iterable[str]) -> bool:
    """RFC 4647 basic filtering; without ranges, everything."""
    given = tuple(ranges)
    return not given or any(f"{tag}-".startswith(f"{one}-") for one in given)


def _primaries(asked: Mapping[str, int]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for tag, count in asked.items():
        counts[primary_language(tag)] = counts.get(primary_language(tag), 0) + count
    most = sorted(counts, key=lambda language: (-counts[language], language))[:MOST_LANGUAGES]
    return {language: counts[language] for language in most}


def _named(session: Session, filters: Filters) -> list[tuple[str, ...]]:
    """The tokens of sections, tags and contributors, a group for each that was asked for."""
    wanted: dict[str, Sequence[tuple[str, ...]]] = {
        "sections": (filters.sections,) if filters.sections else (),
        "tags": filters.tags,
        "contributors": filters.contributors,
    }
    if not any(wanted.values()):
        return []
    values = {kind: sorted({slug for group in groups for slug in group}) for kind, groups in wanted.items()}
    ids: dict[tuple[str, str], int] = {
        (kind, slug): id for kind, slug, id in session.connection().execute(_NAMES, values)
    }
    return [_group(kind, slugs, ids) for kind, groups in wanted.items() for slugs in groups]


def _group(kind: str, slugs: Iterable[str], ids: Mapping[tuple[str, str], Any]) -> tuple[str, ...]:
    return tuple(_TOKENS[kind](ids[kind, slug]) for slug in slugs if (kind, slug) in ids)
