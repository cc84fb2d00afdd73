"""The place of a CDN among the changes: who sends, what is to be sent next, and that it was sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.changes.touching import MOST_AT_ONCE, Standing, standing, touched
from app.db.dialect import claim
from app.purging.tables import CdnPosition

LEASE = timedelta(seconds=5)
"""So long nobody is told when who sends was killed. Who takes longer may find that somebody else sends it, too."""

_POSITIONS = cast(Table, CdnPosition.__table__)
_OF = select(_POSITIONS).where(_POSITIONS.c.target == bindparam("target"))
_OURS = update(_POSITIONS).where(_POSITIONS.c.target == bindparam("told"))


@dataclass(frozen=True, slots=True)
class Order:
    """What a CDN is to forget: `keys`, or everything where that is None; then it knows all changes up to `until`."""

    keys: frozenset[str] | None
    since: Standing | None
    until: Standing

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to forget."""
        return self.keys is None or bool(self.keys)


def hold(session: Session, target: str, *, holder: str, now: datetime) -> bool:
    """Whether `holder` sends for the next while: who does already, or anybody once a lease has run out."""
    claim(session, "follower", [target])
    lease = {"holder": holder, "held_until": now + LEASE}
    row = session.execute(_OF, {"target": target}).one_or_none()
    if row is None:
        session.execute(insert(_POSITIONS), {"target": target} | lease)
        return True
    if row.holder != holder and row.held_until > now:
        return False
    session.connection().execute(_OURS.values(**lease), {"told": target})
    return True


def next_order(session: Session, target: str) -> Order:
    """What happened since the CDN was told last. In one snapshot."""
    known, found = _told(session, target), standing(session)
    if known is None or found.is_of_other_history_than(known) or _is_far(found, known):
        return Order(None, known, found)
    if (found.seq, found.purged) == (known.seq, known.purged):
        return Order(frozenset(), known, found)
    return Order(touched(session, known).keys, known, found)


def move(session: Session, target: str, order: Order) -> bool:
    """Say that the order was carried out; False where somebody else has moved the place meanwhile."""
    claim(session, "follower", [target])
    if _told(session, target) != order.since:
        return False
    until = order.until
    session.connection().execute(_OURS.values(seq=until.seq, purged=until.purged, at=until.at), {"told": target})
    return True


def lag(session: Session, target: str) -> int:
    """Of how many changes and purges the CDN was not told yet."""
    known, found = _told(session, target) or Standing(0, 0), standing(session)
    return max(found.seq - known.seq, 0) + max(found.purged - known.purged, 0)


def _told(session: Session, target: str) -> Standing | None:
    row = session.execute(_OF, {"target": target}).one_or_none()
    return None if row is None or row.seq is None else Standing(row.seq, row.purged, row.at)


def _is_far(found: Standing, known: Standing) -> bool:
    return found.seq - known.seq > MOST_AT_ONCE or found.purged - known.purged > MOST_AT_ONCE
