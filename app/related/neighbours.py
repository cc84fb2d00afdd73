"""The neighbourhood of an article: the bounded set that its related stories are chosen from.

Nearest in time, on both sides, among what shares a tag, the section or the language. Ranking is in `ranking`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, select, tuple_, union
from sqlalchemy.orm import Session

from app.articles.store import ARTICLES, TAGGED
from app.changes.log import HEAD_AT, HEAD_SEQ
from app.db.base import Instant, Uid
from app.taxonomy.store import SECTIONS, TAGS

NEAREST_BY_TAG = 20
NEAREST_BY_SECTION = 60
NEAREST_BY_LANGUAGE = 150
MOST_TAGS = 8
"""The rarest tags of an article lead to others; a common one leads everywhere."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, and how many public articles carry it."""

    id: int
    name: str
    carriers: int


@dataclass(frozen=True, slots=True)
class Story:
    """An article as far as being related goes."""

    id: UUID
    language: str
    published_at: datetime
    headline: str
    summary: str | None
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A story and those around it, in no order; `articles` is about how many are public in all."""

    seq: int
    changed_at: datetime
    story: Story
    others: list[Story]
    articles: int


_COLUMNS = ("id", "language", "published_at", "headline", "summary", "primary_language", "original")
_STORY = select(
    HEAD_SEQ.label("seq"),
    HEAD_AT.label("changed_at"),
    select(func.coalesce(func.sum(SECTIONS.c.article_count), 0)).scalar_subquery().label("articles"),
    *(ARTICLES.c[name] for name in (*_COLUMNS, "section_id")),
).where(ARTICLES.c.id == bindparam("id", type_=Uid))

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_LINKED = select(TAGGED.c.article_id, TAGGED.c.tag_id).where(TAGGED.c.article_id.in_(_IDS))
_NAMED = select(TAGS.c.id, TAGS.c.name, TAGS.c.article_count).where(TAGS.c.id.in_(_IDS))


def neighbourhood(session: Session, id: UUID) -> Neighbourhood | None:
    """The story and what is near it; None when it is not public. Its own translations are left out."""
    row = session.connection().execute(_STORY, {"id": id}).first()
    if row is None:
        return None
    tags = _tags(session, [id])[id]
    leading = sorted(tags, key=lambda tag: (tag.carriers, tag.id))[:MOST_TAGS]
    values = {"at": row.published_at, "id": id, "language": row.primary_language}
    values |= {f"tag_{n}": tag.id for n, tag in enumerate(leading)}
    if row.section_id is not None:
        values["section"] = row.section_id
    near = session.connection().execute(_near(len(leading), row.section_id is not None), values).all()
    found = [one for one in near if one.primary_language == row.primary_language and one.original != row.original]
    carried = _tags(session, [other.id for other in found])
    others = [_story(other, carried[other.id]) for other in found]
    return Neighbourhood(row.seq, row.changed_at, _story(row, tags), others, max(row.articles, len(others) + 1))


def cards(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """The stored cards of those that are public now."""
    if not ids:
        return {}
    rows = session.execute(select(ARTICLES.c.id, ARTICLES.c.card).where(ARTICLES.c.id.in_(ids)))
    return {row.id: row.card for row in rows}


def _story(row: Any, tags: tuple[Tag, ...]) -> Story:
    return Story(row.id, row.language, row.published_at, row.headline, row.summary, tags)


def _tags(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[Tag, ...]]:
    carried: dict[UUID, list[int]] = defaultdict(list)
    for article_id, tag_id in session.execute(_LINKED, {"ids": ids}):
        carried[article_id].append(tag_id)
    known = {id for tag_ids in carried.values() for id in tag_ids}
    tags = {row.id: Tag(*row) for row in session.execute(_NAMED, {"ids": sorted(known)})}
    return defaultdict(tuple, {id: tuple(tags[tag_id] for tag_id in tag_ids) for id, tag_ids in carried.items()})


@lru_cache(maxsize=2 * (MOST_TAGS + 1))
def _near(tags: int, has_section: bool) -> Select[Any]:
    near = union(*(select(walk.subquery()) for walk in _walks(tags, has_section))).subquery("near")
    # An outer join, with no condition on the articles: else a planner may begin with all of the same language.
    found = near.outerjoin(ARTICLES, ARTICLES.c.id == near.c.id)
    return select(*(ARTICLES.c[name] for name in _COLUMNS)).select_from(found)


def _walks(tags: int, has_section: bool) -> Iterator[Select[Any]]:
    for n in range(tags):
        order = TAGGED.c.published_at, TAGGED.c.article_id
        yield from _both_sides(TAGGED.c.tag_id == bindparam(f"tag_{n}"), order, NEAREST_BY_TAG)
    order = ARTICLES.c.published_at, ARTICLES.c.id
    speaks = ARTICLES.c.primary_language == bindparam("language")
    if has_section:
        yield from _both_sides((ARTICLES.c.section_id == bindparam("section")) & speaks, order, NEAREST_BY_SECTION)
    yield from _both_sides(speaks, order, NEAREST_BY_LANGUAGE)


def _both_sides(
    condition: ColumnElement[bool], order: tuple[ColumnElement[Any], ColumnElement[Any]], nearest: int
) -> Iterator[Select[Any]]:
    at, id = order
    here = tuple_(bindparam("at", type_=Instant), bindparam("id", type_=Uid))
    found = select(id.label("id"))
    yield found.where(condition, tuple_(at, id) < here).order_by(at.desc(), id.desc()).limit(nearest)
    yield found.where(condition, tuple_(at, id) > here).order_by(at, id).limit(nearest)
