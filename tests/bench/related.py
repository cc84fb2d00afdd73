"""What related stories and storylines cost: `make bench-related`, where `SIZES=10000,100000,1000000 BASE=10000` go on.

A base of generated news is imported and followed; copies of its index into the past make the larger ones (`growing`),
and each is then worked with as a newsroom does. Figures are CPU time of one core, the database's included.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from app import exactness
from app.changes.positions import Position
from app.core.clock import utc_now
from app.db import Database, open_database
from app.main import create_app
from app.related import following
from app.settings import Settings
from tests.bench import bulk, growing, working
from tests.bench.meters import Costs, Meter, memory, pace, statements
from tests.bench.news import Json, News
from tests.bench.places import Place, place
from tests.bench.table import Table

SEED = 4
DATABASES = ("sqlite", "postgresql")
WARMING = 5
ASKED_TIMES = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """How many articles: in the base, in the indexes made from it, a day, and of each piece of work."""

    base: int
    sizes: tuple[int, ...]
    articles_a_day: int = 500
    published: int = 200
    changed: int = 20
    read: int = 200


@dataclass(frozen=True, slots=True)
class Base:
    """The base: where it is, what of it is not index, what is published next, and what is edited and withdrawn."""

    url: str
    other_bytes: int
    next: list[Json]
    lump: list[Json]
    storm: list[Json]
    edited: list[Json]
    withdrawn: list[Json]


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.related")
    parser.add_argument("--sizes", default="10000", help="articles in the index, with commas")
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
    print(f"== {kind}: {plan.base:,} articles imported; a million multiplications: {pace():.0f} ms", flush=True)
    base = await make_base(there, plan)
    table = Table(plan.sizes)
    for size in plan.sizes:
        print(f"{kind}: {size:,} articles", file=sys.stderr)
        url = there.copied(base.url)
        if size > plan.base:
            await asyncio.to_thread(growing.grow, url, size // plan.base)
        await asyncio.to_thread(bulk.settle, url)
        await measure(url, base, plan, size, table)
        there.drop(url)
    print(table, flush=True)


async def make_base(there: Place, plan: Plan) -> Base:
    """Import and follow the base; what that costs."""
    url, began = there.fresh(), utc_now() - timedelta(days=plan.base / plan.articles_a_day)
    news = News(SEED, began=began, articles_a_day=plan.articles_a_day)
    articles = islice(news, plan.base)
    chosen: list[Json] = []
    database, meter = open_database(url), Meter(url)
    await working.begin(database)
    await working.publish(database, _sampled(articles, chosen, each=plan.base // (2 * plan.changed)))
    other_bytes = meter.index_bytes()
    await follow_base(database, meter, plan)
    await database.close()
    meter.close()
    lump = list(islice(news, plan.published))
    edited = [news.edited(one) for one in chosen[: 2 * plan.changed : 2]]
    following = list(islice(news, plan.published + WARMING))
    storm = list(news.storm(plan.published))
    return Base(url, other_bytes, following, lump, storm, edited, chosen[1 : 2 * plan.changed : 2])


async def follow_base(database: Database, meter: Meter, plan: Plan) -> None:
    """Catch up with an import, the index first and then storylines."""
    marks: list[tuple[int, float]] = []

    def mark(position: Position) -> None:
        marks.append((max(0, position.seq - working.FIRST_NUMBER), meter.cpu_seconds()))

    with memory() as peak:
        await following.catch_up(database, tell=mark)
        middle = next(index for index, (articles, _) in enumerate(marks) if articles >= plan.base / 2)
        before = meter.cpu_seconds()
        await working.tell_storylines(database)
        storylines = 1000 * (meter.cpu_seconds() - before) / plan.base
    halves = f"{_pace(marks[: middle + 1])} in the first half, {_pace(marks[middle:])} in the second"
    print(f"catch-up of the index, CPU ms an article: {halves}; of storylines: {storylines:.2f}")
    print(f"memory, MB: {peak}", flush=True)


async def measure(url: str, base: Base, plan: Plan, size: int, table: Table) -> None:
    """What an index of this size costs."""
    database, meter = open_database(url), Meter(url)
    taken = meter.index_bytes() - (base.other_bytes if url.startswith("sqlite") else 0)
    table.put("index, bytes an article", taken / size)
    table.put("the machine: a million multiplications, ms", pace())
    for article in base.next[:WARMING]:
        await working.publish_now(database, article)
        await _step(database)
    await measure_changes("publication", database, meter, table, base.next[WARMING:], working.publish_now)
    await measure_changes("edit", database, meter, table, base.edited, working.publish_now)
    await measure_changes("withdrawal", database, meter, table, base.withdrawn, working.withdraw)
    await measure_changes("storm of one event", database, meter, table, base.storm, working.publish_now)
    await working.publish(database, ({**one, "published_at": None} for one in base.lump))
    before = meter.cpu_seconds()
    await following.catch_up(database)
    table.put("catch-up, ms an article", 1000 * (meter.cpu_seconds() - before) / len(base.lump))
    ids = await working.indexed(database, plan.read)
    await database.close()
    await measure_reads(url, meter, table, [f"/v1/articles/{id}/related" for id in ids])
    meter.close()


async def measure_changes(
    name: str,
    database: Database,
    meter: Meter,
    table: Table,
    articles: Iterable[Json],
    change: Callable[[Database, Json], Awaitable[None]],
) -> None:
    """What one step of the index and one of storylines cost after each of these changes."""
    index, storylines = Costs(), Costs()
    for article in articles:
        await change(database, article)
        with index.one_more(meter):
            await following.advance(database)
        with storylines.one_more(meter):
            await working.tell_storylines(database)
    table.put(f"{name}: index, ms p50 / p95 / max", index)
    table.put(f"{name}: storylines, ms p50 / p95 / max", storylines)


async def measure_reads(url: str, meter: Meter, table: Table, paths: list[str]) -> None:
    """What a list costs a reader, all layers of the service included."""
    app = create_app(Settings(database_url=url, worker_inside=False, log_level="error", edge_mebibytes=0))
    async with app.router.lifespan_context(app):
        for path in paths:
            await working.get(app, path)
        with statements() as seen:
            for path in paths:
                await working.get(app, path)
        before = meter.cpu_seconds()
        for path in paths * ASKED_TIMES:
            await working.get(app, path)
        spent = meter.cpu_seconds() - before
    table.put("read of a list, µs", 1e6 * spent / len(paths) / ASKED_TIMES)
    table.put("read of a list, statements", len(seen) / len(paths))


async def _step(database: Database) -> None:
    await following.advance(database)
    await working.tell_storylines(database)


def _sampled(articles: Iterable[Json], chosen: list[Json], *, each: int) -> Iterable[Json]:
    for number, article in enumerate(articles):
        if number % each == 0:
            chosen.append(article)
        yield article


def _pace(marks: list[tuple[int, float]]) -> str:
    (first, began), (last, ended) = marks[0], marks[-1]
    return f"{1000 * (ended - began) / max(1, last - first):.2f}"


if __name__ == "__main__":
    main()
