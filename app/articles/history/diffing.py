"""Two bodies compared: blocks first, then the words of those that replace each other.

How words are compared is for `wording`, what else differs between two versions for `comparing`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel

from app.articles.history.wording import MOST_CHARACTERS, Words, compare, replaced
from app.core.markup import Block, blocks_text
from app.core.text import pieces

MOST_PAIRS = 10_000
"""How many pairs of blocks one comparison weighs against each other."""

_ALIKE = 0.4
_READ_CHARACTERS = 500
_READ_WORDS = 60


@dataclass(frozen=True, slots=True)
class BlockChange:
    """Blocks that are equal (only their number is told), or one that went, came or was replaced, with its words."""

    op: Literal["equal", "delete", "insert", "replace"]
    count: int = 1
    before: Block | None = None
    after: Block | None = None
    words: Sequence[Words] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """A block with its text, and the first of its words, by which it is recognised."""

    block: Block
    text: str
    words: list[str]


_Pair = tuple[_Read | None, _Read | None]


def compare_bodies(old: Sequence[Block], new: Sequence[Block]) -> list[BlockChange]:
    """What leads from one body to the other, in order."""
    changes: list[BlockChange] = []
    pairs_left, room = MOST_PAIRS, MOST_CHARACTERS
    for left, right, is_equal in _runs(old, new):
        if is_equal:
            changes.append(BlockChange("equal", count=len(left)))
            continue
        gone, come = list(map(_read, left)), list(map(_read, right))
        for pair in _paired(gone, come, pairs_left=pairs_left):
            changes.append(_told(*pair, room=room))
            room -= min(room, _size(*pair))
        pairs_left = max(0, pairs_left - len(gone) * len(come))
    return changes


def _runs(old: Sequence[Block], new: Sequence[Block]) -> Iterator[tuple[Sequence[Block], Sequence[Block], bool]]:
    """Both bodies in runs: those that are equal, and between them what went and what came."""
    numbers: dict[str, int] = {}
    sides = [[numbers.setdefault(block.model_dump_json(), len(numbers)) for block in side] for side in (old, new)]
    left = right = 0
    for step in Indel.opcodes(*sides):
        if step.tag != "equal":
            continue
        if left < step.src_start or right < step.dest_start:
            yield old[left : step.src_start], new[right : step.dest_start], False
        yield old[step.src_start : step.src_end], new[step.dest_start : step.dest_end], True
        left, right = step.src_end, step.dest_end
    if left < len(old) or right < len(new):
        yield old[left:], new[right:], False


def _read(block: Block) -> _Read:
    text = blocks_text([block])
    words = [piece for piece in pieces(text[:_READ_CHARACTERS]) if not piece.isspace()]
    return _Read(block, text, words[:_READ_WORDS])


def _told(gone: _Read | None, come: _Read | None, *, room: int) -> BlockChange:
    if gone is None or come is None:
        words = replaced(gone.text if gone else "", come.text if come else "")
        return BlockChange(
            "delete" if gone else "insert",
            before=gone.block if gone else None,
            after=come.block if come else None,
            words=words,
        )
    words = compare(gone.text, come.text, room=room)
    return BlockChange("replace", before=gone.block, after=come.block, words=words)


def _size(gone: _Read | None, come: _Read | None) -> int:
    """How much text was compared."""
    return len(gone.text) + len(come.text) if gone and come else 0


def _paired(gone: list[_Read], come: list[_Read], *, pairs_left: int) -> Iterator[_Pair]:
    """What went and what came, in order: together where one replaces the other."""
    if len(gone) * len(come) > pairs_left:
        matched = [(n, n) for n, pair in enumerate(zip(gone, come, strict=False)) if _likeness(*pair) > 0]
    else:
        matched = _best_matches(gone, come)
    left = right = 0
    for one, other in [*matched, (len(gone), len(come))]:
        yield from ((block, None) for block in gone[left:one])
        yield from ((None, block) for block in come[right:other])
        if one < len(gone):
            yield gone[one], come[other]
        left, right = one + 1, other + 1


def _best_matches(gone: list[_Read], come: list[_Read]) -> list[tuple[int, int]]:
    """Which of the blocks are most alike, in the order of both."""
    likeness = [[_likeness(one, other) for other in come] for one in gone]
    best = [[0.0] * (len(come) + 1) for _ in range(len(gone) + 1)]
    for i in reversed(range(len(gone))):
        for j in reversed(range(len(come))):
            together = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    matches, i, j = [], 0, 0
    while i < len(gone) and j < len(come):
        if likeness[i][j] and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            matches.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return matches


def _likeness(one: _Read, other: _Read) -> float:
    """How alike two blocks are, up to 1; 0 for those that do not replace each other."""
    if one.block.type != other.block.type:
        return 0.0
    if not one.words and not other.words:
        return 1.0
    return Indel.normalized_similarity(one.words, other.words, score_cutoff=_ALIKE)
