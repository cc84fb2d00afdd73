"""Corrections over HTTP: in the document, on the card and in the log, beside drafts that say something else."""

from typing import Any

import pytest

from tests.newsroom_client import Newsroom

NOTE = {"severity": "major", "text": "An earlier version gave a wrong number of days."}


async def correct(newsroom: Newsroom, ref: str = "wire-1", **fields: Any) -> Any:
    """The draft after a correction that must succeed."""
    response = await newsroom.send(
        "POST", f"/v1/newsroom/articles/{ref}/correct", NOTE | fields, if_match=await newsroom.etag(ref)
    )
    assert response.status_code == 200, response.text
    return response.json()["data"]


async def test_correction_stands_in_document_card_and_log(newsroom: Newsroom) -> None:
    before = await newsroom.publish("wire-1", headline="Strike ends after eight days", breaking=True)
    after = await correct(newsroom, changes={"headline": "Strike ends after nine days"})
    assert (after["version"], after["has_unpublished_edits"]) == (2, False)
    document = await newsroom.data(f"/v1/articles/{after['id']}")
    assert document["headline"] == "Strike ends after nine days"
    assert document["breaking"] is True
    assert document["slug"] == before["public"]["slug"]
    assert document["corrections"] == [
        NOTE | {"version": 2, "at": document["modified_at"], "previous_headline": "Strike ends after eight days"}
    ]
    assert document["updated_at"] == document["modified_at"] > before["public"]["updated_at"]
    assert document["published_at"] == before["public"]["published_at"]
    (card,) = await newsroom.data("/v1/timeline")
    assert card["corrections"] == document["corrections"]
    changes = await newsroom.data("/v1/changes")
    assert [change["kind"] for change in changes] == ["article.published", "article.corrected"]
    assert changes[1]["version"] == 2


async def test_corrections_stay_through_later_versions(newsroom: Newsroom) -> None:
    await newsroom.publish("wire-1", summary="Eight days.")
    await correct(newsroom, changes={"summary": "Nine days."})
    await correct(newsroom, severity="minor", text="A name was misspelt.")
    document = (await newsroom.publish("wire-1", summary="Nine days, and a night."))["public"]
    corrections = (await newsroom.data(f"/v1/articles/{document['slug']}"))["corrections"]
    assert [(c["version"], c["severity"], c["previous_headline"]) for c in corrections] == [
        (2, "major", None),
        (3, "minor", None),
    ]


async def test_other_edits_of_the_draft_stay_unpublished(newsroom: Newsroom) -> None:
    draft = await newsroom.publish("wire-1", headline="Strike ends", summary="Eight days.", place="Marseille")
    await newsroom.put("wire-1", publish=False, headline="Strike ends at last", summary="Eight days.", place="Toulon")
    after = await correct(newsroom, changes={"summary": "Nine days.", "place": None})
    document = await newsroom.data(f"/v1/articles/{draft['id']}")
    assert (document["headline"], document["summary"], document["place"]) == ("Strike ends", "Nine days.", None)
    assert after["has_unpublished_edits"] is True
    told = after["article"]
    assert (told["headline"], told["summary"], told["place"]) == ("Strike ends at last", "Nine days.", None)
    again = await correct(newsroom, changes={"place": "Marseille"})
    assert again["article"]["headline"] == "Strike ends at last"
    assert (await newsroom.data(f"/v1/articles/{draft['id']}"))["headline"] == "Strike ends"


async def test_correction_of_the_body_replaces_it_in_any_form(newsroom: Newsroom) -> None:
    await newsroom.publish("wire-1", body_html="<p>Eight days.</p>")
    after = await correct(newsroom, changes={"body_text": "Nine days."})
    document = await newsroom.data(f"/v1/articles/{after['id']}")
    assert document["body_html"] == "<p>Nine days.</p>"


async def test_schedule_survives_a_correction(newsroom: Newsroom) -> None:
    draft = await newsroom.publish("wire-1")
    at = {"at": "2090-01-01T00:00:00Z"}
    etag = await newsroom.etag("wire-1")
    await newsroom.send("POST", f"/v1/newsroom/articles/{draft['id']}/publish", at, if_match=etag)
    assert (await correct(newsroom, changes={"summary": "Nine days."}))["scheduled_at"] == at["at"]


async def test_corrected_slug_moves_the_article(newsroom: Newsroom) -> None:
    draft = await newsroom.publish("wire-1", slug="eight-days")
    await correct(newsroom, changes={"slug": "nine-days"})
    moved = await newsroom.get("/v1/articles/eight-days")
    assert (moved.status_code, moved.headers["location"].rpartition("/")[2]) == (308, "nine-days")
    kinds = [change["kind"] for change in await newsroom.data("/v1/changes")]
    assert kinds == ["article.published", "article.moved", "article.corrected"]
    assert (await newsroom.data(f"/v1/articles/{draft['id']}"))["version"] == 2


async def test_the_same_input_again_does_not_undo_a_correction(newsroom: Newsroom) -> None:
    await newsroom.publish("wire-1", summary="Eight days.")
    after = await correct(newsroom, changes={"summary": "Nine days."})
    again = await newsroom.publish("wire-1", summary="Eight days.")
    assert (again["version"], again["article"]["summary"]) == (after["version"], "Nine days.")


async def test_withdrawal_takes_back_the_headline_that_a_correction_quotes(newsroom: Newsroom) -> None:
    draft = await newsroom.publish("wire-1", headline="Minister took bribes")
    await correct(newsroom, changes={"headline": "Minister took gifts"})
    await newsroom.withdraw("wire-1", "legal")
    back = await newsroom.send(
        "POST", "/v1/newsroom/articles/wire-1/publish", {}, if_match=await newsroom.etag("wire-1")
    )
    assert back.status_code == 200
    (correction,) = (await newsroom.data(f"/v1/articles/{draft['id']}"))["corrections"]
    assert (correction["text"], correction["previous_headline"]) == (NOTE["text"], None)


async def test_only_what_is_public_can_be_corrected(newsroom: Newsroom) -> None:
    await newsroom.put("wire-1", publish=False)
    etag = await newsroom.etag("wire-1")
    refused = await newsroom.send("POST", "/v1/newsroom/articles/wire-1/correct", NOTE, if_match=etag)
    assert (refused.status_code, refused.json()["state"]) == (409, "draft")
    await newsroom.publish("wire-1")
    await newsroom.withdraw("wire-1")
    etag = await newsroom.etag("wire-1")
    refused = await newsroom.send("POST", "/v1/newsroom/articles/wire-1/correct", NOTE, if_match=etag)
    assert (refused.status_code, refused.json()["state"]) == (409, "withdrawn")


async def test_correction_wants_the_state_that_was_seen(newsroom: Newsroom) -> None:
    await newsroom.publish("wire-1")
    path = "/v1/newsroom/articles/wire-1/correct"
    assert (await newsroom.send("POST", path, NOTE)).status_code == 428
    stale = await newsroom.send("POST", path, NOTE, if_match='"r-0"')
    assert (stale.status_code, stale.headers["etag"]) == (412, await newsroom.etag("wire-1"))
    unquoted = await newsroom.send("POST", path, NOTE, if_match="r-2")
    assert (unquoted.status_code, "double quotes" in unquoted.json()["detail"]) == (412, True)
    assert (await newsroom.send("POST", "/v1/newsroom/articles/nobody/correct", NOTE, if_match="*")).status_code == 404


@pytest.mark.parametrize(
    ("order", "pointer"),
    [
        ({}, "/severity"),
        (NOTE | {"severity": "grave"}, "/severity"),
        (NOTE | {"text": " "}, "/text"),
        (NOTE | {"changes": {"headline": None}}, "/changes/headline"),
        (NOTE | {"changes": {"headlin": "x"}}, "/changes/headlin"),
        (NOTE | {"changes": {"tags": [{"kind": "place"}]}}, "/changes/tags/0/name"),
        (NOTE | {"changes": {"external_id": "wire-2"}}, "/changes/external_id"),
        (NOTE | {"changes": {"published_at": None}}, "/changes/published_at"),
        (NOTE | {"note": "x"}, "/note"),
    ],
)
async def test_bad_correction_is_named_by_its_place(newsroom: Newsroom, order: Any, pointer: str) -> None:
    await newsroom.publish("wire-1")
    refused = await newsroom.send("POST", "/v1/newsroom/articles/wire-1/correct", order, if_match="*")
    assert refused.status_code == 422
    assert pointer in [fault["pointer"] for fault in refused.json()["errors"]]
    assert (await newsroom.data("/v1/timeline"))[0]["version"] == 1
