"""How far the followers of the log have come: each moves its own position in the transaction that does its work."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from app.changes.log import HEAD_AT, HEAD_SEQ
from app.changes.tables import LogPosition
from app.db.dialect import claim, try_claim

POSITIONS = cast(Table, LogPosition.__table__)

_OF = select(POSITIONS, HEAD_SEQ.label("head"), HEAD_AT.label("head_at")).where(
    POSITIONS.c.follower == bindparam("follower")
)
_MOVE = (
    update(POSITIONS)
    .where(POSITIONS.c.follower == bindparam("name"))
    .values({name: bindparam(f"new_{name}") for name in ("seq", "at", "rebuilt_to")})
)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a follower stands, and where the log does."""

    follower: str
    seq: int
    at: datetime
    format: int
    rebuilt_to: int | None
    head: int
    head_at: datetime

    @property
    def lag(self) -> int:
        """How many changes it has yet to follow."""
        return self.head - self.seq


def position(session: Session, follower: str) -> Position | None:
    """Where this follower stands; None before its first step."""
    row = session.connection().execute(_OF, {"follower": follower}).mappings().first()
    return Position(**row) if row else None


def hold(session: Session, follower: str) -> Position | None:
    """The same, for a step of its own, held until the transaction ends; None also while another process makes one."""
    return position(session, follower) if try_claim(session, "follower", follower) else None


def begin_once(session: Session, follower: str, *, shape: int, now: datetime) -> bool:
    """Put the follower before the first change, unless it follows in this shape or a newer one; whether it was put."""
    claim(session, "follower", [follower])
    standing = position(session, follower)
    if standing is not None and standing.format >= shape:
        return False
    begin(session, follower, shape=shape, now=now)
    return True


def begin(session: Session, follower: str, *, shape: int, rebuilt_to: int | None = None, now: datetime) -> None:
    """Put the follower, whatever it has done, before the first change; waits for a step that is under way."""
    claim(session, "follower", [follower])
    before = position(session, follower)
    session.execute(delete(POSITIONS).where(POSITIONS.c.follower == follower))
    at = now if before is None else max(now, before.at)
    start = {"follower": follower, "seq": 0, "at": at, "format": shape, "rebuilt_to": rebuilt_to}
    session.execute(insert(POSITIONS), start)


def move(session: Session, held: Position, *, seq: int, now: datetime) -> None:
    """Say that everything up to `seq` is done. `at` never runs backwards, so that answers can be dated by it."""
    is_rebuilding = held.rebuilt_to is not None and seq < held.rebuilt_to
    moved = {
        "new_seq": seq,
        "new_at": max(now, held.at, held.head_at),
        "new_rebuilt_to": held.rebuilt_to if is_rebuilding else None,
    }
    session.connection().execute(_MOVE, {"name": held.follower} | moved)


def positions(session: Session) -> list[Position]:
    """Where all followers stand."""
    rows = session.execute(
        select(POSITIONS, HEAD_SEQ.label("head"), HEAD_AT.label("head_at")).order_by(POSITIONS.c.follower)
    ).mappings()
    return [Position(**row) for row in rows]
