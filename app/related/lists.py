"""The SQL of the lists: what stands in each, and who has to leave when another enters."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Select, Table, bindparam, delete, func, or_, select
from sqlalchemy.orm import Session

from app.db.batches import among, delete_rows, insert_rows
from app.related.likeness import KEPT
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
    """How full a list is, which article stands last in it, and with what score."""

    entries: int
    last: int
    least: float

    @property
    def is_full(self) -> bool:
        """Whether one has to leave before another may enter."""
        return self.entries >= KEPT

    def takes(self, score: float) -> bool:
        """Whether there is room for this score, or a lower one to make it."""
        return not self.is_full or score > self.least


EMPTY = Fill(0, 0, 0.0)

_COLUMNS = tuple(column.name for column in LISTED.c)
_DELETE = delete(LISTED).where(or_(LISTED.c.number == bindparam("of"), LISTED.c.other == bindparam("of")))


def _fills(listed: Select[Any]) -> Select[Any]:
    """Of each list: how much of it is `listed`, and the last of that; of equals, the newest."""
    entries = func.count().over(partition_by=LISTED.c.number)
    place = func.row_number().over(partition_by=LISTED.c.number, order_by=(LISTED.c.score, LISTED.c.other.desc()))
    found = listed.add_columns(entries.label("entries"), place.label("place")).subquery()
    return select(found.c.number, found.c.entries, found.c.other, found.c.score).where(found.c.place == 1)


_SOME = select(LISTED.c.number, LISTED.c.other, LISTED.c.score).where(among(LISTED.c.number, "some"))
_FILLS = _fills(_SOME)
_COPIES = _fills(
    _SOME.join(SIGNATURES, SIGNATURES.c.number == LISTED.c.other).where(SIGNATURES.c.copies == bindparam("of_group"))
)


def fills(session: Session, numbers: Collection[int]) -> dict[int, Fill]:
    """How full these lists are; those that are empty are left out."""
    return _found(session, _FILLS, numbers)


def copies(session: Session, numbers: Collection[int], *, group: int) -> dict[int, Fill]:
    """The same of the near-copies of one group in them."""
    return _found(session, _COPIES, numbers, of_group=group)


def drop(session: Session, places: Mapping[int, int]) -> None:
    """Take from each of these lists the article that is named with it."""
    delete_rows(session, LISTED, [{"number": number, "other": other} for number, other in sorted(places.items())])


def insert_entries(session: Session, entries: Sequence[Entry]) -> None:
    """Put these into the lists that they name."""
    insert_rows(session, LISTED, [{name: getattr(one, name) for name in _COLUMNS} for one in entries])


def forget(session: Session, number: int) -> None:
    """Delete the list of an article, and take it from those of others."""
    session.connection().execute(_DELETE, {"of": number})


def _found(session: Session, statement: Any, numbers: Collection[int], **values: int) -> dict[int, Fill]:
    if not numbers:
        return {}
    rows = session.connection().execute(statement, {"some": sorted(numbers)} | values)
    return {number: Fill(*fill) for number, *fill in rows}
