from typing import Any

import httpx
import pytest

from tests.newsroom_client import Newsroom

API = "https://api.newsroom.example"
PATH = "/v1/newsroom/articles/wire-1"

# What a PATCH writes is tested on both databases with `Press.edit`; here it is about the answers.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def patch(newsroom: Newsroom, changes: Any, *, if_match: str | None = None) -> httpx.Response:
    """A PATCH of the draft, by default of its present state."""
    return await newsroom.send("PATCH", PATH, changes, if_match=if_match or await newsroom.etag("wire-1"))


async def test_patch_changes_what_it_names(newsroom: Newsroom) -> None:
    before = await newsroom.publish(
        "wire-1", summary="Old", tags=[{"name": "Ports"}], image={"url": "https://a.example/x.jpg", "alt": "A"}
    )
    response = await patch(
        newsroom, {"summary": None, "place": "Oran", "image": {"alt": None, "credit": "B"}, "tags": []}
    )

    assert response.status_code == 200
    data = response.json()["data"]
    image = before["article"]["image"] | {"alt": None, "credit": "B"}
    assert data["article"] == before["article"] | {"summary": None, "place": "Oran", "image": image, "tags": []}
    assert (data["revision"], data["has_unpublished_edits"]) == (before["revision"] + 1, True)
    assert response.headers["etag"] == f'"r-{data["revision"]}"'
    assert data["public"] == before["public"]


async def test_patch_leaves_the_public_as_it_was(newsroom: Newsroom) -> None:
    id = (await newsroom.publish("wire-1"))["id"]
    public = await newsroom.get(f"/v1/articles/{id}")
    response = await patch(newsroom, {"headline": "Not ready", "slug": "not-ready"})
    assert response.headers["dateline-seq"] == "1"
    again = await newsroom.get(f"/v1/articles/{id}")
    assert (again.content, again.headers["etag"]) == (public.content, public.headers["etag"])


async def test_patch_may_be_sent_as_what_it_is(newsroom: Newsroom) -> None:
    await newsroom.put("wire-1", publish=False)
    headers = newsroom.authorization | {"If-Match": '"r-1"', "Content-Type": "application/merge-patch+json"}
    response = await newsroom.client.patch(PATH, headers=headers, content=b'{"breaking": true}')
    assert (response.status_code, response.json()["data"]["article"]["breaking"]) == (200, True)


async def test_patch_may_bring_a_body_in_any_form(newsroom: Newsroom) -> None:
    await newsroom.put("wire-1", publish=False, body_text="One.")
    for change in (
        {"body_html": "<p>Two.</p>"},
        {"body": [{"type": "paragraph", "html": "Two."}]},
        {"body_text": "Two.", "body": None},
    ):
        response = await patch(newsroom, change)
        assert response.json()["data"]["article"]["body"] == [{"type": "paragraph", "html": "Two."}], change
    assert (await patch(newsroom, {"body": None})).json()["data"]["article"]["body"] == []


async def test_patch_that_changes_nothing_is_no_new_state(newsroom: Newsroom) -> None:
    await newsroom.publish("wire-1")
    etag = await newsroom.etag("wire-1")
    for change in ({}, {"summary": None}, {"language": "EN"}, {"external_id": "wire-1"}):
        assert (await patch(newsroom, change)).headers["etag"] == etag, change


async def test_patch_needs_the_present_state(newsroom: Newsroom) -> None:
    await newsroom.put("wire-1", publish=False)
    missing = await newsroom.send("PATCH", PATH, {"headline": "Other"})
    assert (missing.status_code, missing.json()["type"]) == (428, f"{API}/problems/precondition-required")
    for stale in ('"r-2"', 'W/"r-1"', "*x"):
        assert (await patch(newsroom, {"headline": "Other"}, if_match=stale)).status_code == 412, stale
    assert (await patch(newsroom, {"headline": "Other"}, if_match='"r-1"')).status_code == 200
    stale_now = await patch(newsroom, {"headline": "Third"}, if_match='"r-1"')
    assert (stale_now.status_code, stale_now.json()["type"]) == (412, f"{API}/problems/precondition-failed")
    assert (await newsroom.send("GET", PATH)).json()["data"]["article"]["headline"] == "Other"


async def test_bad_patch_is_refused_whole(newsroom: Newsroom) -> None:
    await newsroom.put("wire-1", publish=False, body_text="One.")
    before = (await newsroom.send("GET", PATH)).json()
    cases: list[tuple[Any, str]] = [
        ({"headline": None}, "/headline"),
        ({"language": None}, "/language"),
        ({"headline": "x" * 10_000}, "/headline"),
        ({"external_id": "wire-2"}, "/external_id"),
        ({"external_id": None}, "/external_id"),
        ({"colour": "red"}, "/colour"),
        ({"place": "Oran", "published_at": "2025-05-18T14:08:00"}, "/published_at"),
        ({"body": [{"type": "separator"}], "body_text": "x"}, "/body_text"),
        ({"image": {"alt": "no address"}}, "/image/url"),
        ([], ""),
        ("x", ""),
    ]
    for change, pointer in cases:
        response = await patch(newsroom, change)
        assert response.status_code == 422, change
        assert [error["pointer"] for error in response.json()["errors"]] == [pointer], change
    assert (await newsroom.send("GET", PATH)).json() == before


async def test_unknown_draft_is_not_found_whatever_else_is_wrong(newsroom: Newsroom) -> None:
    for if_match in (None, '"r-1"'):
        headers = {} if if_match is None else {"if_match": if_match}
        response = await newsroom.send("PATCH", PATH, {"headline": "x"}, **headers)
        assert (response.status_code, response.json()["type"]) == (404, f"{API}/problems/draft-not-found")


async def test_withdrawn_article_may_be_edited(newsroom: Newsroom) -> None:
    await newsroom.publish("wire-1")
    await newsroom.withdraw("wire-1")
    response = await patch(newsroom, {"headline": "Put right"})
    assert (response.status_code, response.json()["data"]["state"]) == (200, "withdrawn")
    assert (await newsroom.send("GET", PATH)).json()["data"]["has_unpublished_edits"]
