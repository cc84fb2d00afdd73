"""What was taken back lately, newest first: for those who keep copies and do not follow the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from app.articles.facets import Facets
from app.articles.filters import Filters
from app.articles.store import TOMBSTONES
from app.changes.tables import Change

_CHANGES = cast(Table, Change.__table__)
_LATEST = (
    select(
        TOMBSTONES.c.article_id,
        TOMBSTONES.c.withdrawn_at,
        TOMBSTONES.c.reason,
        TOMBSTONES.c.text,
        _CHANGES.c.before,
    )
    .join(_CHANGES, _CHANGES.c.seq == TOMBSTONES.c.seq)
    .order_by(TOMBSTONES.c.seq.desc())
    .limit(bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An article that was taken back, and is not public again; `text` is what readers are told."""

    id: UUID
    at: datetime
    reason: str
    text: str | None


def latest(session: Session, filters: Filters, *, looked_at: int) -> Sequence[Withdrawal]:
    """Those of the last `looked_at` withdrawals whose articles matched, newest first; storylines go by their ids."""
    rows = session.connection().execute(_LATEST, {"limit": looked_at})
    return [Withdrawal(*told) for *told, before in rows if before and Facets.parse(before).match(filters)]
