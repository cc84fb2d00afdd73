"""Two texts compared word by word: what stayed, what went and what came.

Which texts belong together is for `diffing`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel

from app.core.text import pieces

MOST_CHARACTERS = 200_000
"""How much text one comparison reads word by word, both sides together."""

MOST_CELLS = 25_000_000
"""The pieces of one side times those of the other: what time and memory go by. 2,500 words a side are fine."""

_NEAR = 200
_BLANK = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Words:
    """A run of text and what became of it."""

    op: Literal["equal", "delete", "insert"]
    text: str


def compare(old: str, new: str, *, room: int = MOST_CHARACTERS) -> list[Words]:
    """The runs that lead from `old` to `new`: equal and deleted joined are `old`, equal and inserted `new`.

    What differs is compared as a whole where it is longer than `room` characters, or would take too many steps.
    """
    start = _shared_start(old, new)
    end = _shared_start(old[start:][::-1], new[start:][::-1])
    gone, come = old[start : len(old) - end], new[start : len(new) - end]
    fits = len(gone) + len(come) <= room
    between = _by_word(gone, come) if fits else replaced(gone, come)
    return _tidied([Words("equal", old[:start]), *between, Words("equal", old[len(old) - end :])])


def replaced(old: str, new: str) -> list[Words]:
    """All of `old` gone, all of `new` come."""
    return [run for run in (Words("delete", old), Words("insert", new)) if run.text]


def _by_word(old: str, new: str) -> Iterable[Words]:
    left, right = pieces(old), pieces(new)
    if len(left) * len(right) > MOST_CELLS:
        return replaced(old, new)
    return _steps(left, right)


def _steps(left: list[str], right: list[str]) -> Iterator[Words]:
    numbers: dict[str, int] = {}
    # Numbers, not texts: the library compares by hash, and that of a small number is itself.
    sides = [[numbers.setdefault(piece, len(numbers)) for piece in side] for side in (left, right)]
    for step in Indel.opcodes(*sides):
        match step.tag:
            case "insert":
                yield Words("insert", "".join(right[step.dest_start : step.dest_end]))
            case "delete":
                yield Words("delete", "".join(left[step.src_start : step.src_end]))
            case _:
                yield Words("equal", "".join(left[step.src_start : step.src_end]))


def _tidied(steps: Iterable[Words]) -> list[Words]:
    """The same in as few runs as can be read: what went before what came, no lone blank left between two changes."""
    runs = _merged(steps)
    tidied: list[Words] = []
    gone: list[str] = []
    come: list[str] = []
    for number, run in enumerate(runs, start=1):
        if run.op == "equal" and not (run.text.isspace() and gone and come and number < len(runs)):
            tidied += [*replaced("".join(gone), "".join(come)), run]
            gone, come = [], []
        else:
            gone += [run.text] if run.op != "insert" else []
            come += [run.text] if run.op != "delete" else []
    return [*tidied, *replaced("".join(gone), "".join(come))]


def _merged(steps: Iterable[Words]) -> list[Words]:
    merged: list[Words] = []
    for step in steps:
        if merged and merged[-1].op == step.op:
            merged[-1] = Words(step.op, merged[-1].text + step.text)
        elif step.text:
            merged.append(step)
    return merged


def _shared_start(old: str, new: str) -> int:
    """How long both begin alike, up to a blank: long texts with few changes are then short."""
    length = _shared_length(old, new)
    if length == len(old) == len(new):
        return length
    blanks = [match.end() for match in _BLANK.finditer(old, max(0, length - _NEAR), length)]
    return blanks[-1] if blanks else 0


def _shared_length(old: str, new: str) -> int:
    shortest, longest = 0, min(len(old), len(new))
    while shortest < longest:
        middle = (shortest + longest + 1) // 2
        if old[shortest:middle] == new[shortest:middle]:
            shortest = middle
        else:
            longest = middle - 1
    return shortest
