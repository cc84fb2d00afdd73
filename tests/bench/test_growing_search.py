"""A grown archive is one that so many publications could have left to search."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import func, select

from app.articles.filters import EVERYTHING
from app.articles.store import ARTICLES
from app.core.text import terms
from app.db import Database, open_database
from app.search.finding import Found, search
from app.search.numbers import WINDOW, floor
from app.search.store import DOCUMENTS, LANGUAGES, PROFILES, TERMS
from app.search.tokens import digest
from tests.bench import bulk, growing_search, working
from tests.bench.news import News

ARTICLES_OF_BASE, TIMES = 40, 3
LANGUAGE = "en"


@pytest.fixture
async def grown(database_url: str, anyio_backend: str) -> str:
    news = News(1, began=datetime(2026, 1, 1, tzinfo=UTC), articles_a_day=20)
    database = open_database(database_url)
    await working.begin(database)
    await working.publish(database, islice(news, ARTICLES_OF_BASE))
    await database.close()
    growing_search.grow(database_url, TIMES)
    bulk.settle(database_url)
    return database_url


@pytest.fixture
async def archive(grown: str) -> AsyncIterator[Database]:
    database = open_database(grown)
    yield database
    await database.close()


async def found(database: Database, query: str) -> Found:
    return await database.scan(search, query, EVERYTHING, place=None, limit=100)


async def documents(database: Database) -> list[dict[str, Any]]:
    rows = await database.scan(lambda session: list(session.scalars(select(ARTICLES.c.document))))
    return [json.loads(row) for row in rows]


async def test_every_copy_is_found_by_its_own_words_and_marked(archive: Database) -> None:
    told = await documents(archive)
    assert len(told) == ARTICLES_OF_BASE * TIMES
    for one in told:
        [best, *_] = (await found(archive, one["headline"])).shown
        assert json.loads(best.card)["headline"] == one["headline"]
        assert "<mark>" in str(best.highlight.headline)


async def test_common_words_are_in_all_copies_and_rare_ones_in_one(archive: Database) -> None:
    told = await documents(archive)
    held = Counter(stem for one in told for stem in {term.stem for term in terms(said(one), LANGUAGE)})
    for stem, number in [*held.most_common(20), *list(held.items())[:20]]:
        word = next(term.surface for one in told for term in terms(said(one), LANGUAGE) if term.stem == stem)
        assert (await found(archive, word)).total == number
    assert max(held.values()) > ARTICLES_OF_BASE
    assert min(held.values()) == 1


def said(document: dict[str, Any]) -> str:
    return " ".join([document["headline"], document["summary"] or "", *(one["html"] for one in document["body"])])


def test_dictionary_and_weights_are_those_of_the_openings(grown: str) -> None:
    with bulk.connected(grown) as connection:
        profiles = connection.execute(select(PROFILES)).all()
        counts = {(token, shown): number for token, shown, number in connection.execute(select(TERMS))}
        spoken = connection.execute(select(LANGUAGES.c.articles)).scalars().all()
    openings = [[tuple(line.split("\t")) for line in one.opening.split("\n")] for one in profiles]
    assert counts == Counter(line for opening in openings for line in opening)
    assert spoken == [ARTICLES_OF_BASE * TIMES]
    for one, opening in zip(profiles, openings, strict=True):
        weighed = {one.weights[n : n + 4] for n in range(0, len(one.weights), 5)}
        assert {digest(token) for token, _ in opening} <= weighed


def test_numbers_are_in_the_order_of_dates(grown: str) -> None:
    with bulk.connected(grown) as connection:
        rows = connection.execute(select(DOCUMENTS.c.number, DOCUMENTS.c.published_at)).all()
        dated = connection.execute(select(func.count(ARTICLES.c.published_at.distinct()))).scalar_one()
    assert len(rows) == dated == ARTICLES_OF_BASE * TIMES
    assert all(floor(at) <= number < floor(at) + WINDOW for number, at in rows)
