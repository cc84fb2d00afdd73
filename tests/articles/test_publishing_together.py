"""Many writers at once on PostgreSQL: nothing is lost, nothing is counted twice, and the log has no gap."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.articles.errors import LegacyUrlTaken, SlugTaken
from app.articles.store import ARTICLES, VERSIONS
from app.db import open_database
from app.newsroom.lifecycle import ImpossibleTransition
from app.taxonomy.store import list_names
from tests.press import Press, after

WRITERS, EACH = 8, 4


@pytest.fixture
async def presses(postgres_url: str, anyio_backend: str) -> AsyncIterator[list[Press]]:
    """Two processes' worth of connections to one database, a press for every writer."""
    databases = [open_database(postgres_url), open_database(postgres_url)]
    yield [Press(databases[n % 2]) for n in range(WRITERS)]
    for database in databases:
        await database.close()


def deadlocks(session: Session) -> int:
    """How many the server has had to end in this database."""
    return session.scalar(text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")) or 0


async def test_eight_writers_leave_no_gap_and_lose_nothing(presses: list[Press]) -> None:
    async def write(writer: int, press: Press) -> None:
        for n in range(EACH):
            name, tags = f"{writer}-{n}", [{"name": "Shared"}, {"name": f"Of {n}"}]
            await press.put(name, headline="The same headline", section="world", tags=tags, now=after(n))
            await press.put(name, headline=f"Update {name}", section="world", tags=tags[:1], now=after(n))

    await asyncio.gather(*(write(writer, press) for writer, press in enumerate(presses)))

    press, total = presses[0], WRITERS * EACH
    lines = await press.lines()
    assert [line.seq for line in lines] == list(range(1, 2 * total + 1))
    assert [line.at for line in lines] == sorted(line.at for line in lines)

    def look(session: Session) -> list[tuple[object, ...]]:
        order = select(ARTICLES.c.id, ARTICLES.c.slug, ARTICLES.c.published_at).order_by(ARTICLES.c.published_at)
        return [tuple(row) for row in session.execute(order)]

    articles = await press.database.scan(look)
    published = [line.article_id for line in lines if line.kind == "article.published"]
    assert [id for id, _, _ in articles] == published
    assert len({slug for _, slug, _ in articles}) == len({at for _, _, at in articles}) == total
    versions = select(func.count()).select_from(VERSIONS)
    assert await press.database.scan(lambda session: session.scalar(versions)) == 2 * total
    tags = (await press.database.read(list_names, "tags", limit=100)).entries
    assert [(tag.name, tag.article_count) for tag in tags] == [("Shared", total)]


async def test_one_external_id_is_made_once(presses: list[Press]) -> None:
    taken = await asyncio.gather(*(press.put("wire-1", headline=f"From {n}") for n, press in enumerate(presses)))
    assert len({one.draft.id for one in taken}) == 1
    assert sum(one.is_new for one in taken) == 1
    log = await presses[0].log()
    assert log == ["published 1", *(f"updated {n}" for n in range(2, WRITERS + 1))]


async def test_one_explicit_slug_is_given_once(presses: list[Press]) -> None:
    attempts = (press.put(f"wire-{n}", slug="harbour") for n, press in enumerate(presses))
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    assert sum(isinstance(one, SlugTaken) for one in outcomes) == WRITERS - 1
    assert await presses[0].log() == ["published 1"]


async def test_one_legacy_url_goes_to_one_of_many_writers(presses: list[Press]) -> None:
    put = (press.put(f"w{n}", legacy_urls=["https://old.example/17"], now=after(1)) for n, press in enumerate(presses))
    outcomes = await asyncio.gather(*put, return_exceptions=True)
    assert sum(isinstance(one, LegacyUrlTaken) for one in outcomes) == WRITERS - 1
    assert len(await presses[0].lines()) == 1


async def test_one_article_is_withdrawn_once(presses: list[Press]) -> None:
    await presses[0].put("wire-1")
    outcomes = await asyncio.gather(*(press.withdraw("wire-1") for press in presses), return_exceptions=True)
    assert sum(isinstance(one, ImpossibleTransition) for one in outcomes) == WRITERS - 1
    assert await presses[0].log() == ["published 1", "withdrawn error"]


async def test_new_names_are_made_once(presses: list[Press]) -> None:
    tags = [{"name": name, "kind": kind} for name in ("Oran", "Lille", "Gaza") for kind in ("place", "topic")]
    await asyncio.gather(
        *(
            press.put(f"wire-{n}", headline=f"{n}", section="World", tags=tags if n % 2 else tags[::-1])
            for n, press in enumerate(presses)
        )
    )
    listed = (await presses[0].database.read(list_names, "tags", limit=100)).entries
    assert len(listed) == 6
    assert {tag.article_count for tag in listed} == {WRITERS}


async def test_name_brought_back_by_many_at_once_has_one_spelling(presses: list[Press]) -> None:
    for n in range(EACH):
        await presses[0].put(f"old-{n}", headline="Old", section=f"nato {n}", tags=[{"name": f"nato {n}"}])
        await presses[0].withdraw(f"old-{n}")
        spellings = [f"NATO {n}", f"Nato {n}", f"nato {n}", f"nAtO {n}"]
        await asyncio.gather(
            *(
                press.put(f"new-{n}-{number}", headline="New", section=spelt, tags=[{"name": spelt}])
                for number, (press, spelt) in enumerate(zip(presses, spellings * 2, strict=True))
            )
        )
        shown = [await presses[0].public(f"new-{n}-{number}") for number in range(WRITERS)]
        assert len({(one.section and one.section.name, one.tags[0].name) for one in shown}) == 1
    entries = (await presses[0].database.read(list_names, "tags", limit=100)).entries
    assert [tag.article_count for tag in entries] == [WRITERS] * EACH
    assert await presses[0].database.scan(deadlocks) == 0


async def test_translations_of_one_another_are_published_without_a_deadlock(presses: list[Press]) -> None:
    await presses[0].put("original", headline="The original")

    async def write(writer: int, press: Press) -> None:
        for n in range(EACH):
            await press.put(f"wire-{writer}", headline=f"Text {writer} {n}", translation_of="original")
            await press.withdraw(f"wire-{writer}", now=after(n))
            await press.publish(f"wire-{writer}", now=after(n))

    await asyncio.gather(*(write(writer, press) for writer, press in enumerate(presses)))
    assert len((await presses[0].public("original")).translations) == WRITERS
    assert await presses[0].database.scan(deadlocks) == 0
