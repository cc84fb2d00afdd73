"""Answers from memory, over the whole service: the same as without it, and never older than they may be."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.db import Overloaded
from app.related.storytelling import keep_up
from app.settings import Settings
from app.web import hearing
from tests.newsroom_client import Newsroom, open_newsroom

BEHIND_AT_MOST_SECONDS = 0.25
PLACES = (
    "/v1/articles/a1",
    "/v1/timeline",
    "/v1/articles?limit=5",
    "/feeds/rss",
    "/feeds/atom",
    "/v1/search?q=harbour",
)


@pytest.fixture
async def other(settings: Settings, newsroom: Newsroom) -> AsyncIterator[Newsroom]:
    """Another process on the same database, as far as either knows."""
    async with open_newsroom(settings) as opened:
        yield opened


async def status(newsroom: Newsroom, path: str, **headers: str) -> tuple[int, str]:
    answer = await newsroom.get(path, headers=headers)
    return answer.status_code, answer.headers["cache-status"].removeprefix("dateline; ")


@pytest.mark.parametrize("path", [*PLACES, "/sitemap.xml", "/v1/sections", "/v1/changes?after=0", "/v1/resolve?q=a1"])
async def test_second_answer_is_the_first_again(newsroom: Newsroom, path: str) -> None:
    await newsroom.publish("a1", slug="a1")

    first, second = [await newsroom.get(path, headers={"Accept-Encoding": "gzip"}) for _ in range(2)]

    assert first.headers["cache-status"] == "dateline; fwd=uri-miss; stored"
    assert second.headers["cache-status"] == "dateline; hit"
    assert second.content == first.content
    own = {"cache-status", "x-request-id", "content-length", "transfer-encoding"}
    assert {k: v for k, v in second.headers.items() if k not in own} == {
        k: v for k, v in first.headers.items() if k not in own
    }
    unchanged = await newsroom.get(path, headers={"If-None-Match": first.headers["etag"], "Accept-Encoding": "gzip"})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["cache-status"] == "dateline; hit"
    assert "content-type" not in unchanged.headers


async def test_writer_reads_what_he_wrote(newsroom: Newsroom) -> None:
    for n in range(12):
        await newsroom.publish("a1", slug="a1", headline=f"Harbour edition {n}")
        for path in PLACES:
            assert f"Harbour edition {n}" in (await newsroom.get(path)).text, path
    await newsroom.withdraw("a1")
    for path in PLACES:
        assert "Harbour edition" not in (await newsroom.get(path)).text, path


async def test_commit_of_another_process_shows_within_a_quarter_of_a_second(
    newsroom: Newsroom, other: Newsroom
) -> None:
    for n in range(5):
        await other.publish("a1", slug="a1", headline=f"Harbour edition {n}")
        loop = asyncio.get_running_loop()
        written_at = loop.time()
        while loop.time() < written_at + BEHIND_AT_MOST_SECONDS + 0.1:
            asked_at = loop.time()
            texts = [(await newsroom.get(path)).text for path in PLACES]
            if asked_at > written_at + BEHIND_AT_MOST_SECONDS:
                assert all(f"Harbour edition {n}" in text for text in texts)
    await other.withdraw("a1")
    await asyncio.sleep(BEHIND_AT_MOST_SECONDS)
    assert (await newsroom.get("/v1/articles/a1")).status_code == 410


async def test_min_seq_is_never_answered_with_less(newsroom: Newsroom, other: Newsroom) -> None:
    for n in range(12):
        answer = await other.put("a1", slug="a1", headline=f"Harbour edition {n}")
        seq = int(answer.headers["dateline-seq"])
        for path in PLACES:
            read = await newsroom.get(f"{path}{'&' if '?' in path else '?'}min_seq={seq}")
            assert f"Harbour edition {n}" in read.text, path
            assert int(read.headers["dateline-seq"]) >= seq


async def test_answers_that_nothing_touched_grow_with_the_log(newsroom: Newsroom) -> None:
    await newsroom.publish("a1", slug="a1")
    await newsroom.get("/v1/articles/a1")
    seq = (await newsroom.put("a2")).headers["dateline-seq"]

    again = await newsroom.get("/v1/articles/a1", headers={})

    assert again.headers["cache-status"] == "dateline; hit"
    assert again.headers["dateline-seq"] == seq


async def test_choice_of_editors_shows_at_once(newsroom: Newsroom, other: Newsroom) -> None:
    first, second = [await newsroom.publish(name, slug=name, headline=f"On {name}") for name in ("one", "two")]
    path = "/v1/articles/one/related"
    assert [one["article"]["id"] for one in await newsroom.data(path)] == []
    await other.get(path)
    await newsroom.send("PUT", "/v1/newsroom/articles/one/related", {"pinned": [second["id"]]})

    assert [one["article"]["id"] for one in await newsroom.data(path)] == [second["id"]]
    await asyncio.sleep(BEHIND_AT_MOST_SECONDS)
    assert [one["article"]["id"] for one in await other.data(path)] == [second["id"]]
    assert first["id"] != second["id"]


async def test_new_ranking_is_not_hidden_behind_an_old_list(newsroom: Newsroom, other: Newsroom) -> None:
    for n in range(3):
        seq = int((await newsroom.put(f"a{n}", slug=f"a{n}")).headers["dateline-seq"])
        for service in (newsroom, other):
            await service.get("/v1/articles/a0/related")  # made, and kept, before the follower comes by
        await keep_up(newsroom.app.state.database)
        await asyncio.sleep(BEHIND_AT_MOST_SECONDS)
        for service in (newsroom, other):
            page = (await service.get("/v1/articles/a0/related")).json()
            assert page["meta"]["related_seq"] >= seq


async def test_one_asks_for_all_who_ask_for_the_same(newsroom: Newsroom) -> None:
    await newsroom.publish("a1", slug="a1")

    answers = await asyncio.gather(*(newsroom.client.get("/v1/articles/a1") for _ in range(30)))

    told = [answer.headers["cache-status"] for answer in answers]
    assert told.count("dateline; fwd=uri-miss; stored") == 1
    assert {*told} <= {"dateline; fwd=uri-miss; stored", "dateline; fwd=uri-miss; collapsed", "dateline; hit"}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize(
    "headers",
    [{"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}, {"If-Match": "*"}, {"Range": "bytes=0-1"}],
)
async def test_what_is_for_one_alone_goes_past(newsroom: Newsroom, headers: dict[str, str]) -> None:
    await newsroom.publish("a1", slug="a1")
    await newsroom.get("/v1/articles/a1")
    for _ in range(2):
        answer = await newsroom.client.get("/v1/articles/a1", headers=headers)
        assert answer.headers["cache-status"] == "dateline; fwd=bypass"


@pytest.mark.parametrize(
    "path",
    [
        "/v1/articles/never",
        "/v1/timeline?limit=0",
        "/v1/timeline?unknown=1",
        "/healthz",
        "/v1/changes?after=0&wait=1",
        "/v1/newsroom/articles/a1",
        "/metrics",
        "/%00",
    ],
)
async def test_what_is_not_for_caches_is_not_kept(newsroom: Newsroom, path: str) -> None:
    await newsroom.publish("a1", slug="a1")
    for _ in range(2):
        assert (await newsroom.client.get(path)).headers["cache-status"] in (
            "dateline; fwd=uri-miss",
            "dateline; fwd=bypass",
        )
    assert len(newsroom.app.edge.memory) == 0


async def test_each_coding_and_format_has_a_copy_of_its_own(newsroom: Newsroom) -> None:
    await newsroom.publish("a1", slug="a1", body_text="The harbour opens again. " * 100)
    asked: list[dict[str, str]] = [
        {"Accept-Encoding": "gzip"},
        {"Accept-Encoding": "br"},
        {"Accept-Encoding": "zstd"},
        {"Accept-Encoding": "identity"},
        {"Accept-Encoding": "identity", "Accept": "application/ld+json"},
    ]
    first = [await newsroom.client.get("/v1/articles/a1", headers=headers) for headers in asked]
    second = [await newsroom.client.get("/v1/articles/a1", headers=headers) for headers in asked]

    assert [answer.headers.get("content-encoding") for answer in second] == ["gzip", "br", "zstd", None, None]
    assert [answer.headers["content-type"] for answer in second][3:] == [
        "application/json",
        "application/ld+json; charset=utf-8",
    ]
    for before, after in zip(first, second, strict=True):
        assert after.headers["cache-status"] == "dateline; hit"
        assert after.text == before.text
    others = {"Accept-Encoding": "gzip, deflate;q=0.5", "Accept": "text/html, */*"}
    assert (await newsroom.client.get("/v1/articles/a1", headers=others)).headers["cache-status"] == "dateline; hit"


async def test_head_is_answered_from_the_same_memory(newsroom: Newsroom) -> None:
    await newsroom.publish("a1", slug="a1")
    got = await newsroom.get("/v1/articles/a1")

    head = await newsroom.client.head("/v1/articles/a1")

    assert (head.status_code, head.content, head.headers["cache-status"]) == (200, b"", "dateline; hit")
    assert head.headers["content-length"] == str(len(got.content)) or "content-encoding" in got.headers


async def test_redirect_is_to_the_present_name_with_the_query_of_whoever_asks(newsroom: Newsroom) -> None:
    await newsroom.publish("a1", slug="old")
    seq = int((await newsroom.put("a1", slug="new")).headers["dateline-seq"])
    for query in ("", f"?min_seq={seq - 1}", f"?min_seq={seq}", "", "?min_seq=0"):
        moved = await newsroom.client.get(f"/v1/articles/old{query}")
        assert (moved.status_code, moved.headers["location"].rpartition("/")[2]) == (308, f"new{query}")
    await newsroom.publish("a1", slug="old")
    assert (await newsroom.client.get("/v1/articles/old")).status_code == 200
    assert (await newsroom.client.get("/v1/articles/new")).headers["location"].rpartition("/")[2] == "old"


async def test_campaigns_of_readers_share_a_feed(newsroom: Newsroom) -> None:
    await newsroom.publish("a1", slug="a1")
    assert await status(newsroom, "/feeds/rss?limit=5&utm_source=mail") == (200, "fwd=uri-miss; stored")
    assert await status(newsroom, "/feeds/rss?utm_source=web&limit=5") == (200, "hit")


async def test_validators_alone_are_kept_of_an_unchanged_answer(newsroom: Newsroom) -> None:
    await newsroom.publish("a1", slug="a1")
    etag = (await newsroom.get("/v1/articles/a1", headers={"Authorization": "Bearer x"})).headers["etag"]

    assert await status(newsroom, "/v1/articles/a1", **{"If-None-Match": etag}) == (304, "fwd=uri-miss; stored")
    assert await status(newsroom, "/v1/articles/a1", **{"If-None-Match": etag}) == (304, "hit")
    assert await status(newsroom, "/v1/articles/a1", **{"If-None-Match": '"other"'}) == (200, "fwd=uri-miss; stored")
    assert await status(newsroom, "/v1/articles/a1") == (200, "hit")


async def test_nothing_old_is_given_out_while_the_log_cannot_be_read(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    await newsroom.publish("a1", slug="a1")
    await newsroom.get("/v1/articles/a1")
    assert await status(newsroom, "/v1/articles/a1") == (200, "hit")

    async def fail(*_: Any) -> None:
        raise Overloaded("no turn")

    monkeypatch.setattr("app.changes.news.News.hear", fail)
    await asyncio.sleep(hearing.LONGEST_SECONDS)
    assert await status(newsroom, "/v1/articles/a1") == (200, "fwd=bypass")


async def test_name_of_a_request_is_kept_where_it_gave_one(newsroom: Newsroom) -> None:
    await newsroom.publish("a1", slug="a1")
    answers: list[httpx.Response] = [
        await newsroom.get("/v1/articles/a1", headers={"X-Request-Id": "mine-7"}) for _ in range(2)
    ]
    assert [answer.headers["x-request-id"] for answer in answers] == ["mine-7", "mine-7"]
    unnamed = [(await newsroom.get("/v1/articles/a1")).headers["x-request-id"] for _ in range(2)]
    assert len({*unnamed}) == 2


async def test_metrics_tell_what_it_was_good_for(newsroom: Newsroom) -> None:
    await newsroom.publish("a1", slug="a1")
    for _ in range(3):
        await newsroom.get("/v1/articles/a1")

    told = dict(
        line.rsplit(" ", 1) for line in (await newsroom.get("/metrics")).text.splitlines() if not line.startswith("#")
    )

    assert told['dateline_edge_requests_total{result="hit"}'] == "2.0"
    assert told['dateline_edge_requests_total{result="stored"}'] == "1.0"
    assert float(told["dateline_edge_bytes"]) > 1000
    assert told["dateline_edge_answers"] == "1.0"


@pytest.mark.without_edge
async def test_switched_off_it_keeps_nothing(newsroom: Newsroom) -> None:
    await newsroom.publish("a1", slug="a1")
    for _ in range(2):
        assert "cache-status" not in (await newsroom.get("/v1/articles/a1")).headers
