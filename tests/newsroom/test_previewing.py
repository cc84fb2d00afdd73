"""Previews over HTTP: what a draft would be as an article, for those with a key and those with a link."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.core.ids import new_id
from app.newsroom.preview_links import PreviewLinkInvalid, link, verify
from tests.newsroom_client import Newsroom
from tests.press import Press

SECRET = b"s" * 32
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CLOCKS = {"seq", "first_published_at", "published_at", "updated_at", "modified_at"}


async def preview(newsroom: Newsroom, ref: str = "wire-1", query: str = "") -> httpx.Response:
    """The answer to a preview with the key, which must be 200."""
    response = await newsroom.send("GET", f"/v1/newsroom/articles/{ref}/preview{query}")
    assert response.status_code == 200, response.text
    return response


async def test_preview_is_the_document_that_publishing_makes(newsroom: Newsroom) -> None:
    fields = {"summary": "Nine days.", "tags": [{"name": "Strike"}], "section": "economy", "body_html": "<p>Ships.</p>"}
    await newsroom.put("wire-1", publish=False, **fields)
    seen = (await preview(newsroom)).json()["data"]
    published = (await newsroom.publish("wire-1", **fields))["id"]
    document = await newsroom.data(f"/v1/articles/{published}")
    assert {n: v for n, v in seen.items() if n not in CLOCKS} == {n: v for n, v in document.items() if n not in CLOCKS}


async def test_preview_writes_nothing(newsroom: Newsroom) -> None:
    await newsroom.put("wire-1", publish=False, tags=[{"name": "Strike"}])
    press = Press(newsroom.app.state.database)
    before, etag = await press.rows(), await newsroom.etag("wire-1")
    answer = await preview(newsroom)
    assert answer.headers["etag"] == etag == await newsroom.etag("wire-1")
    assert answer.headers["cache-control"] == "no-store"
    assert await press.rows() == before
    assert await newsroom.data("/v1/timeline") == []
    assert await newsroom.data("/v1/tags") == []


async def test_preview_of_a_scheduled_draft_bears_its_time(newsroom: Newsroom) -> None:
    await newsroom.put("wire-1", published_at="2090-01-01T08:00:00Z")
    assert (await preview(newsroom)).json()["data"]["published_at"] == "2090-01-01T08:00:00Z"


async def test_preview_of_edits_shows_the_version_to_come(newsroom: Newsroom) -> None:
    await newsroom.publish("wire-1", slug="eight-days")
    await newsroom.put("wire-1", publish=False, slug="nine-days", summary="Nine.")
    seen = (await preview(newsroom)).json()["data"]
    assert (seen["version"], seen["slug"], seen["summary"]) == (2, "nine-days", "Nine.")
    assert (await newsroom.get("/v1/articles/eight-days")).status_code == 200


async def test_preview_of_what_was_withdrawn_shows_its_return(newsroom: Newsroom) -> None:
    await newsroom.publish("wire-1")
    await newsroom.withdraw("wire-1")
    assert (await preview(newsroom)).json()["data"]["version"] == 2


async def test_link_opens_without_a_key_and_follows_the_draft(newsroom: Newsroom) -> None:
    await newsroom.put("wire-1", publish=False)
    shared = (await preview(newsroom)).json()["links"]["shared"]
    await newsroom.put("wire-1", publish=False, summary="Nine days.")
    seen = await newsroom.get(shared)
    assert (seen.status_code, seen.json()["data"]["summary"]) == (200, "Nine days.")
    assert seen.json()["links"]["shared"] is None
    assert seen.json()["meta"] == {"shared_until": None}
    assert seen.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in seen.headers


async def test_link_is_good_for_as_long_as_was_asked(newsroom: Newsroom) -> None:
    await newsroom.put("wire-1", publish=False)
    seen = (await preview(newsroom, query="?expires_in=60")).json()
    until = datetime.fromisoformat(seen["meta"]["shared_until"])
    assert timedelta(0) < until - datetime.now(UTC) <= timedelta(seconds=60)
    for bad in ("59", "2592001", "1.5", "-60"):
        response = await newsroom.send("GET", f"/v1/newsroom/articles/wire-1/preview?expires_in={bad}")
        assert response.status_code == 400, bad


async def test_link_opens_nothing_else(newsroom: Newsroom) -> None:
    await newsroom.put("wire-1", publish=False)
    await newsroom.put("wire-2", publish=False)
    shared = (await preview(newsroom)).json()["links"]["shared"]
    other = (await newsroom.send("GET", "/v1/newsroom/articles/wire-2")).json()["data"]["id"]
    id = urlsplit(shared).path.split("/")[4]
    for address in (
        shared.replace(id, other),
        shared.replace(id, "wire-1"),
        shared.replace(id, str(new_id())),
        shared.replace("expires=20", "expires=21"),
        shared[:-1],
        shared + "A",
        shared.split("&")[0] + "&signature=",
    ):
        refused = await newsroom.get(address)
        assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (403, "preview-link-invalid")
    assert (await newsroom.get(shared.replace("/preview", ""))).status_code == 401
    assert (await newsroom.get(f"/v1/newsroom/articles/{id}/preview")).status_code == 401
    assert (await newsroom.get(f"/v1/newsroom/articles/{id}/preview?expires=2090-01-01T00:00:00Z")).status_code == 401


async def test_slug_of_another_article_is_told_before_publishing(newsroom: Newsroom) -> None:
    await newsroom.publish("wire-1", slug="nine-days")
    await newsroom.put("wire-2", publish=False, slug="nine-days")
    assert (await newsroom.send("GET", "/v1/newsroom/articles/wire-2/preview")).status_code == 409


def test_link_ends_when_its_time_is_over() -> None:
    id = new_id()
    address = link("https://api.example/preview", id, until=NOON, secret=SECRET)
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    verify(str(id), **query, secret=SECRET, now=NOON - timedelta(seconds=1))
    for secret, now in ((SECRET, NOON), (b"t" * 32, NOON - timedelta(hours=1))):
        with pytest.raises(PreviewLinkInvalid):
            verify(str(id), **query, secret=secret, now=now)
