"""What a list that is too short is filled with: what shares tags, then what stands in the same section.

Found along indexes, nearest in time on both sides, and looked for only when it is needed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, literal, select, tuple_, union_all
from sqlalchemy.orm import Session

from app.articles.store import ARTICLES, TAGGED
from app.db.base import Instant, Uid
from app.related.folding import Candidate, reason
from app.related.likeness import LEAST
from app.related.reading import GROUP, IN_INDEX, Subject
from app.taxonomy.store import SECTIONS, TAGS

# Less than any related story has: of the least likeness, time takes half at most.
SCORE_BY_TAG, SCORE_BY_SECTION = LEAST / 4, LEAST / 8
MOST_TAGS = 5
"""The rarest tags of an article lead to others; a common one leads everywhere."""
SLACK = 20
"""How many more are looked at than are wanted: some are translations of one another, or copies."""

_SOME: BindParameter[Any] = bindparam("some", expanding=True)
_TAGS: BindParameter[Any] = bindparam("tags", expanding=True)
_WITHOUT: BindParameter[Any] = bindparam("without", expanding=True)

_CARRIED_BY = (
    select(TAGS.c.id, TAGS.c.name)
    .join(TAGGED, TAGGED.c.tag_id == TAGS.c.id)
    .where(TAGGED.c.article_id == bindparam("id", type_=Uid))
    .order_by(TAGS.c.article_count, TAGS.c.id)
    .limit(MOST_TAGS)
)
SHARED = select(TAGGED.c.article_id, TAGGED.c.tag_id).where(TAGGED.c.article_id.in_(_SOME), TAGGED.c.tag_id.in_(_TAGS))
_SECTION = select(SECTIONS.c.name).where(SECTIONS.c.id == bindparam("section"))
FACTS = (
    select(*(ARTICLES.c[name] for name in ("id", "primary_language", "original", "published_at")), GROUP)
    .select_from(IN_INDEX)
    .where(ARTICLES.c.id.in_(_SOME))
)


def by_tags(session: Session, subject: Subject, *, wanted: int, unwanted: Set[str]) -> list[Candidate]:
    """What shares tags with it: first in its own language, there first by the rarest tags, and then by time."""
    tags = dict(session.connection().execute(_CARRIED_BY, {"id": subject.id}).all())
    if not tags:
        return []
    values = {f"tag_{place}": id for place, id in enumerate(tags)} | _place(subject, wanted, unwanted)
    ids = _nearest(session, near_tags(len(tags)), values, subject, wanted=wanted)
    shared = _shared(session, ids, list(tags))
    # What lost its tags a moment ago, shares none.
    facts = [row for row in _facts(session, ids) if row.id in shared]
    found = sorted(facts, key=lambda row: _rank(subject, row, shared[row.id]))
    names = list(tags.values())
    return [_candidate(row, SCORE_BY_TAG, "tag", [names[place] for place in shared[row.id]]) for row in found]


def by_section(session: Session, subject: Subject, *, wanted: int, unwanted: Set[str]) -> list[Candidate]:
    """What stands in its section in its language, nearest in time first."""
    if subject.section_id is None:
        return []
    own = {"section": subject.section_id, "language": subject.language}
    values = own | _place(subject, wanted, unwanted)
    ids = _nearest(session, NEAR_SECTION, values, subject, wanted=wanted)
    name = session.connection().execute(_SECTION, {"section": subject.section_id}).scalar_one()
    found = sorted(_facts(session, ids), key=lambda row: _rank(subject, row, ()))
    return [_candidate(row, SCORE_BY_SECTION, "section", [name]) for row in found]


def _place(subject: Subject, wanted: int, unwanted: Set[str]) -> dict[str, Any]:
    return {
        "at": subject.published_at,
        "id": subject.id,
        "most": wanted + SLACK,
        "without": [UUID(id) for id in sorted(unwanted)],
    }


def _nearest(session: Session, walks: Any, values: Mapping[str, Any], subject: Subject, *, wanted: int) -> list[UUID]:
    """What the walks meet, that of the first ones first, then by time; some more than are wanted."""
    rows = session.connection().execute(walks, values).all()
    rows = sorted(rows, key=lambda row: (row.place, abs(row.at - subject.published_at), row.id))
    return list(dict.fromkeys(row.id for row in rows))[: wanted + SLACK]


def _shared(session: Session, ids: Iterable[UUID], tags: Sequence[int]) -> Mapping[UUID, list[int]]:
    """Which of the tags each article carries, by their places."""
    shared: dict[UUID, list[int]] = defaultdict(list)
    for id, tag in session.connection().execute(SHARED, {"some": list(ids), "tags": tags}):
        shared[id].append(tags.index(tag))
    return {id: sorted(places) for id, places in shared.items()}


def _facts(session: Session, ids: Iterable[UUID]) -> Sequence[Any]:
    return session.connection().execute(FACTS, {"some": list(ids)}).all()


def _rank(subject: Subject, row: Any, places: Sequence[int]) -> tuple[object, ...]:
    apart = abs(row.published_at - subject.published_at)
    # Of those that share the same rare tags, more are better.
    return row.primary_language != subject.language, (*places, MOST_TAGS), apart, row.id


def _candidate(row: Any, score: float, kind: str, names: Sequence[str]) -> Candidate:
    id, language, original, _, group = row
    return Candidate(id.hex, language, original, group, score, reasons=reason(kind, names), is_fallback=True)


@lru_cache(maxsize=MOST_TAGS)
def near_tags(tags: int) -> Any:
    """What carries each of so many tags, nearest in time on both sides; `place` is that of the tag."""
    order = TAGGED.c.published_at, TAGGED.c.article_id
    walks = (
        walk
        for place in range(tags)
        for walk in _both_sides(TAGGED.c.tag_id == bindparam(f"tag_{place}"), order, place)
    )
    return union_all(*(select(walk.subquery()) for walk in walks))


def _both_sides(
    condition: ColumnElement[bool], order: tuple[ColumnElement[Any], ColumnElement[Any]], place: int
) -> Iterator[Select[Any]]:
    at, id = order
    here = tuple_(bindparam("at", type_=Instant), bindparam("id", type_=Uid))
    found = select(literal(place).label("place"), at.label("at"), id.label("id")).limit(bindparam("most"))
    found = found.where(condition, id.not_in(_WITHOUT))
    yield found.where(tuple_(at, id) < here).order_by(at.desc(), id.desc())
    yield found.where(tuple_(at, id) > here).order_by(at, id)


_STANDS = (ARTICLES.c.section_id == bindparam("section")) & (ARTICLES.c.primary_language == bindparam("language"))
NEAR_SECTION = union_all(
    *(select(walk.subquery()) for walk in _both_sides(_STANDS, (ARTICLES.c.published_at, ARTICLES.c.id), 0))
)
