"""Finding articles: the newest that match, as pages like those of every list, or the best, with what is told of all.

What a query means is for `reading`, what a match is worth for `ranking`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.articles.filters import EVERYTHING, Filters
from app.articles.listing import Page, position
from app.articles.store import ARTICLES
from app.changes.log import HEAD_AT, HEAD_SEQ
from app.core.text import fold, words
from app.db.batches import among
from app.search import matching
from app.search.analysis import FORMAT
from app.search.facets import Facets, facets
from app.search.matching import Match
from app.search.ranking import Ranked, by_headline, rank
from app.search.reading import Reading, read, relaxed
from app.search.showing import Shown, show
from app.search.spelling import did_you_mean
from app.search.store import DOCUMENTS, STATES
from app.web.paging import Cursor

MOST_HITS = 10_000
"""So many matches, the newest, are counted, ranked and told of in facets."""
MOST_RANKED = 1000
"""So far goes the paging by relevance."""
MOST_IN_HEADLINES = 1000
"""Of what is older, so many that have the words in their headline are ranked, too."""
MOST_REREAD = 50
"""Of the best, so many are ordered by how their headlines read."""
FEW = 3
"""Who finds fewer may have mistyped."""

_TICK = timedelta(microseconds=1)
_HEAD = select(HEAD_SEQ.label("seq"), HEAD_AT.label("at"), STATES.c.format)
_HEADLINES = (
    select(DOCUMENTS.c.number, ARTICLES.c.headline)
    .join(ARTICLES, ARTICLES.c.id == DOCUMENTS.c.article_id)
    .where(among(DOCUMENTS.c.number, "some"))
)
_CARDS = (
    select(DOCUMENTS.c.number, ARTICLES.c.card)
    .join(ARTICLES, ARTICLES.c.id == DOCUMENTS.c.article_id)
    .where(among(DOCUMENTS.c.number, "some"))
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page by relevance begins, in the order of one moment."""

    moment: datetime
    offset: int


@dataclass(frozen=True, slots=True)
class Found:
    """A page of matches by relevance or date, and what is told of all of them.

    `total` counts to 10,000, and `is_capped` says that there are more. `is_relaxed`: nothing has all of the words,
    these have some. `is_complete`: the index holds every public article.
    """

    seq: int
    changed_at: datetime
    is_complete: bool
    shown: list[Shown] = field(default_factory=list)
    page: Page | None = None
    moment: datetime | None = None
    is_last: bool = True
    total: int = 0
    is_capped: bool = False
    is_relaxed: bool = False
    did_you_mean: str | None = None
    facets: Facets = field(default_factory=lambda: {"section": [], "tag": [], "language": [], "year": []})


def newest(
    session: Session, query: str, filters: Filters = EVERYTHING, *, cursor: Cursor | None = None, limit: int
) -> Page:
    """At most `limit` cards of articles that have all words of the query, from `cursor` on, or the newest.

    The page next to the cursor, in the order of every list; more than one statement, so for `scan` or `snapshot`.
    """
    head = session.execute(_HEAD).one()
    matching.prepare(session)
    return _newest(session, read(session, query, filters), head, cursor=cursor, limit=limit)


def search_by_date(session: Session, query: str, filters: Filters, *, cursor: Cursor | None, limit: int) -> Found:
    """The page of `newest` with its words marked, and what is told of all matches."""
    head = session.execute(_HEAD).one()
    matching.prepare(session)
    reading = read(session, query, filters)
    hits, reading, is_relaxed = _hits(session, reading)
    page = _newest(session, reading, head, cursor=cursor, limit=limit)
    shown = show(session, [(card, None) for card in page.cards], reading.tokens if reading else ())
    found = _told(session, head, reading, hits, is_relaxed)
    return replace(found, shown=shown, page=page)


def search(session: Session, query: str, filters: Filters, *, place: Place | None, limit: int) -> Found:
    """The best matches from `place` on, or the very best, with their words marked, and what is told of all matches."""
    head = session.execute(_HEAD).one()
    matching.prepare(session)
    moment, offset = (place.moment, place.offset) if place else (head.at, 0)
    if place is not None:
        until = place.moment + _TICK
        filters = replace(filters, until=until if filters.until is None else min(filters.until, until))
    reading = read(session, query, filters)
    hits, reading, is_relaxed = _hits(session, reading)
    ranked = _ranked(session, reading, hits, now=moment)[:MOST_RANKED]
    on_page = ranked[offset : offset + limit]
    shown = show(session, _cards(session, on_page), reading.tokens if reading else ())
    found = _told(session, head, reading, hits, is_relaxed)
    return replace(found, shown=shown, moment=moment, is_last=offset + limit >= len(ranked))


def _told(session: Session, head: Any, reading: Reading | None, hits: Sequence[Match], is_relaxed: bool) -> Found:
    is_capped = len(hits) > MOST_HITS
    # The index gave the newest, in no order: what is one too many is the oldest.
    counted = sorted(hits, key=lambda match: -match.number)[:MOST_HITS] if is_capped else hits
    may_be_mistyped = reading is not None and (is_relaxed or len(hits) < FEW)
    return Found(
        head.seq,
        head.at,
        head.format == FORMAT,
        total=len(counted),
        is_capped=is_capped,
        is_relaxed=is_relaxed,
        did_you_mean=did_you_mean(session, reading) if may_be_mistyped and reading else None,
        facets=facets(session, counted),
    )


def _hits(session: Session, reading: Reading | None) -> tuple[list[Match], Reading | None, bool]:
    """The matches, the newest if there are too many; where nothing has all of the words, what has some."""
    if reading is None:
        return [], None, False
    hits = _matches(session, reading, MOST_HITS + 1)
    if not hits and (loose := relaxed(reading)) is not None and (some := _matches(session, loose, MOST_HITS + 1)):
        return some, loose, True
    return hits, reading, False


def _matches(session: Session, reading: Reading, limit: int) -> list[Match]:
    return matching.matches(session, reading.expression, reading.scope, weighed=reading.rarities.tokens, limit=limit)


def _ranked(session: Session, reading: Reading | None, hits: Sequence[Match], *, now: datetime) -> list[Ranked]:
    if reading is None:
        return []
    if len(hits) > MOST_HITS:
        in_headline = replace(reading, expression=reading.expression.in_headline())
        titled = matching.matches(
            session,
            in_headline.expression,
            reading.scope,
            weighed=reading.rarities.tokens,
            limit=MOST_IN_HEADLINES,
        )
        hits = list({match.number: match for match in (*hits, *titled)}.values())
    ranked = rank(hits, reading.rarities, now=now)
    best, rest = ranked[:MOST_REREAD], ranked[MOST_REREAD:]
    return by_headline(best, _headlines(session, best), reading.typed) + rest


def _headlines(session: Session, ranked: Sequence[Ranked]) -> dict[int, list[str]]:
    if not ranked:
        return {}
    rows = session.connection().execute(_HEADLINES, {"some": [one.number for one in ranked]})
    return {number: list(map(fold, words(headline))) for number, headline in rows}


def _cards(session: Session, ranked: Sequence[Ranked]) -> list[tuple[str, float | None]]:
    if not ranked:
        return []
    rows = session.connection().execute(_CARDS, {"some": [one.number for one in ranked]})
    cards: dict[int, str] = dict(rows.all())
    return [(cards[one.number], one.score) for one in ranked]


def _newest(session: Session, reading: Reading | None, head: Any, *, cursor: Cursor | None, limit: int) -> Page:
    if reading is None:
        return Page(head.seq, head.at, [], None, cursor if _is_newer(cursor) and cursor else Cursor.beginning())
    expression, scope = reading.expression, reading.scope
    cards = matching.newest(session, expression, scope, cursor=cursor, limit=limit + 1)
    is_last, shown = len(cards) <= limit, cards[:limit]
    if cursor is not None and _is_newer(cursor):
        shown.reverse()
        before = Cursor("from", cursor.at, cursor.id)
        is_last = not matching.newest(session, expression, scope, cursor=before, limit=1)
        newer = position(shown[0], "newer") if shown else cursor
    else:
        newer = position(shown[0], "newer") if shown else Cursor.beginning()
    if is_last:
        return Page(head.seq, head.at, shown, None, newer)
    return Page(
        head.seq, head.at, shown, position(shown[-1], "older") if shown else Cursor("from", newer.at, newer.id), newer
    )


def _is_newer(cursor: Cursor | None) -> bool:
    return cursor is not None and cursor.direction == "newer"
