"""Related stories of one article or of many, ready to be sent: what routes and pages call."""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from app.db import Database
from app.related import filling, reading
from app.related.folding import Candidate, Entry, Key, choose, deal, explain, fold
from app.related.reading import Subject


class Fill(Protocol):
    """A way to fill up a list."""

    def __call__(self, session: Session, subject: Subject, *, wanted: int, unwanted: Set[UUID]) -> list[Candidate]:
        """At least so many, where there are, best first."""
        ...


class Torn(Exception):  # noqa: N818 - it is found out in time
    """What one statement found, the next did not find any more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Entries as JSON texts, best first, and how new they are."""

    seq: int
    changed_at: datetime
    related_seq: int
    entries: list[str]


@dataclass(frozen=True, slots=True)
class Listed:
    """An article that was asked about, by the name that was given, with its entries."""

    ref: str
    id: UUID
    slug: str
    entries: list[str]


@dataclass(frozen=True, slots=True)
class Answers:
    """Many lists at once, in the order asked for, and what no public article is called."""

    seq: int
    changed_at: datetime
    related_seq: int
    lists: list[Listed]
    missing: list[str]


async def related(database: Database, id: UUID, *, limit: int, exclude: Collection[UUID] = ()) -> Answer | None:
    """The stories worth reading after this one; None when it is not public (any more)."""
    unwanted = frozenset(exclude)
    try:
        # The one `read` of two statements: a transaction around them takes PostgreSQL as long as they do. A commit that
        # came between them is found out.
        return await database.read(_one, id, limit=limit, exclude=unwanted)
    except Torn:
        return await database.snapshot(_one, id, limit=limit, exclude=unwanted)


async def related_to_each(
    database: Database, refs: Sequence[str], *, limit: int, exclude: Collection[UUID] = ()
) -> Answers:
    """The same of many, by their ids or slugs: no story twice, none of those asked about, and each its fair share."""
    return await database.snapshot(_each, refs, limit=limit, exclude=frozenset(exclude))


def _one(session: Session, id: UUID, *, limit: int, exclude: frozenset[UUID]) -> Answer | None:
    moment, public = reading.subjects(session, [id])
    if id not in public:
        return None
    (entries,) = _lists(session, [public[id]], limit=limit, unwanted=exclude)
    return Answer(moment.seq, moment.changed_at, moment.related_seq, entries)


def _each(session: Session, refs: Sequence[str], *, limit: int, exclude: frozenset[UUID]) -> Answers:
    ids = reading.named(session, refs)
    moment, public = reading.subjects(session, set(ids.values()))
    asked = [(ref, public[ids[ref]]) for ref in refs if ids.get(ref) in public]
    lists = _lists(session, [of for _, of in asked], limit=limit, unwanted=exclude | public.keys())
    made = [Listed(ref, of.id, of.slug, entries) for (ref, of), entries in zip(asked, lists, strict=True)]
    missing = [ref for ref in refs if ids.get(ref) not in public]
    return Answers(moment.seq, moment.changed_at, moment.related_seq, made, missing)


def _lists(session: Session, subjects: Sequence[Subject], *, limit: int, unwanted: frozenset[UUID]) -> list[list[str]]:
    """The entries of each, filled up where the index has too few."""
    originals, taken = {subject.original for subject in subjects}, set[Key]()
    lists = deal(_offers(session, subjects, unwanted, originals), [limit] * len(subjects), taken)
    for more in (filling.by_tags, filling.by_section):
        missing = [limit - len(entries) for entries in lists]
        if any(missing):
            never = unwanted | {one.id for entries in lists for entry in entries for one in entry.members}
            offers = [
                _fillers(session, subject, more, wanted=wanted, unwanted=never | subject.blocked, originals=originals)
                for subject, wanted in zip(subjects, missing, strict=True)
            ]
            lists = [had + got for had, got in zip(lists, deal(offers, missing, taken), strict=True)]
    return _written(session, subjects, lists)


def _offers(
    session: Session, subjects: Sequence[Subject], unwanted: frozenset[UUID], originals: set[str]
) -> list[Iterator[Entry]]:
    """What the index and the editors offer each."""
    public = reading.pins(session, {id for subject in subjects for id in subject.pinned})
    offers = []
    for subject in subjects:
        pins = [public[id] for id in subject.pinned if id in public]
        candidates = choose(subject.near, pins, unwanted=unwanted | subject.blocked, originals=originals)
        offers.append(fold(candidates, language=subject.language))
    return offers


def _fillers(
    session: Session, subject: Subject, more: Fill, *, wanted: int, unwanted: frozenset[UUID], originals: set[str]
) -> Iterator[Entry]:
    """What may fill up the list of one."""
    found = more(session, subject, wanted=wanted, unwanted=unwanted) if wanted else []
    return fold(choose(found, (), unwanted=unwanted, originals=originals), language=subject.language)


def _written(session: Session, subjects: Sequence[Subject], lists: Sequence[Sequence[Entry]]) -> list[list[str]]:
    shown = {one.id for entries in lists for entry in entries for one in entry.members}
    cards = reading.cards(session, shown)
    if len(cards) < len(shown):
        raise Torn
    return [
        [_entry(subject, entry, cards) for entry in entries] for subject, entries in zip(subjects, lists, strict=True)
    ]


def _entry(subject: Subject, entry: Entry, cards: Mapping[UUID, str]) -> str:
    lead = entry.lead
    is_same_event = subject.storyline is not None and lead.storyline == subject.storyline
    reasons = explain(lead, storyline=subject.storyline_title if is_same_event else None)
    variants = ",".join(cards[one.id] for one in entry.variants)
    return (
        f'{{"article":{cards[lead.id]},"score":{entry.score},"reasons":{reasons},"variants":[{variants}],'
        f'"fallback":{"true" if lead.is_fallback else "false"}}}'
    )
