"""`/v1/changes` over HTTP: what a line says, which lines pass, where to go on, and how a poll waits."""

import asyncio
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.changes.tables import Change, LogHead
from app.db.dialect import ring
from app.wire import store
from tests.newsroom_client import Newsroom
from tests.test_statements import statements

API = "https://api.newsroom.example"
KEYS = ["seq", "kind", "article_id", "at", "version", "reason", "previous_slug", "slug"]
KEYS += ["storyline_id", "storyline", "article"]


def told(page: dict[str, Any]) -> list[tuple[int, str]]:
    return [(line["seq"], line["kind"].removeprefix("article.")) for line in page["data"]]


async def read(newsroom: Newsroom, query: str = "") -> Any:
    response = await newsroom.get(f"/v1/changes{query}")
    assert response.status_code == 200, response.text
    return response.json()


async def walk(newsroom: Newsroom, query: str) -> list[tuple[int, str]]:
    """What following `links.next` to the head tells."""
    found: list[tuple[int, str]] = []
    page = await read(newsroom, query)
    while True:
        found += told(page)
        if page["meta"]["next_after"] == page["meta"]["seq"]:
            return found
        page = (await newsroom.get(page["links"]["next"])).json()


async def a_day(newsroom: Newsroom) -> None:
    """Seven lines: two articles, one of which moves, the other is withdrawn and comes back."""
    await newsroom.publish("one", slug="first", tags=[{"name": "Oil"}])
    await newsroom.publish("two", slug="second")
    await newsroom.publish("one", slug="renamed", headline="Renamed", tags=[{"name": "Gas"}])
    await newsroom.withdraw("two", "legal")
    etag = await newsroom.etag("two")
    answer = await newsroom.send("POST", "/v1/newsroom/articles/two/publish", {}, if_match=etag)
    assert answer.status_code == 200, answer.text
    await newsroom.publish("one", slug="renamed", headline="Again", tags=[{"name": "Gas"}])


DAY = [
    (1, "published"),
    (2, "published"),
    (3, "moved"),
    (4, "updated"),
    (5, "withdrawn"),
    (6, "published"),
    (7, "updated"),
]


@pytest.mark.parametrize("limit", [1, 100])
async def test_log_is_told_in_order_page_by_page(newsroom: Newsroom, limit: int) -> None:
    await a_day(newsroom)

    assert await walk(newsroom, f"?limit={limit}") == DAY
    assert await walk(newsroom, f"?limit={limit}&after=4") == DAY[4:]
    assert await walk(newsroom, "?after=7") == []


async def test_line_says_what_is_public_now(newsroom: Newsroom) -> None:
    await a_day(newsroom)
    first, second, moved, *_, last = (await read(newsroom))["data"]

    assert all(list(line) == KEYS for line in (first, moved, last))
    card = await newsroom.data("/v1/articles/renamed?view=card")
    assert first["article"] == moved["article"] == last["article"] == card
    assert first["slug"] == "renamed"
    assert [line["version"] for line in (first, moved, last)] == [1, 2, 3]
    assert (first["previous_slug"], moved["previous_slug"]) == (None, "first")
    assert second["article"]["slug"] == second["slug"] == "second"


async def test_withdrawal_says_why_and_nothing_else_even_after_the_return(newsroom: Newsroom) -> None:
    await newsroom.publish("one", slug="first")
    id = (await newsroom.publish("one", slug="second"))["id"]
    await newsroom.withdraw("one", "legal", note="secret")
    public = ["slug", "article", "previous_slug"]

    gone = (await read(newsroom))["data"]
    assert [line[name] for line in gone for name in public] == [None] * 4 * 3
    assert "first" not in (await newsroom.get("/v1/changes")).text

    etag = await newsroom.etag("one")
    await newsroom.send("POST", "/v1/newsroom/articles/one/publish", {}, if_match=etag)
    published, _, _, withdrawn, back = (await read(newsroom))["data"]
    assert published["slug"] == back["slug"] == "second"
    assert withdrawn == {
        **dict.fromkeys(KEYS),
        "seq": 4,
        "kind": "article.withdrawn",
        "article_id": id,
        "at": withdrawn["at"],
        "reason": "legal",
    }


@pytest.mark.without_edge
async def test_whole_documents_are_given_with_their_links(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(7):
        await newsroom.publish(f"a{n}", headline=f"Number {n}", body_text="word " * 200)
    await newsroom.withdraw("a3")

    lines = (await read(newsroom, "?view=document"))["data"]
    assert len(lines) == 8
    for line in lines:
        if line["slug"] is not None:
            assert line["article"] == await newsroom.data(f"/v1/articles/{line['slug']}")

    monkeypatch.setattr(store, "MOST_CHARACTERS", 5000)
    page = await read(newsroom, "?view=document")
    assert len(page["data"]) == page["meta"]["next_after"] == 3  # one, which is not enough, and two more, which are
    assert await walk(newsroom, "?view=document") == await walk(newsroom, "?limit=1")
    assert await walk(newsroom, "?view=document&language=en") == await walk(newsroom, "")


async def test_departure_and_withdrawal_are_heard_under_the_filter_they_leave(newsroom: Newsroom) -> None:
    await newsroom.publish("one", tags=[{"name": "Oil"}])
    await newsroom.publish("other", tags=[{"name": "Gas"}])
    await newsroom.publish("one", headline="It left", tags=[{"name": "Gas"}])
    await newsroom.publish("one", headline="Elsewhere", tags=[{"name": "Gas"}])
    await newsroom.publish("one", headline="It is back", tags=[{"name": "Oil"}])
    await newsroom.withdraw("one")

    heard = [(1, "published"), (3, "updated"), (5, "updated"), (6, "withdrawn")]
    assert await walk(newsroom, "?tag=oil") == heard
    assert await walk(newsroom, "?tag=oil&limit=1") == heard
    assert await walk(newsroom, "?language=en&tag=oil,gas") == await walk(newsroom, "")
    assert await walk(newsroom, "?section=nowhere") == []


async def test_filtered_pages_go_on_behind_what_they_looked_at(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_LOOKED_AT", 2)
    for n in range(5):
        await newsroom.publish(f"a{n}", tags=[{"name": "Oil"}] if n == 3 else [])

    empty = await read(newsroom, "?tag=oil&limit=7")
    assert (empty["data"], empty["meta"]) == ([], {"limit": 7, "next_after": 2, "seq": 5})
    assert empty["links"] == {
        "self": f"{API}/v1/changes?tag=oil&limit=7",
        "next": f"{API}/v1/changes?tag=oil&limit=7&after=2",
    }
    assert await walk(newsroom, "?tag=oil&limit=7") == [(4, "published")]


async def test_links_keep_what_was_asked_and_forget_min_seq(newsroom: Newsroom) -> None:
    await newsroom.publish("one")

    response = await newsroom.get("/v1/changes?after=0&wait=5&view=card&limit=3&language=en&tz=Asia/Tokyo&min_seq=1")

    onward = response.json()["links"]["next"]
    asked = {name: value for name, (value,) in parse_qs(urlsplit(onward).query).items()}
    assert asked == {"after": "1", "wait": "5", "view": "card", "limit": "3", "language": "en", "tz": "Asia/Tokyo"}
    assert response.headers["link"] == f'<{onward}>; rel="next"'


async def test_answer_is_kept_by_caches_until_the_log_grows(newsroom: Newsroom) -> None:
    await newsroom.publish("one")
    first = await newsroom.get("/v1/changes")
    assert first.headers["cache-control"] == "public, max-age=5, stale-while-revalidate=10, stale-if-error=60"
    assert (first.headers["surrogate-key"], first.headers["dateline-seq"]) == ("changes", "1")
    known = {"If-None-Match": first.headers["etag"]}
    assert (await newsroom.get("/v1/changes", headers=known)).status_code == 304

    await newsroom.publish("two")

    assert (await newsroom.get("/v1/changes", headers=known)).status_code == 200
    assert (await newsroom.get("/v1/changes?wait=1")).headers["cache-control"] == "no-store"


async def test_position_above_the_head_is_a_conflict(newsroom: Newsroom) -> None:
    await newsroom.publish("one")

    for query in ("after=2", "after=999999999999999999&wait=25", "after=2&tag=oil", "after=2&view=document"):
        response = await newsroom.get(f"/v1/changes?{query}")
        assert response.status_code == 409
        problem = response.json()
        assert (problem["type"], problem["seq"]) == (f"{API}/problems/seq-ahead", 1)
        assert response.headers["dateline-seq"] == "1"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("after=-1", "after"),
        ("after=1.0", "after"),
        ("after=", "after"),
        ("after=1&after=2", "after"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("wait=26", "wait"),
        ("wait=1.5", "wait"),
        ("view=whole", "view"),
        ("language=none-such-thing-at-all", "language"),
        ("tz=Mars/Olympus", "tz"),
        ("cursor=x", "cursor"),
    ],
)
async def test_bad_input_is_named(newsroom: Newsroom, query: str, parameter: str) -> None:
    response = await newsroom.get(f"/v1/changes?{query}")

    assert response.status_code == 400
    assert [fault["parameter"] for fault in response.json()["errors"]] == [parameter]


async def test_poll_waits_for_what_passes(newsroom: Newsroom) -> None:
    await newsroom.publish("before", tags=[{"name": "Gas"}])
    poll = asyncio.create_task(newsroom.get("/v1/changes?wait=25&tag=oil"))
    await newsroom.publish("other", tags=[{"name": "Gas"}])
    await newsroom.publish("awaited", tags=[{"name": "Oil"}])

    page = (await poll).json()

    assert told(page) == [(3, "published")]
    assert page["meta"] == {"limit": 100, "next_after": 3, "seq": 3}


async def test_poll_ends_empty_when_the_time_is_up_where_it_has_looked(newsroom: Newsroom) -> None:
    await newsroom.publish("before")

    page = await read(newsroom, "?wait=1&tag=oil")

    assert (page["data"], page["meta"]["next_after"], page["meta"]["seq"]) == ([], 1, 1)


async def test_poll_with_something_to_tell_answers_at_once(newsroom: Newsroom) -> None:
    await newsroom.publish("one")
    async with asyncio.timeout(20):
        assert told(await read(newsroom, "?wait=25")) == [(1, "published")]


async def test_end_of_the_process_sends_polls_home(newsroom: Newsroom) -> None:
    poll = asyncio.create_task(newsroom.get("/v1/changes?wait=25"))
    await asyncio.sleep(0)
    newsroom.app.state.follower.close()
    async with asyncio.timeout(20):
        assert (await poll).json()["data"] == []


@pytest.mark.without_edge
async def test_page_without_filters_is_one_statement(newsroom: Newsroom) -> None:
    await a_day(newsroom)
    for path, count in {"": 1, "?limit=500&after=2": 1, "?tag=gas": 2, "?tag=nowhere": 1}.items():
        await newsroom.get(f"/v1/changes{path}")
        with statements() as seen:
            await newsroom.get(f"/v1/changes{path}")
        asked = [statement for statement in seen if "FROM changes" in statement]
        assert len(asked) == count, (path, seen)


def restore(session: Session) -> None:
    """What a backup does that was made when the log had three lines."""
    session.execute(delete(Change).where(Change.seq > 3))
    session.execute(update(LogHead).values(seq=3))
    ring(session)


async def test_poll_above_a_log_that_went_back_is_told_so(newsroom: Newsroom) -> None:
    for number in range(5):
        await newsroom.publish(f"wire-{number}")
    poll = asyncio.create_task(newsroom.get("/v1/changes?after=5&wait=25"))
    await asyncio.sleep(0)  # it begins to wait
    await newsroom.app.state.database.write(restore)
    assert (await poll).status_code == 409


async def test_poll_of_a_log_that_went_back_waits_for_what_is_new(newsroom: Newsroom) -> None:
    for number in range(5):
        await newsroom.publish(f"wire-{number}")
    assert await newsroom.app.state.follower.reach(5, within_seconds=30)
    await newsroom.app.state.database.write(restore)
    assert (await read(newsroom, "?after=3&wait=1"))["data"] == []
    poll = asyncio.create_task(read(newsroom, "?after=3&wait=25"))
    await newsroom.publish("wire-9")
    assert [seq for seq, _ in told(await poll)] == [4]
