"""The stream over real connections to real processes: resuming, leaving, a last place, and the end of the service."""

import json
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.newsroom_client import article
from tests.processes import Served, serving

LIMIT_SECONDS = 30


@contextmanager
def connected(served: Served, path: str) -> Iterator[socket.socket]:
    """A connection with a request on its way."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=LIMIT_SECONDS) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        yield connection


def read_until(connection: socket.socket, words: bytes) -> bytes:
    """What comes, until these words have come."""
    got = b""
    while words not in got:
        some = connection.recv(65536)
        assert some, f"closed before {words!r}: {got!r}"
        got += some
    return got


def publish(served: Served, client: httpx.Client, key: dict[str, str], name: str) -> None:
    """An article more."""
    url = f"{served.url}/v1/newsroom/articles/{name}?publish=true"
    assert client.put(url, json=article(headline=name), headers=key).status_code == 201


def changes(response: httpx.Response, count: int) -> list[int]:
    """The numbers of the next changes of a stream."""
    found: list[int] = []
    for line in response.iter_lines():
        if line.startswith("data: "):
            found.append(json.loads(line.removeprefix("data: "))["seq"])
        if len(found) == count:
            break
    return found


def test_stream_is_resumed_without_a_gap_by_another_process(tmp_path: Path, database_url: str) -> None:
    seen: list[int] = []
    with serving("--workers", "2", folder=tmp_path, database_url=database_url) as served, httpx.Client() as client:
        key = served.new_key()
        for n in range(4):
            resume = {"Last-Event-ID": str(len(seen))}
            with client.stream("GET", f"{served.url}/v1/stream?after=0", headers=resume) as stream:
                assert (stream.status_code, stream.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
                assert "content-encoding" not in stream.headers
                publish(served, client, key, f"live-{n}")
                seen += changes(stream, 2 if n else 1)
            publish(served, client, key, f"missed-{n}")
        assert served.stop() == 0
    assert seen == list(range(1, 8))


def test_client_that_leaves_gives_its_place_back(tmp_path: Path) -> None:
    with serving(folder=tmp_path, streams_per_client="1") as served:
        with connected(served, "/v1/stream") as first:
            assert read_until(first, b"retry: 2000\n\n").startswith(b"HTTP/1.1 200 OK\r\n")
            refused = httpx.get(f"{served.url}/v1/stream")
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "10")
            assert httpx.get(f"{served.url}/v1/changes").status_code == 200
        deadline = time.monotonic() + LIMIT_SECONDS
        while status(served) == 429:
            assert time.monotonic() < deadline, "the place was not given back"
            time.sleep(0.02)
        for _ in range(5):
            assert httpx.head(f"{served.url}/v1/stream").status_code in (200, 429)
    assert "Traceback" not in served.log.read_text()


def status(served: Served) -> int:
    """How a stream is answered now."""
    with httpx.stream("GET", f"{served.url}/v1/stream") as stream:
        return stream.status_code


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_streams_and_polls_do_not_hold_up_the_end(tmp_path: Path, told: signal.Signals) -> None:
    with serving(folder=tmp_path, shutdown_seconds="60") as served, ExitStack() as connections:
        stream = connections.enter_context(connected(served, "/v1/stream"))
        read_until(stream, b"retry: 2000\n\n")
        polls = [connections.enter_context(connected(served, f"/v1/changes?wait={n}")) for n in (24, 25)]
        assert httpx.get(f"{served.url}/readyz").status_code == 200
        served.process.send_signal(told)
        assert all(read_until(poll, b'"data":[]').startswith(b"HTTP/1.1 200 OK\r\n") for poll in polls)
        assert stream.recv(100) == b"0\r\n\r\n"
        assert served.process.wait(15) == 0
    assert "Traceback" not in served.log.read_text()
