"""The three clocks, and the log's own, at the level of the store."""

import pytest

from app.core.clock import format_instant
from app.newsroom.lifecycle import ImpossibleTransition
from tests.press import NOON, Press, after


def at(minutes: float) -> str:
    return format_instant(after(minutes))


async def test_update_moves_updated_at_and_nothing_that_orders(press: Press) -> None:
    await press.put("wire-1")
    await press.edit("wire-1", headline="Other")
    await press.publish("wire-1", now=after(5))
    public = await press.public("wire-1")
    assert (public.first_published_at, public.published_at) == (NOON, NOON)
    assert (public.updated_at, public.modified_at) == (after(5), after(5))


async def test_minor_update_moves_modified_at_alone(press: Press) -> None:
    await press.put("wire-1")
    await press.edit("wire-1", headline="Other")
    await press.publish("wire-1", minor=True, now=after(5))
    public = await press.public("wire-1")
    assert (public.updated_at, public.modified_at, public.version) == (NOON, after(5), 2)


async def test_given_updated_at_stays_between_publication_and_now(press: Press) -> None:
    cases = [
        (at(-600), None, after(-600)),
        (at(-600), at(-300), after(-300)),
        (at(-600), at(-700), after(-600)),  # before it was published
        (at(-600), at(+300), NOON),  # yet to come
    ]
    await press.put("stamped", headline="Stamped", updated_at=at(-300))
    assert (await press.public("stamped")).updated_at == NOON
    for n, (published_at, updated_at, expected) in enumerate(cases):
        await press.put(f"{n}", headline=f"{n}", published_at=published_at, updated_at=updated_at)
        assert (await press.public(f"{n}")).updated_at == expected, (published_at, updated_at)


async def test_input_may_say_when_it_was_updated(press: Press) -> None:
    await press.put("wire-1", published_at=at(-600))
    await press.put("wire-1", headline="Second", published_at=at(-600), updated_at=at(-300), now=after(1))
    assert (await press.public("wire-1")).updated_at == after(-300)
    await press.put("wire-1", headline="Typo", published_at=at(-600), updated_at=at(-300), now=after(2))
    assert (await press.public("wire-1")).updated_at == after(-300)
    await press.put("wire-1", headline="Third", published_at=at(-600), now=after(3))
    assert (await press.public("wire-1")).updated_at == after(3)


async def test_edit_does_not_inherit_the_updated_at_of_an_earlier_version(press: Press) -> None:
    await press.put("wire-1", published_at=at(-600), updated_at=at(-300))
    await press.edit("wire-1", headline="By the desk")
    await press.publish("wire-1", now=after(5))
    assert (await press.public("wire-1")).updated_at == after(5)


async def test_edit_may_say_when_it_was_updated(press: Press) -> None:
    await press.put("wire-1", published_at=at(-600), updated_at=at(-300))
    await press.edit("wire-1", updated_at=at(-200))
    await press.publish("wire-1", now=after(5))
    assert (await press.public("wire-1")).updated_at == after(-200)


async def test_stamps_rise_while_the_clock_stands_or_steps_back(press: Press) -> None:
    for n, minutes in enumerate((0, 0, -30, -60, 0, 1)):
        await press.put(f"wire-{n}", headline=f"Story {n}", now=after(minutes))
    stamps = [(await press.public(f"wire-{n}")).published_at for n in range(6)]
    assert stamps == sorted(set(stamps))
    assert (stamps[0], stamps[5]) == (NOON, after(1))
    times = [line.at for line in await press.lines()]
    assert times == sorted(times)


async def test_stamp_is_later_than_a_piece_back_dated_to_the_present(press: Press) -> None:
    await press.put("wire-1", published_at=at(0))
    await press.put("wire-2", headline="Other", now=after(-10))
    assert (await press.public("wire-2")).published_at >= (await press.public("wire-1")).published_at


async def test_updates_and_withdrawals_on_a_stepped_back_clock_stay_behind_the_log(press: Press) -> None:
    await press.put("wire-1")
    await press.put("wire-1", headline="Other", now=after(-30))
    public = await press.public("wire-1")
    assert (public.updated_at, public.modified_at) == (NOON, NOON)

    await press.withdraw("wire-1", now=after(-20))
    assert (await press.draft("wire-1")).withdrawn_at == NOON == (await press.lines())[-1].at


async def test_archive_moves_no_later_stamp(press: Press) -> None:
    await press.put("wire-1", published_at=at(-600))
    await press.put("wire-2", headline="Other", now=after(-60))
    assert (await press.public("wire-2")).published_at == NOON  # the log's clock never runs backwards


async def test_return_is_stamped_anew_and_keeps_its_first_time(press: Press) -> None:
    before = (await press.put("wire-1", published_at=at(-600))).draft.id
    await press.withdraw("wire-1", now=after(1))
    await press.publish("wire-1", now=after(2))
    public = await press.public("wire-1")
    assert (public.id, public.version) == (before, 2)
    assert (public.first_published_at, public.published_at, public.updated_at) == (after(-600), after(2), after(2))
    assert await press.log() == ["published 1", "withdrawn error", "published 2"]


async def test_publishing_what_is_public_already_appends_nothing(press: Press) -> None:
    await press.put("wire-1")
    await press.publish("wire-1", now=after(1))
    await press.publish("wire-1", at=after(-5), now=after(2))
    assert await press.log() == ["published 1"]
    assert (await press.draft("wire-1")).revision == 2


async def test_only_what_is_public_can_be_withdrawn(press: Press) -> None:
    await press.put("wire-1", publish=False)
    for _ in range(2):
        with pytest.raises(ImpossibleTransition):
            await press.withdraw("wire-1")
        if (await press.draft("wire-1")).version == 0:
            await press.publish("wire-1")
            await press.withdraw("wire-1")
