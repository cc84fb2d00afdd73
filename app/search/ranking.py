"""The order of matches: how much each is about the words of the query, the rarer the more, and a little how new it is.

A pure function of what is stored, so that both databases give the same order.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from math import exp, log
from typing import Final

from rapidfuzz.distance import Indel

from app.search.analysis import FULL
from app.search.expressions import Branch
from app.search.matching import MOST_WEIGHED, Match

FRESHNESS: Final = 0.15
"""By how much of its score what is new comes before what is old, everything else equal."""
FLOOR: Final = 0.01
"""What matches by stop words alone has a score, too, or nothing would put the new before the old."""
FRESH: Final = timedelta(days=60)
CLOSENESS: Final = 0.3
"""How much of the score of the best is for a headline that reads as what was typed."""
CLOSENESS_OF_A_WORD: Final = 0.1
"""How much more for each word: who types one wants what is most about it; who pastes a headline wants that one."""
MOST_CLOSENESS: Final = 0.8


@dataclass(frozen=True, slots=True)
class Ranked:
    """A match and its score, from 0 to 1."""

    number: int
    score: float


@dataclass(frozen=True, slots=True)
class Rarities:
    """For each language, the words of the query that decide, and how much each says."""

    tokens: Mapping[str, Sequence[str]]
    shares: Mapping[str, Sequence[float]]


def rarities(branches: Collection[Branch], counts: Mapping[str, int], languages: Mapping[str, int]) -> Rarities:
    """How much the words of each branch say: `counts` are their openings, `languages` all of each language."""
    tokens, shares = {}, {}
    for one in branches:
        says = {token: log(1 + languages[one.language] / (1 + counts.get(token, 0))) for token in one.tokens}
        most = sorted(says, key=lambda token: (-says[token], token))[:MOST_WEIGHED]
        whole = sum(says[token] for token in most)
        tokens[one.language] = most
        shares[one.language] = [says[token] / whole for token in most]
    return Rarities(tokens, shares)


def by_headline(
    ranked: Sequence[Ranked], headlines: Mapping[int, Sequence[str]], wanted: Sequence[str]
) -> list[Ranked]:
    """The same, with those first whose headline is most like the words that were typed, stop words and all.

    `headlines` are the folded words of each that this is asked about.
    """
    part = min(MOST_CLOSENESS, CLOSENESS + CLOSENESS_OF_A_WORD * len(wanted))
    likeness = {number: Indel.normalized_similarity(words, wanted) for number, words in headlines.items()}
    moved = [replace(one, score=one.score * (1 - part + part * likeness[one.number])) for one in ranked]
    return sorted(moved, key=lambda one: (-one.score, -one.number))


def rank(found: Collection[Match], rare: Rarities, *, now: datetime) -> list[Ranked]:
    """The matches, best first; of equals, the newest."""
    freshness = _Freshness(now.astimezone(UTC).date())
    scored = [Ranked(match.number, _score(match, rare) * freshness[match.date]) for match in found]
    return sorted(scored, key=lambda one: (-one.score, -one.number))


class _Freshness(dict[str, float]):
    """What each date leaves of a score, on one day."""

    def __init__(self, today: date) -> None:
        super().__init__()
        self._today = today

    def __missing__(self, day: str) -> float:
        age = max(timedelta(), self._today - date.fromisoformat(day))
        left = self[day] = 1 - FRESHNESS + FRESHNESS * exp(-(age / FRESH))
        return left


def _score(match: Match, rare: Rarities) -> float:
    shares = rare.shares.get(match.language.partition("-")[0].lower(), ())
    likeness = sum(share * weight for share, weight in zip(shares, match.weights, strict=False)) / FULL
    return (likeness + FLOOR) / (1 + FLOOR)
