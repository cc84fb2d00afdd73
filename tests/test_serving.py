"""`dateline serve` and `dateline work` as real processes: how they start, what they print, how they end."""

import json
import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from app import serving as app_serving
from app.core.clock import format_instant, parse_instant, utc_now
from app.settings import Settings
from tests.command import Finished, dateline
from tests.newsroom_client import article
from tests.processes import LIMIT_SECONDS, Served, serving, started, wait_for_log


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A first start on a database that does not exist yet, with the sample newsroom."""
    with serving("--sample", folder=tmp_path_factory.mktemp("sampled")) as served:
        yield served


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
        ("localhost", "http://localhost:8000"),
    ],
)
def test_address_is_one_that_this_machine_can_open(host: str, address: str) -> None:
    assert app_serving.address(host, 8000) == address


def test_start_prints_three_addresses_that_answer(sampled: Served) -> None:
    addresses = [line.split()[-1] for line in sampled.printed]
    assert [line.split("  ")[0] for line in sampled.printed] == ["the page", "latest", "the docs"]
    assert all(address.startswith(f"{sampled.url}/") for address in addresses)
    assert [httpx.get(address).status_code for address in addresses] == [200, 200, 200]
    page = httpx.get(addresses[0]).json()
    assert page["included"]["related"]
    assert len(page["included"]["timeline"]) >= 10


def test_links_lead_to_the_port_it_listens_on(sampled: Served) -> None:
    older = httpx.get(f"{sampled.url}/v1/timeline?limit=1", headers={"Host": "elsewhere.example"}).json()["links"][
        "older"
    ]
    assert older.startswith(f"{sampled.url}/v1/timeline?")
    assert httpx.get(older).status_code == 200


def test_sample_is_served(sampled: Served) -> None:
    lines = httpx.get(f"{sampled.url}/v1/articles?limit=100").json()["data"]
    assert len(lines) >= 60


def test_log_is_one_json_line_for_each_event(sampled: Served) -> None:
    httpx.get(f"{sampled.url}/v1/timeline?tag=private", headers={"X-Request-Id": "seen-by-the-test"})
    wait_for_log(sampled.log, "seen-by-the-test")
    events = [json.loads(line) for line in sampled.log.read_text().splitlines()]
    assert all({"event", "level", "timestamp", "logger"} <= event.keys() for event in events)
    (seen,) = [event for event in events if event.get("request_id") == "seen-by-the-test"]
    assert (seen["event"], seen["method"], seen["path"], seen["status"]) == ("request", "GET", "/v1/timeline", 200)
    assert "private" not in sampled.log.read_text()


def test_scheduled_article_is_released_by_the_loop_inside(sampled: Served) -> None:
    key = sampled.new_key()
    due = schedule(sampled, key, after_seconds=0.5)
    wait_until_published(sampled, key)
    (card,) = httpx.get(f"{sampled.url}/v1/timeline?limit=1").json()["data"]
    assert parse_instant(card["published_at"]) > due


def test_port_in_use_is_told_in_one_line_before_anything_is_done(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        finished = dateline("serve", "--sample", "--port", str(port), folder=tmp_path)
    line = f"dateline: cannot listen on port {port} of 127.0.0.1: Address already in use\n"
    assert finished == Finished(1, "", line)
    assert dateline("export", folder=tmp_path).out == '{"seq":0}\n'


def test_impossible_host_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(app_serving.CannotListen, match=r"^cannot listen on port 1 of nowhere\.invalid: [^\n]+$"):
        app_serving.listening("nowhere.invalid", 1)


def test_second_start_changes_nothing(sampled: Served) -> None:
    sampled.rest()
    before = dateline("export", folder=sampled.folder).out
    with serving("--sample", folder=sampled.folder) as second:
        assert httpx.get(f"{second.url}/v1/articles?limit=100").json()["data"]
        assert second.stop(signal.SIGINT) == 0
    assert "Traceback" not in second.log.read_text()
    assert before.count("\n") > 60
    assert dateline("export", folder=sampled.folder).out == before


def test_several_processes_serve_and_stop_together(tmp_path: Path, database_url: str) -> None:
    with serving("--workers", "2", "--sample", folder=tmp_path, database_url=database_url) as served:
        served.rest()
        answers = [httpx.get(f"{served.url}/v1/timeline?limit=5") for _ in range(8)]
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.headers["etag"] for answer in answers}) == 1
        assert served.stop() == 0
    workers = re.findall(r"Started server process \[(\d+)\]", served.log.read_text())
    assert len(workers) == 2
    for pid in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)
    assert "Traceback" not in served.log.read_text()


def test_what_is_under_way_is_finished_and_nobody_else_is_waited_for(tmp_path: Path) -> None:
    body = json.dumps(article()).encode()
    with serving(folder=tmp_path, shutdown_seconds="2") as served, ExitStack() as connections:
        head = upload_head(served, length=len(body))
        idle, silent, stuck, slow = (connections.enter_context(connect(served)) for _ in range(4))
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert idle.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")
        silent.sendall(b"GET /v1/timeline HTTP/1.1\r\n")
        stuck.sendall(head + body[:10])
        slow.sendall(head + body[:10])
        served.process.send_signal(signal.SIGTERM)
        wait_for_log(served.log, "Shutting down")
        slow.sendall(body[10:])
        assert slow.recv(100).startswith(b"HTTP/1.1 201 Created\r\n")
        assert served.process.wait(LIMIT_SECONDS) == 0


def test_loops_alone_release_what_a_server_without_them_does_not(tmp_path: Path, postgres_url: str) -> None:
    with serving("--no-worker", folder=tmp_path, database_url=postgres_url) as served:
        key = served.new_key()
        due = schedule(served, key, after_seconds=2)
        while utc_now() < due + timedelta(seconds=0.5):
            time.sleep(0.05)
        assert state(served, key) == "scheduled"
        with started("work", folder=tmp_path, database_url=postgres_url) as loops:
            wait_until_published(served, key)
            loops.send_signal(signal.SIGTERM)
            assert loops.wait(LIMIT_SECONDS) == 0
    assert "Traceback" not in (tmp_path / "work.log").read_text()


def test_empty_database_has_three_addresses_too(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    app_serving.introduce(Settings(database_url=sqlite_url, api_url="https://api.newsroom.example"), with_sample=False)
    assert [line.split()[-1] for line in capsys.readouterr().out.splitlines()] == [
        "https://api.newsroom.example/v1/articles",
        "https://api.newsroom.example/v1/timeline",
        "https://api.newsroom.example/docs",
    ]


def connect(served: Served) -> socket.socket:
    """A bare connection."""
    return socket.create_connection(("127.0.0.1", served.port), timeout=LIMIT_SECONDS)


def upload_head(served: Served, *, length: int) -> bytes:
    """The head of a PUT whose body is yet to come."""
    fields = {"Host": "127.0.0.1", "Content-Type": "application/json", "Content-Length": str(length)}
    lines = [f"{name}: {value}" for name, value in (fields | served.new_key()).items()]
    return "\r\n".join(["PUT /v1/newsroom/articles/wire-1 HTTP/1.1", *lines, "", ""]).encode()


def schedule(served: Served, key: dict[str, str], *, after_seconds: float) -> datetime:
    """When the article that this schedules is due."""
    due = utc_now() + timedelta(seconds=after_seconds)
    body = article(published_at=format_instant(due))
    answer = httpx.put(f"{served.url}/v1/newsroom/articles/wire-soon?publish=true", json=body, headers=key)
    assert answer.json()["data"]["state"] == "scheduled"
    return due


def state(served: Served, key: dict[str, str]) -> str:
    """Where the article stands."""
    answer = httpx.get(f"{served.url}/v1/newsroom/articles/wire-soon", headers=key)
    return str(answer.json()["data"]["state"])


def wait_until_published(served: Served, key: dict[str, str]) -> None:
    """Returns once the article is public."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while state(served, key) != "published":
        assert time.monotonic() < deadline, "it was never released"
        time.sleep(0.05)
