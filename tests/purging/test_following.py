"""What reaches a CDN, when, and what happens when it does not; over the whole service, on both databases."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from app.articles.storylines import verbs
from app.changes.purges import purge
from app.changes.touching import MOST_AT_ONCE
from app.core.clock import format_instant, utc_now
from app.core.ids import new_id
from app.purging import following
from app.purging.following import Follower, pause_seconds
from app.purging.sending import open_client
from app.purging.services import Service
from app.purging.store import LEASE, find_place, hold, lag, move, next_order
from app.related.storytelling import keep_up
from tests.newsroom_client import Newsroom
from tests.purging.cdn import Cdn

TOKEN = "t0ken"
LISTS = {"articles", "changes", "sections", "tags", "contributors"}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing settles here: there is one process. What waiting is good for, `test_processes` shows."""
    monkeypatch.setattr(following, "SETTLING_SECONDS", 0.0)


@asynccontextmanager
async def following_for(newsroom: Newsroom, cdn: Cdn, kind: Any = "fastly") -> AsyncIterator[Follower]:
    """A process that tells the CDN."""
    async with open_client() as client:
        service = Service(kind, cdn.url, "" if kind == "webhook" else TOKEN, "zone")
        yield Follower(newsroom.app.state.database, service, client, holder=new_id().hex)


@pytest.fixture
async def follower(newsroom: Newsroom, cdn: Cdn) -> AsyncIterator[Follower]:
    """The same, which has told the CDN of everything so far."""
    async with following_for(newsroom, cdn) as opened:
        await opened.step()
        assert [told.is_everything for told in cdn.told] == [True]
        cdn.told.clear()
        yield opened


def much(session: Session, start: int) -> None:
    """As many purges as are looked up at once."""
    purge(session, [f"related-{n}" for n in range(start, start + MOST_AT_ONCE)])


async def keys_of(follower: Follower, cdn: Cdn, change: Callable[[], Awaitable[Any]]) -> set[str]:
    """What the CDN is told after this change, in one step; nothing in the next."""
    await change()
    cdn.told.clear()
    await follower.step()
    told = cdn.keys
    await follower.step()
    assert cdn.keys == told
    return told


async def test_first_start_forgets_everything_once_and_nothing_of_before(newsroom: Newsroom, cdn: Cdn) -> None:
    await newsroom.publish("a1")
    async with following_for(newsroom, cdn) as follower:
        await follower.step()
        await follower.step()
    assert [(told.path, told.is_everything, told.keys) for told in cdn.told] == [("/service/zone/purge_all", True, [])]


async def test_every_kind_of_change_reaches_the_cdn(newsroom: Newsroom, cdn: Cdn, follower: Follower) -> None:
    draft = await newsroom.publish("a1")
    own = LISTS | {f"article-{draft['id']}"}
    await follower.step()
    assert cdn.keys == own

    async def correct() -> None:
        note = {"severity": "minor", "text": "The strike lasted nine days.", "changes": {"summary": "Nine days."}}
        path = "/v1/newsroom/articles/a1/correct"
        answer = await newsroom.send("POST", path, note, if_match=await newsroom.etag("a1"))
        assert answer.status_code == 200

    assert await keys_of(follower, cdn, lambda: newsroom.publish("a1", headline="Harbour open again")) == own
    assert await keys_of(follower, cdn, correct) == own
    assert await keys_of(follower, cdn, lambda: newsroom.withdraw("a1")) == own


async def test_storylines_rankings_and_editors_choices_reach_it(
    newsroom: Newsroom, cdn: Cdn, follower: Follower
) -> None:
    database = newsroom.app.state.database
    one, two = [UUID((await newsroom.publish(name, slug=name))["id"]) for name in ("one", "two")]
    await follower.step()

    told = await keys_of(follower, cdn, lambda: database.write(verbs.found, [one, two], now=utc_now()))
    (storyline,) = [key for key in told if key.startswith("storyline-")]
    retitle = "/v1/newsroom/storylines/" + (await newsroom.data("/v1/storylines"))[0]["slug"]
    assert storyline in await keys_of(follower, cdn, lambda: newsroom.send("PATCH", retitle, {"title": "The strike"}))
    assert "related" in await keys_of(follower, cdn, lambda: keep_up(database))
    pins = {"pinned": [str(two)]}
    pinning = "/v1/newsroom/articles/one/related"
    assert f"related-{one}" in await keys_of(follower, cdn, lambda: newsroom.send("PUT", pinning, pins))


async def test_drafts_and_schedules_tell_nothing(newsroom: Newsroom, cdn: Cdn, follower: Follower) -> None:
    await newsroom.put("draft", publish=False)
    await newsroom.publish("later", published_at=format_instant(utc_now() + timedelta(hours=1)))
    await follower.step()
    assert (cdn.told, cdn.refused) == ([], [])


@pytest.mark.parametrize("kind", ["cloudflare", "webhook"])
async def test_other_kinds_are_told_in_their_own_ways(newsroom: Newsroom, cdn: Cdn, kind: str) -> None:
    async with following_for(newsroom, cdn, kind) as follower:
        await follower.step()
        draft = await newsroom.publish("a1")
        await follower.step()
    first, second = cdn.told
    assert first.is_everything
    assert set(second.keys) == LISTS | {f"article-{draft['id']}"}


@pytest.mark.parametrize(
    ("failing", "reason"),
    [
        ({"answer": 500}, "answered 500"),
        ({"answer": 0}, "RemoteProtocolError"),
        ({"answer": 301}, "answered 301"),
        ({"answer": 429, "body": b"x" * 70_000}, "answered too much"),
        ({"answer": 0, "delay_seconds": 0.5}, "no answer in time"),
    ],
)
async def test_what_was_not_taken_is_told_again_with_what_came_since(
    newsroom: Newsroom,
    cdn: Cdn,
    follower: Follower,
    failing: dict[str, Any],
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.purging.sending.SECONDS", 0.3)
    with capture_logs() as lines:
        first = await newsroom.publish("a1")
        vars(cdn).update(failing)
        assert [await follower.step() for _ in range(3)] == [1.0, 2.0, 4.0]
        second = await newsroom.publish("a2")
        vars(cdn).update(answer=200, body=b"{}", delay_seconds=0.0)
        monkeypatch.setattr("app.purging.sending.SECONDS", 10.0)
        assert await follower.step() == 0.0

    assert len(cdn.refused) == 3
    assert {f"article-{first['id']}", f"article-{second['id']}"} < cdn.keys
    ours = [line for line in lines if "CDN" in line["event"]]
    assert [(line["log_level"], line.get("reason"), line.get("failures")) for line in ours] == [
        ("warning", reason, None),
        ("info", None, 3),
    ]
    assert TOKEN not in str(lines)
    assert cdn.url not in str(lines)


async def test_every_purge_is_sent_once_more(newsroom: Newsroom, cdn: Cdn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "REPEAT_AFTER_SECONDS", 0.0)
    async with following_for(newsroom, cdn) as follower:
        for n in range(2):
            draft = await newsroom.publish("a1", headline=f"Harbour edition {n}")
            await follower.step()
            await follower.step()
            await follower.step()
    assert [(told.is_everything, f"article-{draft['id']}" in told.keys) for told in cdn.told] == [
        (True, False),
        (True, False),
        (False, True),
        (False, True),
    ]


async def test_heir_of_who_was_killed_sends_the_second_time(
    newsroom: Newsroom, cdn: Cdn, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.purging.store.LEASE", timedelta(0))
    monkeypatch.setattr(following, "REPEAT_AFTER_SECONDS", 0.0)
    await follower.step()
    assert [told.is_everything for told in cdn.told] == [True]  # the second time of the start
    monkeypatch.setattr(following, "REPEAT_AFTER_SECONDS", 60.0)
    for n in range(2):  # more than is looked up at once
        await newsroom.app.state.database.write(much, n * MOST_AT_ONCE)
        await follower.step()
    first = [key for told in cdn.told[1:] for key in told.keys]
    assert len(first) == 2 * MOST_AT_ONCE
    cdn.told.clear()

    monkeypatch.setattr(following, "REPEAT_AFTER_SECONDS", 0.0)
    async with following_for(newsroom, cdn) as heir:
        assert [await heir.step() for _ in range(3)] == [0.0, 0.0, following.LOOK_EVERY_SECONDS]
        await follower.step()  # who was slow, and not killed
    assert [key for told in cdn.told for key in told.keys] == first


async def test_second_time_does_not_wait_for_what_is_purged_again_meanwhile(
    newsroom: Newsroom, cdn: Cdn, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, target = newsroom.app.state.database, Service("fastly", cdn.url, TOKEN, "zone").target
    monkeypatch.setattr(following, "REPEAT_AFTER_SECONDS", 0.0)
    await follower.step()
    await database.write(purge, ["related"])
    await follower.step()
    due = (await database.read(find_place, target)).told
    assert due is not None

    await database.write(purge, ["related"])  # the same key: its first purge is not to be found any more
    await follower.step()

    repeated = (await database.read(find_place, target)).repeated
    assert repeated is not None
    assert repeated.has_reached(due)


async def test_keys_that_the_service_will_not_have_make_it_forget_everything(
    newsroom: Newsroom, cdn: Cdn, follower: Follower
) -> None:
    cdn.takes = lambda told: told.is_everything
    await newsroom.publish("a1")
    await follower.step()
    assert [told.is_everything for told in cdn.told] == [True]
    cdn.takes = lambda _: True
    await newsroom.publish("a2")
    await follower.step()
    assert [told.is_everything for told in cdn.told] == [True, False]


def test_pauses_grow_to_half_a_minute() -> None:
    assert [pause_seconds(n) for n in (1, 2, 3, 4, 5, 6, 7, 10_000)] == [1, 2, 4, 8, 16, 30, 30, 30]


async def test_far_behind_everything_is_forgotten(newsroom: Newsroom, cdn: Cdn, follower: Follower) -> None:
    for n in range(2):
        await newsroom.app.state.database.write(much, n * MOST_AT_ONCE)
    await follower.step()
    assert [told.is_everything for told in cdn.told] == [True]
    await follower.step()
    assert len(cdn.told) == 1


async def test_crash_between_sending_and_moving_sends_again(
    newsroom: Newsroom, cdn: Cdn, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> bool:
        raise RuntimeError("killed")

    draft = await newsroom.publish("a1")
    with monkeypatch.context() as patch:
        patch.setattr(following, "move", killed)
        with pytest.raises(RuntimeError):
            await follower.step()
    await follower.step()
    assert [f"article-{draft['id']}" in told.keys for told in cdn.told] == [True, True]


async def test_one_of_two_processes_sends_and_the_other_takes_over(newsroom: Newsroom, cdn: Cdn) -> None:
    database = newsroom.app.state.database
    async with following_for(newsroom, cdn) as one, following_for(newsroom, cdn) as two:
        await one.step()
        await newsroom.publish("a1")
        assert await two.step() == following.LOOK_EVERY_SECONDS
        assert len(cdn.told) == 1
        await one.step()
        assert len(cdn.told) == 2
    target, now = Service("fastly", cdn.url, TOKEN, "zone").target, utc_now()
    assert not await database.write(hold, target, holder="heir", now=now)
    assert await database.write(hold, target, holder="heir", now=now + LEASE + timedelta(seconds=1))


async def test_place_moves_once_whoever_carried_it_out(newsroom: Newsroom) -> None:
    database = newsroom.app.state.database
    await database.write(hold, "cdn", holder="one", now=utc_now())
    first = await database.snapshot(next_order, "cdn")
    assert await database.write(move, "cdn", first)
    assert not await database.write(move, "cdn", first)
    await newsroom.publish("a1")
    assert await database.snapshot(lag, "cdn") == 1
    assert await database.write(move, "cdn", await database.snapshot(next_order, "cdn"))
    assert await database.snapshot(lag, "cdn") == 0
