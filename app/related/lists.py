"""The SQL of the lists: what stands in each, and who has to leave when another enters."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from app.db.dialect import among
from app.related.store import SIGNATURES
from app.related.tables import RelatedArticle

LISTED = cast(Table, RelatedArticle.__table__)


@dataclass(frozen=True, slots=True)
class Entry:
    """That `other` stands in the list of `number`; `reasons` as they are sent."""

    number: int
    other: int
    score: float
    likeness: float
    reasons: str


@dataclass(frozen=True, slots=True)
class Fill:
    """How full a list is, and the score of its last."""

    entries: int
    least: float

    def takes(self, score: float, *, most: int) -> bool:
        """Whether there is room for this score, or a lower one to make it."""
        return self.entries < most or score > self.least


EMPTY = Fill(0, 0.0)

_COLUMNS = tuple(column.name for column in LISTED.c)
_FILLS = (
    select(LISTED.c.number, func.count(), func.min(LISTED.c.score))
    .where(among(LISTED.c.number, "some"))
    .group_by(LISTED.c.number)
)
_COPIES = _FILLS.join(SIGNATURES, SIGNATURES.c.number == LISTED.c.other).where(
    SIGNATURES.c.copies == bindparam("of_group")
)
_INSERT = insert(LISTED)
_DELETE = delete(LISTED).where(or_(LISTED.c.number == bindparam("of"), LISTED.c.other == bindparam("of")))


def _worst(*conditions: ColumnElement[bool]) -> Any:
    """Deletes the last of a list; of equals, the newest."""
    there = LISTED.alias("there")
    found = select(there.c.other).join(SIGNATURES, SIGNATURES.c.number == there.c.other)
    found = found.where(there.c.number == bindparam("of"), *conditions)
    last = found.order_by(there.c.score, there.c.other.desc()).limit(1).scalar_subquery()
    return delete(LISTED).where(LISTED.c.number == bindparam("of"), LISTED.c.other == last)


_DROP = _worst()
_DROP_COPY = _worst(SIGNATURES.c.copies == bindparam("of_group"))


def fills(session: Session, numbers: Collection[int]) -> dict[int, Fill]:
    """How full these lists are; those that are empty are left out."""
    return _found(session, _FILLS, numbers)


def copies(session: Session, numbers: Collection[int], *, group: int) -> dict[int, Fill]:
    """How many near-copies of one group these lists hold, and the score of the last of them."""
    return _found(session, _COPIES, numbers, of_group=group)


def drop_last(session: Session, numbers: Iterable[int]) -> None:
    """Take the last from each of these lists."""
    if values := [{"of": number} for number in numbers]:
        session.connection().execute(_DROP, values)


def drop_last_copy(session: Session, numbers: Iterable[int], *, group: int) -> None:
    """Take the last near-copy of this group from each of these lists."""
    if values := [{"of": number, "of_group": group} for number in numbers]:
        session.connection().execute(_DROP_COPY, values)


def insert_entries(session: Session, entries: Sequence[Entry]) -> None:
    """Put these into the lists that they name."""
    if entries:
        session.connection().execute(_INSERT, [{name: getattr(one, name) for name in _COLUMNS} for one in entries])


def forget(session: Session, number: int) -> None:
    """Delete the list of an article, and take it from those of others."""
    session.connection().execute(_DELETE, {"of": number})


def _found(session: Session, statement: Any, numbers: Collection[int], **values: int) -> dict[int, Fill]:
    if not numbers:
        return {}
    rows = session.connection().execute(statement, {"some": sorted(numbers)} | values)
    return {number: Fill(entries, least) for number, entries, least in rows}
