"""Which neighbours are worth reading next, and why: pure rules over a neighbourhood."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from math import exp, log, sqrt
from uuid import UUID

from app.core.text import terms
from app.related.neighbours import Neighbourhood, Story, Tag

TAG_TRUST = 0.7
"""How much a perfect match of tags alone is worth."""
HALF_LIFE_DAYS = 14.0
LEAST_SCORE = 0.05
NEAR_COPY = 0.85
FEWEST_WORDS_OF_A_COPY = 4
MOST_WORDS_SHOWN = 5
RECENT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a story is related: `tag` (names), `words` (as readers write them), `time` (how far apart)."""

    kind: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """A related story: `score` from 0 to 1, reasons strongest first, near-copies of it folded in."""

    id: UUID
    score: float
    reasons: tuple[Reason, ...]
    variants: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class _Scored:
    story: Story
    score: float
    tags: tuple[str, ...]
    words: tuple[str, ...]
    terms: frozenset[str] = field(repr=False)


def rank(neighbourhood: Neighbourhood, *, limit: int, exclude: Iterable[UUID] = ()) -> list[Related]:
    """The best `limit` neighbours, best first. Those excluded are not even folded in."""
    story, unwanted = neighbourhood.story, set(exclude)
    others = [other for other in neighbourhood.others if other.id not in unwanted]
    weigh = _Weights(neighbourhood)
    scored = [one for one in (weigh.score(story, other) for other in others) if one.score >= LEAST_SCORE]
    scored.sort(key=lambda one: (-one.score, -one.story.published_at.timestamp(), one.story.id))
    return [
        Related(best.story.id, round(best.score, 4), _reasons(story, best), tuple(copy.story.id for copy in copies))
        for best, copies in _folded(scored, weigh, limit=limit)
    ]


class _Weights:
    """How much a shared tag or word counts: the rarer, the more."""

    def __init__(self, neighbourhood: Neighbourhood) -> None:
        stories = (neighbourhood.story, *neighbourhood.others)
        carriers = Counter(stem for story in stories for stem in vocabulary(story))
        self._words = {stem: log(1 + len(stories) / carrying) for stem, carrying in carriers.items()}
        known = {tag.id: tag.carriers for story in stories for tag in story.tags}
        self._tags = {id: log(1 + neighbourhood.articles / max(carrying, 1)) for id, carrying in known.items()}

    def score(self, story: Story, other: Story) -> _Scored:
        """How near the two are: the cosines of their tags and of their words, halved with time."""
        mine, theirs = vocabulary(story), vocabulary(other)
        tags = sorted(set(story.tags) & set(other.tags), key=lambda tag: (tag.carriers, tag.name))
        words = sorted(mine.keys() & theirs.keys(), key=lambda stem: (-self._words[stem], stem))
        by_tags = _cosine(self.tags(tags), self.tags(story.tags), self.tags(other.tags))
        by_words = _cosine(self.words(words), self.words(mine), self.words(theirs))
        # Either alone may tell: many tags must not drown what the headlines say, nor the other way round.
        nearness = 1 - (1 - TAG_TRUST * by_tags) * (1 - by_words)
        days = abs((story.published_at - other.published_at) / timedelta(days=1))
        return _Scored(
            other,
            nearness * (0.5 + 0.5 * exp(-days / HALF_LIFE_DAYS)),
            tuple(tag.name for tag in tags),
            tuple(mine[stem] for stem in words[:MOST_WORDS_SHOWN]),
            frozenset(theirs),
        )

    def words(self, stems: Iterable[str]) -> float:
        """What these words weigh together."""
        return sum(map(self._words.__getitem__, stems))

    def tags(self, tags: Iterable[Tag]) -> float:
        """What these tags weigh together."""
        return sum(self._tags[tag.id] for tag in tags)


def _cosine(shared: float, mine: float, theirs: float) -> float:
    return shared / sqrt(mine * theirs) if shared else 0.0


def vocabulary(story: Story) -> Mapping[str, str]:
    """The stems of headline and summary, each with the form in which readers meet it first."""
    return _vocabulary(story.language, story.headline, story.summary or "")


@lru_cache(maxsize=4096)
def _vocabulary(language: str, headline: str, summary: str) -> dict[str, str]:
    stems: dict[str, str] = {}
    for term in terms(f"{headline}\n{summary}", language):
        stems.setdefault(term.stem, term.surface)
    return stems


def _folded(scored: Sequence[_Scored], weigh: _Weights, *, limit: int) -> list[tuple[_Scored, list[_Scored]]]:
    """The best, each with the near-copies of it that would follow."""
    folded: list[tuple[_Scored, list[_Scored]]] = []
    for one in scored:
        original = next((group for group in folded if _are_copies(group[0], one, weigh)), None)
        if original is not None:
            original[1].append(one)
        elif len(folded) < limit:
            folded.append((one, []))
        else:
            break
    return folded


def _are_copies(one: _Scored, other: _Scored, weigh: _Weights) -> bool:
    if min(len(one.terms), len(other.terms)) < FEWEST_WORDS_OF_A_COPY:
        return False
    shared = weigh.words(one.terms & other.terms)
    return shared >= NEAR_COPY * sqrt(weigh.words(one.terms) * weigh.words(other.terms))


def _reasons(story: Story, other: _Scored) -> tuple[Reason, ...]:
    apart = abs(story.published_at - other.story.published_at)
    found = (
        Reason("tag", other.tags),
        Reason("words", other.words),
        Reason("time", (f"published {_told(apart)} apart",) if apart <= RECENT else ()),
    )
    return tuple(reason for reason in found if reason.values)


def _told(apart: timedelta) -> str:
    for unit, name in ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute")):
        if number := apart // unit:
            return f"{number} {name}{'s' if number > 1 else ''}"
    return "less than a minute"
