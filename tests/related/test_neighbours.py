"""The neighbourhood: bounded however many articles there are, and only of what is public."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.db import Database
from app.related import neighbours
from app.related.finding import related
from app.related.neighbours import Neighbourhood, neighbourhood
from tests.articles.archive import Archive, Known
from tests.articles.plans import plan

NOON = datetime(2025, 5, 18, 12, tzinfo=UTC)


@pytest.fixture
def archive(database: Database) -> Archive:
    return Archive(database)


async def near(archive: Archive, known: Known) -> Neighbourhood:
    found = await archive.database.snapshot(neighbourhood, known.id)
    assert found is not None
    return found


async def test_neighbours_share_the_language_and_are_nobodys_translation(archive: Archive) -> None:
    tags = [{"name": "Oil"}]
    subject, british, *_ = await archive.publish_all(
        [
            {"external_id": "subject", "tags": tags},
            {"external_id": "british", "language": "en-GB", "tags": tags},
            {"external_id": "french", "language": "fr", "tags": tags},
            {"external_id": "translation", "language": "en-US", "tags": tags, "translation_of": "subject"},
            {"external_id": "sibling", "language": "en-AU", "tags": tags, "translation_of": "translation"},
        ]
    )

    found = await near(archive, subject)

    assert [one.id for one in found.others] == [british.id]
    assert [tag.name for tag in found.others[0].tags] == ["Oil"]
    assert found.story.id == subject.id


async def test_withdrawn_articles_are_no_neighbours(archive: Archive) -> None:
    subject, other = await archive.publish(section="world"), await archive.publish(section="world")
    await archive.withdraw(other)

    assert (await near(archive, subject)).others == []
    assert await archive.database.snapshot(neighbourhood, other.id) is None
    assert await related(archive.database, other.id, limit=5) is None


async def test_article_without_section_and_tags_has_neighbours_in_its_language(archive: Archive) -> None:
    subject, other = await archive.publish(), await archive.publish()

    assert [one.id for one in (await near(archive, subject)).others] == [other.id]


async def test_neighbourhood_is_bounded(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "NEAREST_BY_TAG", 2)
    monkeypatch.setattr(neighbours, "NEAREST_BY_SECTION", 3)
    monkeypatch.setattr(neighbours, "NEAREST_BY_LANGUAGE", 4)
    neighbours._near.cache_clear()
    tags = [{"name": f"Tag {n}"} for n in range(20)]
    published = await archive.publish_all(
        [{"section": "world", "tags": tags, "published_at": (NOON + timedelta(hours=n)).isoformat()} for n in range(40)]
    )
    subject = published[20]

    found = await near(archive, subject)

    neighbours._near.cache_clear()
    nearest = {known.id for known in published[16:25]} - {subject.id}
    assert {one.id for one in found.others} == nearest
    assert all(len(one.tags) == 20 for one in found.others)
    assert found.articles == 40


async def test_neighbours_are_found_along_indexes(archive: Archive) -> None:
    statement, tags = neighbours._near(2, True), {"tag_0": 1, "tag_1": 2}
    known = await archive.publish()
    values: dict[str, Any] = {"at": NOON, "id": known.id, "language": "en", "section": 1} | tags

    steps = await plan(archive.database, statement, values)

    if archive.database.dialect == "sqlite":
        assert not [step for step in steps if step.startswith("SCAN article")]
        # The articles are looked up last, one by one; else all of the language would be read.
        assert [step for step in steps if "articles" in step][-1].startswith(
            "SEARCH articles USING INDEX sqlite_autoindex_articles_1 (id=?)"
        )
