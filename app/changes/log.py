"""Writing the log: take the counter row, append, close. Reading it is for the followers.

The caller commits. Take the row as the last lock of a transaction: whoever holds it makes every other writer wait.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from app.changes.tables import Change, LogHead
from app.db.batches import insert_all
from app.db.dialect import ring
from app.db.prepared import Prepared
from app.db.unawaited import unawaited

_TICK = timedelta(microseconds=1)

_CHANGES = cast(Table, Change.__table__)
LOG_HEAD = cast(Table, LogHead.__table__)
_HEAD = select(LOG_HEAD.c.seq, LOG_HEAD.c.at, LOG_HEAD.c.published_at)
_TAKE = Prepared(_HEAD.with_for_update())
_LOOK = Prepared(_HEAD)
_END = Prepared(update(LOG_HEAD), columns=("seq", "at", "published_at"))
HEAD_SEQ = select(LOG_HEAD.c.seq).scalar_subquery()
HEAD_AT = select(LOG_HEAD.c.at).scalar_subquery()
FIRST_AT = select(_CHANGES.c.at).order_by(_CHANGES.c.seq).limit(1).scalar_subquery()


class Kind(StrEnum):
    """What happened to an article, or to a storyline by one of its articles, as the log tells it."""

    PUBLISHED = "article.published"
    UPDATED = "article.updated"
    CORRECTED = "article.corrected"
    MOVED = "article.moved"
    WITHDRAWN = "article.withdrawn"
    REFRESHED = "article.refreshed"
    STORYLINE_UPDATED = "storyline.updated"


@dataclass(frozen=True, slots=True)
class Head:
    """The newest line of the log."""

    seq: int
    changed_at: datetime


@dataclass(slots=True)
class Turn:
    """The log in the hands of one transaction: `seq` is the last number given out, `at` the time of what it writes.

    Neither clock runs backwards, whatever the machine's does.
    """

    seq: int
    at: datetime
    published_at: datetime
    lines: list[dict[str, Any]] = field(default_factory=list)

    def stamp(self) -> datetime:
        """A `published_at` later than every one stamped before, in any transaction."""
        self.published_at = max(self.at, self.published_at + _TICK)
        self.at = self.published_at
        return self.published_at

    def append(
        self,
        kind: Kind,
        article_id: UUID,
        *,
        version: int | None = None,
        reason: str | None = None,
        previous_slug: str | None = None,
        storyline_id: UUID | None = None,
        before: str | None = None,
        after: str | None = None,
    ) -> int:
        """The seq of a new line about this article; `before` and `after` are what filters look at."""
        self.seq += 1
        self.lines.append(
            {
                "seq": self.seq,
                "kind": kind.value,
                "article_id": article_id,
                "storyline_id": storyline_id,
                "at": self.at,
                "version": version,
                "reason": reason,
                "previous_slug": previous_slug,
                "before": before,
                "after": after,
            }
        )
        return self.seq


def take(session: Session, *, now: datetime) -> Turn:
    """The turn to write, held until the transaction ends."""
    # One row, one lock: commit order must equal seq order, or readers skip.
    (head,) = _TAKE.rows(session, {})
    return Turn(seq=head.seq, at=max(now, head.at), published_at=head.published_at)


def close(session: Session, turn: Turn) -> None:
    """Write what the turn appended and where it ended."""
    if not turn.lines:
        return
    ended = {"seq": turn.seq, "at": turn.at, "published_at": turn.published_at}
    with unawaited(session):
        insert_all(session, _CHANGES, turn.lines)
        _END.run(session, ended)
        ring(session)


def forget_slugs(session: Session, article_ids: Collection[UUID]) -> None:
    """Take the former slugs of these articles out of the log: what was withdrawn shows nowhere."""
    told = _CHANGES.c.article_id.in_(article_ids) & _CHANGES.c.previous_slug.is_not(None)
    session.execute(update(_CHANGES).where(told).values(previous_slug=None))


def head(session: Session) -> Head:
    """The newest line of the log, as of now."""
    (row,) = _LOOK.rows(session, {})
    return Head(row.seq, row.at)


def head_seq(session: Session) -> int:
    """The number of the newest change; 0 before the first."""
    return head(session).seq
