"""What writing costs: importing a file, and publishing through the API of one process, each commit safe on the disk.

Figures are articles a second of one core: CPU time, the database's included; what the clock on the wall says stands
beside it. Related stories are left to `dateline work`, which does not run here.
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from app import exactness
from app.core.clock import utc_now
from app.db import open_database
from app.newsroom.importing import Import, Refusal
from app.partners.keys import create
from tests.bench.meters import Meter, pace
from tests.bench.news import Json, News
from tests.bench.places import Place, place
from tests.bench.working import SITE

SEED = 7
DATABASES = ("sqlite", "postgresql")
ARTICLES_A_DAY = 300
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Spent:
    """What so many articles cost, in seconds."""

    articles: int
    wall: float
    ours: float
    database: float

    def __str__(self) -> str:
        cpu = self.ours + self.database
        return (
            f"{self.articles:,} articles: {self.articles / cpu:,.0f} a second of CPU, {self.articles / self.wall:,.0f} "
            f"of the clock; {1000 * self.ours / self.articles:.2f} ms of CPU each, "
            f"and {1000 * self.database / self.articles:.2f} of the database's"
        )


def main() -> None:
    """Measure, and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--imported", type=int, default=5_000)
    options.add_argument("--published", type=int, default=500)
    options.add_argument("--at-once", type=int, default=4, help="clients that publish through the API")
    given = options.parse_args()
    exactness.register()
    news = News(SEED, began=datetime(2024, 1, 1, tzinfo=UTC), articles_a_day=ARTICLES_A_DAY)
    imported, published = (list(islice(news, number)) for number in (given.imported, given.published))
    print(f"pace of this machine: {pace():.0f} ms of CPU for a fixed piece of work")
    for kind in DATABASES:
        with place(kind, is_durable=True) as where:
            print(f"{kind}, imported: {asyncio.run(_import(where, imported))}", flush=True)
            print(f"{kind}, published: {asyncio.run(_publish(where, published, given.at_once))}", flush=True)


async def _import(where: Place, articles: list[Json]) -> Spent:
    url = where.fresh()
    database, meter = open_database(url), Meter(url)
    with TemporaryDirectory() as folder:
        path = _written(Path(folder, "articles.jsonl"), articles)
        before, ours, began = meter.cpu_seconds(), time.process_time(), time.perf_counter()
        await Import(database, SITE, None, _fail, lambda _: None).read(path)
        wall, ours = time.perf_counter() - began, time.process_time() - ours
        spent = Spent(len(articles), wall, ours, meter.cpu_seconds() - before - ours)
    await database.close()
    meter.close()
    return spent


def _written(path: Path, articles: list[Json]) -> str:
    path.write_text("".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in articles))
    return str(path)


async def _publish(where: Place, articles: list[Json], at_once: int) -> Spent:
    url = where.fresh()
    database = open_database(url)
    key = await database.write(create, "bench", scopes=["newsroom"], now=utc_now())
    await database.close()
    meter = Meter(url)
    with _served(url) as (address, pid):
        headers = {"Authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60) as client:
            rest = iter(articles)
            await _put(client, next(rest))  # statements are compiled once
            served, before, ours = _process_seconds(pid), meter.cpu_seconds(), time.process_time()
            began = time.perf_counter()
            async with asyncio.TaskGroup() as group:
                for _ in range(at_once):
                    group.create_task(_put_all(client, rest))
            wall = time.perf_counter() - began
            database_seconds = meter.cpu_seconds() - before - (time.process_time() - ours)
            served = _process_seconds(pid) - served
    meter.close()
    return Spent(len(articles) - 1, wall, served, database_seconds)


def _process_seconds(pid: int) -> float:
    """The CPU time of all threads of a process, in hundredths."""
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, stat[11:13])) / os.sysconf("SC_CLK_TCK")


async def _put_all(client: httpx.AsyncClient, articles: Iterator[Json]) -> None:
    for article in articles:
        await _put(client, article)


async def _put(client: httpx.AsyncClient, article: Json) -> None:
    path = f"/v1/newsroom/articles/{article['external_id']}"
    answer = await client.put(path, params={"publish": "true"}, json=article | {"published_at": None})
    assert answer.status_code == 201, answer.text


@contextmanager
def _served(url: str) -> Iterator[tuple[str, int]]:
    """The service, started as an operator would: where it answers, and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = "from app.cli import main; main()"
    command = [sys.executable, "-c", program, "serve", "--no-worker", "--port", str(port)]
    settings = {"DATELINE_DATABASE_URL": url, "DATELINE_SITE_URL": SITE, "DATELINE_LOG_LEVEL": "error"}
    process = subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.DEVNULL)
    try:
        _wait_for(address := f"http://127.0.0.1:{port}", process)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            httpx.get(f"{address}/healthz")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the service did not start")


def _fail(refusal: Refusal) -> None:
    raise AssertionError(refusal)


if __name__ == "__main__":
    main()
