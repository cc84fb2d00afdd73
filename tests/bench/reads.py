"""What reads cost beside bare uvicorn: `make bench`. Prints the table, and writes it to docs/benchmarks.md.

The archives are made first, side by side: half of the time, unless the folder of DATELINE_BENCH_DIR has them.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from tests.bench import document
from tests.bench.archives import archives
from tests.bench.measuring import Bench, Compared, Effort, served
from tests.bench.reading import Read, explore, reads
from tests.bench.report import Measured, section, table

DATABASES = ("sqlite", "postgresql")
FOLDER_VARIABLE = "DATELINE_BENCH_DIR"
HEADING = "Reads"


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.reads")
    parser.add_argument("--size", type=int, default=100_000, help="articles in the archive")
    parser.add_argument("--databases", default=",".join(DATABASES), help="sqlite, postgresql")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=1, help="of each round")
    parser.add_argument("--rows", default="", help="only rows whose names begin so")
    parser.add_argument("--document", type=Path, default=document.DOCUMENT)
    asked = parser.parse_args()
    effort = Effort(asked.rounds, asked.seconds)
    measured: dict[str, Measured] = {}
    kinds = asked.databases.split(",")
    with folder() as where:
        prepare(where, kinds, asked.size)
        for kind in kinds:
            with archives(where, kind) as kept:
                url = kept.ready(asked.size)
                kept.warm()
                measured[kind] = measure(url, effort, only=asked.rows)
                print(table({kind: measured[kind]}), flush=True)
    if not asked.rows:
        document.write(asked.document, HEADING, section(measured, size=asked.size, effort=effort))


def prepare(where: Path, kinds: Sequence[str], size: int) -> None:
    """Make the archives of this size that the folder does not have, each kind in a process of its own."""
    began = time.monotonic()
    with ProcessPoolExecutor(len(kinds), mp_context=get_context("spawn")) as processes:
        made = [processes.submit(_prepare, where, kind, size) for kind in kinds]
        for one in made:
            one.result()
    print(f"archives of {size:,} articles after {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


@contextmanager
def folder() -> Iterator[Path]:
    """Where the archives are: kept where the environment says, else gone afterwards."""
    if kept := os.environ.get(FOLDER_VARIABLE):
        yield Path(kept)
        return
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as gone:
        Path(gone).chmod(0o755)  # the server of PostgreSQL runs as another user
        yield Path(gone)


def measure(url: str, effort: Effort, *, only: str = "") -> Measured:
    """Every row, hot ones with the edge on and cold ones with it off; then the memory with the edge full."""
    rows = [row for row in reads(asyncio.run(explore(url))) if row.name.startswith(only)]
    hot, cold = [row for row in rows if row.is_hot], [row for row in rows if not row.is_hot]
    compared, _ = _compared(url, cold, effort, is_edge_on=False)
    others, resident = _compared(url, hot, effort, is_edge_on=True, filling=cold)
    return Measured([*others, *compared], resident)


def _prepare(where: Path, kind: str, size: int) -> None:
    with archives(where, kind) as kept:
        kept.ready(size)


def _compared(
    url: str, rows: Sequence[Read], effort: Effort, *, is_edge_on: bool, filling: Sequence[Read] = ()
) -> tuple[list[Compared], float]:
    """These rows on a server of their own, and its megabytes after them and the filling."""
    with tempfile.TemporaryDirectory() as folder, served(url, Path(folder), is_edge_on=is_edge_on) as server:
        bench = Bench(server, url, effort)
        compared = [bench.compare(row) for row in rows]
        bench.fill(filling)
        resident = bench.resident_megabytes()
        bench.close()
    return compared, resident


if __name__ == "__main__":
    main()
