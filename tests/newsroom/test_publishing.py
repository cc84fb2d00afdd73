from datetime import timedelta
from typing import Any

import httpx

from app.core.clock import format_instant, utc_now
from tests.newsroom_client import Newsroom

API = "https://api.newsroom.example"
PATH = "/v1/newsroom/articles/wire-1"


async def order(newsroom: Newsroom, verb: str, body: Any = None, *, if_match: str | None = None) -> httpx.Response:
    """POST a verb to the draft, by default to its present state."""
    return await newsroom.send("POST", f"{PATH}/{verb}", body, if_match=if_match or await newsroom.etag("wire-1"))


def problem(response: httpx.Response) -> tuple[int, str]:
    """The status of a failure and its cause."""
    assert response.headers["content-type"] == "application/problem+json"
    return response.status_code, response.json()["type"].removeprefix(f"{API}/problems/")


async def test_publish_makes_the_draft_public_before_it_answers(newsroom: Newsroom) -> None:
    await newsroom.put("wire-1", publish=False)
    response = await order(newsroom, "publish")
    data = response.json()["data"]
    assert (response.status_code, data["state"], data["version"]) == (200, "published", 1)
    assert (response.headers["etag"], response.headers["dateline-seq"]) == ('"r-2"', "1")
    assert [card["id"] for card in await newsroom.data("/v1/timeline")] == [data["id"]]


async def test_publish_takes_a_body_or_none(newsroom: Newsroom) -> None:
    for n, body in enumerate((None, {}, {"at": None}, {"minor": True}, {"at": "2019-01-01T00:00:00Z"})):
        name = f"{PATH}{n}"
        await newsroom.put(f"wire-1{n}", publish=False, headline=f"Story {n}")
        response = await newsroom.send("POST", f"{name}/publish", body, if_match='"r-1"')
        assert (response.status_code, response.json()["data"]["state"]) == (200, "published"), body
        assert response.json()["data"]["public"]["published_at"] > "2026", body


async def test_edited_article_gets_a_new_version(newsroom: Newsroom) -> None:
    before = (await newsroom.publish("wire-1"))["public"]
    await newsroom.send("PATCH", PATH, {"headline": "Second"}, if_match=await newsroom.etag("wire-1"))
    minor = (await order(newsroom, "publish", {"minor": True})).json()["data"]
    assert (minor["version"], minor["has_unpublished_edits"]) == (2, False)
    kept = ("slug", "first_published_at", "published_at", "updated_at")
    assert {name: minor["public"][name] for name in kept} == {name: before[name] for name in kept}
    assert minor["public"]["modified_at"] > before["modified_at"]

    await newsroom.send("PATCH", PATH, {"headline": "Third"}, if_match=await newsroom.etag("wire-1"))
    major = (await order(newsroom, "publish")).json()["data"]
    assert major["public"]["updated_at"] == major["public"]["modified_at"] > minor["public"]["modified_at"]
    assert major["public"]["published_at"] == before["published_at"]


async def test_publishing_again_changes_nothing(newsroom: Newsroom) -> None:
    await newsroom.publish("wire-1")
    before = (await newsroom.send("GET", PATH)).json()
    again = await order(newsroom, "publish")
    assert (again.status_code, again.json(), again.headers["dateline-seq"]) == (200, before, "1")


async def test_publish_at_a_time_schedules_and_unschedule_takes_it_back(newsroom: Newsroom) -> None:
    await newsroom.put("wire-1", publish=False)
    at = format_instant(utc_now() + timedelta(hours=1))
    scheduled = await order(newsroom, "publish", {"at": at})
    assert (scheduled.json()["data"]["state"], scheduled.json()["data"]["scheduled_at"]) == ("scheduled", at)
    again = await order(newsroom, "publish", {"at": at})
    assert again.headers["etag"] == scheduled.headers["etag"]

    stale = await order(newsroom, "unschedule", if_match='"r-1"')
    assert problem(stale) == (412, "precondition-failed")
    back = await newsroom.send("POST", f"{PATH}/unschedule")
    assert (back.json()["data"]["state"], back.json()["data"]["scheduled_at"]) == ("draft", None)
    twice = await newsroom.send("POST", f"{PATH}/unschedule")
    assert problem(twice) == (409, "impossible-transition")
    assert twice.json()["state"] == "draft"


async def test_publish_needs_the_present_state(newsroom: Newsroom) -> None:
    unknown = await newsroom.send("POST", f"{PATH}/publish", {})
    assert problem(unknown) == (404, "draft-not-found")
    await newsroom.put("wire-1", publish=False)
    assert problem(await newsroom.send("POST", f"{PATH}/publish", {})) == (428, "precondition-required")
    assert problem(await order(newsroom, "publish", {}, if_match='"r-9"')) == (412, "precondition-failed")
    assert await newsroom.data("/v1/articles") == []
    assert (await order(newsroom, "publish", {}, if_match='"r-1"')).status_code == 200
    assert problem(await order(newsroom, "publish", {}, if_match='"r-1"')) == (412, "precondition-failed")


async def test_taken_slug_is_a_conflict_after_the_preconditions(newsroom: Newsroom) -> None:
    await newsroom.publish("other", slug="harbour")
    await newsroom.put("wire-1", publish=False, slug="harbour", section="new")
    assert problem(await order(newsroom, "publish", if_match='"r-9"')) == (412, "precondition-failed")
    assert problem(await order(newsroom, "publish")) == (409, "slug-taken")
    assert problem(await newsroom.put("wire-2", slug="harbour")) == (409, "slug-taken")
    assert (await newsroom.send("GET", PATH)).json()["data"]["state"] == "draft"
    assert (await newsroom.send("GET", "/v1/newsroom/articles/wire-2")).status_code == 404
    assert await newsroom.data("/v1/sections") == []


async def test_bad_order_is_refused(newsroom: Newsroom) -> None:
    await newsroom.put("wire-1", publish=False)
    cases = [({"at": "2026-13-01T00:00:00Z"}, "/at"), ({"at": "2026-12-01T00:00:00"}, "/at"), ({"at": 5}, "/at")]
    cases += [({"minor": "yes"}, "/minor"), ({"when": None}, "/when"), ([], "")]
    for body, pointer in cases:
        response = await order(newsroom, "publish", body)
        assert problem(response) == (422, "invalid-body"), body
        assert [error["pointer"] for error in response.json()["errors"]] == [pointer], body


async def test_withdrawal_is_public_but_for_its_note(newsroom: Newsroom) -> None:
    before = await newsroom.publish("wire-1", slug="harbour")
    response = await newsroom.withdraw("wire-1", "legal", text="By order.", note="Call of 14:05")

    data = response.json()["data"]
    assert (response.status_code, data["state"], data["public"]) == (200, "withdrawn", None)
    assert response.headers["dateline-seq"] == "2"
    withdrawal = data["withdrawal"]
    assert (withdrawal["reason"], withdrawal["text"], withdrawal["note"]) == ("legal", "By order.", "Call of 14:05")
    for ref in (before["id"], "harbour"):
        gone = await newsroom.get(f"/v1/articles/{ref}")
        assert problem(gone) == (410, "withdrawn")
        told = gone.json()
        assert (told["reason"], told["text"], told["withdrawn_at"]) == ("legal", "By order.", withdrawal["at"])
        assert "14:05" not in gone.text


async def test_withdrawn_article_comes_back_by_publishing_alone(newsroom: Newsroom) -> None:
    before = await newsroom.publish("wire-1", slug="harbour")
    await newsroom.withdraw("wire-1")
    for response in (await newsroom.put("wire-1"), await newsroom.put("wire-1", publish=False, headline="Other")):
        assert problem(response) == (409, "impossible-transition")
        assert response.json()["state"] == "withdrawn"

    back = (await order(newsroom, "publish")).json()["data"]
    assert (back["id"], back["version"], back["withdrawal"]) == (before["id"], 2, None)
    assert back["public"]["first_published_at"] == before["public"]["first_published_at"]
    assert back["public"]["published_at"] > before["public"]["published_at"]
    assert (await newsroom.data("/v1/articles/harbour"))["version"] == 2


async def test_only_a_public_article_is_withdrawn(newsroom: Newsroom) -> None:
    assert problem(await newsroom.withdraw("wire-1")) == (404, "draft-not-found")
    await newsroom.put("wire-1", publish=False)
    assert problem(await newsroom.withdraw("wire-1")) == (409, "impossible-transition")
    await newsroom.publish("wire-1")
    why = {"reason": "error"}
    assert problem(await order(newsroom, "withdraw", why, if_match='"r-1"')) == (412, "precondition-failed")
    for body in ({}, {"reason": "mood"}, {"reason": None}, why | {"text": "x" * 5001}, why | {"until": None}):
        assert problem(await order(newsroom, "withdraw", body)) == (422, "invalid-body"), body
    assert (await order(newsroom, "withdraw", why)).status_code == 200
    assert problem(await order(newsroom, "withdraw", why)) == (409, "impossible-transition")
