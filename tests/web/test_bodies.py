"""Bodies: who may send them, as what, and what counts as JSON."""

import json
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidBody, MalformedBody
from app.web.bodies import parse_json
from tests.web.lint import lint

pytestmark = pytest.mark.anyio

GOOD = {"Authorization": "Bearer good"}
JSON = {**GOOD, "Content-Type": "application/json"}
URL = "/v1/newsroom/things"
WELL = b'{"name": "harbour"}'


def slug_of(response: httpx.Response) -> str:
    slug: str = lint(response).json()["type"].rpartition("/")[2]
    return slug


@pytest.mark.parametrize("body", [b"", b"{", b'{"name": 5}', b"\xff", WELL])
@pytest.mark.parametrize(("key", "status"), [(None, 401), ("Bearer wrong", 401), ("Bearer weak", 403)])
async def test_stranger_learns_nothing_about_bodies(
    client: httpx.AsyncClient, key: str | None, status: int, body: bytes
) -> None:
    headers = {"Authorization": key} if key else {}
    response = lint(await client.post(URL + "?unknown=1", headers=headers, content=body))
    assert response.status_code == status
    assert ("www-authenticate" in response.headers) == (status == 401)


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON", "application/json; charset=utf-8", 'application/json;charset="UTF-8"'],
)
async def test_json_is_read(client: httpx.AsyncClient, content_type: str) -> None:
    response = await client.post(URL, headers={**GOOD, "Content-Type": content_type}, content=WELL)
    assert (response.status_code, response.json()["data"]["name"]) == (201, "harbour")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/merge-patch+json"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {"Content-Type": "nonsense"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ],
)
async def test_other_types_are_refused(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    response = await client.post(URL, headers={**GOOD, **headers}, content=WELL)
    assert (response.status_code, slug_of(response)) == (415, "unsupported-media-type")
    assert response.headers["accept"] == "application/json"


@pytest.mark.parametrize(
    ("content_type", "status"),
    [("application/merge-patch+json", 200), ("application/json", 200), ("text/json", 415)],
)
async def test_type_that_the_route_declares_is_read(client: httpx.AsyncClient, content_type: str, status: int) -> None:
    headers = {**GOOD, "Content-Type": content_type}
    response = await client.patch(f"{URL}/x", headers=headers, content=WELL)
    assert response.status_code == status
    if status == 415:
        assert response.headers["accept-patch"] == "application/merge-patch+json, application/json"


@pytest.mark.parametrize("headers", [GOOD, JSON])
async def test_empty_body_is_missing_whatever_its_type(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    response = await client.post(URL, headers=headers)
    assert (response.status_code, slug_of(response)) == (422, "invalid-body")
    assert response.json()["errors"] == [{"pointer": "", "detail": "A JSON body is required"}]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nonsense",
        b"{'name': 'x'}",
        b'{"name": "x",}',
        b'{"name": "x"} {}',
        b'{"name": "x", "name": "y"}',
        b'{"name": NaN}',
        b'{"name": -Infinity}',
        b'{"name": 1e999}',
        b'{"name": ' + b"9" * 5000 + b"}",
        b'{"name": "\\ud800"}',
        b'{"\\udc00": "x"}',
        b'{"name": "\x01"}',
        b'{"name": "\xff"}',
        '{"name": "x"}'.encode("utf-16"),
        b"[" * 100_000,
        b"[" * 500 + b"]" * 500,
        b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
        b"[" * 101 + b"]" * 101,
    ],
    ids=lambda body: repr(body[:24]),
)
async def test_what_is_not_plain_json_is_malformed(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post(URL, headers=JSON, content=body)
    assert (response.status_code, slug_of(response)) == (400, "malformed-body")
    assert len(response.content) < 600


async def test_place_of_the_mistake_is_given(client: httpx.AsyncClient) -> None:
    problem = (await client.post(URL, headers=JSON, content=b'{\n  "name": x\n}')).json()
    assert (problem["line"], problem["column"]) == (2, 11)
    assert problem["detail"] == "The body is not JSON: Expecting value at line 2, column 11."


async def test_nul_is_refused_with_its_place(client: httpx.AsyncClient) -> None:
    body = {"name": "x", "body": [{"type": "paragraph", "html": "a\0b"}]}
    response = await client.post(URL, headers=JSON, content=json.dumps(body))
    assert response.status_code == 422
    assert response.json()["errors"] == [{"pointer": "/body/0/html", "detail": "The character NUL is not allowed"}]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"name": 5}, ["/name"]),
        ({}, ["/name"]),
        ({"name": "x", "colour": "red"}, ["/colour"]),
        ({"name": "x", "body": [{"type": "image", "image": "x", "width": "1"}]}, ["/body/0/width"]),
        ([], [""]),
        ("name", [""]),
        (None, [""]),
    ],
)
async def test_wrong_content_is_invalid_with_pointers(
    client: httpx.AsyncClient, body: Any, pointers: list[str]
) -> None:
    response = await client.post(URL, headers=JSON, content=json.dumps(body))
    assert (response.status_code, slug_of(response)) == (422, "invalid-body")
    assert [error["pointer"] for error in response.json()["errors"]] == pointers


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(VALUES | st.text())
def test_json_comes_in_as_it_was(value: Any) -> None:
    if "\\u0000" not in (text := json.dumps(value)):
        assert parse_json(text.encode()) == value
        assert parse_json(b"\xef\xbb\xbf" + json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=60) | st.text('[]{}",:\\ud80 ntrue1e9-.', max_size=60).map(lambda t: t.encode()))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(MalformedBody, InvalidBody):
        parse_json(body)


def test_hundred_levels_are_enough_for_anybody() -> None:
    assert parse_json(b"[" * 100 + b"]" * 100)
    with pytest.raises(MalformedBody):
        parse_json(b"[" * 101 + b"]" * 101)


def test_escaped_pairs_are_characters() -> None:
    assert parse_json(b'"\\ud83d\\ude00"') == "\N{GRINNING FACE}"
