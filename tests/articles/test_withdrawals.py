"""What was taken back lately, for those who keep copies."""

from typing import Any

import pytest

from app.articles.filters import EVERYTHING, Filters
from app.articles.withdrawals import latest
from tests.press import Press, after


@pytest.fixture
def press(database: Any) -> Press:
    return Press(database)


async def test_withdrawals_come_newest_first_with_their_reasons(press: Press) -> None:
    for n in range(3):
        await press.put(f"wire-{n}")
    await press.withdraw("wire-1", reason="legal", text="A court said so.", now=after(1))
    await press.withdraw("wire-0", now=after(2))
    told = await press.database.read(latest, EVERYTHING, looked_at=10)
    drafts = [await press.draft(f"wire-{n}") for n in (0, 1)]
    assert [(one.id, one.at, one.reason, one.text) for one in told] == [
        (drafts[0].id, after(2), "error", None),
        (drafts[1].id, after(1), "legal", "A court said so."),
    ]
    assert len(await press.database.read(latest, EVERYTHING, looked_at=1)) == 1


async def test_what_is_public_again_is_no_withdrawal(press: Press) -> None:
    await press.put("wire-1")
    await press.withdraw("wire-1", now=after(1))
    await press.publish("wire-1", now=after(2))
    assert await press.database.read(latest, EVERYTHING, looked_at=10) == []


@pytest.mark.parametrize(
    ("filters", "is_told"),
    [
        (Filters(sections=("world",)), True),
        (Filters(sections=("sport",)), False),
        (Filters(languages=("en",)), True),
        (Filters(tags=(("istanbul",),)), True),
        (Filters(tags=(("istanbul",), ("paris",))), False),
        (Filters(is_breaking=True), False),
    ],
)
async def test_withdrawals_pass_the_filters_that_their_articles_passed(
    press: Press, filters: Filters, is_told: bool
) -> None:
    await press.put("wire-1", section="world", tags=[{"name": "Istanbul", "kind": "place"}])
    await press.withdraw("wire-1", now=after(1))
    assert bool(await press.database.read(latest, filters, looked_at=10)) is is_told
