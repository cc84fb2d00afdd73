"""What a request costs the service, relative to bare uvicorn: rounds of load on each in turn, and their medians."""

import os
import re
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from subprocess import Popen

import httpx

from app.core import heap
from tests.bench.bare import Answer
from tests.bench.meters import Meter, megabytes, threads_seconds
from tests.bench.reading import Read
from tests.bench.wrk import Wrk
from tests.command import PROGRAM
from tests.processes import Served, free_port, serving

SERVER_CORE, LOAD_CORE = 0, 1
START_SECONDS = 30
MOST_FILLINGS = 10
FULL = 0.95
EDGE_BYTES = re.compile(r"^dateline_edge_(bytes|max_bytes) (\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Effort:
    """How long is measured."""

    rounds: int
    seconds: int
    warming_seconds: int = 1


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of one request, and requests a second: medians."""

    server: float
    database: float
    per_second: float

    @property
    def whole(self) -> float:
        """With the database's processes."""
        return self.server + self.database


@dataclass(frozen=True, slots=True)
class Compared:
    """A row that was measured."""

    read: Read
    ours: Cost
    bare: Cost

    @property
    def ratio(self) -> float:
        """How many times what bare uvicorn costs; the database's processes are ours."""
        return self.ours.whole / self.bare.whole

    @property
    def server_ratio(self) -> float:
        """The same without the database's processes."""
        return self.ours.server / self.bare.server


def middle(costs: list[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(
        median(cost.server for cost in costs),
        median(cost.database for cost in costs),
        median(cost.per_second for cost in costs),
    )


def pinned(core: int) -> list[str]:
    """What runs a command on this core alone, where there are two."""
    return ["taskset", "-c", str(core)] if (os.cpu_count() or 1) > 1 else []


@contextmanager
def served(url: str, folder: Path, *, is_edge_on: bool) -> Iterator[Served]:
    """`dateline serve` as an operator would start it, one worker on a core of its own."""
    edge = {} if is_edge_on else {"edge_mebibytes": "0"}
    program = [*pinned(SERVER_CORE), str(PROGRAM)]
    with serving("--no-worker", folder=folder, program=program, database_url=url, **edge) as server:
        yield server


class Bench:
    """Measures reads of one server."""

    def __init__(self, server: Served, url: str, effort: Effort) -> None:
        self._server, self._meter, self._effort = server, Meter(url), effort

    def compare(self, read: Read) -> Compared:
        """Rounds of bare uvicorn and of ours in turn."""
        answer, folder = self._answer(read), self._server.folder
        answer.write(folder / "answer")
        load = Wrk(
            folder, read.targets, headers=self._conditions(read, answer), core=LOAD_CORE if pinned(LOAD_CORE) else None
        )
        bare: list[Cost] = []
        ours: list[Cost] = []
        with _bare(folder / "answer") as (pid, address):
            for url in (address, self._server.url):
                load.ask(url, seconds=self._effort.warming_seconds)
            for _ in range(self._effort.rounds):
                bare.append(self._round(load, address, pid, is_ours=False))
                ours.append(self._round(load, self._server.url, self._server.process.pid, is_ours=True))
        return Compared(read, middle(ours), middle(bare))

    def fill(self, reads: Sequence[Read]) -> None:
        """Ask for these in turn, unmeasured, until the edge's memory is full or was given time enough to be."""
        loads = [
            Wrk(self._server.folder, read.targets, core=LOAD_CORE if pinned(LOAD_CORE) else None) for read in reads
        ]
        for _ in range(MOST_FILLINGS):
            if not loads or self._edge_share() > FULL:
                return
            for load in loads:
                load.ask(self._server.url, seconds=1)

    def resident_megabytes(self) -> float:
        """The memory of the server, once it has given back what is free."""
        time.sleep(heap.EVERY_SECONDS + 1)
        return megabytes("VmRSS", self._server.process.pid)

    def close(self) -> None:
        """Leaves the database."""
        self._meter.close()

    def _edge_share(self) -> float:
        """How much of the memory that the edge may take it has taken."""
        figures = dict(EDGE_BYTES.findall(httpx.get(f"{self._server.url}/metrics").text))
        return float(figures["bytes"]) / float(figures["max_bytes"])

    def _answer(self, read: Read) -> Answer:
        """What the first target is answered with."""
        # wrk asks for no compression, either
        answer = httpx.get(self._server.url + read.targets[0], headers={"Accept-Encoding": "identity"})
        assert answer.status_code == 200, answer.text
        fields = [(name.lower(), value) for name, value in answer.headers.raw]
        return Answer(200, fields, answer.content)

    def _conditions(self, read: Read, answer: Answer) -> list[str]:
        """Header fields of a client that has this answer already, where the read is one of such clients."""
        if not read.is_validated:
            return []
        etag = answer.field(b"etag")
        known = httpx.get(self._server.url + read.targets[0], headers={"If-None-Match": etag})
        assert known.status_code == 304, known.text
        return [f"If-None-Match: {etag}"]

    def _round(self, load: Wrk, address: str, pid: int, *, is_ours: bool) -> Cost:
        server, database = threads_seconds(pid), self._meter.database_seconds()
        asked = load.ask(address, seconds=self._effort.seconds)
        server, database = threads_seconds(pid) - server, self._meter.database_seconds() - database
        if not asked.requests:
            raise ValueError(f"nothing was answered in {self._effort.seconds} s: the machine is too busy to measure")
        return Cost(server / asked.requests, database / asked.requests if is_ours else 0, asked.per_second)


@contextmanager
def _bare(answer: Path) -> Iterator[tuple[int, str]]:
    """Bare uvicorn on the same core: its process and address."""
    port = free_port()
    command = [*pinned(SERVER_CORE), sys.executable, "-m", "tests.bench.bare", str(answer), str(port)]
    with Popen(command) as process:
        try:
            _await_port(port)
            yield process.pid, f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _await_port(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, "bare uvicorn did not start"
            time.sleep(0.05)
        else:
            return
