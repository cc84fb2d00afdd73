"""All that was public at an instant, newest first: pages of the cards of then.

A page looks at a bounded number of versions, in short reads (see `looking`). One article's past is in `store`.
"""

from dataclasses import dataclass, field
from datetime import datetime

from app.articles.filters import Filters
from app.articles.history.instants import check_past
from app.articles.history.looking import Looked, Place, Portion, Way, is_sifting, look
from app.articles.history.store import LAST_NUMBER
from app.articles.listing import Page
from app.db import Database
from app.web.paging import Cursor

MOST_LOOKED_AT = 2000
"""After how many versions a page ends, short as it may be, at the next article."""

_AT_ONCE = 250


@dataclass(frozen=True, slots=True)
class Question:
    """What was public at `as_of`, asked `now`, and would be listed under these filters."""

    filters: Filters
    as_of: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class Front:
    """A page, and how many articles of its span are left out because they were withdrawn, whatever the filters."""

    page: Page
    withdrawn: int


@dataclass(slots=True)
class Walk:
    """A walk under way: what it found in its own order; `stopped` is where it ended with others to come."""

    limit: int
    found: list[Looked] = field(default_factory=list)
    withdrawn: int = 0
    stopped: Place | None = None
    last: Place | None = None
    looked_at: int = 0
    passed: int = 0

    def take(self, looked: list[Looked]) -> None:
        """Go through these, until enough is found or was looked at."""
        for one in looked:
            # Never between two versions of one article: a cursor could not say so.
            if self.looked_at >= MOST_LOOKED_AT and self.last and not self.last.is_same_article(one.place):
                self.end(stopped=self.last)
                return
            self.looked_at += 1
            self.passed += one.is_withdrawn
            if one.card is not None:
                if len(self.found) == self.limit:
                    # What was passed since the last that is shown is of the next page's span.
                    self.stopped = self.found[-1].place if self.found else one.place
                    return
                self.found.append(one)
                self.withdrawn, self.passed = self.withdrawn + self.passed, 0
            self.last = one.place

    def end(self, *, stopped: Place | None) -> None:
        """No more is taken, and all that was passed counts."""
        self.withdrawn, self.passed, self.stopped = self.withdrawn + self.passed, 0, stopped


async def front(database: Database, question: Question, *, cursor: Cursor | None, limit: int) -> Front:
    """At most `limit` cards of what was public then, from `cursor` on or the newest. Raises BadParameter.

    A page that is short for having looked long enough says where to go on, as every page does.
    """
    if cursor is not None and cursor.direction == "newer":
        return await _newer(database, question, cursor, limit=limit)
    first, walk = await _walk(database, question, way="older", start=_start(cursor), limit=limit)
    newest = walk.found[0].place if walk.found else walk.stopped
    page = Page(
        first.seq,
        first.changed_at,
        _cards(walk),
        older=_cursor("older", walk.stopped) if walk.stopped else None,
        newer=_cursor("newer", newest) if newest else Cursor.beginning(),
    )
    return Front(page, walk.withdrawn)


async def _newer(database: Database, question: Question, cursor: Cursor, *, limit: int) -> Front:
    """The page next to the cursor on its newer side."""
    first, walk = await _walk(database, question, way="newer", start=_start(cursor), limit=limit)
    last = walk.stopped or (walk.found[-1].place if walk.found else None)
    newer = _cursor("newer", last) if last else cursor
    # On an empty page, what the reader has seen begins at the position it waits at.
    older = _cursor("older", walk.found[0].place) if walk.found else Cursor("from", newer.at, newer.id)
    _, before = await _walk(database, question, way="older", start=_start(older), limit=0)
    page = Page(first.seq, first.changed_at, _cards(walk)[::-1], older if before.stopped else None, newer)
    return Front(page, walk.withdrawn)


async def _walk(
    database: Database, question: Question, *, way: Way, start: Place | None, limit: int
) -> tuple[Portion, Walk]:
    """The first portion of a walk, and the walk at its end: one more than `limit` found, or enough looked at."""
    walk, first = Walk(limit), None
    # Without filters nearly all that is looked at is found, and in no time.
    is_short = not is_sifting(question.filters)
    size, door = (min(_AT_ONCE, 2 * limit + 2), database.snapshot) if is_short else (_AT_ONCE, database.scan)
    while walk.stopped is None:
        portion = await door(look, question.filters, as_of=question.as_of, way=way, start=start, limit=size)
        if first is None:
            first = portion
            check_past(question.as_of, now=question.now, head_at=first.changed_at)
        walk.take(portion.looked)
        if walk.stopped is None and len(portion.looked) < size:
            walk.end(stopped=None)
            break
        start, size = walk.last, min(_AT_ONCE, 2 * size)
    assert first is not None
    return first, walk


def _cards(walk: Walk) -> list[str]:
    return [one.card for one in walk.found if one.card is not None]


def _cursor(way: Way, place: Place) -> Cursor:
    return Cursor(way, place.at, place.id)


def _start(cursor: Cursor | None) -> Place | None:
    """Where the walk of a cursor starts: before or after all versions that the article has there."""
    if cursor is None:
        return None
    return Place(cursor.at, cursor.id, 0 if cursor.direction == "older" else LAST_NUMBER)
