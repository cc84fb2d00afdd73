"""How reads grow with the archive: `make bench-scale`. Each row of `reads` at each size, and the last by the first.

Archives stay in the folder of DATELINE_BENCH_DIR (else one in the system's temporary folder, which is named), so that
what was interrupted goes on where it was. Figures of every size are kept there, too, in growth.jsonl.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench import document
from tests.bench.archives import Archives, archives
from tests.bench.measuring import Compared, Effort
from tests.bench.reads import DATABASES, FOLDER_VARIABLE, measure
from tests.bench.report import NAMES, markdown

MOST_GROWTH = 1.2
HEADING = "Growth"

ABOUT = "`make bench-scale`: CPU time of a read at so many articles, the database's included, relative to bare uvicorn."

Figures = dict[str, float]
"""CPU time of each row, the database's included, relative to bare uvicorn: a busy machine slows both."""


def main() -> None:
    """Make, measure, print and append."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale")
    parser.add_argument("--sizes", default="1000,10000,100000,1000000", help="articles in the archives, with commas")
    parser.add_argument("--databases", default=",".join(DATABASES), help="sqlite, postgresql")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=1, help="of each round")
    parser.add_argument("--document", type=Path, default=document.DOCUMENT)
    asked = parser.parse_args()
    sizes = [int(size) for size in asked.sizes.split(",")]
    where = Path(os.environ.get(FOLDER_VARIABLE) or Path(tempfile.gettempdir(), "dateline-bench"))
    print(f"archives are kept in {where}", file=sys.stderr)
    grown: list[str] = []
    for kind in asked.databases.split(","):
        with archives(where, kind) as kept:
            found = {size: figures(kept, size, Effort(asked.rounds, asked.seconds)) for size in sizes}
        grown.append(f"### {NAMES[kind]}\n\n{table(found)}")
        print(grown[-1], flush=True)
    document.write(asked.document, HEADING, "\n\n".join([ABOUT, *grown]))


def figures(kept: Archives, size: int, effort: Effort) -> Figures:
    """What each row costs at this size; measured unless it was."""
    notes = kept.folder / "growth.jsonl"
    if (known := noted(notes, kept.kind, size)) is not None:
        return known
    began = time.monotonic()
    url = kept.ready(size)
    kept.warm()
    print(f"{kept.kind}: {size:,} articles after {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    rows = {_name(row): row.ratio for row in measure(url, effort).rows}
    with notes.open("a") as more:
        more.write(json.dumps({"kind": kept.kind, "size": size, "figures": rows}) + "\n")
    return rows


def noted(notes: Path, kind: str, size: int) -> Figures | None:
    """What was measured of this archive before; None when nothing was. To measure anew, remove the file."""
    if not notes.exists():
        return None
    known = [json.loads(line) for line in notes.read_text().splitlines()]
    return next((dict(one["figures"]) for one in known if (one["kind"], one["size"]) == (kind, size)), None)


def table(found: Mapping[int, Figures]) -> str:
    """Each row at each size, and how much the last is of the first."""
    head = ["read, × bare", *(f"{size:,}" for size in found), "growth", "goal"]
    names = dict.fromkeys(name for figures in found.values() for name in figures)
    return markdown([head, *(_line(name, [figures.get(name) for figures in found.values()]) for name in names)])


def _name(row: Compared) -> str:
    """The deep page is another at each size."""
    return row.read.name if ", page " not in row.read.name else "cold timeline, deep page"


def _line(name: str, figures: Sequence[float | None]) -> list[str]:
    cells = ["" if figure is None else f"{figure:.2f}" for figure in figures]
    first, last = figures[0], figures[-1]
    if first is None or last is None:
        return [name, *cells, "", ""]
    growth = last / first
    return [name, *cells, f"{growth:.2f}" + ("" if growth <= MOST_GROWTH else " missed"), f"≤ {MOST_GROWTH}"]


if __name__ == "__main__":
    main()
