"""What was touched lately, by surrogate keys: the lines of the log and the purges since somebody last looked.

What is to be forgotten therefore, and where, is for whoever asks.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from app.changes.log import HEAD_AT, HEAD_SEQ
from app.changes.purges import NEWEST, PURGES
from app.changes.surrogates import touched_by
from app.changes.tables import Change

MOST_AT_ONCE = 500

_CHANGES = cast(Table, Change.__table__)
_STANDING = select(HEAD_SEQ.label("seq"), NEWEST.label("purged"), HEAD_AT.label("at"))
_LINES = (
    select(_CHANGES.c.seq, _CHANGES.c.at, _CHANGES.c.article_id, _CHANGES.c.storyline_id)
    .where(_CHANGES.c.seq > bindparam("after"), _CHANGES.c.seq <= bindparam("until"))
    .order_by(_CHANGES.c.seq)
    .limit(MOST_AT_ONCE)
)
_KEYS = (
    select(PURGES.c.number, PURGES.c.key)
    .where(PURGES.c.number > bindparam("after"), PURGES.c.number <= bindparam("until"))
    .order_by(PURGES.c.number)
    .limit(MOST_AT_ONCE)
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A place in both: `seq` of the log, `purged` the number of a purge; and when the log came there, where known."""

    seq: int
    purged: int
    at: datetime | None = None

    def has_reached(self, other: "Standing") -> bool:
        """Whether all that there was up to there lies behind."""
        return self.seq >= other.seq and self.purged >= other.purged

    def is_of_other_history_than(self, earlier: "Standing") -> bool:
        """Whether a backup was restored meanwhile: what was there `earlier` is not there any more."""
        if self.seq < earlier.seq or self.purged < earlier.purged:
            return True
        is_same_line = self.seq == earlier.seq and self.at is not None and earlier.at is not None
        return is_same_line and self.at != earlier.at


_END = Standing(2**62, 2**62)


@dataclass(frozen=True, slots=True)
class Touched:
    """The keys that were touched between two places, and the later of them; there may be more behind it."""

    keys: frozenset[str]
    until: Standing


def standing(session: Session) -> Standing:
    """Where both end now."""
    return Standing(*session.connection().execute(_STANDING).one())


def touched(session: Session, since: Standing, *, until: Standing | None = None) -> Touched:
    """What the next changes and purges touched, MOST_AT_ONCE of each, and none behind `until`."""
    connection, end = session.connection(), until or _END
    lines = connection.execute(_LINES, {"after": since.seq, "until": end.seq}).all()
    purges = connection.execute(_KEYS, {"after": since.purged, "until": end.purged}).all()
    articles = [line.article_id for line in lines]
    storylines = [line.storyline_id for line in lines if line.storyline_id is not None]
    keys = touched_by(articles, storylines) if lines else frozenset()
    if until is not None and len(lines) < MOST_AT_ONCE > len(purges):
        reached = until  # also where its last purge is not there any more: a key has the number of its latest
    else:
        reached = Standing(
            lines[-1].seq if lines else since.seq,
            purges[-1].number if purges else since.purged,
            lines[-1].at if lines else since.at,
        )
    return Touched(keys.union(purge.key for purge in purges), reached)
