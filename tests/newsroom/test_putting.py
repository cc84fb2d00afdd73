from datetime import timedelta

from app.core.clock import format_instant, parse_instant, utc_now
from tests.newsroom_client import Newsroom, article

API, SITE = "https://api.newsroom.example", "https://www.newsroom.example"
PREFIX = "/v1/newsroom/articles"


def ago(**span: float) -> str:
    return format_instant(utc_now() - timedelta(**span))


async def test_put_makes_a_draft_and_says_where_it_is(newsroom: Newsroom) -> None:
    response = await newsroom.put("wire-1", publish=False, body_text="Ships wait.", tags=[{"name": "Ports"}])

    assert response.status_code == 201
    data = response.json()["data"]
    assert response.headers["location"] == data["links"]["self"] == f"{API}{PREFIX}/{data['id']}"
    assert response.headers["etag"] == '"r-1"'
    assert response.headers["dateline-seq"] == "0"
    assert response.headers["cache-control"] == "no-store"
    assert (data["external_id"], data["state"], data["revision"], data["version"]) == ("wire-1", "draft", 1, None)
    assert (data["public"], data["withdrawal"], data["links"]["public"]) == (None, None, None)
    assert data["article"]["body"] == [{"type": "paragraph", "html": "Ships wait."}]
    assert data["article"]["tags"] == [{"name": "Ports", "kind": "topic"}]
    assert (data["article"]["body_html"], data["article"]["body_text"]) == (None, None)


async def test_put_with_publish_makes_it_public_at_once(newsroom: Newsroom) -> None:
    response = await newsroom.put("wire-1")
    data = response.json()["data"]
    assert (response.status_code, data["state"], data["version"]) == (201, "published", 1)
    assert not data["has_unpublished_edits"]
    public = await newsroom.data(f"/v1/articles/{data['id']}")
    assert response.headers["dateline-seq"] == str(public["seq"]) == "1"
    assert data["public"] == {name: public[name] for name in data["public"]}
    assert data["links"]["public"] == public["links"]["self"] == f"{API}/v1/articles/{data['id']}"
    assert public["url"] == f"{SITE}/harbour-reopens-after-nine-day-strike"


async def test_put_replaces_and_repeats_harmlessly(newsroom: Newsroom) -> None:
    first = await newsroom.put("wire-1")
    again = await newsroom.put("wire-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert "location" not in again.headers
    assert again.json() == first.json()
    assert again.headers["etag"] == first.headers["etag"]

    other = await newsroom.put("wire-1", headline="Harbour stays shut")
    assert (other.status_code, other.json()["data"]["version"]) == (200, 2)
    assert other.headers["dateline-seq"] == "2"
    assert other.headers["etag"] != first.headers["etag"]


async def test_equal_put_is_harmless_after_an_edit(newsroom: Newsroom) -> None:
    data = await newsroom.publish("wire-1")
    edited = await newsroom.send(
        "PATCH", f"{PREFIX}/wire-1", {"headline": "By the desk"}, if_match=await newsroom.etag("wire-1")
    )
    again = await newsroom.put("wire-1")
    assert again.status_code == 200
    assert again.json() == edited.json()
    assert again.json()["data"]["has_unpublished_edits"]
    public = await newsroom.data(f"/v1/articles/{data['id']}")
    assert (public["headline"], public["version"], public["seq"]) == (data["article"]["headline"], 1, 1)


async def test_published_at_in_the_past_is_kept(newsroom: Newsroom) -> None:
    at = "2019-07-14T10:00:00Z"
    data = await newsroom.publish("wire-1", published_at=at)
    public = data["public"]
    assert public["published_at"] == public["first_published_at"] == public["updated_at"] == at
    assert public["modified_at"] != at


async def test_published_at_in_the_future_schedules(newsroom: Newsroom) -> None:
    response = await newsroom.put("wire-1", published_at=ago(hours=-1))
    data = response.json()["data"]
    assert (response.status_code, data["state"], data["public"]) == (201, "scheduled", None)
    assert data["scheduled_at"] == data["article"]["published_at"]
    assert (await newsroom.get(f"/v1/articles/{data['id']}")).status_code == 404


async def test_no_published_at_means_now(newsroom: Newsroom) -> None:
    before = utc_now()
    public = (await newsroom.publish("wire-1", published_at=None))["public"]
    assert before <= parse_instant(public["published_at"]) <= utc_now()


async def test_external_id_with_a_slash_goes_into_the_query(newsroom: Newsroom) -> None:
    path = f"{PREFIX}?external_id=wire%2F2025%2F1&publish=true"
    made = await newsroom.send("PUT", path, article())
    assert (made.status_code, made.json()["data"]["external_id"]) == (201, "wire/2025/1")
    again = await newsroom.send("PUT", path, article(external_id="wire/2025/1"))
    assert (again.status_code, again.json()) == (200, made.json())
    public = await newsroom.data(f"/v1/articles/{made.json()['data']['id']}")
    assert public["external_id"] == "wire/2025/1"


async def test_put_honours_if_match(newsroom: Newsroom) -> None:
    path = f"{PREFIX}/wire-1"
    absent = await newsroom.send("PUT", path, article(), if_match='"r-1"')
    assert absent.status_code == 412
    assert (await newsroom.send("GET", path)).status_code == 404

    etag = (await newsroom.put("wire-1", publish=False)).headers["etag"]
    for stale in ('"r-0"', f"W/{etag}", "r-1", ""):
        refused = await newsroom.send("PUT", path, article(headline="Other"), if_match=stale)
        assert refused.status_code == 412, stale
        assert refused.json()["type"] == f"{API}/problems/precondition-failed"
    for good in (f'"x", {etag}', "*"):
        assert (await newsroom.send("PUT", path, article(headline=good), if_match=good)).status_code == 200
        etag = await newsroom.etag("wire-1")


async def test_post_makes_drafts_only(newsroom: Newsroom) -> None:
    named = await newsroom.send("POST", PREFIX, article(external_id="wire-1"))
    nameless = [await newsroom.send("POST", PREFIX, article()) for _ in range(2)]
    assert [one.status_code for one in (named, *nameless)] == [201, 201, 201]
    assert len({one.json()["data"]["id"] for one in (named, *nameless)}) == 3
    assert nameless[0].json()["data"]["external_id"] is None
    assert nameless[0].headers["location"] == f"{API}{PREFIX}/{nameless[0].json()['data']['id']}"

    taken = await newsroom.send("POST", PREFIX, article(external_id="wire-1", headline="Other"))
    assert (taken.status_code, taken.json()["type"]) == (409, f"{API}/problems/external-id-taken")
    assert (await newsroom.data("/v1/articles")) == []


async def test_draft_is_read_by_id_and_by_external_id(newsroom: Newsroom) -> None:
    made = (await newsroom.put("wire-1")).json()
    for ref in ("wire-1", made["data"]["id"], made["data"]["id"].upper()):
        read = await newsroom.send("GET", f"{PREFIX}/{ref}")
        assert (read.status_code, read.json()) == (200, made)
        assert (read.headers["etag"], read.headers["dateline-seq"]) == ('"r-2"', "1")
    for unknown in (
        "wire-2",
        "WIRE-1",
        "harbour-reopens-after-nine-day-strike",
        "019a9c5e-8a3c-7c41-9d5e-2f6b7a1c0e11",
    ):
        missing = await newsroom.send("GET", f"{PREFIX}/{unknown}")
        assert (missing.status_code, missing.json()["type"]) == (404, f"{API}/problems/draft-not-found")


async def test_newsroom_is_never_compressed(newsroom: Newsroom) -> None:
    await newsroom.put("wire-1", publish=False, body_text="Ships wait. " * 500)
    read = await newsroom.send("GET", f"{PREFIX}/wire-1", accept_encoding="gzip, br, zstd")
    assert "content-encoding" not in read.headers
    assert read.headers["etag"] == '"r-1"'


async def test_draft_comes_back_as_it_can_be_sent_again(newsroom: Newsroom) -> None:
    made = await newsroom.publish("wire-1", body_html="<h2>A</h2><p>b</p>", section="world", language="EN-gb")
    sent = await newsroom.send("PUT", f"{PREFIX}/wire-1?publish=true", made["article"])
    assert sent.status_code == 200
    assert sent.json()["data"]["article"] == made["article"]
    assert sent.json()["data"]["version"] == 1


async def test_draft_whose_external_id_has_a_slash_is_found_by_query(newsroom: Newsroom) -> None:
    path = "/v1/newsroom/articles?external_id=desk%2F1"
    made = await newsroom.send("PUT", path, article())
    found = await newsroom.send("GET", path)
    assert (made.status_code, found.status_code) == (201, 200)
    assert found.json() == made.json()
    assert found.headers["etag"] == made.headers["etag"]


async def test_put_that_may_only_create_leaves_what_there_is(newsroom: Newsroom) -> None:
    path = "/v1/newsroom/articles/wire-1"
    assert (await newsroom.send("PUT", path, article(), if_none_match="*")).status_code == 201
    refused = await newsroom.send("PUT", path, article(headline="Other"), if_none_match="*")
    assert (refused.status_code, refused.json()["type"][-19:]) == (412, "precondition-failed")
    assert (await newsroom.send("GET", path)).json()["data"]["revision"] == 1
