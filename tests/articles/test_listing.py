"""Pages of cards against brute force: every filter, every combination, both directions, every page size."""

from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from random import Random
from typing import Any

import pytest

from app.articles.filters import EVERYTHING, Filters
from app.articles.listing import news
from app.core.clock import utc_now
from app.db import Database
from app.web.paging import Cursor
from tests.articles.archive import Archive
from tests.articles.walking import ids, newer_pages, older_pages, one_page

NOON = datetime(2025, 5, 18, 12, tzinfo=UTC)

# One choice or more for each filter; combinations take at most one of each.
CHOICES: dict[str, list[Any]] = {
    "sections": [("world",), ("world", "sport"), ("nowhere",)],
    "languages": [("en",), ("en-GB",), ("fr", "zh-Hant"), ("en", "en-GB")],
    "tags": [(("gaza",),), (("gaza", "oil"),), (("gaza",), ("oil", "rain")), (("unheard",),)],
    "contributors": [(("ines",),), (("ines", "jonas"),), (("ines",), ("jonas",))],
    "is_breaking": [True, False],
    "since": [NOON],
    "until": [NOON + timedelta(hours=3)],
}


def combinations_of_filters() -> list[Filters]:
    """No filter, each alone, every pair once, and a few of many."""
    random = Random(7)
    singles = [Filters(**{name: value}) for name, values in CHOICES.items() for value in values]
    pairs = [
        Filters(**{one: random.choice(CHOICES[one]), other: random.choice(CHOICES[other])})
        for one, other in combinations(CHOICES, 2)
    ]
    many = [
        Filters(**{name: random.choice(CHOICES[name]) for name in random.sample(sorted(CHOICES), random.randint(3, 5))})
        for _ in range(25)
    ]
    return [EVERYTHING, *singles, *pairs, *many]


async def fill(archive: Archive, *, articles: int, seed: int) -> None:
    """Articles of all kinds, with many of the same moment."""
    random = Random(seed)

    def some(*names: str) -> list[dict[str, str]]:
        return [{"name": name} for name in random.sample(names, random.randint(0, len(names)))]

    await archive.publish_all(
        [
            {
                "published_at": (NOON + timedelta(hours=random.randrange(8))).isoformat(),
                "language": random.choice(["en", "en", "en-GB", "fr", "zh-Hant-TW", "ar"]),
                "section": random.choice(["world", "sport", "culture", None]),
                "tags": some("gaza", "oil", "rain"),
                "contributors": some("ines", "jonas"),
                "breaking": random.random() < 0.3,
            }
            for _ in range(articles)
        ]
    )


async def test_every_combination_of_filters_pages_as_brute_force_does(archive: Archive) -> None:
    await fill(archive, articles=90, seed=1)
    random = Random(2)

    for filters in combinations_of_filters():
        expected, limit = archive.newest_first(filters), random.randint(1, 7)

        older = [found async for found in older_pages(archive.database, filters, limit=limit)]
        assert [id for found in older for id in ids(found)] == expected, filters
        # Null exactly at the end: no page but the only one is empty, and all others are full.
        assert all(len(found.cards) == limit for found in older[:-1])
        assert older[-1].cards or not expected

        newer = [
            found async for found in newer_pages(archive.database, filters, cursor=Cursor.beginning(), limit=limit)
        ]
        assert [id for found in reversed(newer) for id in ids(found)] == expected, filters
        assert newer[0].older is None


@pytest.mark.parametrize("limit", range(1, 8))
async def test_pages_lead_back_to_each_other(archive: Archive, limit: int) -> None:
    await fill(archive, articles=20, seed=limit)
    pages = [found async for found in older_pages(archive.database, limit=limit)]

    for newer, older in pairwise(pages):
        back = await one_page(archive.database, cursor=older.newer, limit=limit)
        assert ids(back) == ids(newer)
        assert back.older is not None
        again = await one_page(archive.database, cursor=back.older, limit=limit)
        assert ids(again) == ids(older)


async def test_walking_newer_says_where_history_begins(archive: Archive) -> None:
    await fill(archive, articles=9, seed=3)
    expected = archive.newest_first(EVERYTHING)

    first = await one_page(archive.database, cursor=Cursor.beginning(), limit=4)
    second = await one_page(archive.database, cursor=first.newer, limit=4)
    waiting = await one_page(archive.database, cursor=(await one_page(archive.database, limit=1)).newer, limit=4)

    assert (ids(first), first.older) == (expected[-4:], None)
    assert second.older is not None
    assert waiting.older is not None
    assert waiting.cards == []
    everything = [found async for found in older_pages(archive.database, cursor=waiting.older, limit=4)]
    assert [id for found in everything for id in ids(found)] == expected


async def test_empty_database_is_an_empty_page_to_be_polled(archive: Archive) -> None:
    empty = await one_page(archive.database, limit=5)
    assert (empty.seq, empty.cards, empty.older) == (0, [], None)
    assert (await one_page(archive.database, cursor=empty.newer, limit=5)).newer == empty.newer

    known = await archive.publish()

    assert ids(await one_page(archive.database, cursor=empty.newer, limit=5)) == [known.id]


async def test_position_survives_the_withdrawal_of_its_article(archive: Archive) -> None:
    await fill(archive, articles=6, seed=4)
    expected = archive.newest_first(EVERYTHING)
    found = await one_page(archive.database, limit=3)
    assert found.older is not None
    await archive.withdraw(archive.public[expected[2]])

    assert ids(await one_page(archive.database, cursor=found.older, limit=3)) == expected[3:]

    for id in expected[:2]:
        await archive.withdraw(archive.public[id])
    waiting = await one_page(archive.database, cursor=found.newer, limit=3)
    assert (waiting.cards, waiting.newer) == ([], found.newer)
    assert waiting.older is not None
    assert ids(await one_page(archive.database, cursor=waiting.older, limit=3)) == expected[3:]


async def test_page_below_everything_leads_up_to_what_is_left(archive: Archive) -> None:
    first, second = [await archive.publish() for _ in range(2)]
    found = await one_page(archive.database, limit=1)
    await archive.withdraw(first)

    below = await one_page(archive.database, cursor=found.older, limit=1)

    assert (below.cards, below.older) == ([], None)
    assert ids(await one_page(archive.database, cursor=below.newer, limit=1)) == [second.id]


@pytest.mark.parametrize(
    ("count_to", "count", "breaking", "more"), [(3, 3, 1, True), (4, 4, 2, True), (5, 5, 2, False), (9, 5, 2, False)]
)
async def test_news_are_counted_from_the_position_on(
    archive: Archive, count_to: int, count: int, breaking: int, more: bool
) -> None:
    await archive.publish()
    here = (await one_page(archive.database, limit=1)).newer
    for is_breaking in (False, True, False, True, False):
        await archive.publish(breaking=is_breaking)

    found = await archive.database.read(news, EVERYTHING, cursor=here, count_to=count_to)

    assert (found.count, found.breaking, found.more, found.seq) == (count, breaking, more, 6)


async def test_news_are_counted_under_every_filter(archive: Archive) -> None:
    await fill(archive, articles=60, seed=5)
    for filters in combinations_of_filters()[:40]:
        expected = [archive.public[id] for id in archive.newest_first(filters)]

        found = await archive.database.read(news, filters, cursor=Cursor.beginning(), count_to=100)

        assert (found.count, found.breaking) == (len(expected), sum(known.breaking for known in expected)), filters


async def test_page_tells_how_new_it_is(database: Database) -> None:
    archive, before = Archive(database), utc_now()
    await archive.publish()

    found = await one_page(database, limit=1)

    assert found.seq == 1
    assert before <= found.changed_at <= utc_now()
