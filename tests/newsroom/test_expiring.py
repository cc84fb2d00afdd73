from datetime import datetime
from typing import Any

import pytest

from app.articles.rights import expired
from app.core.clock import format_instant
from app.newsroom.expiring import RightsExpired, have_ended
from app.newsroom.inputs import read_article
from tests.newsroom_client import Newsroom, article
from tests.press import NOON, Press, after


def until(minutes: float) -> dict[str, Any]:
    return {"expires_at": format_instant(after(minutes))}


async def test_article_is_withdrawn_when_its_rights_end_and_not_before(press: Press) -> None:
    await press.put("wire-1", rights=until(60))
    await press.put("wire-2", rights=until(90))
    await press.put("wire-3")
    assert await press.withdraw_expired(after(59.9)) == 0

    assert await press.withdraw_expired(after(60)) == 1

    assert await press.log() == ["published 1"] * 3 + ["withdrawn expired"]
    assert await press.document("wire-1") is None
    draft = await press.draft("wire-1")
    assert (draft.status, draft.withdrawal_reason, draft.withdrawn_at) == ("withdrawn", "expired", after(60))
    assert await press.withdraw_expired(after(60)) == 0


async def test_rights_that_end_late_are_noticed_late_and_in_order(press: Press) -> None:
    await press.put("wire-1", rights=until(60))
    await press.put("wire-2", rights=until(30))
    assert await press.withdraw_expired(after(300), limit=1) == 1
    assert await press.document("wire-2") is None
    assert await press.withdraw_expired(after(300), limit=1) == 1
    assert await press.document("wire-1") is None


async def test_what_counts_are_the_rights_that_readers_see(press: Press) -> None:
    await press.put("wire-1", rights=until(60))
    await press.edit("wire-1", rights=None, now=after(1))
    assert await press.withdraw_expired(after(60)) == 1

    await press.put("wire-2", rights=until(60))
    await press.put("wire-2", rights=until(90), now=after(1))
    assert await press.withdraw_expired(after(60)) == 0
    await press.put("wire-2", rights=None, now=after(2))
    assert await press.withdraw_expired(after(120)) == 0
    assert await press.database.read(expired, now=after(10_000), limit=10) == []


async def test_nothing_is_published_beyond_its_rights(press: Press) -> None:
    with pytest.raises(RightsExpired):
        await press.put("wire-1", rights=until(0))
    with pytest.raises(RightsExpired):
        await press.put("wire-2", rights=until(60), published_at=format_instant(after(60)))
    await press.put("wire-3", publish=False, rights=until(60))
    with pytest.raises(RightsExpired):
        await press.publish("wire-3", now=after(61))
    with pytest.raises(RightsExpired):
        await press.publish("wire-3", at=after(61))
    assert await press.log() == []


async def test_expired_article_returns_only_with_other_rights(press: Press) -> None:
    await press.put("wire-1", rights=until(60))
    await press.withdraw_expired(after(60))
    with pytest.raises(RightsExpired):
        await press.publish("wire-1", now=after(61))
    await press.edit("wire-1", rights=until(120), now=after(62))
    await press.publish("wire-1", now=after(63))
    assert (await press.public("wire-1")).rights is not None
    assert await press.withdraw_expired(after(120)) == 1


async def test_scheduled_article_whose_rights_were_cut_short_stays_a_draft(press: Press) -> None:
    await press.put("wire-1", rights=until(90), published_at=format_instant(after(60)))
    await press.put("wire-2", published_at=format_instant(after(60)))
    await press.edit("wire-1", rights=until(60), now=after(1))
    assert await press.release_due(after(60)) == 2
    draft = await press.draft("wire-1")
    assert (draft.status, draft.scheduled_at) == ("draft", None)
    assert await press.log() == ["published 1"]


@pytest.mark.parametrize(
    ("rights", "at", "is_over"),
    [
        (None, NOON, False),
        ({}, NOON, False),
        (until(0), after(-0.01), False),
        (until(0), NOON, True),
        (until(0), after(1), True),
    ],
)
def test_rights_end_at_their_instant(rights: Any, at: datetime, is_over: bool) -> None:
    assert have_ended(read_article(article(rights=rights)), at=at) is is_over


async def test_rights_are_carried_as_they_were_given(newsroom: Newsroom) -> None:
    given = {
        "usage_terms": "Not to be changed.",
        "copyright_holder": "Harbour Gazette",
        "copyright_notice": "© Harbour Gazette",
        "territories": ["fr", "MA"],
        "expires_at": "2199-01-01T00:00:00+01:00",
        "ai": {"train": False, "ground": True},
    }
    published = await newsroom.publish("wire-1", rights=given)
    shown = await newsroom.data(f"/v1/articles/{published['id']}")
    assert shown["rights"] == given | {
        "territories": ["FR", "MA"],
        "expires_at": "2198-12-31T23:00:00Z",
        "ai": {"train": False, "ground": True, "summarise": None},
    }


@pytest.mark.parametrize(
    ("rights", "pointer"),
    [
        ({"territories": ["France"]}, "/rights/territories/0"),
        ({"territories": ["FR", "XX"]}, "/rights/territories/1"),
        ({"territories": "FR"}, "/rights/territories"),
        ({"expires_at": "2027-01-01"}, "/rights/expires_at"),
        ({"ai": {"train": "no"}}, "/rights/ai/train"),
        ({"ai": {"sell": True}}, "/rights/ai/sell"),
        ({"ai": True}, "/rights/ai"),
    ],
)
async def test_rights_that_cannot_be_read_are_refused(newsroom: Newsroom, rights: Any, pointer: str) -> None:
    refused = await newsroom.put("wire-1", rights=rights)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_expired_rights_are_a_conflict_with_a_page(newsroom: Newsroom) -> None:
    refused = await newsroom.put("wire-1", rights={"expires_at": "2020-01-01T00:00:00Z"})
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("/problems/rights-expired")
    assert refused.json()["errors"][0]["pointer"] == "/rights/expires_at"


async def test_renewal_that_is_scheduled_outlives_the_end_of_the_old_rights(press: Press) -> None:
    await press.put("wire-1", rights=until(60))
    await press.edit("wire-1", rights=until(600), now=after(1))
    await press.publish("wire-1", at=after(90), now=after(2))
    assert await press.withdraw_expired(after(60)) == 1
    assert await press.release_due(after(90)) == 1
    assert (await press.public("wire-1")).published_at == after(90)
