"""Walks through a list that moves: articles arrive, are withdrawn and are back-dated between any two pages.

Seeded, so that a failure can be had again.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from app.articles.filters import EVERYTHING, Filters
from app.articles.listing import news
from app.web.paging import Cursor
from tests.articles.archive import Archive
from tests.articles.walking import ids, newer_pages, one_page

START = datetime(2025, 5, 18, tzinfo=UTC)
FILTERS = [
    EVERYTHING,
    Filters(tags=(("oil", "rain"),)),
    Filters(sections=("world",), languages=("en", "fr")),
    Filters(contributors=(("ines",),), is_breaking=False),
]


class Newsroom:
    """Somebody who publishes, back-dates and withdraws without a plan."""

    def __init__(self, archive: Archive, seed: int) -> None:
        self.archive, self.random = archive, Random(seed)
        self.withdrawn: set[UUID] = set()
        self.back_dated: set[UUID] = set()

    async def open(self, articles: int) -> None:
        """Something to begin with, many of it of the same moment."""
        for _ in range(articles):
            await self._publish(at=self._past())

    async def act(self) -> None:
        """One thing that newsrooms do; or nothing."""
        match self.random.randrange(5):
            case 0 | 1:
                await self._publish(at=None)
            case 2:
                self.back_dated.add(await self._publish(at=self._past()))
            case 3 if self.archive.public:
                known = self.random.choice(sorted(self.archive.public.values(), key=lambda one: one.id))
                await self.archive.withdraw(known)
                self.withdrawn.add(known.id)

    def _past(self) -> datetime:
        return START + timedelta(hours=self.random.randrange(6))

    async def _publish(self, *, at: datetime | None) -> UUID:
        random = self.random
        known = await self.archive.publish(
            at=at,
            language=random.choice(["en", "fr", "ar"]),
            section=random.choice(["world", "sport"]),
            tags=tuple(random.sample(["oil", "rain", "snow"], random.randint(0, 3))),
            by=tuple(random.sample(["ines", "jonas"], random.randint(0, 2))),
            breaking=random.random() < 0.2,
        )
        return known.id


@pytest.mark.parametrize(("seed", "limit"), [(0, 3), (1, 1), (2, 7), (3, 2)])
async def test_older_walk_shows_each_article_that_stayed_once(archive: Archive, seed: int, limit: int) -> None:
    newsroom, filters = Newsroom(archive, seed), FILTERS[seed]
    await newsroom.open(25)
    at_start = archive.newest_first(filters)

    shown: Counter[UUID] = Counter()
    found = await one_page(archive.database, filters, limit=limit)
    shown.update(ids(found))
    while found.older is not None:
        await newsroom.act()
        found = await one_page(archive.database, filters, cursor=found.older, limit=limit)
        shown.update(ids(found))

    assert set(shown.values()) <= {1}
    assert set(at_start) - newsroom.withdrawn <= shown.keys() <= set(at_start) | newsroom.back_dated


@pytest.mark.parametrize(("seed", "limit"), [(0, 3), (1, 1), (2, 7), (3, 2)])
async def test_newer_walk_shows_each_article_that_came_once(archive: Archive, seed: int, limit: int) -> None:
    newsroom, filters = Newsroom(archive, 100 + seed), FILTERS[seed]
    await newsroom.open(8 if seed % 2 else 0)
    before = set(archive.public)

    shown: Counter[UUID] = Counter()
    found = await one_page(archive.database, filters, limit=limit)
    for _ in range(30):
        await newsroom.act()
        found = await one_page(archive.database, filters, cursor=found.newer, limit=limit)
        shown.update(ids(found))
    async for rest in newer_pages(archive.database, filters, cursor=found.newer, limit=limit):
        shown.update(ids(rest))

    came = set(archive.newest_first(filters)) - before - newsroom.back_dated
    assert set(shown.values()) <= {1}
    assert came <= shown.keys()
    # A walk that began on an empty page waits for everything; any other for what is newer than it began with.
    assert not shown.keys() & before


@pytest.mark.parametrize("seed", range(4))
async def test_probe_counts_what_the_next_pages_show(archive: Archive, seed: int) -> None:
    newsroom, filters = Newsroom(archive, 200 + seed), FILTERS[seed]
    await newsroom.open(10)
    position = (await one_page(archive.database, filters, limit=3)).newer

    for _ in range(10):
        await newsroom.act()
    counted = await archive.database.read(news, filters, cursor=position, count_to=100)

    pages = [found async for found in newer_pages(archive.database, filters, cursor=position, limit=2)]
    shown = [archive.public[id] for found in pages for id in ids(found)]
    assert (counted.count, counted.breaking) == (len(shown), sum(known.breaking for known in shown))


async def test_polling_an_empty_list_misses_nothing(archive: Archive) -> None:
    position: Cursor = (await one_page(archive.database, limit=2)).newer

    shown: list[UUID] = []
    for arriving in (0, 1, 3, 0, 5):
        published = [await archive.publish() for _ in range(arriving)]
        async for found in newer_pages(archive.database, cursor=position, limit=2):
            shown += reversed(ids(found))
            position = found.newer
        assert shown[len(shown) - arriving :] == [known.id for known in published]
