"""The SQL of a list as readers get it: what the index keeps and editors chose, of what is public now.

An entry counts only while both articles are as they were published when the index read them: what came back after a
withdrawal is stamped anew. Of what was edited since, the reasons are left out until the index has read it again: they
may be words that were corrected.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, Text, and_, bindparam, case, select, union_all
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from app.articles.store import ALIASES, ARTICLES
from app.articles.storylines.store import STORYLINES
from app.changes.log import HEAD_AT, HEAD_SEQ
from app.changes.positions import POSITIONS
from app.core.ids import parse_id
from app.core.slugs import composed
from app.db.base import Uid
from app.db.batches import among
from app.db.dialect import lines, tabbed
from app.db.prepared import Prepared
from app.related.folding import PINNED_SCORE, Candidate
from app.related.following import FOLLOWER
from app.related.lists import LISTED, OUTLINES, facts_of, outline_of
from app.related.store import SIGNATURES
from app.related.tables import RelatedChoice

CHOICES = cast(Table, RelatedChoice.__table__)


@dataclass(frozen=True, slots=True)
class Moment:
    """How new an answer is: the head of the log, and how far the index has followed it."""

    seq: int
    changed_at: datetime
    related_seq: int


@dataclass(frozen=True, slots=True)
class Subject:
    """A public article that is read now, and what the index keeps as `near` to it, best first.

    `number` is its own in the index, `is_read` that this has read its version: without, nothing has reasons.
    """

    id: UUID
    slug: str
    language: str
    original: str
    published_at: datetime
    section_id: int | None
    storyline: str | None
    storyline_title: str | None
    number: int | None
    is_read: bool
    pinned: tuple[UUID, ...]
    blocked: frozenset[str]
    near: Sequence[Candidate]


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of articles: `facts` and a card, by the digits of its id; reasons, by the numbers of both."""

    facts: dict[str, str]
    cards: dict[str, str]
    reasons: dict[tuple[int, int], str]


SAME_AS_PUBLIC = and_(SIGNATURES.c.article_id == ARTICLES.c.id, SIGNATURES.c.published_at == ARTICLES.c.published_at)
GROUP = SIGNATURES.c.copies
IN_INDEX = ARTICLES.outerjoin(SIGNATURES, SAME_AS_PUBLIC)
"""Every public article, with its signature where that is of what is public."""

_TAB = "\t"
# No number but 0 where the index has read another version: its reasons may be words that were corrected.
_READ_AS = case((SIGNATURES.c.version == ARTICLES.c.version, SIGNATURES.c.number), else_=0)
_FACTS = facts_of(
    ARTICLES.c.id,
    published_at=ARTICLES.c.published_at,
    version=ARTICLES.c.version,
    language=ARTICLES.c.primary_language,
    original=ARTICLES.c.original,
)
# What an outline would be, were it written now, and of what is public only.
NEAR = (
    select(LISTED.c.number, outline_of(_READ_AS, _FACTS).label("near"))
    .select_from(LISTED.join(SIGNATURES, SIGNATURES.c.number == LISTED.c.other).join(ARTICLES, SAME_AS_PUBLIC))
    .where(among(LISTED.c.number, "some"))
    .group_by(LISTED.c.number)
)

_POSITION = POSITIONS.c.follower == FOLLOWER
_HEAD = select(
    HEAD_SEQ.label("seq"),
    HEAD_AT.label("at"),
    select(POSITIONS.c.seq).where(_POSITION).scalar_subquery().label("related_seq"),
    select(POSITIONS.c.at).where(_POSITION).scalar_subquery().label("related_at"),
).subquery("head")
_SUBJECT = ("id", "slug", "primary_language", "original", "published_at", "section_id", "storyline_id")


def _subjects(is_it: ColumnElement[bool]) -> Select[Any]:
    # The head joins everything, so that also where no article is public the answer says how new it is.
    found = _HEAD.outerjoin(ARTICLES, is_it).outerjoin(SIGNATURES, SAME_AS_PUBLIC)
    found = found.outerjoin(STORYLINES, STORYLINES.c.id == ARTICLES.c.storyline_id)
    found = found.outerjoin(OUTLINES, OUTLINES.c.number == SIGNATURES.c.number)
    return select(
        _HEAD,
        *(ARTICLES.c[name] for name in _SUBJECT),
        STORYLINES.c.title.label("storyline_title"),
        SIGNATURES.c.number,
        (SIGNATURES.c.version == ARTICLES.c.version).label("is_read"),
        *(CHOICES.c[name].label(name) for name in ("pinned", "blocked")),
        CHOICES.c.at.label("chosen_at"),
        OUTLINES.c.lines.label("near"),
    ).select_from(found.outerjoin(CHOICES, CHOICES.c.article_id == ARTICLES.c.id))


SUBJECTS = _subjects(among(ARTICLES.c.id, "some"))
# Of one, which is asked for most: PostgreSQL takes an array for ten articles, and would plan for one anew each time.
SUBJECT = _subjects(ARTICLES.c.id == bindparam("id", type_=Uid))
PINS = (
    select(ARTICLES.c.id, ARTICLES.c.primary_language, ARTICLES.c.original, GROUP, _READ_AS, _FACTS)
    .select_from(IN_INDEX)
    .where(among(ARTICLES.c.id, "some"))
)
_CARDS = select(lines(tabbed(_FACTS, ARTICLES.c.card))).where(among(ARTICLES.c.id, "some"))
_REASON = tabbed(as_type(LISTED.c.number, Text), as_type(LISTED.c.other, Text), LISTED.c.reasons)
_REASONS = select(lines(_REASON)).where(among(LISTED.c.number, "numbers"), among(LISTED.c.other, "others"))
SHOWN = select(_CARDS.scalar_subquery().label("cards"), _REASONS.scalar_subquery().label("reasons"))
_EACH, _ONE, _SHOWN = Prepared(SUBJECTS), Prepared(SUBJECT), Prepared(SHOWN)
REFS = union_all(
    select(ARTICLES.c.slug, ARTICLES.c.id).where(among(ARTICLES.c.slug, "named")),
    select(ALIASES.c.slug, ALIASES.c.article_id).where(among(ALIASES.c.slug, "named")),
)


def named(session: Session, refs: Collection[str]) -> dict[str, UUID]:
    """What ids each of these refs may mean: an id, a slug or a former slug. Whether it is public, `subjects` says."""
    ids = {ref: id for ref in refs if (id := parse_id(ref)) is not None}
    slugs = {ref: composed(ref) for ref in refs if ref not in ids}
    if not slugs:
        return ids
    rows = session.connection().execute(REFS, {"named": sorted(set(slugs.values()))})
    found: dict[str, UUID] = dict(rows.all())
    return ids | {ref: found[slug] for ref, slug in slugs.items() if slug in found}


def subjects(session: Session, ids: Collection[UUID]) -> tuple[Moment, dict[UUID, Subject]]:
    """How new the answer is, and those of the articles that are public."""
    rows = _ONE.rows(session, {"id": next(iter(ids))}) if len(ids) == 1 else _EACH.rows(session, {"some": list(ids)})
    head = rows[0]
    changes = (head.at, head.related_at, *(row.chosen_at for row in rows))
    moment = Moment(head.seq, max(at for at in changes if at is not None), head.related_seq or 0)
    return moment, {row.id: _subject(row) for row in rows if row.id is not None}


def as_public_now(session: Session, subjects: Sequence[Subject]) -> list[Subject]:
    """The same, with what of their lists is public now: where outlines were told before something changed."""
    numbers = [subject.number for subject in subjects if subject.number is not None]
    outlines: dict[int | None, str] = dict(session.connection().execute(NEAR, {"some": numbers}).all())
    return [replace(subject, near=_near(outlines.get(subject.number))) for subject in subjects]


def _subject(row: Any) -> Subject:
    return Subject(
        id=row.id,
        slug=row.slug,
        language=row.primary_language,
        original=row.original,
        published_at=row.published_at,
        section_id=row.section_id,
        storyline=None if row.storyline_id is None else str(row.storyline_id),
        storyline_title=row.storyline_title,
        number=row.number,
        is_read=bool(row.is_read),
        pinned=ids_of(row.pinned),
        blocked=frozenset(id.hex for id in ids_of(row.blocked)),
        near=_near(row.near),
    )


def ids_of(text: str | None) -> tuple[UUID, ...]:
    """The ids that a column of choices lists."""
    return tuple(map(UUID, text.split())) if text else ()


def _near(outline: str | None) -> list[Candidate]:
    return [_candidate(*line.split(_TAB, 3)) for line in outline.split("\n")] if outline else []


def _candidate(score: str, number: str, group: str, facts: str) -> Candidate:
    id, _, _, language, original = facts.split(_TAB)
    return Candidate(id, language, original, int(group), float(score), int(number), facts)


def pins(session: Session, ids: Collection[UUID]) -> dict[UUID, Candidate]:
    """Those of the articles that are public, as editors' choices."""
    if not ids:
        return {}
    rows = session.connection().execute(PINS, {"some": list(ids)})
    return {row.id: _pin(*row) for row in rows}


def _pin(id: UUID, language: str, original: str, group: int | None, number: int, facts: str) -> Candidate:
    return Candidate(id.hex, language, original, group, PINNED_SCORE, number, facts, is_pinned=True)


def shown(session: Session, lists: Collection[int], articles: Collection[Candidate]) -> Shown:
    """What is shown of these articles in the lists of these numbers."""
    if not articles:
        return Shown({}, {}, {})
    numbers = [one.number for one in articles if one.number]
    values = {"some": [UUID(one.id) for one in articles], "numbers": list(lists), "others": numbers}
    (row,) = _SHOWN.rows(session, values)
    facts, cards, reasons = {}, {}, {}
    for line in row.cards.split("\n") if row.cards else ():
        told, _, card = line.rpartition(_TAB)
        id = told[:32]
        facts[id], cards[id] = told, card
    for line in row.reasons.split("\n") if row.reasons else ():
        number, other, why = line.split(_TAB)
        reasons[int(number), int(other)] = why
    return Shown(facts, cards, reasons)
