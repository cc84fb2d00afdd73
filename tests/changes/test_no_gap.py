"""Eight writers and a reader who polls as fast as it can: every line is seen once, in order.

The same with a plain database sequence in place of the counter row shows that the test can fail.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from app.changes import log
from app.changes.log import Turn
from app.changes.tables import Change
from app.db import Database, open_database
from tests.press import NOON, Press

WRITERS, ARTICLES_EACH = 8, 25
POOL = 4  # writing connections of one open database


@asynccontextmanager
async def opened(url: str, number: int) -> AsyncIterator[list[Database]]:
    """As many processes would have it: databases of their own."""
    async with AsyncExitStack() as stack:
        databases = [open_database(url) for _ in range(number)]
        for database in databases:
            stack.push_async_callback(database.close)
        yield databases


async def write(database: Database, writer: int) -> None:
    """Articles by one writer, each in a transaction of its own."""
    for number in range(ARTICLES_EACH):
        await Press(database).put(f"wire-{writer}-{number}", headline=f"Story {writer} {number}")


def lines_after(session: Session, seq: int) -> list[int]:
    """What a reader who has seen everything up to `seq` is given."""
    return list(session.scalars(select(Change.seq).where(Change.seq > seq).order_by(Change.seq)))


async def poll(database: Database, seen: list[int], writing: asyncio.Event) -> None:
    """Read on from the last line seen, until the writing is over and nothing more comes."""
    while True:
        is_over = not writing.is_set()
        seen += await database.read(lines_after, max(seen, default=0))
        if is_over:
            return
        await asyncio.sleep(0)  # a short read of SQLite never waits, and the writers share the loop


async def seen_by_a_reader(url: str) -> tuple[list[int], list[int]]:
    """The lines as a polling reader sees them while they are written, and as they are in the end."""
    writing = asyncio.Event()
    writing.set()
    seen: list[int] = []
    async with opened(url, 1 + WRITERS // POOL) as (own, *others):
        reader = asyncio.create_task(poll(own, seen, writing))
        async with asyncio.TaskGroup() as writers:
            for writer in range(WRITERS):
                writers.create_task(write(others[writer % len(others)], writer))
        writing.clear()
        await reader
        return seen, await own.read(lines_after, 0)


@pytest.mark.parametrize("url", ["sqlite_url", "postgres_url"])
async def test_reader_sees_every_line_once_and_in_order(request: pytest.FixtureRequest, url: str) -> None:
    seen, written = await seen_by_a_reader(request.getfixturevalue(url))
    assert seen == written == list(range(1, WRITERS * ARTICLES_EACH + 1))


async def test_reader_of_a_plain_sequence_would_skip_lines(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(postgres_url, 1) as (database,):
        await database.write(lambda session: session.execute(text("CREATE SEQUENCE naive")) and None)
    monkeypatch.setattr(log, "take", take_naively)
    monkeypatch.setattr(log, "close", close_naively)
    seen, written = await seen_by_a_reader(postgres_url)
    assert len(written) == WRITERS * ARTICLES_EACH
    assert set(seen) < set(written)


class NaiveTurn(Turn):
    """Numbers from a sequence: given out at once, and visible whenever their transaction ends."""

    session: Session

    def append(self, *arguments: object, **options: object) -> int:
        """The seq of a new line, next in the sequence."""
        self.seq = self.session.execute(text("SELECT nextval('naive')")).scalar_one() - 1
        return super().append(*arguments, **options)  # type: ignore[arg-type]


def take_naively(session: Session, *, now: datetime) -> Turn:
    """A turn that makes nobody wait."""
    turn = NaiveTurn(seq=0, at=NOON, published_at=NOON)
    turn.session = session
    return turn


def close_naively(session: Session, turn: Turn) -> None:
    """Write the lines, a moment later than others who may have started later."""
    session.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": random.random() / 100})
    session.execute(insert(Change), turn.lines)
