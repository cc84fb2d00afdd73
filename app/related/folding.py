"""What stands in a list, as pure rules: one entry for each story, and no story twice.

Two articles are one story when one is a near-copy or a translation of the other. What may stand in a list at all is for
`reading` and `filling`.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from app.web.pages import dumps

Key = int | str
"""What the articles of one story share: the group of near-copies (a number), or that of translations (a text)."""


@dataclass(slots=True)
class Candidate:
    """An article that may stand in a list, by how near it is; `id` is the digits of its own.

    `group` is that of its near-copies, where the index knows it, and `original` that of its translations. `number` is
    its own in the index, 0 where that is known not to have read what is public; `facts` is what was told of it, by an
    outline or a look at it, to be compared with what is shown. What fills up a list (`is_fallback`) has none of these,
    but `reasons` of its own, as JSON.
    """

    id: str
    language: str
    original: str
    group: int | None
    score: float
    number: int = 0
    facts: str | None = None
    reasons: str = "[]"
    is_pinned: bool = False
    is_fallback: bool = False

    @property
    def keys(self) -> tuple[Key, ...]:
        """What it shares with every article of its story."""
        return (self.original,) if self.group is None else (self.original, self.group)


@dataclass(frozen=True, slots=True)
class Entry:
    """One story in a list: the article that stands for it, and the others, best first."""

    lead: Candidate
    variants: tuple[Candidate, ...]
    score: float
    keys: frozenset[Key]

    @property
    def members(self) -> tuple[Candidate, ...]:
        """All of it."""
        return (self.lead, *self.variants)


def reason(kind: str, values: Sequence[str]) -> str:
    """A list of one reason, as JSON like what the index keeps."""
    return _reason(kind, tuple(values))


@lru_cache(maxsize=1024)
def _reason(kind: str, values: tuple[str, ...]) -> str:
    return dumps([{"kind": kind, "values": list(values), "shares": None}])


def explain(one: Candidate, computed: str, *, storyline: str | None) -> str:
    """Why it is shown, as JSON: that editors chose it, the title of the storyline of both, what is computed (JSON)."""
    first = [reason("pinned", [])] * one.is_pinned + ([reason("storyline", [storyline])] if storyline else [])
    return f"[{','.join(reasons[1:-1] for reasons in (*first, computed) if reasons != '[]')}]"


PINNED_SCORE = 1.0


def choose(
    listed: Sequence[Candidate], pins: Sequence[Candidate], *, unwanted: Set[str], originals: Set[str]
) -> list[Candidate]:
    """Those that may be shown: first what editors pinned, in their order, then the others, in theirs.

    Neither one of the `unwanted` nor a translation of what `originals` are.
    """
    pinned = {pin.id for pin in pins}
    found = (*pins, *(one for one in listed if one.id not in pinned)) if pins else listed
    return [one for one in found if one.id not in unwanted and one.original not in originals]


def fold(candidates: Iterable[Candidate], *, language: str) -> Iterator[Entry]:
    """The stories that the candidates (best first) tell, in the order of their best.

    What is in the `language` of the reader stands for its story, and what editors pinned does in any language.
    """
    stories: list[list[Candidate]] = []
    known: dict[Key, list[Candidate]] = {}
    for one in candidates:
        keys = one.keys
        met = [known[key] for key in keys if key in known]
        story = _joined(met, known, stories) if met else []
        if not story:
            stories.append(story)
        story.append(one)
        for key in keys:
            known[key] = story
    return (_entry(story, language) for story in stories)


def _joined(
    met: Sequence[list[Candidate]], known: dict[Key, list[Candidate]], stories: list[list[Candidate]]
) -> list[Candidate]:
    """The earliest of the stories that an article was met in, with all of the others: it shows them to be one."""
    if all(other is met[0] for other in met):
        return met[0]
    story, *later = sorted(met, key=stories.index)
    for other in later:
        stories.remove(other)
        story += other
        story.sort(key=lambda member: -member.score)
        known.update((key, story) for member in other for key in member.keys)
    return story


def _entry(story: Sequence[Candidate], language: str) -> Entry:
    best = story[0]
    lead = best if best.is_pinned else next((one for one in story if one.language == language), best)
    variants = tuple(one for one in story if one is not lead)
    return Entry(lead, variants, best.score, frozenset(key for one in story for key in one.keys))


def deal(offers: Sequence[Iterable[Entry]], wanted: Sequence[int], taken: set[Key]) -> list[list[Entry]]:
    """For each list as many of what it is offered as it wants: the first of each in turn, then the second of each.

    So no list takes from another what that has more need of, and no story comes twice. `taken` holds the keys of the
    stories that are shown already, and gets those of what is dealt.
    """
    hands: list[list[Entry]] = [[] for _ in offers]
    rests: list[Iterator[Entry]] = [iter(offer) for offer in offers]
    for round_ in range(max(wanted, default=0)):
        for hand, rest, most in zip(hands, rests, wanted, strict=True):
            if round_ < most and (entry := next((one for one in rest if taken.isdisjoint(one.keys)), None)):
                hand.append(entry)
                taken |= entry.keys
    return hands
