import pytest

from app.newsroom.lifecycle import ImpossibleTransition
from app.newsroom.receiving import Outcome
from tests.press import NOON, Press, after

YESTERDAY, TOMORROW = "2026-11-19T12:00:00Z", "2026-11-21T12:00:00Z"


async def test_input_is_saved_and_published_on_demand(press: Press) -> None:
    saved = await press.put("wire-1", publish=False)
    assert (saved.outcome, saved.is_new, saved.draft.revision) == (Outcome.SAVED, True, 1)
    assert await press.document("wire-1") is None
    assert await press.log() == []

    published = await press.put("wire-1", now=after(1))
    assert (published.outcome, published.is_new, published.draft.id) == (Outcome.PUBLISHED, False, saved.draft.id)
    assert await press.log() == ["published 1"]

    updated = await press.put("wire-1", headline="Harbour stays shut", now=after(2))
    assert (updated.outcome, updated.draft.version) == (Outcome.UPDATED, 2)
    assert await press.log() == ["published 1", "updated 2"]
    assert (await press.public("wire-1")).headline == "Harbour stays shut"


@pytest.mark.parametrize("publish", [True, False])
async def test_equal_input_changes_nothing(press: Press, publish: bool) -> None:
    first = await press.put("wire-1", headline="Harbour reopens", tags=[{"name": "Ports"}])
    rows = await press.rows()

    again = await press.put(
        "wire-1", headline=" Harbour  reopens", tags=[{"name": "Ports", "kind": "topic"}], publish=publish, now=after(9)
    )

    assert again.outcome is Outcome.UNCHANGED
    assert (again.draft.revision, again.draft.modified_at) == (first.draft.revision, first.draft.modified_at)
    assert await press.rows() == rows
    assert await press.log() == ["published 1"]


async def test_equal_input_undoes_no_edit_of_the_newsroom(press: Press) -> None:
    await press.put("wire-1", headline="From the wire", publish=False)
    await press.edit("wire-1", headline="By the desk")
    await press.publish("wire-1", now=after(1))

    again = await press.put("wire-1", headline="From the wire", now=after(2))

    assert again.outcome is Outcome.UNCHANGED
    assert (await press.public("wire-1")).headline == "By the desk"
    assert await press.log() == ["published 1"]


async def test_equal_input_publishes_what_the_newsroom_made_of_it(press: Press) -> None:
    await press.put("wire-1", headline="From the wire", publish=False)
    await press.edit("wire-1", headline="By the desk")

    await press.put("wire-1", headline="From the wire", now=after(2))

    assert (await press.public("wire-1")).headline == "By the desk"
    draft = await press.draft("wire-1")
    assert draft.digest == draft.public_digest


async def test_equal_input_publishes_no_later_edit(press: Press) -> None:
    await press.put("wire-1", headline="From the wire")
    await press.edit("wire-1", headline="Not ready")

    assert (await press.put("wire-1", headline="From the wire", now=after(2))).outcome is Outcome.UNCHANGED
    assert (await press.public("wire-1")).headline == "From the wire"


async def test_other_input_replaces_edits_of_the_newsroom(press: Press) -> None:
    await press.put("wire-1", headline="From the wire")
    await press.edit("wire-1", headline="By the desk", place="Oran")

    await press.put("wire-1", headline="From the wire, again", now=after(2))

    public = await press.public("wire-1")
    assert (public.headline, public.place, public.version) == ("From the wire, again", None, 2)


async def test_input_that_says_the_same_in_another_form_appends_nothing(press: Press) -> None:
    await press.put("wire-1", body_text="Ships wait.")
    again = await press.put("wire-1", body_html="<p>Ships wait.</p>", now=after(1))
    assert again.outcome is Outcome.SAVED
    assert (again.draft.revision, again.draft.version) == (3, 1)  # saved, published, saved
    assert await press.log() == ["published 1"]


async def test_published_at_says_when(press: Press) -> None:
    for published_at, expected, public_at in (
        (None, Outcome.PUBLISHED, NOON),
        (YESTERDAY, Outcome.PUBLISHED, after(-24 * 60)),
        ("2026-11-20T12:00:00Z", Outcome.PUBLISHED, NOON),
        (TOMORROW, Outcome.SCHEDULED, None),
    ):
        name = str(published_at)
        assert (await press.put(name, headline=name, published_at=published_at)).outcome is expected
        document = await press.document(name)
        clocks = document and {document.published_at, document.first_published_at, document.updated_at}
        assert clocks == (public_at and {public_at})


async def test_another_published_at_moves_no_public_article(press: Press) -> None:
    await press.put("wire-1", published_at=YESTERDAY)
    await press.put("wire-1", published_at="2026-11-18T12:00:00Z", now=after(1))
    await press.put("wire-1", published_at="2026-11-17T12:00:00Z", headline="Other", now=after(2))
    public = await press.public("wire-1")
    assert (public.published_at, public.version) == (after(-24 * 60), 2)


@pytest.mark.parametrize("publish", [True, False])
async def test_withdrawn_article_takes_no_input(press: Press, publish: bool) -> None:
    await press.put("wire-1")
    await press.withdraw("wire-1", now=after(1))
    rows = await press.rows()
    for fields in ({}, {"headline": "Other"}, {"published_at": TOMORROW}):
        with pytest.raises(ImpossibleTransition):
            await press.put("wire-1", publish=publish, now=after(2), **fields)
    assert await press.rows() == rows
    assert (await press.draft("wire-1")).revision == 3


async def test_one_refused_input_keeps_the_whole_batch_out(press: Press) -> None:
    await press.put("wire-1")
    await press.withdraw("wire-1", now=after(1))
    rows = await press.rows()
    with pytest.raises(ImpossibleTransition):
        await press.receive(
            {"external_id": "wire-2", "tags": [{"name": "New"}], "section": "new"},
            {"external_id": "wire-1"},
            now=after(2),
        )
    assert await press.rows() == rows


async def test_input_without_a_name_is_known_by_what_it_says(press: Press) -> None:
    (first,) = await press.receive({"headline": "Nameless"})
    (again,) = await press.receive({"headline": "Nameless"}, now=after(1))
    (other,) = await press.receive({"headline": "Nameless too"}, now=after(2))
    assert (again.outcome, again.draft.id) == (Outcome.UNCHANGED, first.draft.id)
    assert (other.outcome, other.is_new) == (Outcome.PUBLISHED, True)
