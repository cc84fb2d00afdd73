"""Limits, and what only a real connection shows: refusals that reach the client, streams, torn answers."""

import socket
from collections.abc import Iterator

import httpx
import pytest
from structlog.testing import capture_logs

from app.web.limits import MAX_BODY_BYTES, MAX_URI_BYTES
from tests.web.lint import lint

URL = "/v1/newsroom/things"
JSON = {"Authorization": "Bearer good", "Content-Type": "application/json"}


def chunks(size: int) -> Iterator[bytes]:
    for start in range(0, size, 65_536):
        yield b"x" * min(65_536, size - start)


def slug_of(response: httpx.Response) -> str:
    slug: str = lint(response).json()["type"].rpartition("/")[2]
    return slug


def exchange(port: int, request: bytes) -> bytes:
    """What the server sends for `request` until it closes, or has said one whole answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65_536):
            answer += part
        return answer


@pytest.mark.parametrize("size", [MAX_BODY_BYTES + 1, 8 * MAX_BODY_BYTES])
def test_large_body_is_refused_and_the_answer_arrives(wire: httpx.Client, size: int) -> None:
    response = wire.put("/v1/things/x", content=b"x" * size)
    assert (response.status_code, slug_of(response)) == (413, "body-too-large")


@pytest.mark.parametrize("size", [MAX_BODY_BYTES + 1, 8 * MAX_BODY_BYTES])
@pytest.mark.parametrize(("method", "path"), [("PUT", "/v1/things/x"), ("POST", URL)])
def test_body_of_unsaid_length_is_counted(wire: httpx.Client, method: str, path: str, size: int) -> None:
    response = wire.request(method, path, content=chunks(size), headers=JSON)
    assert (response.status_code, slug_of(response)) == (413, "body-too-large")


def test_connection_serves_on_after_a_refusal(wire: httpx.Client) -> None:
    for content in (b"x" * (4 * MAX_BODY_BYTES), chunks(4 * MAX_BODY_BYTES)):
        assert wire.put("/v1/things/x", content=content).status_code == 413
        assert wire.get("/v1/things/x").status_code == 200


@pytest.mark.parametrize("size", [0, 1, MAX_BODY_BYTES])
def test_body_within_the_limit_is_read_whole(wire: httpx.Client, size: int) -> None:
    assert len(wire.put("/v1/things/x", content=b"x" * size).content) == size
    assert len(wire.put("/v1/things/x", content=chunks(size)).content) == size


def test_stranger_with_a_large_body_is_refused_too(wire: httpx.Client) -> None:
    assert wire.post(URL, content=b"x" * (2 * MAX_BODY_BYTES)).status_code == 413
    assert wire.post(URL, content=chunks(2 * MAX_BODY_BYTES)).status_code == 401


def test_who_asks_before_sending_is_answered_and_let_go(port: int) -> None:
    head = f"PUT /v1/things/x HTTP/1.1\r\nHost: x\r\nContent-Length: {MAX_BODY_BYTES + 1}\r\n"
    answer = exchange(port, head.encode() + b"Expect: 100-continue\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"\r\nconnection: close\r\n" in answer.lower()


@pytest.mark.parametrize("length", [b"9" * 30, b"-1", b"1e9", b""])
def test_absurd_lengths_do_no_harm(port: int, length: bytes) -> None:
    answer = exchange(
        port, b"PUT /v1/things/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " + length + b"\r\n\r\n"
    )
    assert answer.split(b" ", 2)[1] in (b"400", b"413", b"200")


def test_long_address_is_refused(wire: httpx.Client) -> None:
    path = "/v1/things/"
    fits = path + "x" * (MAX_URI_BYTES - len(path) - len("size=1"))
    assert wire.get(fits + "?size=1").status_code == 200
    for url in (fits + "xx?size=1", path + "?" + "x" * MAX_URI_BYTES):
        response = wire.get(url)
        assert (response.status_code, response.json()["type"].rpartition("/")[2]) == (414, "uri-too-long")


def test_head_of_an_endless_stream_ends(wire: httpx.Client) -> None:
    response = wire.head("/v1/endless")
    assert (response.status_code, response.content) == (200, b"")
    assert wire.get("/v1/things/x").status_code == 200


def test_live_stream_is_not_compressed(wire: httpx.Client) -> None:
    with wire.stream("GET", "/v1/endless", headers={"Accept-Encoding": "gzip"}) as response:
        assert "content-encoding" not in response.headers
        assert next(response.iter_bytes()).startswith(b"data: tick")


def test_answer_that_fails_midway_is_cut_and_logged_once(wire: httpx.Client) -> None:
    with capture_logs() as logs, pytest.raises(httpx.RemoteProtocolError):
        wire.get("/v1/torn")
    told = [(entry["event"], entry.get("status")) for entry in logs if entry["path"] == "/v1/torn"]
    assert told == [("request failed", None), ("request", 500)]


def test_client_that_leaves_is_logged_as_gone(wire: httpx.Client) -> None:
    with capture_logs() as logs:
        with wire.stream("GET", "/v1/endless") as response:
            next(response.iter_bytes())
        # Each further answer gives the server a turn to notice; the stream itself has one every hundredth of a second.
        for _ in range(1000):
            if gone := [entry["status"] for entry in logs if entry["path"] == "/v1/endless"]:
                break
            wire.get("/v1/things/x")
    assert set(gone) == {499}


def test_head_over_the_wire_has_the_length_of_get(wire: httpx.Client) -> None:
    get, head = lint(wire.get("/v1/things")), lint(wire.head("/v1/things"))
    assert head.headers["content-length"] == get.headers["content-length"]
    assert head.content == b""
    assert "server" not in get.headers


def test_options_of_the_whole_server(port: int) -> None:
    answer = exchange(port, b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 204 ")
