"""What surrounds every route: ids and log lines, CORS, security, HEAD and compression."""

import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
import structlog
from fastapi import FastAPI
from structlog.testing import capture_logs

from tests.web.lint import lint
from tests.web.sample import make_app

pytestmark = pytest.mark.anyio

PUBLIC = [
    "/v1/things",
    "/v1/things/x",
    "/v1/things/missing",
    "/v1/things/boom",
    "/v1/things/busy",
    "/nope",
    "/",
    "/docs",
]
GOOD = {"Authorization": "Bearer good"}


@pytest.fixture(autouse=True)
def whispers() -> Iterator[None]:
    """Lines of every level are made, whatever the level was that another test set."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG))
    yield
    structlog.configure(**before)


async def line_of(client: httpx.AsyncClient, method: str, path: str, **options: Any) -> dict[str, Any]:
    with capture_logs() as logs:
        await client.request(method, path, **options)
    lines = [dict(entry) for entry in logs if entry["event"] == "request"]
    assert len(lines) == 1
    return lines[0]


async def test_every_request_has_one_line(client: httpx.AsyncClient) -> None:
    line = await line_of(client, "GET", "/v1/things/x?size=1", headers={"X-Request-Id": "abc-1"})
    assert line.pop("duration_ms") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "path": "/v1/things/x",
        "status": 200,
        "bytes": 33,
        "request_id": "abc-1",
        "client": "127.0.0.1",
    }


async def test_line_names_the_key_and_keeps_queries_and_bodies_to_itself(client: httpx.AsyncClient) -> None:
    line = await line_of(client, "POST", "/v1/newsroom/things?secret=1", headers=GOOD, content=b'{"name": "secret"}')
    assert (line["key"], line["status"]) == ("desk", 415)
    assert "secret" not in str(line)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/things/boom", 500), ("HEAD", "/v1/things", 200), ("GET", "/nope", 404), ("OPTIONS", "/", 204)],
)
async def test_line_has_what_the_client_got(client: httpx.AsyncClient, method: str, path: str, status: int) -> None:
    line = await line_of(client, method, path)
    assert (line["method"], line["status"]) == (method, status)


async def test_health_checks_are_whispered(client: httpx.AsyncClient) -> None:
    assert (await line_of(client, "GET", "/healthz"))["log_level"] == "debug"


@pytest.mark.parametrize("given", ["abc", "A.b_c-9", "x" * 128])
async def test_given_id_is_kept(client: httpx.AsyncClient, given: str) -> None:
    assert (await client.get("/", headers={"X-Request-Id": given})).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "a\x00", "é", "a\tb", "<b>"])
async def test_other_ids_are_replaced(client: httpx.AsyncClient, given: str) -> None:
    answered = (await client.get("/", headers=[(b"X-Request-Id", given.encode())])).headers["x-request-id"]
    assert UUID(answered).version == 7


@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("headers", [{}, {"Origin": "https://partner.example"}])
async def test_public_answers_are_open_to_every_origin(
    client: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    response = await client.get(path, headers=headers)
    assert response.headers.get_list("access-control-allow-origin") == ["*"]
    assert "Dateline-Seq" in response.headers["access-control-expose-headers"]


async def test_304_is_open_too(client: httpx.AsyncClient) -> None:
    etag = (await client.get("/v1/things")).headers["etag"]
    response = lint(await client.get("/v1/things", headers={"If-None-Match": etag}))
    assert response.status_code == 304
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["vary"] == "Accept-Encoding"


async def test_preflight_allows_reading(client: httpx.AsyncClient) -> None:
    headers = {"Origin": "https://partner.example", "Access-Control-Request-Method": "GET"}
    response = lint(await client.options("/v1/things", headers=headers))
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in response.headers["access-control-allow-headers"]
    assert int(response.headers["access-control-max-age"]) > 0


@pytest.mark.parametrize(
    ("path", "allow"), [("/v1/things", "GET, HEAD, OPTIONS"), ("/v1/things/x", "GET, HEAD, PUT, OPTIONS")]
)
async def test_plain_options_tells_the_methods(client: httpx.AsyncClient, path: str, allow: str) -> None:
    response = lint(await client.options(path))
    assert (response.status_code, response.headers["allow"]) == (204, allow)


async def test_options_of_nothing_is_not_found(client: httpx.AsyncClient) -> None:
    assert (await client.options("/nope")).status_code == 404


@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/newsroom/things"), ("GET", "/v1/newsroom/nope")])
async def test_newsroom_is_closed_to_other_origins(client: httpx.AsyncClient, method: str, path: str) -> None:
    response = lint(await client.request(method, path, headers={"Origin": "https://evil.example"}))
    assert not [name for name in response.headers if name.startswith("access-control-")]
    assert response.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("path", [*PUBLIC, "/v1/newsroom/long", "/problems"])
async def test_every_answer_is_secured_once(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    expected = ["x-content-type-options", "referrer-policy", "content-security-policy", "strict-transport-security"]
    assert all(len(headers.get_list(name)) == 1 for name in [*expected, "cache-control"])
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


async def test_what_says_nothing_of_caches_is_not_stored(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/things/x")).headers["cache-control"] == "no-store"


async def test_plain_http_promises_no_transport_security() -> None:
    transport = httpx.ASGITransport(make_app(api_url="http://127.0.0.1:8000"))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        assert "strict-transport-security" not in (await client.get("/")).headers


@pytest.mark.parametrize("coding", ["zstd", "br", "gzip"])
async def test_public_answers_are_compressed_as_asked(client: httpx.AsyncClient, coding: str) -> None:
    plain = lint(await client.get("/v1/things", headers={"Accept-Encoding": "identity"}))
    response = lint(await client.get("/v1/things", headers={"Accept-Encoding": coding}))
    assert response.headers["content-encoding"] == coding
    assert int(response.headers["content-length"]) < int(plain.headers["content-length"])
    assert response.content == plain.content
    for answer in (plain, response):
        assert answer.headers.get_list("vary") == ["Accept-Encoding"]
        assert answer.headers["etag"] == plain.headers["etag"]


@pytest.mark.parametrize("path", [path for path in PUBLIC if path != "/"])
async def test_short_answers_and_errors_vary_too(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).headers["vary"] == "Accept-Encoding"


async def test_newsroom_is_never_compressed(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/newsroom/long", headers={"Accept-Encoding": "gzip, br, zstd"})
    assert "content-encoding" not in response.headers
    assert response.headers["etag"] == '"r-3"'


@pytest.mark.parametrize("coding", ["identity", "gzip", "zstd"])
@pytest.mark.parametrize("path", ["/v1/things", "/v1/things/x", "/", "/docs", "/openapi.json", "/problems", "/nope"])
async def test_head_is_get_without_content(client: httpx.AsyncClient, path: str, coding: str) -> None:
    headers = {"Accept-Encoding": coding, "X-Request-Id": "same"}
    get, head = await client.get(path, headers=headers), lint(await client.head(path, headers=headers))
    assert head.status_code == get.status_code
    assert dict(head.headers) == dict(get.headers)
    assert head.content == b""


async def test_head_is_conditional_too(client: httpx.AsyncClient) -> None:
    etag = (await client.get("/v1/things")).headers["etag"]
    assert (await client.head("/v1/things", headers={"If-None-Match": etag})).status_code == 304


async def test_other_connections_pass_through(app: FastAPI) -> None:
    started: list[str] = []

    async def receive() -> dict[str, str]:
        return {"type": "lifespan.startup" if not started else "lifespan.shutdown"}

    async def send(message: Any) -> None:
        started.append(message["type"])

    await app({"type": "lifespan", "state": {}, "asgi": {"version": "3.0"}}, receive, send)
    assert started == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
