"""What reads cost beside bare uvicorn: `make bench`. Prints the table, and writes it to docs/benchmarks.md.

The archive is made first, which takes most of the time, unless the folder of DATELINE_BENCH_DIR has it already.
"""

import argparse
import asyncio
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench.archives import archives
from tests.bench.machine import machine
from tests.bench.measuring import Bench, Compared, Effort, served
from tests.bench.reading import Read, explore, reads
from tests.bench.report import Measured, document, table

DATABASES = ("sqlite", "postgresql")
FOLDER_VARIABLE = "DATELINE_BENCH_DIR"
DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.reads")
    parser.add_argument("--size", type=int, default=100_000, help="articles in the archive")
    parser.add_argument("--databases", default=",".join(DATABASES), help="sqlite, postgresql")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of each round")
    parser.add_argument("--rows", default="", help="only rows whose names begin so")
    parser.add_argument("--document", type=Path, default=DOCUMENT)
    asked = parser.parse_args()
    effort = Effort(asked.rounds, asked.seconds)
    measured: dict[str, Measured] = {}
    with folder() as where:
        for kind in asked.databases.split(","):
            with archives(where, kind) as kept:
                measured[kind] = measure(kept.ready(asked.size), effort, only=asked.rows)
                print(table({kind: measured[kind]}), flush=True)
    if not asked.rows:
        asked.document.parent.mkdir(exist_ok=True)
        asked.document.write_text(document(measured, size=asked.size, effort=effort, machine=machine()))


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
