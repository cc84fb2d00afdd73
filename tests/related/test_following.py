"""The index follows the log: what is in it, what leaves it, and that one log always makes the same lists."""

from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.changes.positions import Position, position
from app.core.clock import utc_now
from app.db import Database
from app.related import following, reading
from app.related.dictionary import LANGUAGES, TERMS
from app.related.following import FOLLOWER, catch_up
from app.related.likeness import KEPT, KEPT_OF_A_GROUP
from app.related.lists import LISTED, OUTLINES
from app.related.store import POSTINGS, SIGNATURES
from tests.press import NOON, Press, after
from tests.related.corpus import stories, story

EVERYTHING = (LISTED, OUTLINES, POSTINGS, SIGNATURES, TERMS, LANGUAGES)


async def lists(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every list, best first."""

    def read(session: Session) -> dict[str, list[tuple[Any, ...]]]:
        subject, other = SIGNATURES.alias("subject"), SIGNATURES.alias("other")
        columns = LISTED.c.score, LISTED.c.likeness, LISTED.c.reasons
        rows = session.execute(
            select(subject.c.article_id, other.c.article_id, subject.c.copies, *columns)
            .join_from(LISTED, subject, subject.c.number == LISTED.c.number)
            .join(other, other.c.number == LISTED.c.other)
            .order_by(LISTED.c.number, LISTED.c.score.desc(), LISTED.c.other.desc())
        )
        found: dict[str, list[tuple[Any, ...]]] = {}
        for subject_id, *rest in rows:
            found.setdefault(str(subject_id), []).append(tuple(rest))
        return found

    return await database.read(read)


async def outlines(database: Database) -> list[dict[int, list[list[str]]]]:
    """Every outline as it is kept, and as it would be were it written now; scores left out."""

    def read(session: Session) -> list[dict[int, list[list[str]]]]:
        numbers = session.execute(select(SIGNATURES.c.number)).scalars().all()
        kept = session.execute(select(OUTLINES.c.number, OUTLINES.c.lines)).all()
        now = session.execute(reading.NEAR, {"some": numbers}).all()
        return [
            {number: [line.split("\t")[1:] for line in text.split("\n")] for number, text in rows}
            for rows in (kept, now)
        ]

    return await database.read(read)


async def rows(database: Database) -> dict[str, int]:
    """How many rows the index has."""

    def read(session: Session) -> dict[str, int]:
        return {t.name: int(session.execute(select(func.count()).select_from(t)).scalar_one()) for t in EVERYTHING}

    return await database.read(read)


async def standing(database: Database) -> Position:
    """Where the follower stands."""
    found = await database.read(position, FOLLOWER)
    assert found is not None
    return found


async def rebuilt(database: Database) -> None:
    """The index, made anew from the log."""
    await database.write(following.restart, now=utc_now())
    await catch_up(database)


async def a_day_of_news(database: Database, seed: int, steps: int) -> None:
    """Stories published, edited, withdrawn and published again, at random; the follower comes by now and then."""
    random, press = Random(seed), Press(database)
    told, gone = dict[str, bool](), set[str]()
    for minute, fields in enumerate(stories(seed, steps)):
        name, now = f"wire-{minute}", after(minute)
        match random.choice(["new", "new", "new", "edit", "withdraw", "return", "follow"]):
            case "edit" if told:
                await press.edit(known := random.choice(sorted(told)), now=now, **fields)
                await press.publish(known, now=now)
            case "withdraw" if told:
                gone.add(known := random.choice(sorted(told)))
                told.pop(known)
                await press.withdraw(known, now=now)
            case "return" if gone:
                gone.remove(known := random.choice(sorted(gone)))
                told[known] = True
                await press.publish(known, now=now)
            case "follow":
                await catch_up(database)
            case _:
                told[name] = True
                await press.put(name, now=now, **fields)
    await catch_up(database)


@pytest.mark.parametrize("seed", range(3))
async def test_log_makes_same_lists_however_it_is_followed(database: Database, seed: int) -> None:
    await a_day_of_news(database, seed, steps=60)
    followed = await lists(database)
    assert len(followed) > 10
    kept, now = await outlines(database)
    assert kept == now

    await rebuilt(database)

    assert await lists(database) == followed
    assert await outlines(database) == [kept, kept]


async def test_lists_hear_of_another_group_of_translations(database: Database) -> None:
    press, random = Press(database), Random(3)
    for name in ("first", "second", "third"):
        await press.put(name, now=after(1), **story(random, "strike", "Cap Selvan"))
    french = story(random, "strike", "Cap Selvan") | {"language": "fr", "translation_of": "first"}
    await press.put("french", now=after(2), **french)
    await catch_up(database)
    before = (await standing(database)).seq

    # Its translation was not published again, and belongs to another group all the same.
    await press.edit("first", now=after(3), translation_of="second")
    await press.publish("first", now=after(3))
    stale, told = await outlines(database)
    assert stale != told
    await catch_up(database)

    kept, now = await outlines(database)
    assert kept == now
    assert (await standing(database)).seq > before
    assert len({facts.rpartition("\t")[2] for lines in kept.values() for *_, facts in lines}) == 2


async def test_portions_and_pauses_do_not_matter(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_day_of_news(database, 7, steps=40)
    followed = await lists(database)

    monkeypatch.setattr(following, "LINES_A_TURN", 1)
    await rebuilt(database)

    assert await lists(database) == followed


async def test_withdrawn_article_leaves_nothing_in_the_index(database: Database) -> None:
    press, told = Press(database), stories(3, 8)
    for n, fields in enumerate(told):
        await press.put(f"wire-{n}", now=after(n), **fields)
    await catch_up(database)
    assert all((await rows(database)).values())

    for n in range(len(told)):
        await press.withdraw(f"wire-{n}", now=after(20 + n))
    await catch_up(database)

    assert await rows(database) == {"related_languages": 2} | dict.fromkeys(
        ("related_articles", "related_outlines", "related_postings", "related_signatures", "related_terms"), 0
    )


async def test_edit_moves_an_article_to_other_neighbours(database: Database) -> None:
    press, random = Press(database), Random(5)
    for n in range(4):
        await press.put(f"strike-{n}", now=after(n), **story(random, "strike", "Cap Selvan"))
        await press.put(f"flood-{n}", now=after(n), **story(random, "flood", "Vell"))
    await press.put("changing", now=after(10), **story(random, "strike", "Cap Selvan"))
    await catch_up(database)
    before = await lists(database)

    await press.edit("changing", now=after(11), **story(random, "flood", "Vell"))
    await press.publish("changing", now=after(11))
    await catch_up(database)

    id = str((await press.public("changing")).id)
    strikes = {str((await press.public(f"strike-{n}")).id) for n in range(4)}
    floods = {str((await press.public(f"flood-{n}")).id) for n in range(4)}
    assert {str(entry[0]) for entry in before[id]} >= strikes
    moved = await lists(database)
    assert {str(entry[0]) for entry in moved[id][:4]} == floods
    assert all(id in {str(entry[0]) for entry in moved[flood]} for flood in floods)


async def test_older_service_leaves_a_newer_index_alone(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await a_day_of_news(database, 9, steps=12)
    followed = await lists(database)

    monkeypatch.setattr(following, "FORMAT", following.FORMAT - 1)
    await Press(database).put("later", now=after(50), **stories(9, 1)[0])
    await catch_up(database)
    assert not await database.read(following.is_behind)
    assert await lists(database) == followed

    monkeypatch.undo()
    await catch_up(database)
    assert (await standing(database)).lag == 0


async def test_position_is_the_head_once_caught_up(database: Database) -> None:
    press = Press(database)
    await catch_up(database)
    assert (await standing(database)).lag == 0

    await press.put("wire-1", now=NOON)
    assert (await standing(database)).lag == 1
    assert await database.read(following.is_behind)

    await catch_up(database)
    assert (await standing(database)).seq == 1
    assert not await database.read(following.is_behind)


async def test_lists_keep_the_best_and_few_of_one_group(database: Database) -> None:
    press, same = Press(database), stories(11, 1)[0]
    for n in range(40):
        await press.put(f"copy-{n:02}", now=after(n), **same)
    random = Random(1)
    for n in range(5):
        await press.put(f"other-{n}", now=after(50 + n), **story(random, "strike", "Cap Selvan"))
    await catch_up(database)

    found = await lists(database)
    copies = {str((await press.public(f"copy-{n:02}")).id) for n in range(40)}
    assert all(len(entries) <= KEPT for entries in found.values())
    held = [sum(str(entry[0]) in copies for entry in entries) for entries in found.values()]
    assert max(held) == KEPT_OF_A_GROUP


@pytest.mark.parametrize(
    "fields",
    [
        {"headline": "!"},
        {"headline": "Storm"},
        {"headline": "台風", "language": "ja"},
        {"headline": "…", "body_text": "", "language": "x-klingon"},
        {"headline": "Same", "body_text": "word " * 100_000},
        {"headline": "Many", "body_text": " ".join(f"w{n}" for n in range(30_000))},
        {"headline": "Long", "body_text": "x" * 50_000},
        {"headline": "عاصفة", "body_text": "ضربت عاصفة قوية الميناء", "language": "ar"},
    ],
)
async def test_odd_articles_are_indexed_and_forgotten(database: Database, fields: dict[str, Any]) -> None:
    press = Press(database)
    for n in range(2):
        await press.put(f"odd-{n}", now=after(n), **fields)
    await catch_up(database)
    assert (await rows(database))["related_signatures"] == 2

    for n in range(2):
        await press.withdraw(f"odd-{n}", now=after(5))
    await catch_up(database)
    assert (await rows(database))["related_terms"] == 0
