"""What editors choose to be read after an article, from their desk to the next reader."""

from typing import Any

import pytest

from app.pinning import MOST_BLOCKED, MOST_PINNED
from tests.embargo.reader import UNKNOWN
from tests.newsroom_client import Newsroom
from tests.related.shelf import Shelf

PATH = "/v1/newsroom/articles/{}/related"


@pytest.fixture
async def ids(newsroom: Newsroom) -> dict[str, str]:
    """Four public articles and a draft, by external id; two are related to the first."""
    drafts = {name: await newsroom.publish(name) for name in ("subject", "near", "far", "other")}
    drafts["draft"] = (await newsroom.put("draft", publish=False)).json()["data"]
    ids = {name: str(draft["id"]) for name, draft in drafts.items()}
    shelf = Shelf(newsroom.app.state.database)
    await shelf.sign(ids["subject"], ids["near"], ids["far"])
    await shelf.relate(ids["subject"], (ids["near"], 0.8), (ids["far"], 0.4))
    return ids


async def shown(newsroom: Newsroom, ref: str) -> list[str]:
    return [entry["article"]["id"] for entry in await newsroom.data(f"/v1/articles/{ref}/related")]


async def choose(newsroom: Newsroom, ref: str, choice: dict[str, Any], **headers: str) -> Any:
    return await newsroom.send("PUT", PATH.format(ref), choice, **headers)


async def test_choice_is_what_the_next_reader_gets(newsroom: Newsroom, ids: dict[str, str]) -> None:
    before = await newsroom.get(f"/v1/articles/{ids['subject']}/related")
    choice = {"pinned": [ids["other"], ids["far"]], "blocked": [ids["near"]]}

    answer = await choose(newsroom, "subject", choice)

    after = await newsroom.get(f"/v1/articles/{ids['subject']}/related")
    assert (answer.status_code, answer.json()) == (200, {"data": choice})
    assert (answer.headers["cache-control"], answer.headers["dateline-seq"]) == ("no-store", "4")
    assert [entry["article"]["id"] for entry in after.json()["data"]] == choice["pinned"]
    assert [entry["reasons"][0]["kind"] for entry in after.json()["data"]] == ["pinned", "pinned"]
    assert after.headers["etag"] != before.headers["etag"]
    page = await newsroom.get(f"/v1/articles/{ids['subject']}?include=related")
    assert page.json()["included"]["related"] == after.json()["data"]


async def test_choice_is_read_where_it_was_made_and_taken_back(newsroom: Newsroom, ids: dict[str, str]) -> None:
    choice = {"pinned": [ids["far"].upper()], "blocked": []}
    put = await choose(newsroom, ids["subject"], choice)

    read = await newsroom.send("GET", PATH.format("subject"))
    emptied = await choose(newsroom, "subject", {})

    assert (read.status_code, read.json()) == (200, {"data": {"pinned": [ids["far"]], "blocked": []}})
    assert read.headers["etag"] == put.headers["etag"]
    assert emptied.json() == {"data": {"pinned": [], "blocked": []}}
    assert await shown(newsroom, ids["subject"]) == [ids["near"], ids["far"]]


async def test_pinned_draft_shows_when_it_is_public(newsroom: Newsroom, ids: dict[str, str]) -> None:
    path = f"/v1/articles/{ids['subject']}/related"
    before = await newsroom.get(path)
    await choose(newsroom, "subject", {"pinned": [ids["draft"]], "blocked": []})
    hidden = await newsroom.get(path)

    await newsroom.publish("draft")
    public = await shown(newsroom, ids["subject"])
    await newsroom.withdraw("draft")

    assert (hidden.content, hidden.headers["etag"]) == (before.content, before.headers["etag"])
    assert public[0] == ids["draft"]
    assert await shown(newsroom, ids["subject"]) == [ids["near"], ids["far"]]


async def test_choice_for_a_draft_waits_for_it(newsroom: Newsroom, ids: dict[str, str]) -> None:
    assert (await choose(newsroom, "draft", {"pinned": [ids["far"]]})).status_code == 200

    await newsroom.publish("draft")

    assert await shown(newsroom, ids["draft"]) == [ids["far"]]


async def test_bad_choices_are_refused_where_they_are_bad(newsroom: Newsroom, ids: dict[str, str]) -> None:
    near, far = ids["near"], ids["far"]
    many = [f"019a9c5e-8a3c-7c41-9d5e-{n:012d}" for n in range(MOST_BLOCKED + 1)]
    for choice, pointers in (
        ({"pinned": [near, near]}, ["/pinned/1"]),
        ({"pinned": [near], "blocked": [far, near]}, ["/blocked/1"]),
        ({"pinned": [ids["subject"]]}, ["/pinned/0"]),
        ({"pinned": [near, UNKNOWN], "blocked": [UNKNOWN]}, ["/pinned/1", "/blocked/0"]),
        ({"pinned": ["near"]}, ["/pinned/0"]),
        ({"pinned": [7]}, ["/pinned/0"]),
        ({"pinned": near}, ["/pinned"]),
        ({"pinned": None}, ["/pinned"]),
        ({"pinned": many[: MOST_PINNED + 1]}, ["/pinned"]),
        ({"blocked": many}, ["/blocked"]),
        ({"pined": [near]}, ["/pined"]),
    ):
        response = await choose(newsroom, "subject", choice)
        assert response.status_code == 422, choice
        assert [fault["pointer"] for fault in response.json()["errors"]] == pointers
    assert await shown(newsroom, ids["subject"]) == [near, far]


async def test_choice_that_changed_meanwhile_is_not_overwritten(newsroom: Newsroom, ids: dict[str, str]) -> None:
    seen = (await newsroom.send("GET", PATH.format("subject"))).headers["etag"]
    await choose(newsroom, "subject", {"pinned": [ids["far"]]}, if_match=seen)

    stale = await choose(newsroom, "subject", {"pinned": []}, if_match=seen)

    assert stale.status_code == 412
    assert (await shown(newsroom, ids["subject"]))[0] == ids["far"]


async def test_choosing_needs_a_key_and_an_article(newsroom: Newsroom, ids: dict[str, str]) -> None:
    for method in ("GET", "PUT"):
        without = await newsroom.client.request(method, PATH.format("subject"), json={})
        unknown = await newsroom.send(method, PATH.format("never-was"), {} if method == "PUT" else None)
        assert (without.status_code, unknown.status_code) == (401, 404)
        assert unknown.json()["type"].endswith("/draft-not-found")


async def test_choices_are_no_part_of_the_article(newsroom: Newsroom, ids: dict[str, str]) -> None:
    before = await newsroom.etag("subject")
    await choose(newsroom, "subject", {"pinned": [ids["far"]]})

    assert await newsroom.etag("subject") == before
    assert (await newsroom.data(f"/v1/articles/{ids['subject']}"))["seq"] == 1
