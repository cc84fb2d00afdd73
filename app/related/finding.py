"""Related stories of one article or of many, ready to be sent: what routes and pages call."""

from collections.abc import Collection, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from app.articles.listing import is_in_storyline
from app.db import Database
from app.related import filling, reading
from app.related.folding import Candidate, Entry, Key, choose, deal, explain, fold
from app.related.reading import Shown, Subject


class Fill(Protocol):
    """A way to fill up a list."""

    def __call__(self, session: Session, subject: Subject, *, wanted: int, unwanted: Set[str]) -> list[Candidate]:
        """At least so many, where there are, best first."""
        ...


class Torn(Exception):  # noqa: N818 - it is found out in time
    """What is to be shown is not what is public now: outlines follow the log, and statements come one after the other.

    Only what is shown is compared. What an outline tells wrongly of others can leave a list short until it is followed.
    """


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
    unwanted = frozenset(id.hex for id in exclude)
    try:
        # The one `read` of several statements, mostly two: a transaction around them takes PostgreSQL as long as they
        # do. A commit that came between them is found out.
        return await database.read(_one, id, limit=limit, exclude=unwanted)
    except Torn:
        return await database.snapshot(_one, id, limit=limit, exclude=unwanted)


async def related_to_each(
    database: Database, refs: Sequence[str], *, limit: int, exclude: Collection[UUID] = ()
) -> Answers:
    """The same of many, by their ids or slugs: no story twice, none of those asked about, and each its fair share."""
    return await database.snapshot(_each, refs, limit=limit, exclude=frozenset(id.hex for id in exclude))


def _one(session: Session, id: UUID, *, limit: int, exclude: frozenset[str]) -> Answer | None:
    moment, public = reading.subjects(session, [id])
    if id not in public:
        return None
    (entries,) = _lists(session, [public[id]], limit=limit, unwanted=exclude)
    return Answer(moment.seq, moment.changed_at, moment.related_seq, entries)


def _each(session: Session, refs: Sequence[str], *, limit: int, exclude: frozenset[str]) -> Answers:
    ids = reading.named(session, refs)
    moment, public = reading.subjects(session, set(ids.values()))
    asked = [(ref, public[ids[ref]]) for ref in refs if ids.get(ref) in public]
    unwanted = exclude | {id.hex for id in public}
    lists = _lists(session, [of for _, of in asked], limit=limit, unwanted=unwanted)
    made = [Listed(ref, of.id, of.slug, entries) for (ref, of), entries in zip(asked, lists, strict=True)]
    missing = [ref for ref in refs if ids.get(ref) not in public]
    return Answers(moment.seq, moment.changed_at, moment.related_seq, made, missing)


def _lists(session: Session, subjects: Sequence[Subject], *, limit: int, unwanted: frozenset[str]) -> list[list[str]]:
    """The entries of each, by outlines, or where these say otherwise than what is public now, by that."""
    try:
        return _dealt(session, subjects, limit=limit, unwanted=unwanted)
    except Torn:
        return _dealt(session, reading.as_public_now(session, subjects), limit=limit, unwanted=unwanted)


def _dealt(session: Session, subjects: Sequence[Subject], *, limit: int, unwanted: frozenset[str]) -> list[list[str]]:
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
    session: Session, subjects: Sequence[Subject], unwanted: frozenset[str], originals: set[str]
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
    session: Session, subject: Subject, more: Fill, *, wanted: int, unwanted: frozenset[str], originals: set[str]
) -> Iterator[Entry]:
    """What may fill up the list of one."""
    found = more(session, subject, wanted=wanted, unwanted=unwanted) if wanted else []
    return fold(choose(found, (), unwanted=unwanted, originals=originals), language=subject.language)


def _written(session: Session, subjects: Sequence[Subject], lists: Sequence[Sequence[Entry]]) -> list[list[str]]:
    members = {one.id: one for entries in lists for entry in entries for one in entry.members}
    numbers = [subject.number for subject in subjects if subject.number is not None and subject.is_read]
    shown = reading.shown(session, numbers, members.values())
    for id, one in members.items():
        if id not in shown.cards or (one.facts is not None and one.facts != shown.facts[id]):
            raise Torn
    for subject, entries in zip(subjects, lists, strict=True):
        if subject.is_read and any(_lacks_reasons(subject, entry.lead, shown) for entry in entries):
            raise Torn
    return [
        [_entry(subject, entry, shown) for entry in entries] for subject, entries in zip(subjects, lists, strict=True)
    ]


def _lacks_reasons(subject: Subject, lead: Candidate, shown: Shown) -> bool:
    """Whether it has left the list since: pins need not be in it."""
    is_listed = lead.number != 0 and not lead.is_pinned and not lead.is_fallback
    return is_listed and (subject.number, lead.number) not in shown.reasons


def _entry(subject: Subject, entry: Entry, shown: Shown) -> str:
    lead = entry.lead
    card = shown.cards[lead.id]
    is_same_event = subject.storyline is not None and is_in_storyline(card, subject.storyline)
    computed = lead.reasons if lead.is_fallback else shown.reasons.get((subject.number or 0, lead.number), "[]")
    reasons = explain(lead, computed, storyline=subject.storyline_title if is_same_event else None)
    variants = ",".join(shown.cards[one.id] for one in entry.variants)
    return (
        f'{{"article":{card},"score":{entry.score},"reasons":{reasons},"variants":[{variants}],'
        f'"fallback":{"true" if lead.is_fallback else "false"}}}'
    )
