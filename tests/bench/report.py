"""The figures of reads as tables for people, and as a section of the page in docs/. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.bench.measuring import Compared, Effort

MOST_MEGABYTES = 120
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}

_SECTION = """`make bench`: {size:,} synthetic articles, {rounds} rounds of {seconds} s for each row.

What one read costs in CPU time, relative to bare uvicorn (`tests/bench/bare.py`) that answers the same bytes and header
fields in the same run: one worker, `dateline serve --no-worker` with its log on, alone on one core; `wrk` with 32
connections on the other; medians of rounds in turn. A ratio counts the processes of PostgreSQL as ours; in brackets,
without them. A hot answer comes from the memory of the edge; for a cold one that is switched off
(`DATELINE_EDGE_MEBIBYTES=0`). The deep page is the 10,000th of 20, or where an archive has no so many, one before which
nine tenths of it are.

{table}

Memory is what the server has resident after these reads, its edge memory of 32 MiB full.

{missed}

To repeat it: install `wrk`, then `make bench`; it makes its archives first. `DATELINE_BENCH_DIR` names a folder in
which they stay for the next time."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured on one kind of database."""

    rows: Sequence[Compared]
    megabytes: float


def section(measured: Mapping[str, Measured], *, size: int, effort: Effort) -> str:
    """What docs/ says of reads."""
    faults = missed(measured)
    told = (
        "Goals that are missed:\n\n" + "\n".join(f"- {fault}" for fault in faults) if faults else "Every goal is met."
    )
    return _SECTION.format(size=size, rounds=effort.rounds, seconds=effort.seconds, table=table(measured), missed=told)


def table(measured: Mapping[str, Measured]) -> str:
    """A table in Markdown: for each kind of database the ratio, the goal, CPU time and rate."""
    kinds = [NAMES[kind] for kind in measured]
    head = ["read", *(f"{kind}{what}" for kind in kinds for what in (" ×", " goal", ", µs", ", a second"))]
    head.append("bare uvicorn, µs")
    lines = zip(*(one.rows for one in measured.values()), strict=True)
    body = [_line(dict(zip(measured, row, strict=True))) for row in lines]
    memory = ["memory, MiB"]
    for one in measured.values():
        memory += [f"{one.megabytes:.0f}", f"< {MOST_MEGABYTES}", "", ""]
    return markdown([head, *body, [*memory, ""]])


def missed(measured: Mapping[str, Measured]) -> list[str]:
    """Each figure that is above its goal, and by how much."""
    faults = [
        _fault(f"{row.read.name} on {NAMES[kind]}", row.ratio, row.read.goals.of(kind), "times bare uvicorn")
        for kind, one in measured.items()
        for row in one.rows
    ]
    memory = [
        _fault(f"memory on {NAMES[kind]}", one.megabytes, MOST_MEGABYTES, "MiB") for kind, one in measured.items()
    ]
    return [fault for fault in (*faults, *memory) if fault]


def markdown(lines: Sequence[Sequence[str]]) -> str:
    """The first line is the head; names to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    shown = [[line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])] for line in lines]
    rule = ["-" * widths[0], *(f"{'-' * (width - 1)}:" for width in widths[1:])]
    return "\n".join(f"| {' | '.join(line)} |" for line in (shown[0], rule, *shown[1:]))


def _fault(name: str, figure: float, goal: float, unit: str) -> str:
    """Empty where the figure is what it should be."""
    if figure <= goal:
        return ""
    return f"{name}: {figure:.4g} {unit} instead of {goal:g}, {100 * (figure / goal - 1):.0f} % too much"


def _line(compared: Mapping[str, Compared]) -> list[str]:
    first = next(iter(compared.values()))
    cells = [cell for kind, one in compared.items() for cell in _cells(one, kind)]
    return [first.read.name, *cells, f"{1e6 * first.bare.server:.0f}"]


def _cells(one: Compared, kind: str) -> list[str]:
    ratio = f"{one.ratio:.2f}" if not one.ours.database else f"{one.ratio:.2f} ({one.server_ratio:.2f})"
    mark = "" if one.ratio <= one.read.goals.of(kind) else " missed"
    return [ratio + mark, f"≤ {one.read.goals.of(kind)}", f"{1e6 * one.ours.whole:.0f}", f"{one.ours.per_second:,.0f}"]
