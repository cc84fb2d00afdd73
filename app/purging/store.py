"""The place of a CDN among the changes: who sends, what is to be sent next, or a second time, and that it was sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

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
class Place:
    """How far a CDN was told once, and how far twice; None is not at all."""

    told: Standing | None
    repeated: Standing | None


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


def find_place(session: Session, target: str) -> Place:
    """Where this CDN stands."""
    row = session.execute(_OF, {"target": target}).one_or_none()
    if row is None or row.seq is None:
        return Place(None, None)
    repeated = None if row.repeated_seq is None else Standing(row.repeated_seq, row.repeated_purged)
    return Place(Standing(row.seq, row.purged, row.at), repeated)


def next_order(session: Session, target: str) -> Order:
    """What happened since the CDN was told last. In one snapshot."""
    known, found = find_place(session, target).told, standing(session)
    if known is None or found.is_of_other_history_than(known) or _is_far(found, known):
        return Order(None, known, found)
    if (found.seq, found.purged) == (known.seq, known.purged):
        return Order(frozenset(), known, found)
    return Order(touched(session, known).keys, known, found)


def next_repeat(session: Session, target: str, *, until: Standing) -> Order:
    """What the CDN is to be told a second time, of what it was told up to `until`; a part of it, where that is much."""
    known = find_place(session, target).repeated
    if known is None:
        return Order(None, known, until)
    found = touched(session, known, until=until)
    return Order(found.keys, known, found.until)


def move(session: Session, target: str, order: Order) -> bool:
    """Say that the order was carried out; False where somebody else has moved the place meanwhile."""
    claim(session, "follower", [target])
    if find_place(session, target).told != order.since:
        return False
    until = order.until
    moved: dict[str, Any] = {"seq": until.seq, "purged": until.purged, "at": until.at}
    if order.keys is None:  # everything, and so a second time
        moved |= {"repeated_seq": None, "repeated_purged": None}
    session.connection().execute(_OURS.values(**moved), {"told": target})
    return True


def move_repeat(session: Session, target: str, order: Order) -> bool:
    """The same of a second time."""
    claim(session, "follower", [target])
    if find_place(session, target).repeated != order.since:
        return False
    moved = {"repeated_seq": order.until.seq, "repeated_purged": order.until.purged}
    session.connection().execute(_OURS.values(**moved), {"told": target})
    return True


def lag(session: Session, target: str) -> int:
    """Of how many changes and purges the CDN was not told yet."""
    known, found = find_place(session, target).told or Standing(0, 0), standing(session)
    return max(found.seq - known.seq, 0) + max(found.purged - known.purged, 0)


def _is_far(found: Standing, known: Standing) -> bool:
    return found.seq - known.seq > MOST_AT_ONCE or found.purged - known.purged > MOST_AT_ONCE
