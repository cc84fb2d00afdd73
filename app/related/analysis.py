"""From an article's text to what it is compared by.

Everything here depends on the text alone, so that it never has to be done again; how rare a word is, is `likeness`'s
business.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Final, NamedTuple
from zlib import crc32

from app.core.text import Term, fold, name_key, terms, words

HEADLINE_WEIGHT: Final = 4.0
LEAD_TERMS: Final = 45
"""About as many terms as eighty words hold: what news puts first tells most."""
HEADLINE_LENGTH: Final = 10
BODY_LENGTH: Final = 150
SATURATION: Final = 1.2
FULL: Final = 255

MOST_CHARACTERS: Final = 40_000
"""Of a body; some 6,500 words. What comes later says nothing that news has not said before."""
MOST_STEM: Final = 64

SHINGLE: Final = 5
MOST_SHINGLES: Final = 128
FEWEST_SHINGLES: Final = 20


class Weight(NamedTuple):
    """How much an article is about a term, from 1 to 255, and how it mostly writes it."""

    tf: int
    surface: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """What an article is compared by: its words, the names that are the same in every language, its wording."""

    words: dict[str, Weight]
    names: dict[str, Weight]
    shingles: frozenset[int]


def analyse(headline: str, summary: str | None, body: str, tags: Sequence[str], language: str) -> Analysis:
    """What the article is compared by; the first 40,000 characters of the body count."""
    text = f"{summary}\n{body[:MOST_CHARACTERS]}" if summary else body[:MOST_CHARACTERS]
    return Analysis(
        _words(terms(headline, language), terms(text, language)),
        _names(headline, text, tags),
        _shingles(f"{headline}\n{text}"),
    )


def _words(headline: list[Term], text: list[Term]) -> dict[str, Weight]:
    counts: Counter[str] = Counter()
    surfaces: dict[str, Counter[str]] = {}
    for stem, surface in (*headline, *text):
        surfaces.setdefault(stem, Counter())[surface] += 1
    weights: Counter[str] = counts
    _add(weights, headline, HEADLINE_WEIGHT, HEADLINE_LENGTH)
    _add(weights, text[:LEAD_TERMS], 1.0, LEAD_TERMS)
    _add(weights, text, 1.0, BODY_LENGTH)
    return {stem[:MOST_STEM]: Weight(_saturated(acc), _commonest(surfaces[stem])) for stem, acc in weights.items()}


def _add(weights: "Counter[str]", found: Iterable[Term], weight: float, usual: int) -> None:
    found = list(found)
    each = weight / (0.25 + 0.75 * len(found) / usual)
    for stem, count in Counter(term.stem for term in found).items():
        weights[stem] += each * count  # type: ignore[assignment]


def _saturated(weight: float) -> int:
    return max(1, round(FULL * weight / (weight + SATURATION)))


def _commonest(surfaces: Counter[str]) -> str:
    return max(surfaces, key=surfaces.__getitem__)


def _names(headline: str, text: str, tags: Sequence[str]) -> dict[str, Weight]:
    names: dict[str, Weight] = {f"#{name_key(tag)}"[:MOST_STEM]: Weight(FULL, tag) for tag in tags}
    counts: Counter[str] = Counter()
    surfaces: dict[str, str] = {}
    for word in words(f"{headline}\n{text}"):
        if len(word) > 1 and (word[0].isupper() or word[0].isdecimal()):
            key = fold(word)[:MOST_STEM]
            counts[key] += 1
            surfaces.setdefault(key, word)
    return names | {key: Weight(_saturated(count), surfaces[key]) for key, count in counts.items()}


def _shingles(text: str) -> frozenset[int]:
    found = fold(text).split()
    runs = {crc32(" ".join(found[n : n + SHINGLE]).encode()) for n in range(len(found) - SHINGLE + 1)}
    return frozenset(nsmallest(MOST_SHINGLES, runs)) if len(runs) >= FEWEST_SHINGLES else frozenset()
