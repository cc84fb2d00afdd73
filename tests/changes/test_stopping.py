"""Whoever waits for the log is sent home as soon as the process is told to stop."""

import asyncio
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import anyio
import pytest

from app.web.stopping import when_told_to_stop
from tests.processes import Served, serving

PATIENT = (sys.executable, str(Path(__file__).with_name("patient_server.py")))
LIMIT_SECONDS = 20
SETTLE_SECONDS = 0.5
WAITING = 4


@pytest.mark.parametrize("workers", ["1", "2"])
def test_waiting_readers_do_not_hold_up_the_end(workers: str, tmp_path: Path) -> None:
    with ExitStack() as connections:
        server = serving("--workers", workers, folder=tmp_path, program=PATIENT, shutdown_seconds="60")
        served = connections.enter_context(server)
        readers = [connections.enter_context(wait_for_the_log(served)) for _ in range(WAITING)]
        time.sleep(SETTLE_SECONDS)  # that a server has begun to wait shows nowhere outside
        served.process.send_signal(signal.SIGTERM)
        assert [reader.recv(12) for reader in readers] == [b"HTTP/1.1 503"] * WAITING
        assert served.process.wait(LIMIT_SECONDS) == 0
    log = served.log.read_text()
    assert "Traceback" not in log
    assert "timeout graceful shutdown exceeded" not in log


def wait_for_the_log(served: Served) -> socket.socket:
    """A connection whose request is for what is not there yet."""
    connection = socket.create_connection(("127.0.0.1", served.port), timeout=LIMIT_SECONDS)
    connection.sendall(b"GET /v1/timeline?min_seq=9 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    return connection


@pytest.fixture
def heard_by_the_server() -> Iterator[list[int]]:
    """The signals that reach what a server installed."""
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _frame: heard.append(number))
    yield heard
    signal.signal(signal.SIGTERM, before)


async def test_server_hears_what_we_hear(heard_by_the_server: list[int], anyio_backend: str) -> None:
    installed, told = signal.getsignal(signal.SIGTERM), asyncio.Event()
    with when_told_to_stop(told.set):
        signal.raise_signal(signal.SIGTERM)
        with anyio.fail_after(LIMIT_SECONDS):
            await told.wait()
        assert heard_by_the_server == [signal.SIGTERM]
    assert signal.getsignal(signal.SIGTERM) is installed


def test_other_threads_leave_signals_alone(heard_by_the_server: list[int]) -> None:
    installed, seen = signal.getsignal(signal.SIGTERM), []

    async def look() -> None:
        with when_told_to_stop(lambda: None):
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = Thread(target=lambda: asyncio.run(look()))
    thread.start()
    thread.join()
    assert seen == [installed]
