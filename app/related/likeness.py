"""How alike two signatures are, and why.

Pure arithmetic over term numbers; where the numbers and counts are kept is `store`'s business.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, fsum, log, sqrt
from typing import Final, TypeVar

EXPECTED: Final = 50
"""Articles counted as if they had been read before the first, each term in one of them: a few articles prove nothing.

30 to 100 measure alike; without them the lists of the first few hundred articles are worse.
"""
SIGNATURE_WORDS: Final = 160
"""More than 96 measured better, more than 160 no more: what else an article says is about other things too."""
POSTED_WORDS: Final = 64
"""The strongest words of an article lead to it; 48 to 160 find the same."""
SIGNATURE_NAMES: Final = 24
QUERY_WORDS: Final = 32
"""48 find no more."""
QUERY_NAMES: Final = 12
POSTINGS: Final = 400
"""On either side of an article: what is further away and shares only common words is no candidate.

200 to 1,000 measure alike; at a million articles most of the work was to add them up.
"""
CANDIDATES: Final = 60
"""50 to 100 measure alike, and each has to be unpacked and compared."""
KEPT: Final = 30
KEPT_OF_A_GROUP: Final = 6
"""Copies beyond these would only crowd out other stories."""
LEAST: Final = 0.04
"""Of those between .04 and .06 one in twenty was about the same event in a collection of 145, above .3 nearly all.

Dropped below .06 already, lists of so small a collection lose what editors cited together (nDCG@5 .93 becomes .91).
"""
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
    # ln(1 + (N - n + .5) / (n + .5)) by ln(1 + N), with the expected articles in N and the one that holds it in n.
    return 1 - log(df + 1.5) / log(articles + EXPECTED + 1)


def strongest(weights: Mapping[K, int], df: Mapping[K, int], articles: int, *, most: int) -> list[K]:
    """The `most` terms that say most, strongest first; equal ones by key. A term without count counts as new."""
    return sorted(weights, key=lambda term: (-weights[term] * idf(df.get(term, 1), articles), term))[:most]


def norm(weights: Mapping[int, int], df: Mapping[int, int], articles: int) -> float:
    """The length of the vector that the weights make with the counts of now."""
    return sqrt(sum((tf * idf(df.get(term, 1), articles)) ** 2 for term, tf in weights.items()))


def products(weights: Mapping[int, int], df: Mapping[int, int], articles: int) -> dict[int, float]:
    """What each term of an article gives for every unit of its weight in another one."""
    return {term: tf * idf(df.get(term, 1), articles) ** 2 for term, tf in weights.items()}


def contributions(products: Mapping[int, float], theirs: Mapping[int, int]) -> dict[int, float]:
    """What each term that the other one has too gives."""
    return {term: products[term] * theirs[term] for term in products.keys() & theirs.keys()}


def cosine(shared: Mapping[int, float], mine: float, theirs: float, *, is_same_language: bool) -> float:
    """How alike two articles with these norms are, from 0 to 1, by words; across languages by names, damped."""
    if not shared:
        return 0.0
    alike = fsum(shared.values()) / (mine * theirs)  # exact: the order of the terms is that of nothing
    return min(1.0, alike if is_same_language else ELSEWHERE * alike)


def score(likeness: float, apart: timedelta) -> float:
    """What time leaves of a likeness: half of it at most is lost."""
    return likeness * (0.5 + 0.5 * exp(-(abs(apart) / FADING)))


def are_copies(one: Signature, other: Signature, likeness: float) -> bool:
    """Whether a reader of one need not open the other: nearly all words alike, or most of the wording of one."""
    if one.language != other.language or min(len(one.words), len(other.words)) < FEWEST_WORDS_OF_A_COPY:
        return False
    return likeness >= ALIKE_COPIES or _containment(one.shingles, other.shingles) >= CONTAINED_COPIES


def _containment(mine: frozenset[int], theirs: frozenset[int]) -> float:
    """How much of the one with fewer is in the other, by those of their lowest hashes that both would have kept."""
    if not mine or not theirs:
        return 0.0
    ceiling = min(max(mine), max(theirs))
    fewer = min(sum(one <= ceiling for one in mine), sum(one <= ceiling for one in theirs))
    return len(mine & theirs) / fewer if fewer >= FEWEST_SHINGLES_COMPARED else 0.0
