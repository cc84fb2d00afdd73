"""A grown index is what a follower of so many articles could have written."""

from datetime import UTC, datetime
from itertools import islice

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import open_database
from app.related import following, lists
from app.related.dictionary import LANGUAGES, TERMS
from app.related.lists import LISTED
from app.related.outline import Line, outline
from app.related.store import POSTINGS, SIGNATURES, find, numbered
from tests.bench import bulk, growing, working
from tests.bench.news import News

ARTICLES, TIMES = 40, 3


@pytest.fixture
async def grown(database_url: str, anyio_backend: str) -> str:
    news = News(1, began=datetime(2026, 1, 1, tzinfo=UTC), articles_a_day=20)
    database = open_database(database_url)
    await working.begin(database)
    await working.publish(database, islice(news, ARTICLES))
    await following.catch_up(database)
    await database.close()
    growing.grow(database_url, TIMES)
    bulk.settle(database_url)
    return database_url


def test_signatures_and_postings_of_every_copy_agree(grown: str) -> None:
    with bulk.connected(grown) as connection, Session(connection) as session:
        ids = session.execute(select(SIGNATURES.c.article_id)).scalars().all()
        signed = {
            (term, one.day, one.number, tf) for one in find(session, ids).values() for term, tf in one.posted.items()
        }
        assert len(ids) == ARTICLES * TIMES
        assert signed == set(map(tuple, session.execute(select(POSTINGS))))


def test_every_posting_has_its_term_and_common_ones_are_counted_in_all_copies(grown: str) -> None:
    with bulk.connected(grown) as connection:
        posted = POSTINGS.outerjoin(TERMS, TERMS.c.id == POSTINGS.c.term_id)
        lost = connection.execute(select(func.count()).select_from(posted).where(TERMS.c.id.is_(None)))
        most = connection.execute(select(func.max(TERMS.c.articles))).scalar_one()
        spoken = connection.execute(select(LANGUAGES.c.articles)).scalars().all()
        assert lost.scalar_one() == 0
        assert most > ARTICLES
        assert set(spoken) == {ARTICLES * TIMES}


def test_outlines_tell_what_each_list_holds(grown: str) -> None:
    with bulk.connected(grown) as connection, Session(connection) as session:
        listed: dict[int, list[tuple[float, int]]] = {}
        for row in session.execute(select(LISTED.c.number, LISTED.c.score, LISTED.c.other)):
            listed.setdefault(row.number, []).append((row.score, row.other))
        numbers = sorted(listed)
        known = {one.number: one for one in numbered(session, numbers)}
        expected = {
            number: outline([Line(score, other, known[other].group, known[other].facts) for score, other in others])
            for number, others in listed.items()
        }
        assert lists.outlines(session, numbers) == expected


def test_lists_stay_within_their_copy(grown: str) -> None:
    with bulk.connected(grown) as connection:
        rows = connection.execute(select(LISTED.c.number, LISTED.c.other)).all()
    copies = {(row.number - 1) // ARTICLES == (row.other - 1) // ARTICLES for row in rows}
    assert len(rows) % TIMES == 0
    assert copies == {True}
