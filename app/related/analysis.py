"""From an article's text to what it is compared by.

Everything here depends on the text alone, so that it never has to be done again; how much a word says among all
articles is `likeness`'s business.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Final, NamedTuple
from zlib import crc32

from app.core.text import Term, name_key, terms
from app.related.names import names

# Measured on news: the headline may weigh 3 to 6 and a usual body have 100 to 200 terms without a difference.
HEADLINE_WEIGHT: Final = 4.0
USUAL_HEADLINE: Final = 10
LEAD: Final = 45
"""As many terms as about eighty words hold: what news puts first tells most."""
USUAL_BODY: Final = 150
SATURATION: Final = 1.2
FULL: Final = 255

MOST_CHARACTERS: Final = 40_000
"""Of a body: some 6,500 words. What comes later says little that was not said before."""
MOST_OF_A_TERM: Final = 64
TAG: Final = "#"

SHINGLE: Final = 5
MOST_SHINGLES: Final = 128
FEWEST_SHINGLES: Final = 20
"""Shorter texts are alike by chance."""


class Weight(NamedTuple):
    """How much an article is about a term, from 1 to 255, and how it mostly writes it."""

    tf: int
    surface: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """What an article is compared by: its words, the names that are the same in every language, its wording.

    `shingles` are the lowest hashes of its runs of five words; none when it is short.
    """

    words: dict[str, Weight]
    names: dict[str, Weight]
    shingles: frozenset[int]


def analyse(headline: str, summary: str | None, body: str, tags: Sequence[str], language: str) -> Analysis:
    """What the article is compared by. Of a body the first 40,000 characters count."""
    text = f"{summary}\n{body[:MOST_CHARACTERS]}" if summary else body[:MOST_CHARACTERS]
    title, story = terms(headline, language), terms(text, language)
    return Analysis(_words(title, story), _names([*title, *story], tags), _shingles([*title, *story]))


def _words(title: Sequence[Term], story: Sequence[Term]) -> dict[str, Weight]:
    """The words by how often they come up, each field's length allowed for, and the headline and the lead first."""
    weights: defaultdict[str, float] = defaultdict(float)
    lead = story[:LEAD]
    for field, weight, usual in ((title, HEADLINE_WEIGHT, USUAL_HEADLINE), (lead, 1.0, LEAD), (story, 1.0, USUAL_BODY)):
        each = weight / (0.25 + 0.75 * len(field) / usual)
        for term in field:
            weights[term.stem] += each
    return _weighed(weights, _commonest((*title, *story)))


def _names(found: Sequence[Term], tags: Sequence[str]) -> dict[str, Weight]:
    """The tags, which weigh most, and the names and numbers by how often they come up."""
    named = list(names(found))
    tagged = {f"{TAG}{name_key(tag)}"[:MOST_OF_A_TERM]: Weight(FULL, tag) for tag in tags}
    return _weighed(Counter(key for key, _ in named), _commonest(named)) | tagged


def _weighed(weights: Mapping[str, float], surfaces: Mapping[str, str]) -> dict[str, Weight]:
    return {
        term[:MOST_OF_A_TERM]: Weight(
            max(1, round(FULL * weight / (weight + SATURATION))), surfaces[term][:MOST_OF_A_TERM]
        )
        for term, weight in weights.items()
    }


def _commonest(found: Iterable[tuple[str, str]]) -> dict[str, str]:
    """How each term is mostly written; of equals, what comes first."""
    times = Counter(found)
    surfaces: dict[str, str] = {}
    for term, surface in times:
        if term not in surfaces or times[term, surface] > times[term, surfaces[term]]:
            surfaces[term] = surface
    return surfaces


def _shingles(found: Sequence[Term]) -> frozenset[int]:
    """Hashes that are the same in every process. The lowest of two texts are a fair sample of what they share."""
    stems = [term.stem for term in found]
    runs = {crc32(" ".join(stems[n : n + SHINGLE]).encode()) for n in range(len(stems) - SHINGLE + 1)}
    return frozenset(nsmallest(MOST_SHINGLES, runs)) if len(runs) >= FEWEST_SHINGLES else frozenset()
