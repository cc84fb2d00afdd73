"""The follower that puts articles into storylines: when one begins, who joins, and what it leaves to editors."""

import asyncio
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.articles.store import ARTICLES
from app.articles.storylines import store, verbs
from app.db import Database
from app.related import following, storytelling
from app.related.storytelling import keep_up
from tests.press import NOON, Press, after
from tests.related.corpus import stories, story


async def storylines(database: Database) -> dict[str, UUID | None]:
    """The storyline of every public article, by external id."""

    def read(session: Session) -> dict[str, UUID | None]:
        return {row.external_id: row.storyline_id for row in session.execute(select(ARTICLES))}

    return await database.read(read)


async def partition(database: Database) -> set[frozenset[str]]:
    """Which articles stand together."""
    together: dict[UUID, set[str]] = {}
    for name, storyline in (await storylines(database)).items():
        if storyline is not None:
            together.setdefault(storyline, set()).add(name)
    return set(map(frozenset, together.values()))


async def put(press: Press, name: str, kind: str, *, minute: float, seed: int, **fields: str) -> None:
    """Publish a story about an event of this kind, in words of its own."""
    told = story(Random(seed), kind, "Cap Selvan" if kind == "strike" else "Vell")
    await press.put(name, now=after(minute), **told | fields)


async def test_second_article_of_an_event_founds_its_storyline(database: Database) -> None:
    press = Press(database)
    await put(press, "first", "strike", minute=0, seed=1)
    await put(press, "elsewhere", "flood", minute=1, seed=2)
    await keep_up(database, clock=lambda: NOON)
    assert set((await storylines(database)).values()) == {None}

    await put(press, "second", "strike", minute=2, seed=3)
    await keep_up(database, clock=lambda: NOON)

    assert await partition(database) == {frozenset({"first", "second"})}
    first = await press.public("first")
    assert first.storyline is not None
    assert first.storyline.title == first.headline
    assert [line.split()[0] for line in await press.log()][-3:].count("refreshed") == 2


async def test_later_articles_join_and_nothing_else_happens(database: Database) -> None:
    press = Press(database)
    for n in range(4):
        await put(press, f"strike-{n}", "strike", minute=n, seed=n)
        await keep_up(database, clock=lambda: NOON)
    before, lines = await storylines(database), len(await press.lines())

    await keep_up(database, clock=lambda: NOON)

    assert await partition(database) == {frozenset(f"strike-{n}" for n in range(4))}
    assert (await storylines(database), len(await press.lines())) == (before, lines)


@pytest.mark.parametrize("seed", range(2))
async def test_late_follower_tells_the_same_storylines(sqlite: Database, postgresql: Database, seed: int) -> None:
    eager, late = Press(sqlite), Press(postgresql)
    for n, fields in enumerate(stories(seed, 30)):
        for press in (eager, late):
            await press.put(f"wire-{n}", now=after(n), **fields)
        await keep_up(sqlite, clock=lambda: NOON)
    await keep_up(postgresql, clock=lambda: NOON)

    assert await partition(sqlite) == await partition(postgresql)
    assert len(await partition(postgresql)) > 1


async def test_editors_word_is_not_overruled(database: Database) -> None:
    press = Press(database)
    await put(press, "first", "strike", minute=0, seed=1)
    await put(press, "kept-out", "strike", minute=1, seed=2)
    kept_out = (await press.public("kept-out")).id
    await database.write(store.pin, [kept_out], None)
    await put(press, "second", "strike", minute=3, seed=3)
    await keep_up(database, clock=lambda: NOON)

    assert await partition(database) == {frozenset({"first", "second"})}


async def test_what_editors_split_stays_split(database: Database) -> None:
    press = Press(database)
    for n in range(4):
        await put(press, f"strike-{n}", "strike", minute=n, seed=n)
    await keep_up(database, clock=lambda: NOON)
    (storyline,) = {id for id in (await storylines(database)).values() if id is not None}
    parted = [(await press.public(f"strike-{n}")).id for n in (0, 1)]
    await database.write(verbs.split, storyline, parted, title="The first days", now=after(10))

    for n in range(4, 7):
        await put(press, f"strike-{n}", "strike", minute=10 + n, seed=n)
        await keep_up(database, clock=lambda: NOON)

    found = await storylines(database)
    assert found["strike-0"] == found["strike-1"] != found["strike-2"] == found["strike-3"] == storyline
    first = await press.public("strike-0")
    assert first.storyline is not None
    assert first.storyline.title == "The first days"


async def test_languages_have_storylines_of_their_own(database: Database) -> None:
    press = Press(database)
    for n in range(2):
        await put(press, f"en-{n}", "strike", minute=n, seed=n, language="en")
        await put(press, f"nl-{n}", "strike", minute=n, seed=n, language="nl")
    await keep_up(database, clock=lambda: NOON)

    assert await partition(database) == {frozenset({"en-0", "en-1"}), frozenset({"nl-0", "nl-1"})}


async def test_two_followers_tell_each_storyline_once(database: Database) -> None:
    press = Press(database)
    for n in range(6):
        await put(press, f"strike-{n}", "strike", minute=n, seed=n)

    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(keep_up(database, clock=lambda: NOON))
    await keep_up(database, clock=lambda: NOON)

    assert await partition(database) == {frozenset(f"strike-{n}" for n in range(6))}
    assert not await database.read(following.is_behind)
    assert not await database.read(storytelling.is_behind)
