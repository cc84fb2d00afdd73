"""How alike two signatures are, and why.

Pure arithmetic over term numbers; where the numbers and counts are kept is `store`'s business.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, log, sqrt
from typing import Final, TypeVar

EXPECTED: Final = 100
"""Articles counted as if they had been read before the first, each term in one of them: few prove nothing."""
SIGNATURE_WORDS: Final = 160
POSTED_WORDS: Final = 96
SIGNATURE_NAMES: Final = 24
QUERY_WORDS: Final = 48
QUERY_NAMES: Final = 12
POSTINGS: Final = 1500
CANDIDATES: Final = 100
KEPT: Final = 30
KEPT_OF_A_GROUP: Final = 6
LEAST: Final = 0.04
FADING: Final = timedelta(days=14)
ELSEWHERE: Final = 0.6
"""What likeness by names alone is worth: who asks in one language is best served in it."""
ALIKE_COPIES: Final = 0.85
CONTAINED_COPIES: Final = 0.6
FEWEST_WORDS_OF_A_COPY: Final = 4
FEWEST_SHINGLES_COMPARED: Final = 8

K = TypeVar("K", int, str)


@dataclass(frozen=True, slots=True)
class Signature:
    """What an article is compared by: term numbers with their weights, and the norms of both when it was indexed."""

    language: str
    published_at: datetime
    words: dict[int, int]
    names: dict[int, int]
    norm: float
    names_norm: float
    shingles: frozenset[int]


def idf(df: int, articles: int) -> float:
    """How much a term says that `df` of so many articles hold: from 0 to 1.

    Divided by its own ceiling, so that norms kept from when the index was small still fit.
    """
    known, all = df + 1, articles + EXPECTED
    return log(1 + (all - known + 0.5) / (known + 0.5)) / log(1 + all)


def strongest(weights: Mapping[K, int], df: Mapping[K, int], articles: int, *, most: int) -> list[K]:
    """The `most` terms that say most, strongest first; equal ones by key. A term without count counts as new."""
    return sorted(weights, key=lambda term: (-weights[term] * idf(df.get(term, 1), articles), term))[:most]


def norm(weights: Mapping[int, int], df: Mapping[int, int], articles: int) -> float:
    """The length of the vector that the weights make with the counts of now."""
    return sqrt(sum((tf * idf(df.get(term, 1), articles)) ** 2 for term, tf in weights.items()))


def likeness(one: Signature, other: Signature, df: Mapping[int, int], articles: int) -> float:
    """How alike they are, from 0 to 1: the cosine of their words, or across languages of their names, damped.

    Only shared terms are looked up in `df`; `articles` counts those of the language, or across languages all.
    """
    shared = sum(_products(one, other, df, articles).values())
    if not shared:
        return 0.0
    if one.language == other.language:
        return min(1.0, shared / (one.norm * other.norm))
    return min(1.0, ELSEWHERE * shared / (one.names_norm * other.names_norm))


def score(likeness: float, apart: timedelta) -> float:
    """What time leaves of a likeness: half of it at most is lost."""
    return likeness * (0.5 + 0.5 * exp(-abs(apart) / FADING))


def are_copies(one: Signature, other: Signature, likeness: float) -> bool:
    """Whether a reader of one need not open the other: nearly all words alike, or most of the wording of one."""
    if one.language != other.language or min(len(one.words), len(other.words)) < FEWEST_WORDS_OF_A_COPY:
        return False
    return likeness >= ALIKE_COPIES or _containment(one.shingles, other.shingles) >= CONTAINED_COPIES


def shares(one: Signature, other: Signature, df: Mapping[int, int], articles: int) -> list[tuple[int, float]]:
    """The shared terms with their shares of the likeness, which add up to 1, strongest first."""
    products = _products(one, other, df, articles)
    whole = sum(products.values())
    return [(term, products[term] / whole) for term in sorted(products, key=lambda term: (-products[term], term))]


def _products(one: Signature, other: Signature, df: Mapping[int, int], articles: int) -> dict[int, float]:
    mine, theirs = (one.words, other.words) if one.language == other.language else (one.names, other.names)
    return {
        term: tf * theirs[term] * idf(df.get(term, 1), articles) ** 2 for term, tf in mine.items() if term in theirs
    }


def _containment(mine: frozenset[int], theirs: frozenset[int]) -> float:
    """How much of the one with fewer is in the other, by those of their lowest hashes that both would have kept."""
    if not mine or not theirs:
        return 0.0
    ceiling = min(max(mine), max(theirs))
    fewer = min(sum(one <= ceiling for one in mine), sum(one <= ceiling for one in theirs))
    return len(mine & theirs) / fewer if fewer >= FEWEST_SHINGLES_COMPARED else 0.0
