"""What a reader typed, taken apart: words, "phrases", and what is -excluded. All else is text.

Nothing typed means anything to a database: `AND`, `*` or an unbalanced quote are words or nothing.
"""

import re
from dataclasses import dataclass
from typing import Final

MOST_CLAUSES: Final = 32

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_CLAUSE = re.compile(
    r'(?<!\S)(?P<minus>-)?"(?P<phrase>[^"]*)"|(?<!\S)(?P<not>-)(?P<out>[^\s"-][^\s"]*)|(?P<word>[^\s"]+)'
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A word or the words of a phrase, wanted or excluded."""

    text: str
    is_phrase: bool = False
    is_excluded: bool = False


def parse(text: str) -> tuple[Clause, ...]:
    """The clauses of a query, the first 32; with nothing wanted among them, a minus is only a sign."""
    found = tuple(map(_clause, _CLAUSE.finditer(_balanced(text.translate(_QUOTES)))))
    clauses = tuple(dict.fromkeys(clause for clause in found if clause.text.strip()))[:MOST_CLAUSES]
    if any(not clause.is_excluded for clause in clauses):
        return clauses
    return tuple(Clause(clause.text, clause.is_phrase) for clause in clauses)


def _balanced(text: str) -> str:
    """The text with the last of an odd number of quotes taken out."""
    if text.count('"') % 2 == 0:
        return text
    before, _, after = text.rpartition('"')
    return f"{before} {after}"


def _clause(match: re.Match[str]) -> Clause:
    if match["phrase"] is not None:
        return Clause(match["phrase"], is_phrase=True, is_excluded=match["minus"] is not None)
    if match["not"] is not None:
        return Clause(match["out"], is_excluded=True)
    return Clause(match["word"])
