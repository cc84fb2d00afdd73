"""Did you mean: words that no article opens with, exchanged for those of the archive that are written like them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from rapidfuzz.distance import DamerauLevenshtein
from sqlalchemy.orm import Session

from app.core.text import fold, terms, words
from app.search import matching
from app.search.dictionary import Entry, beginning_with
from app.search.query import Clause
from app.search.reading import Reading, understood

SHORTEST, LONGEST = 4, 40
MOST_MISTYPED: Final = 3
MOST_TRIED: Final = 3


def did_you_mean(session: Session, reading: Reading) -> str | None:
    """The query with its unknown words exchanged, as it is to be typed; None when that would find nothing, either."""
    exchanged: dict[str, list[str]] = {}
    for clause in reading.clauses:
        if not clause.is_excluded and len(exchanged) < MOST_MISTYPED:
            exchanged |= {word: better for word in words(clause.text) if (better := _better(session, word, reading))}
    for n in range(MOST_TRIED if exchanged else 0):
        chosen = {word: better[n] for word, better in exchanged.items() if n < len(better)}
        clauses = [_exchanged(clause, chosen) for clause in reading.clauses]
        if chosen and _finds(session, clauses, reading):
            return " ".join(map(_typed, clauses))
    return None


def _better(session: Session, word: str, reading: Reading) -> list[str]:
    """Words of the archive that this one may be mistyped for, likeliest first; none for one that is known well."""
    typed = fold(word)
    # What has a digit in it is a number or a code: one that is like another is still another.
    if not SHORTEST <= len(typed) <= LONGEST or not typed.isalpha():
        return []
    allowed = 1 if len(typed) < 8 else 2
    # What was meant begins with the first letter, or with the second one where those two changed places.
    firsts = dict.fromkeys(typed[:2])
    known = {entry.shown: entry for first in firsts for entry in _along(session, first, typed, allowed, reading)}
    own = known[typed].articles if typed in known else 0
    near = [
        (distance, -entry.articles, shown)
        for shown, entry in known.items()
        if 0 < (distance := DamerauLevenshtein.distance(typed, shown, score_cutoff=allowed)) <= allowed
        and entry.articles > 5 * own
        and not _is_same_word(typed, shown, reading.scope.languages)
    ]
    return [shown for *_, shown in sorted(near)[:MOST_TRIED]]


def _is_same_word(one: str, other: str, languages: Iterable[str]) -> bool:
    """Whether the two are forms of one word in any of these languages: whoever finds one finds the other."""
    forms = ((terms(one, language), terms(other, language)) for language in languages)
    return any(a and b and a[0].stem == b[0].stem for a, b in forms)


def _along(session: Session, first: str, typed: str, allowed: int, reading: Reading) -> Sequence[Entry]:
    return beginning_with(
        session,
        first,
        languages=list(reading.scope.languages),
        shortest=len(typed) - allowed,
        longest=len(typed) + allowed,
    )


def _exchanged(clause: Clause, chosen: dict[str, str]) -> Clause:
    if clause.is_excluded:
        return clause
    text = clause.text
    for word, better in chosen.items():
        text = text.replace(word, better)
    return replace(clause, text=text)


def _finds(session: Session, clauses: Sequence[Clause], reading: Reading) -> bool:
    better = understood(session, clauses, reading.scope)
    return better is not None and matching.exists(session, better.expression, better.scope)


def _typed(clause: Clause) -> str:
    text = f'"{clause.text}"' if clause.is_phrase else clause.text
    return f"-{text}" if clause.is_excluded else text
