"""`min_seq` on every public GET: never an answer older than asked for, and the demand of one moment only."""

import asyncio
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import anyio
import httpx
import pytest

from app.articles.storylines.verbs import found
from app.changes import freshness
from app.core.clock import utc_now
from app.web.openapi import operations
from tests.newsroom_client import Newsroom
from tests.web.lint import lint

PATIENCE_SECONDS = 30
A_MOMENT_SECONDS = 0.1
FAR = 10**15
JSON = "application/json"


def public_gets(newsroom: Newsroom) -> dict[str, dict[str, Any]]:
    """Every public read of data in the OpenAPI document, by its path."""
    all_of_them = operations(newsroom.app.openapi())
    return {
        path: operation
        for path, method, operation in all_of_them
        if method == "get" and not path.startswith("/v1/newsroom/") and operation["tags"] != ["operations"]
    }


async def addresses(newsroom: Newsroom) -> dict[str, dict[str, Any]]:
    """For each of them an address that answers 200, made of an article that is published, and grouped, for it."""
    draft = await newsroom.publish("one", section="world", tags=[{"name": "Oil"}], contributors=[{"name": "Inès"}])
    grouped = await newsroom.app.state.database.write(found, [UUID(draft["id"])], now=utc_now())
    cursor = (await newsroom.get("/v1/timeline")).json()["links"]["newer"].rpartition("=")[2]
    texts = {"path": draft["id"], "query": cursor}
    others = {"url": f"https://www.newsroom.example/{draft['id']}", "month": f"{utc_now():%Y-%m}"}
    made = {}
    for path, operation in public_gets(newsroom).items():
        given: dict[str, dict[str, object]] = {"path": {}, "query": {}}
        for required in (one for one in operation["parameters"] if one["required"]):
            name, schema = required["name"], required["schema"]
            value = 1 if schema.get("type") == "integer" else others.get(name, texts[required["in"]])
            value = schema["enum"][0] if "enum" in schema else value
            value = str(grouped) if name == "ref" and "/storylines/" in path else value
            value = "world" if name == "ref" and "{vocabulary}" in path else value
            given[required["in"]][name] = value
        made[f"{path.format_map(given['path'])}?{urlencode(given['query'])}"] = operation
    return made


def demanding(address: str, seq: object) -> str:
    return f"{address}{'' if address.endswith('?') else '&'}min_seq={seq}"


async def test_every_public_read_has_it_and_nothing_else(newsroom: Newsroom) -> None:
    public = public_gets(newsroom)
    assert {"/v1/articles/{ref}", "/v1/timeline/new", "/v1/tags"} <= public.keys()
    for path, method, operation in operations(newsroom.app.openapi()):
        (*_, demand) = [{}, *(p for p in operation.get("parameters", ()) if p["name"] == "min_seq")]
        if method != "get" or path not in public:
            assert demand == {}, path
            continue
        assert (demand["in"], demand["required"], demand["schema"]["type"]) == ("query", False, "integer"), path
        assert "503" in operation["responses"]
        assert demand["description"]


async def test_what_is_not_reached_in_time_is_503(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "WAIT_SECONDS", 0.02)
    here = list(await addresses(newsroom))
    with anyio.fail_after(PATIENCE_SECONDS):
        for address in [*here, "/v1/articles/never-was?"]:
            response = await newsroom.get(demanding(address, FAR))
            assert response.status_code == 503, address
            assert response.json()["type"].endswith("/problems/unavailable")
            assert f"asks for {FAR}, and the log has come to 3." in response.json()["detail"]
            assert int(response.headers["retry-after"]) >= 1
            assert response.headers["cache-control"] == "no-store"
            head = lint(await newsroom.client.head(demanding(address, FAR)))
            assert (head.status_code, head.content) == (503, b""), address


async def test_what_is_reached_is_answered_and_never_older(newsroom: Newsroom) -> None:
    here = await addresses(newsroom)
    finite = [address for address, operation in here.items() if JSON in operation["responses"]["200"]["content"]]
    for number, address in enumerate(finite):
        seq = (await newsroom.put(f"other-{number}")).headers["dateline-seq"]
        assert int(seq) == number + 4
        response = await newsroom.get(demanding(address, seq))
        assert response.status_code == 200, address
        assert response.headers["dateline-seq"] == seq, address
        assert "min_seq" not in response.text + response.headers.get("link", ""), address
        known = {"If-None-Match": response.headers["etag"]}
        assert (await newsroom.get(demanding(address, seq), headers=known)).status_code == 304, address


async def test_reader_waits_until_it_is_written(newsroom: Newsroom) -> None:
    async def read(path: str) -> httpx.Response:
        return await newsroom.get(path)

    paths = ("/v1/timeline?min_seq=1", "/v1/articles/harbour-reopens?min_seq=1")
    waiting = [asyncio.create_task(read(path)) for path in paths]
    await asyncio.sleep(A_MOMENT_SECONDS)
    assert not any(task.done() for task in waiting)
    await newsroom.publish("one", slug="harbour-reopens")
    for answer in await asyncio.gather(*waiting):
        assert (answer.status_code, answer.headers["dateline-seq"]) == (200, "1")
        assert "harbour-reopens" in answer.text


async def test_absence_is_as_new_as_asked_for(newsroom: Newsroom) -> None:
    await newsroom.publish("one", slug="old")
    await newsroom.publish("one", slug="new")
    moved = await newsroom.get("/v1/articles/old?min_seq=3")
    assert (moved.status_code, moved.headers["dateline-seq"]) == (308, "3")
    assert moved.headers["location"].endswith("/v1/articles/new?min_seq=3")
    await newsroom.withdraw("one")
    for ref, status in {"old": 410, "never-was": 404}.items():
        absent = await newsroom.get(f"/v1/articles/{ref}?min_seq=4")
        assert (absent.status_code, absent.headers["dateline-seq"]) == (status, "4")


@pytest.mark.parametrize("demand", ["-1", "%2B1", "1.5", "one", "", "1e3", "1" * 19, "1&min_seq=1"])
async def test_demand_that_is_no_number_is_refused(newsroom: Newsroom, demand: str) -> None:
    for address in await addresses(newsroom):
        response = await newsroom.get(demanding(address, demand))
        assert response.status_code == 400, address
        assert [fault["parameter"] for fault in response.json()["errors"]] == ["min_seq"]
