"""The history of an article over HTTP: its versions, one of them, what changed, and that what was withdrawn is gone."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.core.clock import format_instant
from tests.newsroom_client import Newsroom
from tests.press import Press, after

API = "https://api.newsroom.example"
NOTE = {"severity": "minor", "text": "The strike lasted nine days, not eight."}


async def correct(newsroom: Newsroom, ref: str, **changes: Any) -> None:
    response = await newsroom.send(
        "POST",
        f"/v1/newsroom/articles/{ref}/correct",
        NOTE | {"changes": changes},
        if_match=await newsroom.etag(ref),
    )
    assert response.status_code == 200, response.text


@pytest.fixture
async def id(newsroom: Newsroom) -> str:
    """An article of four versions: published, corrected, moved, and a draft that says more than is public."""
    fields: dict[str, Any] = {"slug": "strike", "section": "World", "tags": [{"name": "Oil"}], "place": "Marseille"}
    body = "<p>It lasted eight days.</p><p>Ships wait.</p>"
    draft = await newsroom.publish("one", headline="Strike ends after eight days", body_html=body, **fields)
    await correct(newsroom, "one", headline="Strike ends after nine days")
    moved = {"slug": "strike-over", "section": "Economy", "tags": []}
    await newsroom.publish("one", headline="Strike over", body_html="<p>It lasted nine days.</p>", **moved)
    await newsroom.publish("fr", headline="La grève est finie", language="fr", translation_of="one")
    await newsroom.put("one", publish=False, headline="Never published words")
    return str(draft["id"])


async def test_versions_are_listed_newest_first(newsroom: Newsroom, id: str) -> None:
    response = await newsroom.get(f"/v1/articles/{id}/versions")

    listed, base = response.json(), f"{API}/v1/articles/{id}"
    assert [(v["version"], v["kind"], v["headline"], v["slug"]) for v in listed["data"]] == [
        (3, "article.updated", "Strike over", "strike-over"),
        (2, "article.corrected", "Strike ends after nine days", "strike"),
        (1, "article.published", "Strike ends after eight days", "strike"),
    ]
    ats = [v["at"] for v in listed["data"]]
    assert ats == sorted(ats, reverse=True)
    assert [v["correction"] for v in listed["data"]] == [
        None,
        NOTE | {"version": 2, "at": ats[1], "previous_headline": "Strike ends after eight days"},
        None,
    ]
    assert listed["data"][0]["links"] == {"self": f"{base}/versions/3", "diff": f"{base}/diff?from=2&to=3"}
    assert listed["data"][2]["links"]["diff"] is None
    assert listed["links"] == {"self": f"{base}/versions", "article": base, "next": None}
    assert listed["meta"] == {"limit": 100, "withdrawn": 0}
    assert response.headers["surrogate-key"] == f"article-{id}"
    assert "Never" not in response.text


async def test_versions_come_in_pages(newsroom: Newsroom, id: str) -> None:
    url, numbers = f"/v1/articles/{id}/versions?limit=1", []
    while url:
        page = (await newsroom.get(url)).json()
        numbers += [(v["version"], v["links"]["diff"] is None) for v in page["data"]]
        url = page["links"]["next"]

    assert numbers == [(3, False), (2, False), (1, True)]
    assert await newsroom.data(f"/v1/articles/{id}/versions?before=1") == []


async def test_version_is_the_document_as_it_was(newsroom: Newsroom) -> None:
    await newsroom.publish("one", headline="Strike", body_text="One.", tags=[{"name": "Oil"}], section="World")
    id = (await newsroom.data("/v1/articles"))[0]["id"]
    then = await newsroom.data(f"/v1/articles/{id}")
    await newsroom.publish("one", headline="Strike over", body_text="Two.", slug="over", breaking=True)
    await newsroom.publish("fr", language="fr", translation_of="one")
    now = await newsroom.data(f"/v1/articles/{id}")

    first = await newsroom.data("/v1/articles/over/versions/1")
    last = await newsroom.data("/v1/articles/over/versions/2")

    assert first == then | {"translations": now["translations"], "links": now["links"]}
    assert len(first["translations"]) == 1
    # Its translation has refreshed the article since.
    assert last == now | {"seq": last["seq"], "modified_at": last["updated_at"]}
    assert last["seq"] < now["seq"]


async def test_differences_are_told_by_field(newsroom: Newsroom, id: str) -> None:
    newest = await newsroom.data(f"/v1/articles/{id}/diff")
    whole = (await newsroom.get(f"/v1/articles/{id}/diff?from=1&to=3")).json()
    back = await newsroom.data(f"/v1/articles/{id}/diff?from=3&to=1")
    same = await newsroom.data(f"/v1/articles/{id}/diff?from=2&to=2")

    assert (newest["from"]["version"], newest["to"]["version"]) == (2, 3)
    assert whole["data"]["to"] == (await newsroom.data(f"/v1/articles/{id}/versions"))[0]
    found = {change["field"]: change for change in whole["data"]["changes"]}
    assert found.keys() == {"headline", "place", "body", "slug", "section", "tags"}
    assert found["section"]["to"] == {"slug": "economy", "name": "Economy"}
    assert [block["op"] for block in found["body"]["blocks"]] == ["replace", "delete"]
    assert [run["text"] for run in found["body"]["blocks"][0]["words"]] == ["It lasted ", "eight", "nine", " days."]
    swapped = {"delete": "insert", "insert": "delete", "equal": "equal"}
    headline = [run for run in found["headline"]["words"] if run["op"] == "insert"]
    mirrored = next(change for change in back["changes"] if change["field"] == "headline")["words"]
    assert headline == [{**run, "op": swapped[run["op"]]} for run in mirrored if run["op"] == "delete"]
    assert same["changes"] == []
    assert whole["links"]["self"] == f"{API}/v1/articles/{id}/diff?from=1&to=3"


async def test_only_version_differs_from_nothing(newsroom: Newsroom) -> None:
    await newsroom.publish("one", slug="strike")

    found = await newsroom.data("/v1/articles/strike/diff")

    assert (found["from"], found["changes"]) == (found["to"], [])


async def test_old_name_leads_to_the_history_under_the_new_one(newsroom: Newsroom, id: str) -> None:
    for rest in ("versions?limit=2", "versions/1", "diff?from=1&to=2", "versions/99"):
        response = await newsroom.get(f"/v1/articles/strike/{rest}")
        assert response.status_code == 308
        assert response.headers["location"] == f"{API}/v1/articles/strike-over/{rest}"


NO_VERSIONS = [
    ("versions/4", 404, "version-not-found"),
    ("diff?to=4", 404, "version-not-found"),
    ("diff?from=2147483647", 404, "version-not-found"),
    ("versions/0", 400, "bad-parameter"),
    ("versions/-1", 400, "bad-parameter"),
    ("versions/1.0", 400, "bad-parameter"),
    ("versions/latest", 400, "bad-parameter"),
    ("versions/2147483648", 400, "bad-parameter"),
    ("versions/1?as_of=2026-01-01T00:00:00Z", 400, "unknown-parameter"),
    ("versions?before=0", 400, "bad-parameter"),
    ("versions?limit=501", 400, "bad-parameter"),
    ("diff?from=one", 400, "bad-parameter"),
]


async def test_what_is_no_version_is_refused(newsroom: Newsroom, id: str) -> None:
    for rest, status, cause in NO_VERSIONS:
        response = await newsroom.get(f"/v1/articles/{id}/{rest}")
        assert (response.status_code, response.json()["type"]) == (status, f"{API}/problems/{cause}"), rest
        assert "Never" not in response.text


async def test_article_that_is_not_public_has_no_history(newsroom: Newsroom, id: str) -> None:
    draft = (await newsroom.put("draft", publish=False, headline="Not yet")).json()["data"]
    await newsroom.withdraw("one", "legal", text="By order of a court.")

    for rest in ("versions", "versions/1", "versions/9", "diff", "diff?from=1&to=9"):
        never = await newsroom.get(f"/v1/articles/{draft['id']}/{rest}")
        gone = await newsroom.get(f"/v1/articles/{id}/{rest}")
        assert (never.status_code, never.json()["type"]) == (404, f"{API}/problems/article-not-found")
        assert (gone.status_code, gone.json()["text"]) == (410, "By order of a court.")


async def test_withdrawn_versions_stay_gone_when_the_article_comes_back(newsroom: Newsroom, id: str) -> None:
    await newsroom.withdraw("one", "error", text="The figures were wrong.")
    changes = {"headline": "Figures put right", "slug": "figures", "body_text": "Right."}
    for method, path, body in (("PATCH", "", changes), ("POST", "/publish", None)):
        path = f"/v1/newsroom/articles/one{path}"
        answer = await newsroom.send(method, path, body, if_match=await newsroom.etag("one"))
        assert answer.status_code == 200, answer.text

    response = await newsroom.get(f"/v1/articles/{id}/versions")
    listed = response.json()
    diff = await newsroom.get(f"/v1/articles/{id}/diff")

    assert [(v["version"], v["links"]["diff"]) for v in listed["data"]] == [(4, None)]
    assert listed["meta"]["withdrawn"] == 3
    assert diff.json()["data"]["changes"] == []
    for rest in ("versions/1", "versions/3", "diff?from=2", "diff?from=4&to=1"):
        gone = await newsroom.get(f"/v1/articles/{id}/{rest}")
        assert (gone.status_code, gone.json()["reason"]) == (410, "error"), rest
        assert gone.json()["detail"].startswith("This version was withdrawn on ")
        assert gone.headers["dateline-seq"] == response.headers["dateline-seq"]
        assert "Strike" not in gone.text
    whole = await newsroom.get(f"/v1/articles/{id}/versions/4")
    for answer in (response, diff, whole):
        assert not any(taken_back in answer.text for taken_back in ("Strike", "strike-over", "eight days."))


async def test_correction_shows_from_its_version_on(newsroom: Newsroom, id: str) -> None:
    documents = [await newsroom.data(f"/v1/articles/{id}/versions/{number}") for number in (1, 2, 3)]

    assert [len(document["corrections"]) for document in documents] == [0, 1, 1]
    assert documents[2]["corrections"][0]["previous_headline"] == "Strike ends after eight days"


async def test_answers_are_cached_like_the_article(newsroom: Newsroom, id: str) -> None:
    present = await newsroom.get(f"/v1/articles/{id}")
    for rest in ("versions", "versions/1", "diff", "versions/1?min_seq=1"):
        response = await newsroom.get(f"/v1/articles/{id}/{rest}")
        for name in ("cache-control", "surrogate-key", "dateline-seq"):
            assert response.headers[name] == present.headers[name]
        again = await newsroom.get(f"/v1/articles/{id}/{rest}", headers={"If-None-Match": response.headers["etag"]})
        assert again.status_code == 304


async def test_links_of_a_comparison_can_be_followed(newsroom: Newsroom, id: str) -> None:
    for version in (await newsroom.data(f"/v1/articles/{id}/versions"))[:2]:
        found = await newsroom.data(version["links"]["diff"])
        asked = parse_qs(urlsplit(version["links"]["diff"]).query)
        assert [found["from"]["version"], found["to"]["version"]] == [int(asked[name][0]) for name in ("from", "to")]
        assert (await newsroom.data(version["links"]["self"]))["headline"] == version["headline"]


@pytest.fixture
async def told(newsroom: Newsroom) -> str:
    """An article that was published a minute after noon, updated after five, and taken back and returned later."""
    press = Press(newsroom.app.state.database)
    await press.put("one", headline="First", slug="first", section="World", now=after(1))
    await press.put("one", headline="Second", slug="second", body_text="More.", now=after(5))
    await press.put("archive", headline="Old", published_at="2020-02-29T12:00:00Z", now=after(6))
    await press.edit("archive", headline="Old, again", now=after(7))
    await press.publish("archive", now=after(8))
    await press.put("back", headline="Wrong", now=after(10))
    await press.withdraw("back", reason="legal", now=after(20))
    await press.edit("back", headline="Right", slug="right", now=after(25))
    await press.publish("back", now=after(30))
    return str((await press.draft("one")).id)


async def as_of(newsroom: Newsroom, ref: str, minutes: float, query: str = "") -> Any:
    return await newsroom.get(f"/v1/articles/{ref}?as_of={format_instant(after(minutes))}{query}")


async def test_article_is_told_as_of_an_instant(newsroom: Newsroom, told: str) -> None:
    for minutes, version in ((1, 1), (4.999, 1), (5, 2), (30, 2)):
        response = await as_of(newsroom, told, minutes)
        assert response.json()["data"] == await newsroom.data(f"/v1/articles/{told}/versions/{version}"), minutes
        assert response.headers["surrogate-key"] == f"article-{told}"

    card = (await as_of(newsroom, told, 2, "&view=card")).json()["data"]
    assert (card["headline"], card["section"]["slug"]) == ("First", "world")
    assert card["links"]["self"] == f"{API}/v1/articles/{told}"
    assert "body" not in card
    some = (await as_of(newsroom, told, 2, "&fields=headline,links")).json()["data"]
    assert some == {"id": told, "headline": "First", "links": (await newsroom.data(f"/v1/articles/{told}"))["links"]}
    moved = await as_of(newsroom, "first", 2)
    assert moved.headers["location"] == f"{API}/v1/articles/second?as_of=2026-11-20T12:02:00Z"


async def test_before_and_between_and_beyond_there_is_nothing(newsroom: Newsroom, told: str) -> None:
    early = await as_of(newsroom, told, 0.9)
    assert (early.status_code, early.json()["type"]) == (404, f"{API}/problems/not-public-then")
    for minutes in (10, 22):
        gone = await as_of(newsroom, "right", minutes)
        assert (gone.status_code, gone.json()["reason"]) == (410, "legal")
        assert "Wrong" not in gone.text
    assert (await as_of(newsroom, "right", 30)).json()["data"]["headline"] == "Right"
    assert (await as_of(newsroom, "nobody", 30)).status_code == 404
    assert (await as_of(newsroom, told, 60 * 24 * 365 * 100)).status_code == 400


async def test_archive_counts_from_its_own_date_before_the_log_begins(newsroom: Newsroom, told: str) -> None:
    ref = (await newsroom.data("/v1/articles?to=2021-01-01"))[0]["id"]
    asked = {
        "2020-02-29T11:59:59Z": None,
        "2020-02-29T12:00:00Z": "Old",
        "2026-11-20T12:00:59Z": "Old",
        # From here on there is a log, and in it the article was not yet.
        "2026-11-20T12:01:00Z": None,
        "2026-11-20T12:06:00Z": "Old",
        "2026-11-20T12:08:00Z": "Old, again",
    }
    for instant, headline in asked.items():
        response = await newsroom.get(f"/v1/articles/{ref}?as_of={instant}")
        found = response.json()["data"]["headline"] if response.status_code == 200 else None
        assert found == headline, instant


async def test_instants_are_written_in_full(newsroom: Newsroom, told: str) -> None:
    for instant in ("2026-11-20", "", "now", "2026-11-20T12:00:00", "2026-11-20T12:00:00+01:00"):
        for path in (f"/v1/articles/{told}", "/v1/timeline"):
            response = await newsroom.get(f"{path}?as_of={instant}")
            assert response.status_code == 400
            assert [fault["parameter"] for fault in response.json()["errors"]] == ["as_of"]


async def test_what_stands_around_is_of_now(newsroom: Newsroom, told: str) -> None:
    response = await as_of(newsroom, told, 2, "&include=related")

    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == "include"
    assert "as_of" in response.json()["detail"]
