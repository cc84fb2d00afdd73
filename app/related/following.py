"""Following the log: short transactions that each move the index, and the position that says how far it has come.

What a line does to the index is for `indexing`; when to look for lines, for the worker.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.articles.content import Content
from app.articles.store import ARTICLES, VERSIONS
from app.changes import positions
from app.changes.log import HEAD_SEQ, Kind
from app.changes.positions import Position
from app.changes.purges import purge
from app.changes.surrogates import RELATED
from app.changes.tables import Change
from app.core.clock import utc_now
from app.core.languages import primary_language
from app.core.markup import blocks_text
from app.db import Database
from app.db.dialect import along_indexes, empty
from app.related import lists, store
from app.related.analysis import Analysis, analyse
from app.related.dictionary import LANGUAGES, TERMS, Dictionary
from app.related.indexing import Arrival, arrive, depart, terms
from app.related.lists import LISTED, OUTLINES
from app.related.store import POSTINGS, SIGNATURES, Indexed

FOLLOWER = "related"
FORMAT = 2
"""Numbers what the index holds and how texts are analysed; raise it, and every index is made anew."""

LINES_AT_ONCE, LINES_A_TURN = 48, 6
"""How many lines are read and analysed together, and how many of them one transaction takes."""
PAUSE_SECONDS = 0.005
"""Between two transactions, for other writers of SQLite."""

_CHANGES = cast(Table, Change.__table__)
_TOLD = (Kind.PUBLISHED.value, Kind.UPDATED.value, Kind.CORRECTED.value, Kind.WITHDRAWN.value)
# Of what was rendered anew, the index has to hear only where another group of translations was the reason.
_IS_REGROUPED = (
    select(SIGNATURES.c.number)
    .join(ARTICLES, ARTICLES.c.id == SIGNATURES.c.article_id)
    .where(SIGNATURES.c.article_id == _CHANGES.c.article_id, SIGNATURES.c.original != ARTICLES.c.original)
    .exists()
)
_LINES = (
    select(_CHANGES.c.seq, _CHANGES.c.kind, _CHANGES.c.article_id)
    .add_columns(_CHANGES.c.version, VERSIONS.c.published_at, VERSIONS.c.content, ARTICLES.c.original)
    .select_from(
        _CHANGES.outerjoin(
            VERSIONS,
            and_(
                VERSIONS.c.article_id == _CHANGES.c.article_id,
                VERSIONS.c.number == _CHANGES.c.version,
                _CHANGES.c.kind.in_(_TOLD),
            ),
        ).outerjoin(ARTICLES, ARTICLES.c.id == _CHANGES.c.article_id)
    )
    .where(
        _CHANGES.c.seq > bindparam("after"),
        or_(_CHANGES.c.kind.in_(_TOLD), and_(_CHANGES.c.kind == Kind.REFRESHED.value, _IS_REGROUPED)),
    )
    .order_by(_CHANGES.c.seq)
    .limit(LINES_AT_ONCE)
)
_VERSION = select(VERSIONS.c.content).where(
    VERSIONS.c.article_id == bindparam("id", type_=VERSIONS.c.article_id.type), VERSIONS.c.number == bindparam("number")
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log that concerns the index: what it made public is its `arrival`.

    Without one it is a withdrawal, or, where it says a group of translations (`original`), an article that came to it.
    """

    seq: int
    article_id: UUID
    original: str | None
    arrival: Arrival | None


@dataclass(frozen=True, slots=True)
class _Portion:
    """Some lines after a position, in order, as stored; up to where the log was looked at."""

    position: Position
    rows: Sequence[Any]
    until: int


def is_behind(session: Session) -> bool:
    """Whether there is anything to follow, or to make anew."""
    position = positions.position(session, FOLLOWER)
    return position is None or position.format < FORMAT or (position.format == FORMAT and position.lag > 0)


async def catch_up(
    database: Database, *, tell: Callable[[Position], None] = lambda _: None, clock: Callable[[], datetime] = utc_now
) -> None:
    """Follow the log to its end. Returns early when another process is at it."""
    while await advance(database, tell=tell, clock=clock):
        pass


async def advance(
    database: Database, *, tell: Callable[[Position], None] = lambda _: None, clock: Callable[[], datetime] = utc_now
) -> bool:
    """Follow the next portion of the log; whether there may be more. False when another process is at it.

    `tell` hears where the index stood before.
    """
    portion = await database.scan(_portion)
    if portion is None:
        await database.write(_start, now=clock())
        return True
    tell(portion.position)
    is_ours = portion.position.format == FORMAT  # else a newer version of the service keeps it
    return is_ours and portion.position.lag > 0 and await _follow_portion(database, portion, clock)


async def _follow_portion(database: Database, portion: _Portion, clock: Callable[[], datetime]) -> bool:
    """Follow these lines in as many transactions as it takes; False when another process was faster."""
    lines, after = await asyncio.to_thread(_read, portion.rows), portion.position.seq
    while after < portion.until:
        reached = await database.write(follow, lines, after=after, until=portion.until, clock=clock)
        if reached is None:
            return False
        after, lines = reached, [line for line in lines if line.seq > reached]
        await asyncio.sleep(PAUSE_SECONDS)
    return True


def follow(
    session: Session, lines: Sequence[Line], *, after: int, until: int, clock: Callable[[], datetime] = utc_now
) -> int | None:
    """Move the index over the first of these lines, which come after a position and are all that concerns it `until`.

    Where it then stands; None when it does not stand at that position, or another process holds it.
    """
    held = positions.hold(session, FOLLOWER)
    if held is None or held.seq != after or held.format != FORMAT:
        return None
    along_indexes(session)
    _take(session, lines[:LINES_A_TURN])
    reached = until if len(lines) <= LINES_A_TURN else lines[LINES_A_TURN - 1].seq
    positions.move(session, held, seq=reached, now=clock())
    purge(session, [RELATED])
    return reached


def restart(session: Session, *, rebuilt_to: int | None = None, now: datetime) -> None:
    """Forget the index, and begin with the first line of the log."""
    positions.begin(session, FOLLOWER, shape=FORMAT, rebuilt_to=rebuilt_to, now=now)  # first: nobody else is at it then
    _empty(session)
    purge(session, [RELATED])


def _start(session: Session, *, now: datetime) -> None:
    """Begin where nobody has begun yet, or with an index of another format."""
    if positions.begin_once(session, FOLLOWER, shape=FORMAT, now=now):
        _empty(session)
        purge(session, [RELATED])


def _empty(session: Session) -> None:
    # Signatures first: readers come to the lists by them, and whoever waits must not hold what they hold.
    empty(session, (SIGNATURES, LISTED, OUTLINES, POSTINGS, TERMS, LANGUAGES))


def _portion(session: Session) -> _Portion | None:
    """What comes next; None before the first step, and where the index is of another format."""
    position = positions.position(session, FOLLOWER)
    if position is None or position.format < FORMAT:
        return None
    rows = session.execute(_LINES, {"after": position.seq}).all()
    head = int(session.execute(select(HEAD_SEQ)).scalar_one())
    return _Portion(position, rows, rows[-1].seq if len(rows) == LINES_AT_ONCE else head)


def _read(rows: Sequence[Any]) -> list[Line]:
    return [_line(row) for row in rows]


def _line(row: Any) -> Line:
    original = None if row.kind == Kind.WITHDRAWN.value else _original(row)
    return Line(row.seq, row.article_id, original, None if row.content is None else _arrival(row))


def _original(row: Any) -> str:
    """Its group of translations; where it is not public any more, which a later line will say, its own."""
    return str(row.article_id) if row.original is None else str(row.original)


def _arrival(row: Any) -> Arrival:
    content = Content.model_validate_json(row.content)
    language = primary_language(content.language)
    return Arrival(row.seq, row.article_id, row.version, row.published_at, language, _original(row), _analysed(content))


def _analysed(content: Content) -> Analysis:
    tags = [tag.name for tag in content.tags]
    return analyse(content.headline, content.summary, blocks_text(content.body), tags, content.language)


def _take(session: Session, lines: Sequence[Line]) -> None:
    """What these lines do to the index, in order."""
    standing = store.find(session, {line.article_id for line in lines})
    dictionary = Dictionary(session)
    dictionary.learn(_told_terms(line.arrival for line in lines if line.arrival is not None))
    for line in lines:
        if line.arrival is None and line.original is not None:
            _regroup(session, standing, line.article_id, line.original)
            continue
        if (known := standing.pop(line.article_id, None)) is not None:
            said = _said(session, known)
            dictionary.learn(terms(known.signature.language, said))
            depart(session, dictionary, known, said)
        if line.arrival is not None:
            # An edit keeps the article's number, and so its place among equals.
            arrive(session, dictionary, line.arrival, number=known.number if known else line.seq)
            standing |= store.find(session, {line.article_id}) if _comes_again(line, lines) else {}
    dictionary.write()


def _regroup(session: Session, standing: dict[UUID, Indexed], id: UUID, original: str) -> None:
    """Let what is indexed of an article belong to this group of translations."""
    if id in standing:
        standing[id] = known = replace(standing[id], original=original)
        store.regroup(session, known.number, original)
        lists.tell_anew(session, known.number, known.facts)


def _told_terms(arrivals: Iterable[Arrival]) -> dict[str, set[str]]:
    told: dict[str, set[str]] = defaultdict(set)
    for arrival in arrivals:
        for language, some in terms(arrival.language, arrival.analysis).items():
            told[language].update(some)
    return told


def _said(session: Session, standing: Indexed) -> Analysis:
    """What the indexed version of an article said."""
    content = session.execute(_VERSION, {"id": standing.article_id, "number": standing.version}).scalar_one()
    return _analysed(Content.model_validate_json(content))


def _comes_again(line: Line, lines: Sequence[Line]) -> bool:
    return any(later.article_id == line.article_id and later.seq > line.seq for later in lines)
