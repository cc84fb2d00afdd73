"""The SQL of the lists: their entries with the reasons, and their outlines, which readers begin with.

Who enters and who has to leave is `outline`'s.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Text, bindparam, delete, func, or_, select
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from app.db.batches import among, delete_rows, insert_rows
from app.db.dialect import instant_text, lines, tabbed
from app.related.outline import leave, retell
from app.related.store import SIGNATURES
from app.related.tables import RelatedArticle, RelatedOutline

LISTED = cast(Table, RelatedArticle.__table__)
OUTLINES = cast(Table, RelatedOutline.__table__)


@dataclass(frozen=True, slots=True)
class Entry:
    """That `other` stands in the list of `number`; `reasons` as they are sent."""

    number: int
    other: int
    score: float
    likeness: float
    reasons: str


_COLUMNS = tuple(column.name for column in LISTED.c)
_OUTLINES = select(OUTLINES.c.number, OUTLINES.c.lines).where(among(OUTLINES.c.number, "some"))
_HOLDERS = select(OUTLINES.c.number, OUTLINES.c.lines).where(
    OUTLINES.c.number.in_(select(LISTED.c.number).where(LISTED.c.other == bindparam("other")))
)
_DELETE = delete(LISTED).where(or_(LISTED.c.number == bindparam("of"), LISTED.c.other == bindparam("of")))
_DELETE_OUTLINES = delete(OUTLINES).where(among(OUTLINES.c.number, "some"))


def facts_of(
    article_id: ColumnElement[UUID],
    *,
    published_at: ColumnElement[datetime],
    version: ColumnElement[int],
    language: ColumnElement[str],
    original: ColumnElement[str],
) -> ColumnElement[str]:
    """What `outline.facts` writes, of these columns."""
    id = func.replace(as_type(article_id, Text), "-", "")
    return tabbed(id, instant_text(published_at), as_type(version, Text), language, original)


def outline_of(number: ColumnElement[int], facts: ColumnElement[str]) -> ColumnElement[str]:
    """The outline of a group of rows of `LISTED` joined to `SIGNATURES`, with these numbers and facts."""
    line = tabbed(as_type(LISTED.c.score, Text), as_type(number, Text), as_type(SIGNATURES.c.copies, Text), facts)
    return lines(line, LISTED.c.score.desc(), LISTED.c.other.desc())


def outlines(session: Session, numbers: Collection[int]) -> dict[int, str]:
    """The outlines of these lists; those of empty ones are left out."""
    if not numbers:
        return {}
    return dict(session.connection().execute(_OUTLINES, {"some": sorted(numbers)}).all())


def keep_outlines(session: Session, outlines: Mapping[int, str]) -> None:
    """Let these lists have these outlines."""
    if outlines:
        session.connection().execute(_DELETE_OUTLINES, {"some": sorted(outlines)})
        rows = [{"number": number, "lines": text} for number, text in sorted(outlines.items()) if text]
        insert_rows(session, OUTLINES, rows)


def drop(session: Session, places: Mapping[int, int]) -> None:
    """Take from each of these lists the article that is named with it. Its outline is the caller's."""
    delete_rows(session, LISTED, [{"number": number, "other": other} for number, other in sorted(places.items())])


def insert_entries(session: Session, entries: Sequence[Entry]) -> None:
    """Put these into the lists that they name. Their outlines are the caller's."""
    insert_rows(session, LISTED, [{name: getattr(one, name) for name in _COLUMNS} for one in entries])


def forget(session: Session, number: int) -> None:
    """Delete the list of an article, and take it from those of others."""
    rest = {holder: leave(text, number) for holder, text in _holders(session, number).items()}
    keep_outlines(session, rest | {number: ""})
    session.connection().execute(_DELETE, {"of": number})


def tell_anew(session: Session, number: int, facts: str) -> None:
    """Let every list that an article stands in tell this of it."""
    holders = _holders(session, number)
    told = {holder: retell(text, number, facts) for holder, text in holders.items()}
    keep_outlines(session, {holder: text for holder, text in told.items() if text != holders[holder]})


def _holders(session: Session, number: int) -> dict[int, str]:
    """The outlines of the lists that it stands in."""
    return dict(session.connection().execute(_HOLDERS, {"other": number}).all())
