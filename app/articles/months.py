"""How many public articles each month has, and when one of them last changed for readers: what sitemaps are made by."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select, text
from sqlalchemy.orm import Session

from app.articles.store import Standing
from app.articles.tables import ArticleMonth
from app.changes.log import Turn
from app.db.base import Instant
from app.db.prepared import Prepared

MONTHS = cast(Table, ArticleMonth.__table__)

_COUNT = Prepared(
    text(
        "INSERT INTO article_months (month, article_count, changed_at, seq) VALUES (:month, :change, :at, :seq) "
        "ON CONFLICT (month) DO UPDATE SET article_count = article_months.article_count + excluded.article_count, "
        "changed_at = excluded.changed_at, seq = excluded.seq"
    ).bindparams(bindparam("at", type_=Instant))
)
_LISTED = select(MONTHS).where(MONTHS.c.article_count > 0).order_by(MONTHS.c.month.desc())


@dataclass(frozen=True, slots=True)
class Month:
    """A month of UTC, as 2025-05, with at least one public article."""

    name: str
    article_count: int
    changed_at: datetime
    seq: int


def month_of(at: datetime) -> str:
    """The month of an instant, in UTC."""
    return at.astimezone(UTC).isoformat()[:7]


def months(session: Session) -> Sequence[Month]:
    """Those that have public articles, newest first."""
    return [Month(*row) for row in session.connection().execute(_LISTED)]


def find_month(session: Session, name: str) -> Month | None:
    """The month of this name, if it has public articles."""
    row = session.connection().execute(_LISTED.where(MONTHS.c.month == name)).first()
    return Month(*row) if row else None


def count(session: Session, *, before: Mapping[UUID, Standing], after: Mapping[UUID, Standing], turn: Turn) -> None:
    """Keep count of articles that came, changed for readers, or went. Only for who holds the log's turn."""
    changes: Counter[str] = Counter()
    for id in before.keys() | after.keys():
        was, stands = before.get(id), after.get(id)
        if was and stands and (was.slug, was.updated_at) == (stands.slug, stands.updated_at):
            continue
        for article, one in ((stands, 1), (was, -1)):
            if article is not None:
                changes[month_of(article.published_at)] += one
    if changes:
        told = {"at": turn.at, "seq": turn.seq}
        rows = [told | {"month": month, "change": change} for month, change in sorted(changes.items())]
        _COUNT.run_each(session, rows)
