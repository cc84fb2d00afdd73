"""What search costs: `make bench-search`, or `make bench-search BASE=10000 SIZES=10000,100000,1000000`.

A base of generated news is imported; copies of it into the past make the larger archives (`growing_search`). Each is
then asked for what readers might look for (`asking`), and worked with as a newsroom does, with search keeping up and
without. CPU time is that of one core, the database's included.
"""

import argparse
import asyncio
import gc
import sys
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from random import Random
from unittest.mock import patch
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import exactness
from app.articles import hooks
from app.articles.content import Content
from app.core.clock import utc_now
from app.core.stopwords import STOP_WORDS
from app.db import Database, open_database
from app.main import create_app
from app.settings import Settings
from tests.bench import bulk, growing_search, working
from tests.bench.asking import Asking
from tests.bench.meters import Meter, Tails, pace
from tests.bench.news import Json, News, Words
from tests.bench.places import Place, place
from tests.bench.table import Table

SEED = 6
WARMING = 10
DATABASES = ("sqlite", "postgresql")
PARTS = {
    "index": "search_index",
    "weights and openings": "search_profiles",
    "rows": "search_documents",
    "dictionary": "search_terms",
}
ENDING_SECONDS = 0.5
"""So long a process of PostgreSQL may outlive its connection; what it did is not to be counted for what follows."""
AFTERWARDS = ("common word", "rare word", "phrase")
"""What is asked for once more, when much was just published."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How many articles: in the base, in the archives made from it, a day, and of each change; how many requests."""

    base: int
    sizes: tuple[int, ...]
    articles_a_day: int = 500
    published: int = 200
    changed: int = 100
    asked: int = 100


@dataclass(frozen=True, slots=True)
class Base:
    """The base: where it is, what it is asked for, what is published next, and what is edited and withdrawn."""

    url: str
    targets: Mapping[str, Sequence[str]]
    next: list[Json]
    edited: list[Json]
    withdrawn: list[Json]


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.search")
    parser.add_argument("--sizes", default="10000", help="articles in the archive, with commas")
    parser.add_argument("--databases", default=",".join(DATABASES), help="sqlite, postgresql")
    parser.add_argument("--base", type=int, default=10_000, help="articles that are imported; sizes are multiples")
    asked = parser.parse_args()
    plan = Plan(asked.base, tuple(int(size) for size in asked.sizes.split(",")))
    exactness.register()
    for kind in asked.databases.split(","):
        with place(kind) as there:
            asyncio.run(bench(kind, there, plan))


async def bench(kind: str, there: Place, plan: Plan) -> None:
    """Measure on databases of this kind."""
    print(f"== search, {kind}: {plan.base:,} articles imported; a million multiplications: {pace():.0f} ms", flush=True)
    base = await make_base(there, plan)
    table = Table(plan.sizes)
    for size in plan.sizes:
        url = there.copied(base.url)
        began = time.monotonic()
        if size > plan.base:
            await asyncio.to_thread(growing_search.grow, url, size // plan.base)
        await asyncio.to_thread(bulk.settle, url)
        print(f"{kind}: {size:,} articles after {time.monotonic() - began:.0f} s", file=sys.stderr)
        await measure(url, base, plan, size, table)
        print(table.newest(), file=sys.stderr, flush=True)
        there.drop(url)
    print(table, flush=True)


async def make_base(there: Place, plan: Plan) -> Base:
    """Import the base."""
    url, began = there.fresh(), utc_now() - timedelta(days=plan.base / plan.articles_a_day)
    news = News(SEED, began=began, articles_a_day=plan.articles_a_day)
    stream = titled(news)
    articles = list(islice(stream, plan.base))
    database = open_database(url)
    await working.begin(database)
    await working.publish(database, articles)
    await database.close()
    chosen = articles[:: max(1, plan.base // (4 * plan.changed))][: 4 * plan.changed]
    edited, withdrawn = [news.edited(one) for one in chosen[::2]], chosen[1::2]
    targets = Asking(articles, seed=SEED).targets(plan.asked)
    following = list(islice(stream, 2 * plan.published))
    gc.freeze()  # what is kept here is not for the service's collector to walk through
    return Base(url, targets, following, edited, withdrawn)


def titled(articles: Iterable[Json]) -> Iterator[Json]:
    """The same with stop words in their headlines, as people write them."""
    random, words = Random(SEED), Words(sorted(STOP_WORDS["en"]))
    for article in articles:
        first, *rest = article["headline"].split(" ")
        yield article | {"headline": " ".join([first, *words.draw(random, 2), *rest])}


async def measure(url: str, base: Base, plan: Plan, size: int, table: Table) -> None:
    """What search of an archive of this size costs."""
    meter = Meter(url)
    table.put("the machine: a million multiplications, ms", pace())
    await measure_reads(url, meter, table, base.targets)
    database = open_database(url)
    await measure_changes("publication", database, meter, table, base.next, working.publish_now)
    await measure_changes("edit", database, meter, table, base.edited, working.publish_now)
    afterwards = {f"{kind}, after those": base.targets[kind] for kind in AFTERWARDS}
    await measure_reads(url, meter, table, afterwards)
    await measure_changes("withdrawal", database, meter, table, base.withdrawn, working.withdraw)
    await database.close()
    meter.close()
    measure_sizes(url, size, table)


async def measure_reads(url: str, meter: Meter, table: Table, targets: Mapping[str, Sequence[str]]) -> None:
    """What each kind of request costs, all layers of the service included."""
    app = create_app(Settings(database_url=url, worker_inside=False, log_level="error", edge_mebibytes=0))
    async with app.router.lifespan_context(app):
        for kind, asked in targets.items():
            for target in asked[:WARMING]:
                await working.get(app, target)
            cpu, wall = Tails(), Tails()
            for target in asked:
                await _ask(app, target, meter, cpu, wall)
            table.put(f"{kind}: CPU, ms p50 / p99", cpu)
            table.put(f"{kind}: wall, ms p50 / p99", wall)
    await asyncio.sleep(ENDING_SECONDS)


async def _ask(app: FastAPI, target: str, meter: Meter, cpu: Tails, wall: Tails) -> None:
    with cpu.one_more(meter):
        began = time.perf_counter()
        await working.get(app, target)
        wall.seconds.append(time.perf_counter() - began)


async def measure_changes(
    name: str,
    database: Database,
    meter: Meter,
    table: Table,
    articles: Iterable[Json],
    change: Callable[[Database, Json], Awaitable[None]],
) -> None:
    """What these changes cost with search keeping up, and every other one without it."""
    with_search, without = Tails(), Tails()
    for number, article in enumerate(articles):
        if number % 2:
            with nobody_keeping(), without.one_more(meter):
                await change(database, article)
        else:
            with with_search.one_more(meter):
                await change(database, article)
    table.put(f"{name}: CPU, ms p50 / p99", with_search)
    table.put(f"{name} without search: CPU, ms p50 / p99", without)
    table.put(f"{name}: search adds on the average, ms", with_search.mean - without.mean)


class Nobody:
    """Keeps nothing."""

    def prepare(self, _contents: Sequence[Content], /) -> hooks.Keep:
        """See Keeper."""
        return lambda _session, _appearances: None

    def withdraw(self, _session: Session, _ids: Collection[UUID], /) -> None:
        """See Keeper."""


@contextmanager
def nobody_keeping() -> Iterator[None]:
    """Articles are published and withdrawn meanwhile, and search does not hear of it."""
    with patch.object(hooks, "_keepers", [Nobody()]):
        yield


def measure_sizes(url: str, size: int, table: Table) -> None:
    """What search takes on disk, by part. They are gone afterwards: SQLite tells it by what they leave."""
    with bulk.connected(url) as connection:
        for part, name in PARTS.items():
            if bulk.is_sqlite(connection):
                before = bulk.used_bytes(connection)
                connection.execute(text(f"DROP TABLE {name}"))
                taken = before - bulk.used_bytes(connection)
            else:
                taken = connection.execute(text(f"SELECT pg_total_relation_size('{name}')")).scalar_one()
            table.put(f"{part}, bytes an article", taken / size)


if __name__ == "__main__":
    main()
