"""The SQL of signatures and of their postings. How many are asked for is bounded by the caller.

A posting travels as one number: that of its article, times 256, plus the weight of the term in it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, Table, Text, bindparam, delete, func, insert, select, tuple_
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from app.db.base import Uid
from app.db.dialect import among
from app.related.dictionary import TERMS
from app.related.likeness import Signature
from app.related.packing import pack_hashes, pack_weights, unpack_hashes, unpack_weights
from app.related.tables import RelatedPosting, RelatedSignature

SIGNATURES = cast(Table, RelatedSignature.__table__)
POSTINGS = cast(Table, RelatedPosting.__table__)

TF = 256
_SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Indexed:
    """An article as the index keeps it, with the written form of each term of its signature.

    The signature comes without its shingles, which few are asked for.
    """

    number: int
    article_id: UUID
    version: int
    group: int
    signature: Signature
    surfaces: dict[int, str]

    @property
    def day(self) -> int:
        """The day of its postings, counted from 1970."""
        return int(self.signature.published_at.timestamp() // _SECONDS_A_DAY)

    @property
    def weights(self) -> dict[int, int]:
        """All its terms."""
        return self.signature.words | self.signature.names


_COLUMNS = tuple(column for column in SIGNATURES.c if column.name != "shingles")
_OF_ARTICLE = select(*_COLUMNS).where(SIGNATURES.c.article_id == bindparam("id", type_=Uid))
_NUMBERED = select(*_COLUMNS).where(among(SIGNATURES.c.number, "some"))
_SHINGLES = select(SIGNATURES.c.number, SIGNATURES.c.shingles).where(among(SIGNATURES.c.number, "some"))
_KEEP, _POST = insert(SIGNATURES), insert(POSTINGS)
_UNPOST = delete(POSTINGS).where(
    among(POSTINGS.c.term_id, "some"),
    POSTINGS.c.day == bindparam("of_day"),
    POSTINGS.c.number == bindparam("of_number"),
)
_FORGET = delete(SIGNATURES).where(SIGNATURES.c.number == bindparam("of_number"))


def _side(*, is_earlier: bool) -> Any:
    """The postings of a term on one side of a place in time, nearest first, as one text."""
    place = POSTINGS.c.day, POSTINGS.c.number
    here = tuple_(bindparam("of_day"), bindparam("of_number"))
    beyond = tuple_(*place) < here if is_earlier else tuple_(*place) > here
    near = (
        select((POSTINGS.c.number * TF + POSTINGS.c.tf).label("posting"))
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


def find(session: Session, article_id: UUID) -> Indexed | None:
    """What the index keeps of this article, if it does."""
    row = session.connection().execute(_OF_ARTICLE, {"id": article_id}).mappings().first()
    return _indexed(row) if row else None


def numbered(session: Session, numbers: Collection[int]) -> dict[int, Indexed]:
    """What the index keeps of these."""
    if not numbers:
        return {}
    rows = session.connection().execute(_NUMBERED, {"some": sorted(numbers)}).mappings()
    return {row["number"]: _indexed(row) for row in rows}


def with_shingles(session: Session, found: Collection[Indexed]) -> list[Indexed]:
    """The same, each with its shingles."""
    if not found:
        return []
    rows = session.connection().execute(_SHINGLES, {"some": sorted(one.number for one in found)})
    shingles = {number: unpack_hashes(packed) for number, packed in rows}
    return [replace(one, signature=replace(one.signature, shingles=shingles[one.number])) for one in found]


def near(session: Session, terms: Collection[int], *, day: int, number: int, most: int) -> dict[int, list[int]]:
    """For each term the nearest postings to this place, at most so many on either side of it."""
    if not terms:
        return {}
    values = {"some": sorted(terms), "of_day": day, "of_number": number, "most": most}
    rows = session.connection().execute(_NEAR, values)
    return {id: [*_numbers(earlier), *_numbers(later)] for id, earlier, later in rows}


def insert_signature(session: Session, one: Indexed) -> None:
    """Keep an article, and post it under each term of its signature."""
    signature, weights = one.signature, one.weights
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
        "surfaces": "\n".join(one.surfaces[id] for id in weights),
    }
    session.connection().execute(_KEEP, row)
    if weights:
        place = {"day": one.day, "number": one.number}
        posted = [{"term_id": id, "tf": tf} | place for id, tf in sorted(weights.items())]
        session.connection().execute(_POST, posted)


def delete_signature(session: Session, one: Indexed) -> None:
    """Forget an article and its postings."""
    place = {"of_day": one.day, "of_number": one.number}
    session.connection().execute(_UNPOST, {"some": sorted(one.weights)} | place)
    session.connection().execute(_FORGET, {"of_number": one.number})


def _indexed(row: Mapping[Any, Any]) -> Indexed:
    words, names = unpack_weights(row["words"]), unpack_weights(row["names"])
    signature = Signature(
        language=row["language"],
        published_at=row["published_at"],
        words=words,
        names=names,
        norm=row["norm"],
        names_norm=row["names_norm"],
        shingles=frozenset(),
    )
    surfaces = dict(zip((*words, *names), row["surfaces"].split("\n"), strict=False))
    return Indexed(row["number"], row["article_id"], row["version"], row["copies"], signature, surfaces)


def _numbers(text: str | None) -> Iterable[int]:
    return map(int, text.split(",")) if text else ()
