"""Following the log to put articles into storylines, behind the index of related stories, whose lists say what is near.

The rule is `gathering`'s; what a storyline is, and how it is told, is for `articles.storylines`. Only an article that
is in no storyline is looked at: what editors or an earlier day decided, stays.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.articles.store import ARTICLES
from app.articles.storylines import verbs
from app.articles.storylines.store import PINS, STORYLINES
from app.changes import positions
from app.changes.log import Kind
from app.changes.positions import POSITIONS, Position
from app.changes.tables import Change
from app.core.clock import utc_now
from app.db import Database
from app.db.base import Uid
from app.related import following
from app.related.gathering import Extent, Gathering, Neighbour, gather
from app.related.lists import LISTED
from app.related.store import SIGNATURES

FOLLOWER = "storylines"
FORMAT = 1
LINES_AT_ONCE = 100

_CHANGES = cast(Table, Change.__table__)
_INDEXED_TO = select(POSITIONS.c.seq).where(POSITIONS.c.follower == following.FOLLOWER)
_TOLD = (Kind.PUBLISHED.value, Kind.UPDATED.value, Kind.CORRECTED.value)
_LINES = (
    select(_CHANGES.c.seq, _CHANGES.c.article_id)
    .where(
        _CHANGES.c.seq > bindparam("after"),
        _CHANGES.c.seq <= bindparam("until"),
        _CHANGES.c.kind.in_(_TOLD),
    )
    .order_by(_CHANGES.c.seq)
    .limit(LINES_AT_ONCE)
)

_MINE, _THEIRS = SIGNATURES.alias("mine"), SIGNATURES.alias("theirs")
_SUBJECT = (
    select(ARTICLES.c.published_at)
    .outerjoin(PINS, PINS.c.article_id == ARTICLES.c.id)
    .where(
        ARTICLES.c.id == bindparam("id", type_=Uid),
        ARTICLES.c.storyline_id.is_(None),
        PINS.c.article_id.is_(None),
    )
)
# Only those that were there before: else a storyline would depend on how late the follower comes by.
_NEIGHBOURS = (
    select(_THEIRS.c.number, _THEIRS.c.article_id, LISTED.c.likeness, ARTICLES.c.published_at, ARTICLES.c.storyline_id)
    .join_from(_MINE, LISTED, LISTED.c.number == _MINE.c.number)
    .join(_THEIRS, and_(_THEIRS.c.number == LISTED.c.other, _THEIRS.c.language == _MINE.c.language))
    .join(ARTICLES, and_(ARTICLES.c.id == _THEIRS.c.article_id, ARTICLES.c.published_at == _THEIRS.c.published_at))
    .outerjoin(PINS, PINS.c.article_id == ARTICLES.c.id)
    .where(
        _MINE.c.article_id == bindparam("id", type_=Uid),
        _THEIRS.c.number < bindparam("before"),
        PINS.c.article_id.is_(None) | ARTICLES.c.storyline_id.is_not(None),
    )
    .order_by(_THEIRS.c.number)
)

_PINNED = select(PINS.c.article_id).where(PINS.c.storyline_id == STORYLINES.c.id).exists()
_EXTENTS = select(
    *(STORYLINES.c[name] for name in ("id", "article_count", "first_published_at", "last_published_at")),
    or_(STORYLINES.c.titled_by.is_(None), _PINNED),
)


@dataclass(frozen=True, slots=True)
class _Portion:
    """Some lines after a position; they are all that concerns storylines up to `until`."""

    position: Position
    lines: Sequence[Any]
    until: int


def is_behind(session: Session) -> bool:
    """Whether there is anything to follow that the index has followed already."""
    position = positions.position(session, FOLLOWER)
    return position is None or position.format < FORMAT or position.seq < _indexed_to(session)


async def keep_up(
    database: Database, *, tell: Callable[[Position], None] = lambda _: None, clock: Callable[[], datetime] = utc_now
) -> None:
    """Follow the log to its end with the index, and with storylines behind it."""
    is_more = True
    while is_more:
        is_more = await following.advance(database, tell=tell, clock=clock)
        await catch_up(database, clock=clock)


async def catch_up(database: Database, *, clock: Callable[[], datetime] = utc_now) -> None:
    """Follow the log as far as the index has. Returns early when another process is at it."""
    while True:
        portion = await database.scan(_portion)
        if portion is None:
            await database.write(positions.begin_once, FOLLOWER, shape=FORMAT, now=clock())
            continue
        after = portion.position.seq
        if after >= portion.until:
            return
        while after < portion.until:
            lines = [line for line in portion.lines if line.seq > after]
            reached = await database.write(follow, lines, after=after, until=portion.until, now=clock())
            if reached is None:
                return
            after = reached


def follow(session: Session, lines: Sequence[Any], *, after: int, until: int, now: datetime) -> int | None:
    """Look at these lines up to the first that makes or moves a storyline. Where the follower then stands; None when it
    stood elsewhere, or another process holds it.
    """
    held = positions.hold(session, FOLLOWER)
    if held is None or held.seq != after or _indexed_to(session, is_held=True) < until:
        return None  # another process was faster, or the index is being made anew
    for line in lines:
        if (gathered := _gathered(session, line)) is not None:
            gathering, ids = gathered
            # Storylines that become one are looked at again, with this line: a transaction takes the log once.
            reached = int(line.seq) - bool(gathering.merging)
            positions.move(session, held, seq=reached, now=now)  # before the log is taken, which is the last lock
            _tell(session, line.article_id, gathering, ids, now=now)
            return reached
    positions.move(session, held, seq=until, now=now)
    return until


def _portion(session: Session) -> _Portion | None:
    """What comes next; None before the first step."""
    position = positions.position(session, FOLLOWER)
    if position is None or position.format < FORMAT:
        return None
    until = _indexed_to(session)
    lines = session.execute(_LINES, {"after": position.seq, "until": until}).all()
    return _Portion(position, lines, lines[-1].seq if len(lines) == LINES_AT_ONCE else until)


def _indexed_to(session: Session, *, is_held: bool = False) -> int:
    """How far the index is; held, so that nobody makes it anew until the transaction ends."""
    return int(session.execute(_INDEXED_TO.with_for_update(read=True) if is_held else _INDEXED_TO).scalar() or 0)


def _gathered(session: Session, line: Any) -> tuple[Gathering, dict[int, UUID]] | None:
    """What is to happen because of this line, and which articles its numbers mean; None when nothing is."""
    published_at = session.execute(_SUBJECT, {"id": line.article_id}).scalar()
    if published_at is None:
        return None
    rows = session.execute(_NEIGHBOURS, {"id": line.article_id, "before": line.seq}).all()
    neighbours = [Neighbour(row.number, row.likeness, row.published_at, row.storyline_id) for row in rows]
    extents = _extents(session, {one.storyline for one in neighbours if one.storyline is not None})
    gathering = gather(published_at, neighbours, extents)
    return None if gathering is None else (gathering, {row.number: row.article_id for row in rows})


def _extents(session: Session, ids: set[UUID]) -> dict[UUID, Extent]:
    if not ids:
        return {}
    rows = session.execute(_EXTENTS.where(STORYLINES.c.id.in_(ids)))
    return {id: Extent(*extent) for id, *extent in rows}


def _tell(
    session: Session, article_id: UUID, gathering: Gathering, numbered: dict[int, UUID], *, now: datetime
) -> None:
    coming = [article_id, *(numbered[number] for number in gathering.articles)]
    if gathering.into is None:
        verbs.found(session, coming, now=now)
    elif gathering.merging:
        verbs.merge(session, gathering.merging, gathering.into, now=now)
    else:
        verbs.join(session, gathering.into, coming, now=now)
