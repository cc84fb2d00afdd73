from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.changes import log
from app.changes.log import Kind, Turn
from app.changes.tables import Change, LogHead
from app.core.ids import new_id
from app.db import Database
from tests.press import NOON, Press, after

ARTICLE = new_id()
TICK = timedelta(microseconds=1)


async def turn(database: Database, act: Callable[[Turn], object], *, now: datetime = NOON) -> Turn:
    """The turn of one transaction, after `act` and the commit."""

    def write(session: Session) -> Turn:
        taken = log.take(session, now=now)
        act(taken)
        log.close(session, taken)
        return taken

    return await database.write(write)


def publish(turn: Turn) -> None:
    turn.stamp()
    turn.append(Kind.PUBLISHED, ARTICLE, version=1)


def publish_three(turn: Turn) -> None:
    for _ in range(3):
        publish(turn)


async def test_log_starts_empty(database: Database) -> None:
    assert await database.read(log.head_seq) == 0


async def test_lines_are_numbered_without_a_gap(database: Database) -> None:
    for _ in range(3):
        await turn(database, publish)
    await turn(database, publish_three)
    lines = await Press(database).lines()
    assert [line.seq for line in lines] == [1, 2, 3, 4, 5, 6]
    assert await database.read(log.head_seq) == 6


async def test_line_says_what_happened(database: Database) -> None:
    def act(taken: Turn) -> None:
        assert taken.append(Kind.MOVED, ARTICLE, version=2, previous_slug="old") == 1
        assert taken.append(Kind.WITHDRAWN, ARTICLE, reason="legal") == 2

    await turn(database, act)
    told = [
        (line.kind, line.article_id, line.at, line.version, line.reason, line.previous_slug)
        for line in await Press(database).lines()
    ]
    assert told == [
        ("article.moved", ARTICLE, NOON, 2, None, "old"),
        ("article.withdrawn", ARTICLE, NOON, None, "legal", None),
    ]


async def test_turn_without_a_line_leaves_no_trace(database: Database) -> None:
    await turn(database, publish)
    await turn(database, lambda taken: None, now=after(5))
    head = await database.scan(lambda session: session.execute(select(LogHead.seq, LogHead.at)).one())
    assert tuple(head) == (1, NOON)


async def test_turn_that_fails_leaves_no_gap(database: Database) -> None:
    def fail(taken: Turn) -> None:
        publish(taken)
        raise RuntimeError("no")

    await turn(database, publish)
    with pytest.raises(RuntimeError):
        await turn(database, fail)
    assert (await turn(database, publish)).seq == 2


@pytest.mark.parametrize(
    ("clock", "stamps"),
    [
        ((0, 1, 2), (NOON, after(1), after(2))),
        ((0, 0, 0), (NOON, NOON + TICK, NOON + 2 * TICK)),
        ((5, 1, 2, 6), (after(5), after(5) + TICK, after(5) + 2 * TICK, after(6))),
    ],
)
async def test_stamps_rise_whatever_the_clock_does(
    sqlite: Database, clock: tuple[int, ...], stamps: tuple[datetime, ...]
) -> None:
    made = [(await turn(sqlite, publish, now=after(minutes))).published_at for minutes in clock]
    assert tuple(made) == stamps


async def test_stamps_of_one_turn_differ(database: Database) -> None:
    stamps: list[datetime] = []
    await turn(database, lambda taken: stamps.extend(taken.stamp() for _ in range(3)))
    assert stamps == [NOON, NOON + TICK, NOON + 2 * TICK]


async def test_time_of_the_log_never_runs_backwards(database: Database) -> None:
    def refresh(taken: Turn) -> None:
        taken.append(Kind.REFRESHED, ARTICLE, version=1)

    for minutes in (10, 0, 20):
        await turn(database, refresh, now=after(minutes))
    assert [line.at for line in await Press(database).lines()] == [after(10), after(10), after(20)]


async def test_stamp_is_not_before_the_line_that_stands_before_it(database: Database) -> None:
    await turn(database, lambda taken: taken.append(Kind.REFRESHED, ARTICLE), now=after(10))
    assert (await turn(database, publish, now=NOON)).published_at == after(10)


async def test_number_is_given_once(database: Database) -> None:
    await turn(database, publish)

    def forge(session: Session) -> None:
        session.execute(insert(Change).values(seq=1, kind="x", article_id=UUID(int=1), at=NOON))

    with pytest.raises(IntegrityError):
        await database.write(forge)


async def test_there_is_one_head(database: Database) -> None:
    def forge(session: Session) -> None:
        session.execute(insert(LogHead).values(id=2, seq=0, at=NOON, published_at=NOON))

    with pytest.raises(IntegrityError):
        await database.write(forge)
