"""Lists of one storyline, and lists with one card of each, against brute force: every filter, both directions."""

from dataclasses import replace
from random import Random
from uuid import UUID

from app.articles.filters import EVERYTHING, Filters
from app.articles.listing import Page
from app.articles.storylines import verbs
from app.core.clock import utc_now
from app.core.ids import new_id
from app.web.paging import Cursor
from tests.articles.archive import Archive
from tests.articles.test_listing import combinations_of_filters, fill
from tests.articles.walking import ids, newer_pages, older_pages, one_page


async def grouped(archive: Archive, *, seed: int) -> list[UUID]:
    """Articles of all kinds, two thirds of them in four storylines."""
    await fill(archive, articles=90, seed=seed)
    public = archive.newest_first(EVERYTHING)
    Random(seed).shuffle(public)
    return [await archive.group(public[15 * n : 15 * n + 15]) for n in range(4)]


def standing(pages: list[Page]) -> dict[UUID, int]:
    """What the pages show, and for how many others each stands."""
    shown = {id: 0 for found in pages for id in ids(found)}
    return shown | {one.article_id: one.count for found in pages for one in found.collapsed or ()}


async def test_one_card_of_each_storyline_is_listed(archive: Archive) -> None:
    await grouped(archive, seed=1)
    random = Random(2)

    for filters in combinations_of_filters():
        expected, limit = archive.collapsed(filters), random.randint(1, 7)

        older = [found async for found in older_pages(archive.database, filters, limit=limit, is_collapsed=True)]
        assert [id for found in older for id in ids(found)] == list(expected), filters
        assert standing(older) == expected, filters
        assert all(len(found.cards) == limit for found in older[:-1])

        start = Cursor.beginning()
        walk = newer_pages(archive.database, filters, cursor=start, limit=limit, is_collapsed=True)
        newer = [found async for found in walk]
        assert [id for found in reversed(newer) for id in ids(found)] == list(expected), filters
        assert standing(newer) == expected, filters
        assert newer[0].older is None


async def test_storylines_are_a_filter_like_others(archive: Archive) -> None:
    one, two, *_ = await grouped(archive, seed=3)
    random = Random(4)

    for storylines in ((one,), (one, two), (two, new_id())):
        for plain in combinations_of_filters():
            filters, limit = replace(plain, storylines=tuple(map(str, storylines))), random.randint(1, 7)
            expected = archive.newest_first(filters)

            older = [found async for found in older_pages(archive.database, filters, limit=limit)]
            assert [id for found in older for id in ids(found)] == expected, filters
            collapsed = [found async for found in older_pages(archive.database, filters, limit=2, is_collapsed=True)]
            assert standing(collapsed) == archive.collapsed(filters), filters


async def test_storyline_is_found_by_every_name_it_had(archive: Archive) -> None:
    one, other = await archive.publish(headline="Docks shut"), await archive.publish(headline="Talks fail")
    id, merged = await archive.group([one.id]), await archive.group([other.id])
    await archive.database.write(verbs.merge, [merged], id, now=utc_now())
    await archive.database.write(verbs.retitle, id, "The strike", now=utc_now())

    names = ("the-strike", "docks-shut", "talks-fail", str(id), str(merged))
    for name in names:
        assert ids(await one_page(archive.database, Filters(storylines=(name,)), limit=9)) == [other.id, one.id]
    assert ids(await one_page(archive.database, Filters(storylines=names), limit=9)) == [other.id, one.id]
    assert ids(await one_page(archive.database, Filters(storylines=("unheard",)), limit=9)) == []


async def test_storm_of_one_event_is_one_card(archive: Archive) -> None:
    quiet = await archive.publish()
    storm = await archive.publish_all([{} for _ in range(1100)])
    await archive.group([known.id for known in storm])

    found = await one_page(archive.database, limit=5, is_collapsed=True)

    assert ids(found) == [storm[-1].id, quiet.id]
    assert [(one.article_id, one.count) for one in found.collapsed or ()] == [(storm[-1].id, 1000)]
    assert (await one_page(archive.database, limit=5)).collapsed is None
