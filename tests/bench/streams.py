"""Many live streams on one process: `make bench-streams`. Each must hear every publication.

Prints the server's memory for each client, and how long after a publication each has heard of it: counted from the
beginning of the newsroom's request, and from its answer (a client may hear before the newsroom is answered). Writes
that to docs/benchmarks.md, too.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import httpx

from app.core.clock import utc_now
from tests.bench import document
from tests.bench.meters import megabytes, threads_seconds
from tests.bench.news import Json, News
from tests.bench.places import place
from tests.bench.report import NAMES
from tests.processes import Served, serving

SEED = 7
SPARE_FILES = 500
CONNECTED_AT_ONCE = 200
LIMIT_SECONDS = 120
SETTLING_SECONDS = 2.0
REQUEST = b"GET /v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n"
EVENT = b"event: article.published"
HEADING = "Live streams"
ABOUT = "`make bench-streams`: clients of `/v1/stream` on one process, in which each publication reaches every one."


@dataclass(slots=True)
class Crowd:
    """Clients, and when each heard of a publication that it waits for."""

    port: int
    heard: list[list[float]] = field(default_factory=list)
    """For each publication, the moments at which a client heard of it."""
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    listening: list[asyncio.Task[None]] = field(default_factory=list)

    async def join(self, number: int) -> None:
        """So many clients more, all answered."""
        for _ in range(0, number, CONNECTED_AT_ONCE):
            some = min(CONNECTED_AT_ONCE, number - len(self.writers))
            await asyncio.gather(*(self._connect() for _ in range(some)))

    async def _connect(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**14)
        writer.write(REQUEST)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), LIMIT_SECONDS)
        assert head.startswith(b"HTTP/1.1 200"), head
        self.writers.append(writer)
        self.listening.append(asyncio.create_task(self._listen(reader)))

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        heard = 0
        rest = b""
        while some := await reader.read(2**14):
            now, seen = time.perf_counter(), rest + some
            for _ in range(seen.count(EVENT)):
                self.heard[heard].append(now)
                heard += 1
            rest = unfinished(seen)

    async def all_heard(self, publication: int) -> Sequence[float]:
        """When each client heard of this publication. Raises TimeoutError when some do not."""
        async with asyncio.timeout(LIMIT_SECONDS):
            while len(self.heard[publication]) < len(self.writers):  # noqa: ASYNC110 - asked rarely, told 5,000 times
                await asyncio.sleep(0.01)
        return self.heard[publication]

    async def leave(self) -> None:
        """Every client hangs up."""
        for task in self.listening:
            task.cancel()
        for writer in self.writers:
            writer.close()
        await asyncio.gather(*self.listening, return_exceptions=True)


def unfinished(seen: bytes) -> bytes:
    """What of these bytes may be the beginning of an event's name that goes on in the next ones."""
    return next((seen[-size:] for size in range(len(EVENT) - 1, 0, -1) if EVENT.startswith(seen[-size:])), b"")


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.streams")
    parser.add_argument("--clients", type=int, default=5_000)
    parser.add_argument("--published", type=int, default=10)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--document", type=Path, default=document.DOCUMENT)
    asked = parser.parse_args()
    allow_files(asked.clients + SPARE_FILES)
    settings = {"streams_per_client": str(min(10_000, asked.clients + 1)), "streams_overall": str(asked.clients + 1)}
    articles = list(islice(News(SEED, began=utc_now(), articles_a_day=500), asked.published))
    told: list[str] = []
    for kind in asked.databases.split(","):
        with place(kind) as there, tempfile.TemporaryDirectory() as folder:
            url = there.fresh()
            with serving("--no-worker", folder=Path(folder), database_url=url, **settings) as server:
                figures = asyncio.run(measure(server, server.new_key(), asked.clients, articles))
        told.append(f"- {NAMES[kind]}: {figures}")
        print(told[-1], flush=True)
    document.write(asked.document, HEADING, "\n".join([ABOUT, "", *told]))


def allow_files(number: int) -> None:
    """Let this process, and those that it starts, have so many files open."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (number, max(number, hard)))


async def measure(server: Served, key: Mapping[str, str], clients: int, articles: Sequence[Json]) -> str:
    """One line of figures. Raises TimeoutError when a client misses a publication."""
    pid, crowd = server.process.pid, Crowd(server.port)
    before = megabytes("VmRSS", pid)
    began = time.perf_counter()
    await crowd.join(clients)
    joined = time.perf_counter() - began
    await asyncio.sleep(SETTLING_SECONDS)
    taken = 1024 * (megabytes("VmRSS", pid) - before) / clients
    spent = threads_seconds(pid)
    since_start: list[float] = []
    since_answer: list[float] = []
    async with httpx.AsyncClient(base_url=server.url, headers=key, timeout=LIMIT_SECONDS) as newsroom:
        for number, article in enumerate(articles):
            crowd.heard.append([])
            start, answered = await _publish(newsroom, article)
            heard = await crowd.all_heard(number)
            since_start += [moment - start for moment in heard]
            since_answer += [max(0.0, moment - answered) for moment in heard]
    spent = (threads_seconds(pid) - spent) / (clients * len(articles))
    most = megabytes("VmHWM", pid)
    await crowd.leave()
    return (
        f"{clients:,} clients joined in {joined:.0f} s, {taken:.1f} KiB each, {most:.0f} MiB at the most; all heard "
        f"{len(articles)} publications, after the request began {percentiles(since_start)}, after its answer "
        f"{percentiles(since_answer)}; {1e6 * spent:.0f} µs of CPU for each that a client heard"
    )


def percentiles(seconds: Sequence[float]) -> str:
    """The middle one and the slowest but one of a hundred."""
    ordered = sorted(seconds)
    p50, p99 = (1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.99))
    return f"{p50:.0f} ms p50, {p99:.0f} ms p99"


async def _publish(newsroom: httpx.AsyncClient, article: Json) -> tuple[float, float]:
    """When the request began, and when it was answered."""
    path = f"/v1/newsroom/articles/{article['external_id']}"
    start = time.perf_counter()
    answer = await newsroom.put(path, params={"publish": "true"}, json=article | {"published_at": None})
    answered = time.perf_counter()
    assert answer.status_code == 201, answer.text
    return start, answered


if __name__ == "__main__":
    main()
