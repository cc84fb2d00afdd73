"""What writing costs: importing a file, and publishing through the API of one process, each commit safe on the disk.

Related stories are left to `dateline work`, which does not run here.
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
from tests.bench import document
from tests.bench.meters import Meter
from tests.bench.news import Json, News
from tests.bench.places import Place, place
from tests.bench.report import NAMES, markdown
from tests.bench.working import SITE

SEED = 7
ARTICLES_A_DAY = 300
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Goal:
    """Articles a second."""

    imported: int
    published: int


GOALS = {"sqlite": Goal(1_500, 200), "postgresql": Goal(1_500, 150)}

_SECTION = """`make bench-writing`: {imported:,} synthetic articles imported from a file, and {published:,} published by
`PUT /v1/newsroom/articles/{{ref}}?publish=true` of `dateline serve --no-worker`, by so many clients at once. Each is on
the disk before it is answered for.

{table}

Related stories are left to `dateline work`, which does not run here. CPU time is that of the service and of the
processes that PostgreSQL has for it. Goals are for articles a second of CPU where they are imported, and of the clock
where they are published."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What so many articles cost, in seconds."""

    articles: int
    wall: float
    ours: float
    database: float

    @property
    def per_second(self) -> float:
        """Articles a second of the clock."""
        return self.articles / self.wall

    @property
    def per_cpu_second(self) -> float:
        """Articles a second of CPU, the database's included."""
        return self.articles / (self.ours + self.database)


def main() -> None:
    """Measure, and write it down."""
    options = argparse.ArgumentParser()
    options.add_argument("--imported", type=int, default=5_000)
    options.add_argument("--published", type=int, default=1_000)
    options.add_argument("--at-once", type=int, nargs="+", default=[1, 8], help="clients that publish through the API")
    given = options.parse_args()
    exactness.register()
    news = News(SEED, began=datetime(2024, 1, 1, tzinfo=UTC), articles_a_day=ARTICLES_A_DAY)
    imported, published = (list(islice(news, number)) for number in (given.imported, given.published))
    lines = [["articles", "a second", "a second of CPU", "goal", "CPU, ms each", "of PostgreSQL, ms each"]]
    for kind, goal in GOALS.items():
        with place(kind, is_durable=True) as where:
            spent = asyncio.run(_import(where, imported))
            lines.append(_line(f"imported, {NAMES[kind]}", spent, _told(goal.imported, spent.per_cpu_second)))
            for at_once in given.at_once:
                spent = asyncio.run(_publish(where, published, at_once))
                name = f"published by {at_once}, {NAMES[kind]}"
                lines.append(_line(name, spent, _told(goal.published, spent.per_second)))
    text = _SECTION.format(imported=len(imported), published=len(published), table=markdown(lines))
    print(text)
    document.write(document.DOCUMENT, "Writing", text)


def _line(name: str, spent: Spent, goal: str) -> list[str]:
    each = [f"{max(0, 1000 * seconds / spent.articles):.2f}" for seconds in (spent.ours, spent.database)]
    return [name, f"{spent.per_second:,.0f}", f"{spent.per_cpu_second:,.0f}", goal, *each]


def _told(goal: int, reached: float) -> str:
    return f"≥ {goal:,}" + ("" if reached >= goal else " missed")


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
