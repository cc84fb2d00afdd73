"""Rows of the index written by hand, for tests of what readers make of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.articles.store import ARTICLES
from app.changes.positions import begin, hold, move
from app.core.clock import utc_now
from app.db import Database
from app.related import lists, store
from app.related.following import FORMAT
from app.related.lists import Entry
from app.related.outline import Line, outline
from app.related.store import SIGNATURES

REASONS = '[{"kind":"words","values":["harbour"],"shares":[1.0]}]'


class Shelf:
    """An index of related stories over a database, filled by hand."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._numbers: dict[UUID, int] = {}

    async def sign(self, *ids: UUID | str, copies_of: UUID | str | None = None) -> None:
        """Give articles a place in the index, as they are public now."""
        for id in map(_uuid, ids):
            number = self._numbers[id] = len(self._numbers) + 1
            group = number if copies_of is None else self._numbers[_uuid(copies_of)]
            await self.database.write(_sign, id, number, group)

    async def relate(self, subject: UUID | str, *others: tuple[UUID | str, float], reasons: str = REASONS) -> None:
        """Put these into the list of an article, with their scores."""
        number = self._numbers[_uuid(subject)]
        rows = [(number, self._numbers[_uuid(other)], score) for other, score in others]
        await self.database.write(_list, rows, reasons)

    async def follow(self, seq: int, *, at: datetime | None = None) -> None:
        """Say that the index has followed the log so far."""
        now = at or utc_now()
        await self.database.write(begin, "related", shape=FORMAT, now=now)

        def step(session: Session) -> None:
            held = hold(session, "related")
            assert held is not None
            move(session, held, seq=seq, now=now)

        await self.database.write(step)


def _uuid(id: UUID | str) -> UUID:
    return id if isinstance(id, UUID) else UUID(id)


def _sign(session: Session, id: UUID, number: int, group: int) -> None:
    public = select(ARTICLES.c.published_at, ARTICLES.c.version, ARTICLES.c.primary_language, ARTICLES.c.original)
    at, version, language, original = session.execute(public.where(ARTICLES.c.id == id)).one()
    row = {"number": number, "article_id": id, "published_at": at, "version": version, "copies": group}
    packed = dict.fromkeys(("words", "names", "shingles"), b"") | {"norm": 1.0, "names_norm": 1.0}
    session.execute(insert(SIGNATURES), row | packed | {"language": language, "original": original})


def _list(session: Session, rows: Sequence[tuple[int, int, float]], reasons: str) -> None:
    lists.insert_entries(session, [Entry(number, other, score, score, reasons) for number, other, score in rows])
    known = {one.number: one for one in store.numbered(session, [other for _, other, _ in rows])}
    told = [Line(score, other, known[other].group, known[other].facts) for _, other, score in rows]
    lists.keep_outlines(session, {rows[0][0]: outline(told)})
