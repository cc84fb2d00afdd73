"""Drafts, schedules and withdrawn texts: not a byte of them is anywhere that the public can look."""

from datetime import timedelta
from typing import Any

from app.articles.export import lines
from app.core.clock import format_instant, utc_now
from tests.newsroom_client import Newsroom

SECRET = "Zyxwvut"
NAMES = {
    "section": f"{SECRET} section",
    "tags": [{"name": f"{SECRET} tag", "kind": "place"}],
    "contributors": [{"name": f"{SECRET} author"}],
}
HIDDEN: dict[str, Any] = NAMES | {
    "headline": f"{SECRET} headline",
    "summary": f"{SECRET} summary",
    "body_text": f"{SECRET} body",
    "place": f"{SECRET} place",
    "slug": SECRET.lower(),
}
LISTS = [
    "/",
    "/v1/articles",
    "/v1/articles?language=en",
    "/v1/articles?from=2020-01-01",
    "/v1/timeline",
    "/v1/timeline?tz=Africa/Casablanca",
    "/v1/sections",
    "/v1/tags",
    "/v1/tags?kind=place",
    "/v1/contributors",
    "/openapi.json",
    "/problems",
    "/healthz",
    "/readyz",
]
# What a reader who guessed the hidden names would ask.
GUESSES = [
    f"/v1/articles?section={SECRET.lower()}-section",
    f"/v1/articles?tag={SECRET.lower()}-tag",
    f"/v1/timeline?contributor={SECRET.lower()}-author",
]


async def look(newsroom: Newsroom, *refs: str) -> dict[str, tuple[int, bytes, dict[str, str]]]:
    """Every public answer: status, bytes, and the header fields that tell of content."""
    paths = [*LISTS, *GUESSES]
    for ref in refs:
        paths += [f"/v1/articles/{ref}", f"/v1/articles/{ref}?include=related,timeline", f"/v1/articles/{ref}/related"]
    found = {}
    for path in paths:
        response = await newsroom.get(path)
        told = {name: value for name, value in response.headers.items() if name in ("etag", "dateline-seq", "link")}
        found[path] = response.status_code, response.content, told
    newest = (await newsroom.get("/v1/timeline")).json()["links"]["newer"].rpartition("cursor=")[2]
    probe = await newsroom.get(f"/v1/timeline/new?after={newest}")
    exported = [line async for line in lines(newsroom.app.state.database, api_url="https://api.newsroom.example")]
    return found | {"probe": (200, probe.content, {}), "export": (200, b"".join(exported), {})}


def assert_silent(answers: dict[str, tuple[int, bytes, dict[str, str]]]) -> None:
    """None of the answers has a byte of what is hidden, whatever the case, beyond what was asked."""
    for path, (_, content, headers) in answers.items():
        asked = SECRET.lower() in path
        if not asked:
            assert SECRET.lower() not in (content.decode() + repr(headers)).lower(), path


async def test_drafts_and_schedules_change_no_public_byte(newsroom: Newsroom) -> None:
    id = (await newsroom.publish("public", headline="Harbour reopens", tags=[{"name": "Ports"}]))["id"]
    before = await look(newsroom, id)

    await newsroom.put("draft", publish=False, **HIDDEN)
    later = format_instant(utc_now() + timedelta(hours=1))
    await newsroom.publish("scheduled", **HIDDEN, published_at=later, translation_of="public")
    await newsroom.put("public", publish=False, **HIDDEN)
    await newsroom.send(
        "POST", "/v1/newsroom/articles/public/publish", {"at": later}, if_match=await newsroom.etag("public")
    )

    after = await look(newsroom, id)
    assert after == before
    assert_silent(after)


async def test_hidden_articles_are_unknown_to_readers(newsroom: Newsroom) -> None:
    draft = (await newsroom.put("draft", publish=False, **HIDDEN)).json()["data"]["id"]
    later = format_instant(utc_now() + timedelta(hours=1))
    scheduled = (await newsroom.publish("scheduled", **HIDDEN, published_at=later))["id"]
    unknown = await newsroom.get("/v1/articles/019a9c5e-8a3c-7c41-9d5e-2f6b7a1c0e11")
    for ref in (draft, scheduled, SECRET.lower(), "draft", "scheduled"):
        for rest in ("", "?view=card", "?include=related", "/related"):
            response = await newsroom.get(f"/v1/articles/{ref}{rest}")
            assert (response.status_code, response.json()["type"]) == (404, unknown.json()["type"]), ref
            kept = {"date", "content-length", "x-request-id"}
            assert {k: v for k, v in response.headers.items() if k not in kept} == {
                k: v for k, v in unknown.headers.items() if k not in kept
            }


async def test_withdrawn_text_is_nowhere(newsroom: Newsroom) -> None:
    id = (await newsroom.publish("public", headline="Harbour reopens"))["id"]
    fields = HIDDEN | {"language": "fr", "translation_of": "public"}
    gone = (await newsroom.publish("gone", **fields))["id"]
    assert SECRET.lower() in (await newsroom.get(f"/v1/articles/{id}")).text
    await newsroom.withdraw("gone", "legal", text="By order.", note=f"{SECRET} note")

    answers = await look(newsroom, id, gone)
    assert_silent(answers)
    assert answers[f"/v1/articles/{gone}"][0] == 410
    assert (await newsroom.data(f"/v1/articles/{id}"))["translations"] == []


async def test_taken_slug_of_a_draft_is_free_for_others(newsroom: Newsroom) -> None:
    await newsroom.put("draft", publish=False, **HIDDEN)
    other = await newsroom.publish("public", headline="Open", slug=SECRET.lower())
    assert other["public"]["slug"] == SECRET.lower()
    chosen = await newsroom.publish("third", headline=f"{SECRET} headline")
    assert chosen["public"]["slug"] == f"{SECRET.lower()}-headline"


async def test_readers_get_nothing_more_with_a_key(newsroom: Newsroom) -> None:
    await newsroom.put("draft", publish=False, **HIDDEN)
    response = await newsroom.get("/v1/timeline", headers=newsroom.authorization)
    assert response.json()["data"] == []
    assert "private" in response.headers["cache-control"]
