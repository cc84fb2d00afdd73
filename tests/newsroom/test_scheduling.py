import asyncio
from collections import Counter

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.articles.errors import SlugTaken
from app.core.clock import format_instant
from app.db import open_database
from app.db.opening import parse_url
from app.newsroom import store
from app.newsroom.lifecycle import ImpossibleTransition
from app.newsroom.receiving import Outcome
from tests.press import NOON, Press, after


def at(minutes: float) -> str:
    return format_instant(after(minutes))


async def test_scheduled_article_goes_out_at_its_time_and_not_before(press: Press) -> None:
    await press.put("wire-1", published_at=at(60))
    assert await press.release_due(after(59.9)) == 0
    assert await press.document("wire-1") is None
    assert await press.log() == []

    assert await press.release_due(after(60)) == 1
    assert (await press.public("wire-1")).published_at == after(60)
    assert await press.release_due(after(61)) == 0
    assert await press.log() == ["published 1"]


async def test_released_draft_is_no_longer_scheduled(press: Press) -> None:
    await press.put("wire-1", published_at=at(60))
    await press.release_due(after(60))
    draft = await press.draft("wire-1")
    assert (draft.status, draft.scheduled_at, draft.version) == ("published", None, 1)


async def test_late_release_is_stamped_when_it_happens(press: Press) -> None:
    await press.put("wire-1", published_at=at(60))
    await press.release_due(after(300))
    public = await press.public("wire-1")
    assert public.published_at == public.first_published_at == public.updated_at == after(300)


async def test_scheduled_article_that_is_published_by_hand_when_late_is_stamped(press: Press) -> None:
    await press.put("wire-1", published_at=at(60))
    await press.publish("wire-1", now=after(61))
    assert (await press.public("wire-1")).published_at == after(61)


async def test_date_that_was_yet_to_come_never_makes_an_archive_piece(press: Press) -> None:
    await press.put("wire-1", published_at=at(60))
    await press.unschedule("wire-1", now=after(1))
    await press.put("wire-2", publish=False, published_at=at(150), now=after(121))
    await press.edit("wire-2", summary="Nine days.", now=after(160))
    for ref, minutes in (("wire-1", 120), ("wire-2", 200)):
        await press.publish(ref, now=after(minutes))
        assert (await press.public(ref)).published_at == after(minutes)


async def test_another_date_to_come_moves_what_is_scheduled(press: Press) -> None:
    await press.put("wire-1", published_at=at(60))
    await press.put("wire-1", publish=False, published_at=at(90), now=after(1))
    assert (await press.draft("wire-1")).scheduled_at == after(90)
    moved = await press.put("wire-1", published_at=at(100), now=after(1))
    assert (moved.outcome, (await press.draft("wire-1")).scheduled_at) == (Outcome.SCHEDULED, after(100))
    await press.edit("wire-1", published_at=at(120), now=after(2))
    await press.edit("wire-1", summary="Nine days.", now=after(3))
    assert await press.release_due(after(119)) == 0
    assert await press.release_due(after(120)) == 1


async def test_update_keeps_the_number_that_a_clash_gave_its_slug(press: Press) -> None:
    await press.put("wire-1", slug="strike")
    await press.put("wire-2", slug="strike", published_at=at(60))
    await press.release_due(after(60))
    await press.put("wire-2", slug="strike", summary="Nine days.", now=after(61))
    assert (await press.public("wire-2")).slug == "strike-2"
    with pytest.raises(SlugTaken):
        await press.put("wire-3", slug="strike", now=after(62))


async def test_number_of_a_headline_is_none_that_a_clash_gave(press: Press) -> None:
    await press.put("wire-1", headline="Covid")
    await press.put("wire-2", headline="Covid 19")
    with pytest.raises(SlugTaken):
        await press.put("wire-2", headline="Covid 19", slug="covid", now=after(1))
    assert (await press.public("wire-2")).slug == "covid-19"


async def test_archive_date_stays_through_edits_of_the_draft(press: Press) -> None:
    await press.put("wire-1", publish=False, published_at=at(-600))
    await press.edit("wire-1", summary="Nine days.", now=after(1))
    await press.publish("wire-1", now=after(2))
    assert (await press.public("wire-1")).published_at == after(-600)


async def test_scheduled_article_that_becomes_an_archive_piece_keeps_its_date(press: Press) -> None:
    await press.put("wire-1", published_at=at(60))
    await press.put("wire-1", published_at=at(-600), now=after(1))
    assert (await press.public("wire-1")).published_at == after(-600)
    assert await press.release_due(after(61)) == 0


async def test_what_is_due_goes_out_in_the_order_of_its_time(press: Press) -> None:
    for name, minutes in (("c", 30), ("a", 10), ("d", 40), ("b", 20)):
        await press.put(name, headline=name, published_at=at(minutes))
    assert [await press.release_due(after(100), limit=3), await press.release_due(after(100), limit=3)] == [3, 1]
    stamps = [(await press.public(name)).published_at for name in "abcd"]
    assert stamps == sorted(set(stamps))
    seqs = [(await press.public(name)).seq for name in "abcd"]
    assert seqs == [1, 2, 3, 4]


async def test_scheduled_slug_that_clashes_meanwhile_is_numbered(press: Press) -> None:
    await press.put("wire-1", slug="harbour", published_at=at(60))
    await press.put("wire-2", slug="harbour")
    await press.release_due(after(60))
    assert (await press.public("wire-1")).slug == "harbour-2"


async def test_new_version_of_a_public_article_can_be_scheduled(press: Press) -> None:
    await press.put("wire-1", headline="Now")
    await press.edit("wire-1", headline="Later")
    await press.publish("wire-1", at=after(60), now=after(1))
    assert (await press.public("wire-1")).headline == "Now"

    await press.release_due(after(60))
    public = await press.public("wire-1")
    assert (public.headline, public.version) == ("Later", 2)
    assert (public.published_at, public.updated_at) == (NOON, after(60))


async def test_minor_schedule_leaves_updated_at_alone(press: Press) -> None:
    await press.put("wire-1")
    await press.edit("wire-1", headline="Later")
    await press.publish("wire-1", at=after(60), minor=True, now=after(1))
    await press.release_due(after(60))
    public = await press.public("wire-1")
    assert (public.version, public.updated_at, public.modified_at) == (2, NOON, after(60))


async def test_scheduled_edit_goes_out_as_it_is_when_its_time_comes(press: Press) -> None:
    await press.put("wire-1", published_at=at(60))
    await press.edit("wire-1", headline="Edited meanwhile")
    await press.release_due(after(60))
    assert (await press.public("wire-1")).headline == "Edited meanwhile"


async def test_unscheduled_article_stays_a_draft(press: Press) -> None:
    await press.put("wire-1", published_at=at(60))
    await press.unschedule("wire-1", now=after(1))
    assert await press.release_due(after(100)) == 0
    assert await press.document("wire-1") is None
    with pytest.raises(ImpossibleTransition):
        await press.unschedule("wire-1", now=after(2))


async def test_equal_input_undoes_no_unscheduling(press: Press) -> None:
    await press.put("wire-1", published_at=at(60))
    await press.unschedule("wire-1", now=after(1))

    again = await press.put("wire-1", published_at=at(60), now=after(2))
    assert again.outcome is Outcome.UNCHANGED
    assert again.draft.scheduled_at is None

    await press.put("wire-1", published_at=at(60), now=after(61))
    assert await press.document("wire-1") is None


async def test_equal_input_moves_no_schedule_of_the_newsroom(press: Press) -> None:
    await press.put("wire-1", published_at=at(60))
    await press.publish("wire-1", at=after(90), now=after(1))
    assert (await press.put("wire-1", published_at=at(60), now=after(2))).outcome is Outcome.UNCHANGED
    assert (await press.draft("wire-1")).scheduled_at == after(90)


async def test_equal_input_publishes_nothing_before_the_release(press: Press) -> None:
    await press.put("wire-1", published_at=at(60))
    assert (await press.put("wire-1", published_at=at(60), now=after(61))).outcome is Outcome.UNCHANGED
    await press.release_due(after(62))
    assert (await press.public("wire-1")).published_at == after(62)
    assert await press.log() == ["published 1"]


async def test_other_input_may_bring_the_time_forward(press: Press) -> None:
    await press.put("wire-1", published_at=at(60))
    await press.put("wire-1", published_at=at(30), now=after(1))
    assert (await press.draft("wire-1")).scheduled_at == after(30)
    await press.put("wire-1", published_at=None, now=after(2))
    assert (await press.public("wire-1")).published_at == after(2)
    assert await press.release_due(after(100)) == 0


async def test_withdrawal_takes_the_schedule_along(press: Press) -> None:
    await press.put("wire-1")
    await press.edit("wire-1", headline="Later")
    await press.publish("wire-1", at=after(60), now=after(1))
    await press.withdraw("wire-1", now=after(2))
    assert await press.release_due(after(100)) == 0
    assert await press.document("wire-1") is None


async def test_return_of_a_withdrawn_article_can_be_scheduled(press: Press) -> None:
    await press.put("wire-1")
    await press.withdraw("wire-1", now=after(1))
    await press.publish("wire-1", at=after(60), now=after(2))
    await press.release_due(after(60))
    public = await press.public("wire-1")
    assert (public.published_at, public.first_published_at, public.version) == (after(60), NOON, 2)


async def test_two_workers_release_everything_once_and_in_order(postgres_url: str, anyio_backend: str) -> None:
    databases = [open_database(postgres_url), open_database(postgres_url)]
    presses = [Press(database) for database in databases]
    names = [f"{n:02}" for n in range(24)]
    try:
        await presses[0].receive(*({"external_id": n, "headline": n, "published_at": at(int(n) + 1)} for n in names))
        released: Counter[int] = Counter()

        async def work(worker: int) -> None:
            while count := await presses[worker].release_due(after(100), limit=5):
                released[worker] += count

        await asyncio.gather(work(0), work(1))
        lines = await presses[0].lines()
        stamps = [(await presses[0].public(name)).published_at for name in names]
        ids = [(await presses[0].public(name)).id for name in names]
    finally:
        for database in databases:
            await database.close()
    assert released.total() == 24
    assert [(line.seq, line.article_id) for line in lines] == list(enumerate(ids, 1))
    assert stamps == sorted(set(stamps))


def test_worker_waits_for_the_batch_of_another(postgres_url: str) -> None:
    engine = create_engine(parse_url(postgres_url))
    with Session(engine) as first, Session(engine) as second:
        store.lock_due(first, now=NOON, limit=1)
        second.execute(text("SET LOCAL lock_timeout = '20ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            store.lock_due(second, now=NOON, limit=1)
    engine.dispose()
