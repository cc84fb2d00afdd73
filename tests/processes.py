"""Long-running commands as real processes, each ended by its own id whatever becomes of the test."""

import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.command import PROGRAM, dateline, environment

LIMIT_SECONDS = 60
LAGS = re.compile(r"^dateline_follower_lag_changes\{.*\} (\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Served:
    """A server that is up: what it printed when it started, and where it keeps its log and its database."""

    process: subprocess.Popen[str]
    port: int
    printed: list[str]
    folder: Path
    settings: dict[str, str]

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """Where it writes its log."""
        return self.folder / "serve.log"

    def new_key(self) -> dict[str, str]:
        """A key of its newsroom, as a header."""
        made = dateline("key", "create", "tests", "--scope", "newsroom", folder=self.folder, **self.settings)
        return {"Authorization": f"Bearer {made.out.strip()}"}

    def rest(self) -> None:
        """Returns once those who follow the log inside it have nothing to do: they write to it, too."""
        deadline = time.monotonic() + LIMIT_SECONDS
        while any(lags := map(float, LAGS.findall(httpx.get(f"{self.url}/metrics").text))):
            assert time.monotonic() < deadline, f"followers of the log lag: {list(lags)}"
            time.sleep(0.1)

    def stop(self, told: signal.Signals = signal.SIGTERM) -> int:
        """Its exit status, once it has ended as told."""
        self.process.send_signal(told)
        return self.process.wait(LIMIT_SECONDS)


@contextmanager
def started(
    *arguments: str, folder: Path, program: Sequence[str] = (str(PROGRAM),), **settings: str
) -> Iterator[subprocess.Popen[str]]:
    """`dateline`, or another program like it, with these arguments; its log goes to a file of the folder."""
    log = folder / f"{arguments[0]}.log"
    with (
        log.open("w") as err,
        subprocess.Popen(
            [*program, *arguments],
            cwd=folder,
            env=environment(settings),
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
        ) as process,
    ):
        try:
            yield process
        finally:
            _end(process)


@contextmanager
def serving(
    *options: str, folder: Path, program: Sequence[str] = (str(PROGRAM),), port: str = "", **settings: str
) -> Iterator[Served]:
    """`dateline serve` on a free port or on this one, ready."""
    port = port or str(free_port())
    with started("serve", "--port", port, *options, folder=folder, program=program, **settings) as process:
        assert process.stdout is not None
        printed = [process.stdout.readline().rstrip("\n") for _ in range(3)]
        served = Served(process, int(port), printed, folder, settings)
        try:
            ready = httpx.get(f"{served.url}/readyz", timeout=LIMIT_SECONDS)
        except httpx.TransportError as error:
            raise AssertionError(f"it did not start: {served.log.read_text()}") from error
        assert ready.status_code == 200, ready.text
        yield served


def wait_for_log(log: Path, words: str) -> None:
    """Returns once the log has these words."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while words not in log.read_text():
        assert time.monotonic() < deadline, f"{words!r} was never logged"
        time.sleep(0.02)


def free_port() -> int:
    """A port of this host on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _end(process: subprocess.Popen[str]) -> None:
    """Ask, then insist: a parent that is killed leaves its workers behind."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
