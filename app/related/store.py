"""The SQL of signatures and of their postings. How many are asked for is bounded by the caller.

A posting travels as one number: that of its article, times 256, plus the weight of the term in it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Select, Table, Text, bindparam, delete, func, insert, select, tuple_, update
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from app.db.batches import among, insert_rows
from app.related.dictionary import TERMS
from app.related.likeness import POSTED_WORDS, Signature
from app.related.outline import facts
from app.related.packing import pack_hashes, pack_weights, unpack_hashes, unpack_weights
from app.related.tables import RelatedPosting, RelatedSignature

SIGNATURES = cast(Table, RelatedSignature.__table__)
POSTINGS = cast(Table, RelatedPosting.__table__)

TF_BITS, MOST_TF = 8, 255
_SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Indexed:
    """An article as the index keeps it."""

    number: int
    article_id: UUID
    version: int
    group: int
    signature: Signature
    original: str

    @property
    def facts(self) -> str:
        """What lists tell of it."""
        of = self.signature
        return facts(
            self.article_id,
            published_at=of.published_at,
            version=self.version,
            language=of.language,
            original=self.original,
        )

    @property
    def day(self) -> int:
        """The day of its postings, counted from 1970."""
        return int(self.signature.published_at.timestamp() // _SECONDS_A_DAY)

    @property
    def posted(self) -> dict[int, int]:
        """The terms that lead to it: its strongest words, and its names."""
        return dict(islice(self.signature.words.items(), POSTED_WORDS)) | self.signature.names


class Candidate(NamedTuple):
    """An article that may be like another one: what they are compared by, packed."""

    number: int
    group: int
    published_at: datetime
    language: str
    norm: float
    names_norm: float
    words: bytes
    names: bytes
    article_id: UUID
    version: int
    original: str

    @property
    def facts(self) -> str:
        """What lists tell of it."""
        return facts(
            self.article_id,
            published_at=self.published_at,
            version=self.version,
            language=self.language,
            original=self.original,
        )


_OF_ARTICLES = select(SIGNATURES).where(among(SIGNATURES.c.article_id, "some"))
_NUMBERED = select(SIGNATURES).where(among(SIGNATURES.c.number, "some"))
_CANDIDATES = (
    select(*(SIGNATURES.c[name] for name in ("number", "copies", *Candidate._fields[2:])))
    .where(among(SIGNATURES.c.number, "some"))
    .order_by(SIGNATURES.c.number)
)
_KEEP = insert(SIGNATURES)
_UNPOST = delete(POSTINGS).where(
    among(POSTINGS.c.term_id, "some"),
    POSTINGS.c.day == bindparam("of_day"),
    POSTINGS.c.number == bindparam("of_number"),
)
_REGROUP = update(SIGNATURES).where(SIGNATURES.c.number == bindparam("of_number")).values(original=bindparam("told"))
_FORGET = delete(SIGNATURES).where(SIGNATURES.c.number == bindparam("of_number"))


def _side(*, is_earlier: bool) -> Any:
    """The postings of a term on one side of a place in time, nearest first, as one text."""
    place = POSTINGS.c.day, POSTINGS.c.number
    here = tuple_(bindparam("of_day"), bindparam("of_number"))
    beyond = tuple_(*place) < here if is_earlier else tuple_(*place) > here
    near = (
        select((POSTINGS.c.number * (MOST_TF + 1) + POSTINGS.c.tf).label("posting"))
        .where(POSTINGS.c.term_id == TERMS.c.id, beyond)
        .order_by(*(column.desc() if is_earlier else column for column in place))
        .limit(bindparam("most"))
        .correlate(TERMS)
        .subquery()
    )
    return select(func.aggregate_strings(as_type(near.c.posting, Text), ",")).scalar_subquery()


# One row a term: a row a posting would cost the client more than finding it costs the database.
_NEAR: Select[Any] = select(
    TERMS.c.id, _side(is_earlier=True).label("earlier"), _side(is_earlier=False).label("later")
).where(among(TERMS.c.id, "some"))


def find(session: Session, article_ids: Collection[UUID]) -> dict[UUID, Indexed]:
    """What the index keeps of those of these articles that it has."""
    rows = session.connection().execute(_OF_ARTICLES, {"some": sorted(set(article_ids))}).mappings()
    return {row["article_id"]: _indexed(row) for row in rows}


def numbered(session: Session, numbers: Sequence[int]) -> list[Indexed]:
    """What the index keeps of these, in this order."""
    if not numbers:
        return []
    rows = session.connection().execute(_NUMBERED, {"some": numbers}).mappings()
    found = {row["number"]: _indexed(row) for row in rows}
    return [found[number] for number in numbers]


def candidates(session: Session, numbers: Collection[int]) -> Iterable[Candidate]:
    """These, in the order of their numbers."""
    if not numbers:
        return ()
    rows = session.connection().execute(_CANDIDATES, {"some": sorted(numbers)}).all()
    return [Candidate(*row) for row in rows]


def near(session: Session, terms: Collection[int], *, day: int, number: int, most: int) -> dict[int, list[int]]:
    """For each term the nearest postings to this place, at most so many on either side of it."""
    if not terms:
        return {}
    values = {"some": sorted(terms), "of_day": day, "of_number": number, "most": most}
    rows = session.connection().execute(_NEAR, values)
    return {id: [*_numbers(earlier), *_numbers(later)] for id, earlier, later in rows}


def insert_signature(session: Session, one: Indexed) -> None:
    """Keep an article, and post it under each term of its signature."""
    signature, posted = one.signature, one.posted
    row = {
        "number": one.number,
        "article_id": one.article_id,
        "published_at": signature.published_at,
        "version": one.version,
        "copies": one.group,
        "language": signature.language,
        "norm": signature.norm,
        "names_norm": signature.names_norm,
        "words": pack_weights(signature.words),
        "names": pack_weights(signature.names),
        "shingles": pack_hashes(signature.shingles),
        "original": one.original,
    }
    session.connection().execute(_KEEP, row)
    place = {"day": one.day, "number": one.number}
    insert_rows(session, POSTINGS, [{"term_id": id, "tf": tf} | place for id, tf in sorted(posted.items())])


def regroup(session: Session, number: int, original: str) -> None:
    """Keep that an article belongs to this group of translations."""
    session.connection().execute(_REGROUP, {"of_number": number, "told": original})


def delete_signature(session: Session, one: Indexed) -> None:
    """Forget an article and its postings."""
    place = {"of_day": one.day, "of_number": one.number}
    session.connection().execute(_UNPOST, {"some": sorted(one.posted)} | place)
    session.connection().execute(_FORGET, {"of_number": one.number})


def _indexed(row: Mapping[Any, Any]) -> Indexed:
    signature = Signature(
        language=row["language"],
        published_at=row["published_at"],
        words=unpack_weights(row["words"]),
        names=unpack_weights(row["names"]),
        norm=row["norm"],
        names_norm=row["names_norm"],
        shingles=unpack_hashes(row["shingles"]),
    )
    return Indexed(row["number"], row["article_id"], row["version"], row["copies"], signature, row["original"])


def _numbers(text: str | None) -> Iterable[int]:
    return map(int, text.split(",")) if text else ()
