"""What fills up a list that is too short: bounded, near in time, and marked for what it is."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.db import Database
from app.related import filling
from app.related.finding import related, related_to_each
from app.related.likeness import LEAST
from tests.articles.archive import Archive, Known
from tests.related.shelf import Shelf

NOON = datetime(2025, 5, 18, 12, tzinfo=UTC)


@pytest.fixture
def archive(database: Database) -> Archive:
    return Archive(database)


def at(hours: float) -> str:
    return (NOON + timedelta(hours=hours)).isoformat()


async def entries(archive: Archive, known: Known, *, limit: int = 5, **options: Any) -> list[dict[str, Any]]:
    found = await related(archive.database, known.id, limit=limit, **options)
    assert found is not None
    return [json.loads(entry) for entry in found.entries]


def told(archive: Archive, found: list[dict[str, Any]]) -> list[tuple[str, str, list[str]]]:
    """Each entry by its external id, and the kind and the values of its one reason."""
    made = []
    for entry in found:
        (reason,) = entry["reasons"]
        known = archive.public[UUID(entry["article"]["id"])]
        made.append((known.external_id, reason["kind"], reason["values"]))
    return made


async def test_short_list_is_filled_by_tags_and_then_by_section(archive: Archive) -> None:
    rare, common = {"name": "Cap Selvan"}, {"name": "Europe"}
    subject, *_ = await archive.publish_all(
        [
            {"external_id": "subject", "tags": [common, rare], "section": "Economy", "published_at": at(0)},
            {"external_id": "common", "tags": [common], "published_at": at(1)},
            {"external_id": "rare", "tags": [rare], "published_at": at(-90)},
            {"external_id": "both", "tags": [rare, common], "published_at": at(99)},
            {"external_id": "elsewhere", "language": "fr", "tags": [rare], "published_at": at(1)},
            {"external_id": "far", "section": "Economy", "published_at": at(-9)},
            {"external_id": "near", "section": "Economy", "published_at": at(8)},
            {"external_id": "economie", "section": "Economy", "language": "fr", "published_at": at(1)},
            {"external_id": "stranger", "section": "Sport", "published_at": at(1)},
            {"external_id": "europe", "tags": [common], "published_at": at(5)},
        ]
    )

    found = await entries(archive, subject, limit=50)

    assert told(archive, found) == [
        ("both", "tag", ["Cap Selvan", "Europe"]),
        ("rare", "tag", ["Cap Selvan"]),
        ("common", "tag", ["Europe"]),
        ("europe", "tag", ["Europe"]),
        ("elsewhere", "tag", ["Cap Selvan"]),
        ("near", "section", ["Economy"]),
        ("far", "section", ["Economy"]),
    ]
    assert all(entry["fallback"] for entry in found)
    scores = [entry["score"] for entry in found]
    assert scores == sorted(scores, reverse=True)
    assert 0 < scores[-1] < scores[0] < LEAST / 2


async def test_fallbacks_come_after_what_is_related_and_only_where_room_is_left(archive: Archive) -> None:
    subject, near, tagged = await archive.publish_all(
        [{"tags": [{"name": "Oil"}], "external_id": name} for name in ("subject", "near", "tagged")]
    )
    shelf = Shelf(archive.database)
    await shelf.sign(subject.id, near.id)
    await shelf.relate(subject.id, (near.id, 0.11))

    both, one = await entries(archive, subject), await entries(archive, subject, limit=1)

    marked = [(entry["article"]["id"], entry["fallback"]) for entry in both]
    assert marked == [(str(near.id), False), (str(tagged.id), True)]
    assert [entry["fallback"] for entry in one] == [False]


async def test_fallbacks_are_nothing_unwanted(archive: Archive) -> None:
    same: dict[str, Any] = {"tags": [{"name": "Oil"}], "section": "Economy"}
    names = ("subject", "seen", "gone", "copy", "copied")
    subject, seen, gone, copy, copied = await archive.publish_all([same | {"external_id": name} for name in names])
    await archive.publish_all([same | {"external_id": "own", "language": "en-GB", "translation_of": "subject"}])
    await archive.withdraw(gone)
    shelf = Shelf(archive.database)
    await shelf.sign(subject.id, copied.id)
    await shelf.sign(copy.id, copies_of=copied.id)

    found = await entries(archive, subject, exclude=[seen.id])

    assert [len(found), len(found[0]["variants"])] == [1, 1]
    members = {found[0]["article"]["id"], found[0]["variants"][0]["id"]}
    assert members == {str(copy.id), str(copied.id)}


async def test_fallbacks_of_many_lists_are_shared_out(archive: Archive) -> None:
    section = {"section": "Economy"}
    a, b, *others = await archive.publish_all([section | {"external_id": f"{n}"} for n in range(6)])

    found = await related_to_each(archive.database, [str(a.id), str(b.id)], limit=3)

    lists = [[json.loads(entry)["article"]["id"] for entry in one.entries] for one in found.lists]
    assert [len(ids) for ids in lists] == [2, 2]
    assert sorted(lists[0] + lists[1]) == sorted(str(one.id) for one in others)


async def test_article_without_section_and_tags_is_not_filled_up(archive: Archive) -> None:
    subject, _ = await archive.publish(), await archive.publish(section="world", tags=("oil",))

    assert await entries(archive, subject) == []


async def test_filling_looks_no_further_than_it_needs(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "SLACK", 0)
    tags = [{"name": f"Tag {n}"} for n in range(20)]
    published = await archive.publish_all(
        [{"external_id": f"{n}", "section": "world", "tags": tags, "published_at": at(n)} for n in range(20)]
    )

    found = await entries(archive, published[10], limit=6)

    nearest = {str(n) for n in range(7, 14)} - {"10"}
    assert {name for name, *_ in told(archive, found)} == nearest
    assert {len(values) for _, _, values in told(archive, found)} == {filling.MOST_TAGS}
