"""`/v1/stream` in process: where it starts, what it sends and never sends, who gets a place, and how it ends."""

import asyncio

import pytest

from app.articles.filters import EVERYTHING
from app.wire import streaming as app_streaming
from app.wire.slots import Slots
from app.wire.ticker import Reading
from tests.newsroom_client import Newsroom
from tests.wire.streams import Event, streaming

API = "https://api.newsroom.example"


async def test_stream_tells_its_position_at_once_and_then_what_happens(newsroom: Newsroom) -> None:
    await newsroom.publish("before")

    async with streaming(newsroom.app, "/v1/stream", origin="https://reader.example") as stream:
        assert (stream.status, stream.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        assert (stream.headers["cache-control"], stream.headers["x-accel-buffering"]) == ("no-store", "no")
        assert (stream.headers["dateline-seq"], stream.headers["access-control-allow-origin"]) == ("1", "*")
        assert await stream.next() == {"id": "1", "retry": "2000"}

        await newsroom.publish("one", slug="first")
        await newsroom.publish("one", slug="second")
        await newsroom.withdraw("one")

        seen = [await stream.change() for _ in range(4)]
    assert [(seq, kind) for seq, kind, _ in seen] == [
        (2, "published"),
        (3, "moved"),
        (4, "updated"),
        (5, "withdrawn"),
    ]
    now = (await newsroom.data("/v1/changes?after=1"))[-1]
    assert seen[-1][2] == now


@pytest.mark.parametrize(
    ("query", "headers", "first"),
    [
        ("?after=0", {}, 1),
        ("?after=2", {}, 3),
        ("", {"last_event_id": "1"}, 2),
        ("?after=0", {"last_event_id": "2"}, 3),
        ("?after=9", {"last_event_id": "0"}, 1),
    ],
)
async def test_stream_resumes_after_what_is_known(
    newsroom: Newsroom, query: str, headers: dict[str, str], first: int
) -> None:
    for n in range(3):
        await newsroom.publish(f"a{n}")

    async with streaming(newsroom.app, f"/v1/stream{query}", **headers) as stream:
        assert await stream.next() == {"id": str(first - 1), "retry": "2000"}
        resumed = [await stream.change() for _ in range(4 - first)]

    assert [seq for seq, _, _ in resumed] == list(range(first, 4))
    assert [line for _, _, line in resumed] == (await newsroom.data(f"/v1/changes?after={first - 1}"))


async def test_stream_sends_what_passes_whole_if_asked_to(newsroom: Newsroom) -> None:
    await newsroom.publish("gas", tags=[{"name": "Gas"}])
    await newsroom.publish("oil", tags=[{"name": "Oil"}], body_text="About oil.")
    async with streaming(newsroom.app, "/v1/stream?after=0&tag=oil&view=document") as stream:
        seq, _, line = await stream.change()
        await newsroom.publish("gas", headline="Still gas", tags=[{"name": "Gas"}])
        await newsroom.publish("oil", headline="Left", tags=[{"name": "Gas"}])
        left, kind, _ = await stream.change()

    assert (seq, left, kind) == (2, 4, "updated")
    assert line["article"]["body_html"] == "<p>About oil.</p>"


async def test_idle_stream_shows_that_it_lives_and_how_far_it_has_looked(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_streaming, "HEARTBEAT_SECONDS", 0.2)
    await newsroom.publish("gas", tags=[{"name": "Gas"}])
    seen: list[Event | None] = []
    async with streaming(newsroom.app, "/v1/stream?after=0&tag=oil") as stream:
        while {"": "ping"} not in seen:
            seen.append(await stream.next())

    assert seen == [{"id": "0", "retry": "2000"}, {"id": "1"}, {"": "ping"}]


async def test_long_run_of_what_does_not_pass_is_told_on_the_way(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_streaming, "TOLD_EVERY", 2)
    monkeypatch.setattr(app_streaming, "_AT_ONCE", 2)
    for n in range(5):
        await newsroom.publish(f"a{n}")
    async with streaming(newsroom.app, "/v1/stream?after=0&tag=oil") as stream:
        assert [await stream.next() for _ in range(3)] == [{"id": "0", "retry": "2000"}, {"id": "2"}, {"id": "4"}]


async def test_text_that_is_withdrawn_while_a_page_is_sent_is_not_sent_from_it(newsroom: Newsroom) -> None:
    for n in range(5):
        await newsroom.publish(f"a{n}", headline=f"Secret {n}")
    follower = newsroom.app.state.follower
    told = app_streaming.events(newsroom.app.state.ticker, EVERYTHING, 0, view="card", api_url=API)
    await anext(told)
    assert b"Secret 0" in await anext(told)

    await newsroom.withdraw("a3")
    assert await follower.reach(6, within_seconds=10)

    rest = b"".join([await anext(told) for _ in range(5)])
    assert [f"Secret {n}".encode() in rest for n in (1, 2, 3, 4)] == [True, True, False, True]
    assert rest.endswith(b"id: 6\n\n")


async def test_who_waits_for_the_same_change_shares_one_read(newsroom: Newsroom) -> None:
    ticker, reading = newsroom.app.state.ticker, Reading()

    async def read_together() -> set[int]:
        pages = await asyncio.gather(*(ticker.shared(reading, 0) for _ in range(20)))
        assert len({id(page) for page in pages}) == 1
        return {line.seq for line in pages[0].lines}

    assert await read_together() == set()
    await newsroom.publish("one")
    assert await ticker.follower.reach(1, within_seconds=10)
    assert await read_together() == {1}


@pytest.mark.parametrize(
    ("query", "headers", "status", "parameter"),
    [
        ("?after=x", {}, 400, "after"),
        ("?after=-1", {}, 400, "after"),
        ("", {"last_event_id": "x"}, 400, "Last-Event-ID"),
        ("", {"last_event_id": "1.5"}, 400, "Last-Event-ID"),
        ("?limit=5", {}, 400, "limit"),
        ("?view=all", {}, 400, "view"),
        ("?after=1", {}, 409, None),
        ("", {"last_event_id": "1"}, 409, None),
    ],
)
async def test_bad_start_is_a_problem_before_the_stream_begins(
    newsroom: Newsroom, query: str, headers: dict[str, str], status: int, parameter: str | None
) -> None:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    response = await newsroom.get(f"/v1/stream{query}", headers=fields)

    assert response.status_code == status
    assert [fault["parameter"] for fault in response.json().get("errors", ())] == ([parameter] if parameter else [])


async def test_places_are_limited_and_given_back(newsroom: Newsroom) -> None:
    app = newsroom.app
    app.state.slots = Slots(per_client=1, overall=2)

    async with streaming(app, "/v1/stream"), streaming(app, "/v1/stream", client="192.0.2.2"):
        for client, status in {"192.0.2.1": 429, "192.0.2.3": 503}.items():
            async with streaming(app, "/v1/stream", client=client) as refused:
                assert (refused.status, refused.headers["content-type"]) == (status, "application/problem+json")
                assert refused.headers["retry-after"] == "10"
    for _ in range(3):
        async with streaming(app, "/v1/stream") as stream:
            assert stream.status == 200
        assert (await newsroom.get("/v1/stream?after=x")).status_code == 400
        assert (await newsroom.get("/v1/stream?view=x")).status_code == 400


async def test_head_is_answered_and_holds_no_place(newsroom: Newsroom) -> None:
    newsroom.app.state.slots = Slots(per_client=1, overall=1)
    for _ in range(3):
        response = await newsroom.client.head("/v1/stream")
        assert (response.status_code, response.content) == (200, b"")
        assert response.headers["dateline-seq"] == "0"


async def test_end_of_the_process_ends_the_stream(newsroom: Newsroom) -> None:
    async with streaming(newsroom.app, "/v1/stream") as stream:
        await stream.next()
        newsroom.app.state.follower.close()
        assert await stream.next() is None
