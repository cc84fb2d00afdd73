import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.articles.store import ARTICLES, TOMBSTONES, VERSIONS
from app.articles.tables import ArticleContributor, ArticleTag
from app.db import Database
from app.taxonomy.store import Vocabulary, list_names
from tests.press import NOON, Press, after

TAGS = [{"name": "Ports"}, {"name": "Marseille", "kind": "place"}]
BY = [{"name": "Ada Weir"}, {"name": "Ada Weir", "role": "photographer"}, {"name": "Jonas"}]


@pytest.fixture
def press(database: Database) -> Press:
    return Press(database)


async def counts(press: Press, vocabulary: Vocabulary) -> dict[str, int]:
    """What is listed, with how many articles each has."""
    page = await press.database.read(list_names, vocabulary, limit=100)
    return {entry.name: entry.article_count for entry in page.entries}


async def rows_of(press: Press, *columns: Any) -> list[tuple[Any, ...]]:
    return await press.database.scan(lambda session: [tuple(row) for row in session.execute(select(*columns))])


async def test_version_keeps_what_was_said(press: Press) -> None:
    await press.put("wire-1", headline="First", body_text="Ships wait.", slug="one")
    await press.put("wire-1", headline="Second", slug="two", now=after(5))

    def look(session: Session) -> list[Any]:
        return list(session.execute(select(VERSIONS).order_by(VERSIONS.c.number)))

    first, second = await press.database.scan(look)
    assert [(v.number, v.slug, v.seq, v.at, v.updated_at) for v in (first, second)] == [
        (1, "one", 1, NOON, NOON),
        (2, "two", 3, after(5), after(5)),
    ]
    said = json.loads(first.content)
    assert (said["headline"], said["body"]) == ("First", [{"type": "paragraph", "html": "Ships wait."}])


async def test_withdrawn_article_leaves_tombstone_and_versions(press: Press) -> None:
    taken = await press.put("wire-1", slug="one", tags=TAGS, contributors=BY)
    await press.withdraw("wire-1", reason="legal", text="By order.", note="Call of 14:05", now=after(5))

    assert await rows_of(press, ARTICLES.c.id) == []
    assert await rows_of(press, ArticleTag.tag_id) == await rows_of(press, ArticleContributor.contributor_id) == []
    (tombstone,) = await rows_of(press, TOMBSTONES)
    assert tombstone == (taken.draft.id, "one", "wire-1", str(taken.draft.id), "legal", "By order.", after(5), 2)
    assert await rows_of(press, VERSIONS.c.number) == [(1,)]
    (_, gone) = await press.lines()
    assert (gone.kind, gone.reason, gone.version, gone.at) == ("article.withdrawn", "legal", None, after(5))


async def test_return_removes_the_tombstone(press: Press) -> None:
    await press.put("wire-1")
    await press.withdraw("wire-1", now=after(1))
    await press.publish("wire-1", now=after(2))
    assert await rows_of(press, TOMBSTONES.c.article_id) == []
    draft = await press.draft("wire-1")
    assert (draft.withdrawal_reason, draft.withdrawal_text, draft.withdrawn_at) == (None, None, None)


async def test_counts_are_right_at_every_step(press: Press) -> None:
    async def listed() -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
        return await counts(press, "sections"), await counts(press, "tags"), await counts(press, "contributors")

    await press.put("wire-1", publish=False, section="economy", tags=TAGS, contributors=BY)
    assert await listed() == ({}, {}, {})
    await press.publish("wire-1")
    assert await listed() == ({"Economy": 1}, {"Marseille": 1, "Ports": 1}, {"Ada Weir": 1, "Jonas": 1})
    await press.put("wire-2", headline="Two", section="economy", tags=[*TAGS, TAGS[0]], now=after(1))
    assert await listed() == ({"Economy": 2}, {"Marseille": 2, "Ports": 2}, {"Ada Weir": 1, "Jonas": 1})
    await press.put("wire-1", section="World news", tags=TAGS[:1], contributors=BY[2:], now=after(2))
    assert await listed() == ({"Economy": 1, "World news": 1}, {"Marseille": 1, "Ports": 2}, {"Jonas": 1})
    await press.withdraw("wire-1", now=after(3))
    assert await listed() == ({"Economy": 1}, {"Marseille": 1, "Ports": 1}, {})
    await press.publish("wire-1", now=after(4))
    assert await listed() == ({"Economy": 1, "World news": 1}, {"Marseille": 1, "Ports": 2}, {"Jonas": 1})
    await press.put("wire-2", headline="Two", now=after(5))
    assert await listed() == ({"World news": 1}, {"Ports": 1}, {"Jonas": 1})


async def test_batch_is_counted_whole(press: Press) -> None:
    await press.receive(*({"external_id": f"{n}", "headline": f"{n}", "section": "a", "tags": TAGS} for n in range(7)))
    await press.receive(*({"external_id": f"{n}", "headline": f"{n}!", "section": "b"} for n in range(3)), now=after(1))
    assert await counts(press, "sections") == {"A": 4, "B": 3}
    assert await counts(press, "tags") == {"Marseille": 4, "Ports": 4}


async def test_filter_rows_follow_the_article(press: Press) -> None:
    await press.put("wire-1", tags=TAGS, published_at="2026-11-19T12:00:00Z")
    await press.put("wire-1", tags=TAGS[1:], published_at="2026-11-19T12:00:00Z", now=after(1))
    links = await rows_of(press, ArticleTag.published_at)
    assert links == [(after(-24 * 60),)]
    await press.withdraw("wire-1", now=after(2))
    await press.publish("wire-1", now=after(3))
    assert await rows_of(press, ArticleTag.published_at) == [(after(3),)]


async def test_articles_of_a_batch_are_in_the_log_in_their_order(press: Press) -> None:
    taken = await press.receive(*({"external_id": f"wire-{n}", "headline": f"Story {n}"} for n in (3, 1, 2)))
    assert [line.article_id for line in await press.lines()] == [one.draft.id for one in taken]
    stamps = [(await press.public(f"wire-{n}")).published_at for n in (3, 1, 2)]
    assert stamps == sorted(set(stamps))


async def test_article_names_its_newest_change(press: Press) -> None:
    await press.put("wire-1", slug="one")
    await press.put("wire-2", headline="Other", now=after(1))
    await press.put("wire-1", slug="two", now=after(2))
    assert await press.log() == ["published 1", "published 1", "moved 2 from one", "updated 2"]
    public = await press.public("wire-1")
    assert public.seq == 4
    assert sorted(await rows_of(press, ARTICLES.c.seq)) == [(2,), (4,)]
    moved, updated = (await press.lines())[2:]
    assert moved.version == updated.version == 2


async def test_language_is_found_by_its_first_subtag(press: Press) -> None:
    await press.put("wire-1", language="ZH-hant-tw")
    assert await rows_of(press, ARTICLES.c.language, ARTICLES.c.primary_language) == [("zh-Hant-TW", "zh")]
