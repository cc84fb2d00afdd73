"""Bad requests over HTTP: each is answered with its problem, and leaves not a row behind."""

import json
from typing import Any

import httpx
import pytest

from tests.newsroom.bad_input import ID, INVALID
from tests.newsroom_client import Newsroom, article
from tests.press import Press

API = "https://api.newsroom.example"
PATH = "/v1/newsroom/articles/wire-1?publish=true"
JSON = {"content-type": "application/json"}
GOOD = json.dumps(article())
MEBIBYTE = 2**20

# What is tested here does not reach the database, or only to be looked at: one will do.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def press_of(newsroom: Newsroom) -> Press:
    return Press(newsroom.app.state.database)


def problem(response: httpx.Response) -> tuple[int, str]:
    """The status of a failure and its cause."""
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == response.status_code
    return response.status_code, response.json()["type"].removeprefix(f"{API}/problems/")


async def put_raw(newsroom: Newsroom, content: str | bytes, path: str = PATH, **headers: str) -> httpx.Response:
    """PUT these very bytes."""
    sent = newsroom.authorization | (JSON | {name.replace("_", "-"): value for name, value in headers.items()})
    return await newsroom.client.put(path, content=content, headers={k: v for k, v in sent.items() if v})


async def test_invalid_input_is_named_and_leaves_nothing(newsroom: Newsroom) -> None:
    rows = await press_of(newsroom).rows()
    for fields, pointer in INVALID:
        response = await newsroom.put("wire-1", **fields)
        assert problem(response) == (422, "invalid-body"), fields
        assert [error["pointer"] for error in response.json()["errors"]] == [pointer], fields
        assert len(response.content) < 4000
    assert await press_of(newsroom).rows() == rows
    assert (await newsroom.get("/v1/timeline")).headers["dateline-seq"] == "0"


async def test_missing_fields_are_named(newsroom: Newsroom) -> None:
    response = await newsroom.send("PUT", PATH, {})
    assert problem(response) == (422, "invalid-body")
    assert {error["pointer"] for error in response.json()["errors"]} == {"/language", "/headline"}


async def test_unreadable_body_is_malformed(newsroom: Newsroom) -> None:
    rows = await press_of(newsroom).rows()
    bodies: list[str | bytes] = [
        GOOD[:-1],
        "{",
        "not json",
        "{'language': 'en'}",
        GOOD + "x",
        GOOD.replace("{", '{"language": "fr", ', 1),
        GOOD.replace('"en"', "NaN"),
        GOOD.replace('"en"', "1e999"),
        GOOD.replace('"en"', r'"\ud800"'),
        GOOD.encode("utf-16"),
        b'{"language": "en", "headline": "\xff\xfe"}',
        "[" * 200 + "]" * 200,
    ]
    for body in bodies:
        assert problem(await put_raw(newsroom, body)) == (400, "malformed-body"), body
    nul = await put_raw(newsroom, GOOD.replace("Harbour", r"Har\u0000bour"))
    assert (problem(nul), nul.json()["errors"][0]["pointer"]) == ((422, "invalid-body"), "/headline")
    assert await press_of(newsroom).rows() == rows


async def test_malformed_body_is_located(newsroom: Newsroom) -> None:
    told = (await put_raw(newsroom, '{\n  "language": "en"\n  "headline": "x"\n}')).json()
    assert (told["line"], told["column"]) == (3, 3)


async def test_body_of_another_type_is_not_read(newsroom: Newsroom) -> None:
    rows = await press_of(newsroom).rows()
    for declared in ("", "text/plain", "text/json", "application/xml", "application/merge-patch+json"):
        response = await put_raw(newsroom, GOOD, content_type=declared)
        assert problem(response) == (415, "unsupported-media-type"), declared
        assert response.headers["accept"] == "application/json"
    for refused in (
        await put_raw(newsroom, GOOD, content_type="application/json; charset=utf-16"),
        await put_raw(newsroom, GOOD, content_encoding="gzip"),
        await newsroom.client.post(
            "/v1/newsroom/articles", content=GOOD, headers=newsroom.authorization | {"content-type": "text/plain"}
        ),
    ):
        assert problem(refused) == (415, "unsupported-media-type")
    assert await press_of(newsroom).rows() == rows
    assert (await put_raw(newsroom, GOOD, content_type="application/json; charset=UTF-8")).status_code == 201


async def test_missing_body_is_said(newsroom: Newsroom) -> None:
    for content_type in ("", "application/json"):
        assert problem(await put_raw(newsroom, b"", content_type=content_type)) == (422, "invalid-body")


async def test_two_mebibytes_are_the_limit(newsroom: Newsroom) -> None:
    rows = await press_of(newsroom).rows()
    text = json.dumps(article(body_text="x"))
    fitting = text.replace('"x"', '"' + "x" * (2 * MEBIBYTE - len(text) + 1) + '"')
    assert len(fitting) == 2 * MEBIBYTE

    async def chunks() -> Any:
        for start in range(0, len(fitting) + 2, MEBIBYTE):
            yield (fitting + "  ").encode()[start : start + MEBIBYTE]

    assert problem(await put_raw(newsroom, fitting + " ")) == (413, "body-too-large")
    unannounced = await newsroom.client.put(PATH, content=chunks(), headers=newsroom.authorization | JSON)
    assert problem(unannounced) == (413, "body-too-large")
    assert await press_of(newsroom).rows() == rows
    assert (await put_raw(newsroom, fitting)).status_code == 201


async def test_largest_bodies_of_every_form_are_taken_or_refused_whole(newsroom: Newsroom) -> None:
    rows = await press_of(newsroom).rows()
    for body, status in (
        ({"body_html": "<p>x</p>" * 10_001}, 422),
        ({"body_text": "x\n\n" * 10_001}, 422),
        ({"body_html": "<b>" * 100_000}, 201),
    ):
        response = await newsroom.put(f"wire-{status}-{len(str(body))}", publish=False, **body)
        assert response.status_code == status
        if status == 422:
            assert await press_of(newsroom).rows() == rows


async def test_bad_address_is_refused(newsroom: Newsroom) -> None:
    rows = await press_of(newsroom).rows()
    for external_id in (ID, ID.upper(), "%20wire", "a%20%20b"):
        response = await newsroom.put(external_id)
        assert problem(response) == (422, "invalid-body"), external_id
        assert response.json()["errors"][0]["parameter"] == "external_id"
    differing = await newsroom.put("wire-1", external_id="wire-2")
    assert (problem(differing), differing.json()["errors"][0]["pointer"]) == ((422, "invalid-body"), "/external_id")
    for path, status, cause in (
        ("/v1/newsroom/articles/" + "x" * 201, 400, "bad-parameter"),
        ("/v1/newsroom/articles", 400, "bad-parameter"),
        ("/v1/newsroom/articles?external_id=", 400, "bad-parameter"),
        ("/v1/newsroom/articles/a%00b", 404, "not-found"),
        ("/v1/newsroom/articles/a/b/c", 404, "not-found"),
        (f"{PATH}&publish=true", 400, "bad-parameter"),
        ("/v1/newsroom/articles/wire-1?publish=yes", 400, "bad-parameter"),
        ("/v1/newsroom/articles/wire-1?publsh=true", 400, "unknown-parameter"),
    ):
        assert problem(await put_raw(newsroom, GOOD, path)) == (status, cause), path
    assert problem(await newsroom.send("DELETE", "/v1/newsroom/articles/wire-1")) == (405, "method-not-allowed")
    assert await press_of(newsroom).rows() == rows


async def test_refused_change_leaves_a_public_article_as_it_was(newsroom: Newsroom) -> None:
    id = (await newsroom.publish("wire-1", tags=[{"name": "Ports"}]))["id"]
    await newsroom.publish("wire-2", slug="taken", headline="Other")
    rows, before = await press_of(newsroom).rows(), await newsroom.get(f"/v1/articles/{id}")
    assert (await newsroom.put("wire-1", slug="taken", tags=[{"name": "New"}], section="new")).status_code == 409
    assert (await newsroom.put("wire-1", headline="")).status_code == 422
    assert await press_of(newsroom).rows() == rows
    after = await newsroom.get(f"/v1/articles/{id}")
    assert (after.content, after.headers["dateline-seq"]) == (before.content, before.headers["dateline-seq"])
