"""Lists as readers get them: of what is public now, by what the index and the editors say."""

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.articles.store import ARTICLES
from app.articles.storylines import verbs
from app.core.clock import utc_now
from app.db import Database
from app.related import reading
from app.related.choosing import Choice, choose
from app.related.finding import related, related_to_each
from app.related.folding import Candidate
from app.related.reading import Shown
from tests.articles.archive import Archive
from tests.related.shelf import Shelf

NOON = datetime(2025, 5, 18, 12, tzinfo=UTC)


@pytest.fixture
def archive(database: Database) -> Archive:
    return Archive(database)


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database)


async def entries(archive: Archive, id: UUID, *, limit: int = 5, exclude: Sequence[UUID] = ()) -> list[dict[str, Any]]:
    found = await related(archive.database, id, limit=limit, exclude=exclude)
    assert found is not None
    return [json.loads(entry) for entry in found.entries]


async def shown(archive: Archive, id: UUID, *, limit: int = 5, exclude: Sequence[UUID] = ()) -> list[list[str]]:
    """The external ids of each entry, that of the lead first."""
    names = {str(one.id): one.external_id for one in archive.public.values()}
    found = await entries(archive, id, limit=limit, exclude=exclude)
    return [[names[one["id"]] for one in (entry["article"], *entry["variants"])] for entry in found]


async def choose_for(archive: Archive, id: UUID, *, pinned: Sequence[UUID] = (), blocked: Sequence[UUID] = ()) -> None:
    choice = Choice(tuple(pinned), tuple(blocked))
    await archive.database.write(choose, id, choice, now=utc_now())


async def test_order_is_by_score_then_by_the_log_last_first(archive: Archive, shelf: Shelf) -> None:
    subject, *others = await archive.publish_all(
        [{"published_at": (NOON + timedelta(hours=n % 3)).isoformat(), "external_id": f"{n}"} for n in range(6)]
    )
    await shelf.sign(subject.id, *(one.id for one in others))
    await shelf.relate(subject.id, *((one.id, 0.9 if one.external_id == "4" else 0.5) for one in others))

    assert await shown(archive, subject.id, limit=4) == [["4"], ["5"], ["3"], ["2"]]


async def test_withdrawn_article_leaves_every_list_at_once(archive: Archive, shelf: Shelf) -> None:
    subject, gone, other = await archive.publish_all([{"external_id": name} for name in ("subject", "gone", "other")])
    await shelf.sign(subject.id, gone.id, other.id)
    await shelf.relate(subject.id, (gone.id, 0.9), (other.id, 0.8))
    await archive.withdraw(gone)

    assert await shown(archive, subject.id) == [["other"]]
    assert await related(archive.database, gone.id, limit=5) is None


async def test_article_that_came_back_waits_for_the_index(archive: Archive, shelf: Shelf) -> None:
    subject, other = await archive.publish_all([{"external_id": name} for name in ("subject", "other")])
    await shelf.sign(subject.id, other.id)
    await shelf.relate(subject.id, (other.id, 0.9))
    await shelf.relate(other.id, (subject.id, 0.9))
    back = update(ARTICLES).where(ARTICLES.c.id == other.id).values(published_at=NOON)
    await archive.database.write(lambda session: session.execute(back).close())

    assert await shown(archive, subject.id) == []
    assert await shown(archive, other.id) == []


async def test_copies_and_translations_are_variants(archive: Archive, shelf: Shelf) -> None:
    subject, own, english, french, copy = await archive.publish_all(
        [
            {"external_id": "subject"},
            {"external_id": "own", "language": "fr", "translation_of": "subject"},
            {"external_id": "english"},
            {"external_id": "french", "language": "fr", "translation_of": "english"},
            {"external_id": "copy"},
        ]
    )
    await shelf.sign(subject.id, own.id, english.id, french.id)
    await shelf.sign(copy.id, copies_of=english.id)
    await shelf.relate(subject.id, (own.id, 0.95), (french.id, 0.9), (english.id, 0.8), (copy.id, 0.7))

    assert await shown(archive, subject.id) == [["english", "french", "copy"]]
    assert await shown(archive, subject.id, exclude=[english.id]) == [["french"], ["copy"]]


async def test_near_copy_of_the_article_is_an_entry(archive: Archive, shelf: Shelf) -> None:
    subject, copy = await archive.publish_all([{"external_id": name} for name in ("subject", "copy")])
    await shelf.sign(subject.id)
    await shelf.sign(copy.id, copies_of=subject.id)
    await shelf.relate(subject.id, (copy.id, 0.99))

    assert await shown(archive, subject.id) == [["copy"]]


async def test_choices_of_editors_show_as_far_as_they_are_public(archive: Archive, shelf: Shelf) -> None:
    names = ("subject", "near", "nearer", "far", "blocked", "gone")
    subject, near, nearer, far, blocked, gone = await archive.publish_all([{"external_id": name} for name in names])
    await shelf.sign(subject.id, near.id, nearer.id, far.id)
    await shelf.sign(blocked.id, copies_of=near.id)
    await shelf.relate(subject.id, (near.id, 0.5), (nearer.id, 0.8), (blocked.id, 0.9))
    await archive.withdraw(gone)
    await choose_for(archive, subject.id, pinned=[gone.id, far.id, near.id], blocked=[blocked.id])

    found = await entries(archive, subject.id)

    assert await shown(archive, subject.id) == [["far"], ["near"], ["nearer"]]
    assert [entry["score"] for entry in found] == [1.0, 1.0, 0.8]
    kinds = [[reason["kind"] for reason in entry["reasons"]] for entry in found]
    assert kinds == [["pinned"], ["pinned", "words"], ["words"]]
    assert await shown(archive, subject.id, exclude=[far.id], limit=1) == [["near"]]


async def test_answer_is_as_new_as_the_newest_of_log_index_and_choice(archive: Archive, shelf: Shelf) -> None:
    subject, other = await archive.publish_all([{"external_id": name} for name in ("subject", "other")])
    first = await related(archive.database, subject.id, limit=5)
    later = utc_now() + timedelta(minutes=1)
    await shelf.follow(2, at=later)
    followed = await related(archive.database, subject.id, limit=5)
    latest = later + timedelta(minutes=1)
    await archive.database.write(choose, subject.id, Choice(pinned=(other.id,)), now=latest)
    chosen = await related(archive.database, subject.id, limit=5)

    assert first is not None
    assert followed is not None
    assert chosen is not None
    assert (first.related_seq, followed.related_seq, followed.changed_at) == (0, 2, later)
    assert first.changed_at < later
    assert chosen.changed_at == latest


async def test_choice_among_what_is_not_public_has_no_time(archive: Archive) -> None:
    subject, gone = await archive.publish_all([{"external_id": name} for name in ("subject", "gone")])
    await archive.withdraw(gone)
    before = await related(archive.database, subject.id, limit=5)
    await archive.database.write(choose, subject.id, Choice((gone.id,)), now=utc_now() + timedelta(days=1))
    await archive.database.write(choose, subject.id, Choice((), (gone.id,)), now=utc_now() + timedelta(days=2))

    assert await related(archive.database, subject.id, limit=5) == before


async def test_choice_taken_back_leaves_its_time(archive: Archive) -> None:
    subject, other = await archive.publish_all([{"external_id": name} for name in ("subject", "other")])
    pinned, taken_back = utc_now() + timedelta(days=1), utc_now() + timedelta(days=2)
    await archive.database.write(choose, subject.id, Choice((other.id,)), now=pinned)
    await archive.database.write(choose, subject.id, Choice(), now=taken_back)
    await archive.database.write(choose, subject.id, Choice(), now=taken_back + timedelta(days=1))

    found = await related(archive.database, subject.id, limit=5)

    assert found is not None
    assert (found.changed_at, found.entries) == (taken_back, [])


async def test_same_storyline_is_a_reason(archive: Archive, shelf: Shelf) -> None:
    names = ("subject", "in-it", "pinned", "outside")
    subject, within, pinned, outside = await archive.publish_all([{"external_id": name} for name in names])
    others = within.id, outside.id
    await shelf.sign(subject.id, *others)
    await shelf.relate(subject.id, *((other, 0.5) for other in others))
    await choose_for(archive, subject.id, pinned=[pinned.id])
    await archive.database.write(verbs.found, [subject.id, within.id, pinned.id], now=utc_now())

    found = await entries(archive, subject.id)

    reasons = {entry["article"]["id"]: entry["reasons"] for entry in found}
    told = {"kind": "storyline", "values": ["Report 1"], "shares": None}
    assert [reason["kind"] for reason in reasons[str(pinned.id)]] == ["pinned", "storyline"]
    assert reasons[str(within.id)][0] == reasons[str(pinned.id)][1] == told
    assert [reason["kind"] for reason in reasons[str(outside.id)]] == ["words"]


async def test_lists_of_many_share_no_story(archive: Archive, shelf: Shelf) -> None:
    names = ("a", "b", "one", "two", "three", "copy-of-one")
    a, b, one, two, three, copy = await archive.publish_all([{"external_id": name} for name in names])
    await shelf.sign(a.id, b.id, one.id, two.id, three.id)
    await shelf.sign(copy.id, copies_of=one.id)
    await shelf.relate(a.id, (b.id, 0.95), (one.id, 0.9), (two.id, 0.8), (three.id, 0.7))
    await shelf.relate(b.id, (copy.id, 0.9), (two.id, 0.8), (three.id, 0.7))

    found = await related_to_each(archive.database, [str(a.id), "never-was", str(b.id)], limit=2)

    public = {str(known.id): known.external_id for known in archive.public.values()}
    lists = [[public[json.loads(entry)["article"]["id"]] for entry in one.entries] for one in found.lists]
    assert lists == [["one", "three"], ["two"]]
    assert [one.id for one in found.lists] == [a.id, b.id]
    assert found.missing == ["never-was"]


@pytest.mark.parametrize(
    ("lost", "is_pinned"),
    [("cards", False), ("cards", True), ("facts", False), ("facts", True), ("reasons", False)],
)
async def test_list_that_changes_between_two_statements_is_read_again(
    archive: Archive, shelf: Shelf, monkeypatch: pytest.MonkeyPatch, lost: str, is_pinned: bool
) -> None:
    subject, *others = await archive.publish_all([{"external_id": f"{n}"} for n in range(3)])
    ids = [one.id for one in others]
    await shelf.sign(subject.id, *ids)
    if is_pinned:
        await choose_for(archive, subject.id, pinned=ids[::-1])
    else:
        await shelf.relate(subject.id, *((id, 0.5) for id in ids))
    shown_all, asked = reading.shown, list[int]()

    def without_one(session: Session, lists: Collection[int], articles: Collection[Candidate]) -> Shown:
        asked.append(len(articles))
        found = shown_all(session, lists, articles)
        if len(asked) == 1:
            known: dict[Any, str] = getattr(found, lost)
            key, value = known.popitem()
            if lost == "facts":
                known[key] = f"other than {value}"
        return found

    monkeypatch.setattr(reading, "shown", without_one)

    assert await shown(archive, subject.id) == [["2"], ["1"]]
    assert asked == [2, 2]


async def test_list_is_true_while_the_index_is_behind(archive: Archive, shelf: Shelf) -> None:
    names = ["subject", "gone", "edited", "copy", "other", "translated"]
    subject, gone, edited, copy, other, translated = await archive.publish_all(
        [{"external_id": name} for name in names]
    )
    await shelf.sign(subject.id, gone.id, edited.id, other.id, translated.id)
    await shelf.sign(copy.id, copies_of=gone.id)
    scores = {gone: 0.9, edited: 0.8, copy: 0.7, other: 0.6, translated: 0.5}
    await shelf.relate(subject.id, *((one.id, score) for one, score in scores.items()))
    await archive.withdraw(gone)
    await archive.publish(external_id="edited", headline="Another")
    await archive.publish(external_id="translated", language="fr", translation_of="other")

    assert await shown(archive, subject.id) == [["edited"], ["copy"], ["other", "translated"]]
    reasons = {entry["article"]["headline"]: entry["reasons"] for entry in await entries(archive, subject.id)}
    assert reasons.pop("Another") == []
    assert all(reasons.values())
