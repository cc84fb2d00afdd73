"""Synthetic news: a reproducible stream of article input about events that begin, are told for some days, and end.

Its words are made of syllables and mean nothing; how often each comes up follows Zipf's law, as in any language.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import accumulate, count, islice, product
from random import Random
from typing import Any

from app.core.stopwords import STOP_WORDS

Json = dict[str, Any]

COMMON_WORDS, TOPIC_WORDS, EVENT_WORDS, KNOWN_NAMES, TOPICS, WIRES = 25_000, 400, 25, 4_000, 40, 6
FEWEST_WORDS, MOST_WORDS = 150, 700
MOST_ARTICLES = 40
TAIL = 1.1
"""Of how many articles tell an event: one mostly, forty at most, three and a half on the average."""
COPIED = 0.05
# Of a hundred words: those of no meaning, those of any text, of the topic, of the event, and names.
MIXTURE = {"empty": 42, "common": 33, "topic": 12, "event": 9, "names": 4}
_SYLLABLES = ["".join(sounds) for sounds in product("bdfglmnprstvkz", "aeiou", ("", "n", "r", "l"))]


class Words:
    """Words of which the first come up most, as Zipf's law has it."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(words))))

    def draw(self, random: Random, number: int) -> list[str]:
        """So many of them."""
        return random.choices(self._words, cum_weights=self._weights, k=number)


class Mint:
    """Makes words that it has not made before."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._made: set[str] = set()

    def words(self, number: int) -> list[str]:
        """So many, of two to four syllables."""
        return [self._word() for _ in range(number)]

    def names(self, number: int) -> list[str]:
        """The same with capitals."""
        return [word.capitalize() for word in self.words(number)]

    def _word(self) -> str:
        while True:
            word = "".join(self._random.choices(_SYLLABLES, k=self._random.choice((2, 3, 3, 4))))
            if word not in self._made:
                self._made.add(word)
                return word


@dataclass(slots=True)
class Event:
    """Something that is told by `left` more articles: where it stands, its own words, and who and where it is about."""

    section: str
    topic: Words
    words: Words
    names: Words
    tags: list[Json]
    left: int
    told: list[str] = field(default_factory=list)


class News:
    """An endless stream of article input, a fixed number a day from `began` on."""

    def __init__(self, seed: int, *, began: datetime, articles_a_day: int, language: str = "en") -> None:
        self._random = Random(seed)
        self._mint = Mint(self._random)
        self._gap, self._at, self._language = timedelta(days=1) / articles_a_day, began, language
        self._numbers = count(1)
        self._going_on: list[tuple[datetime, int, Event]] = []
        self._vocabularies = {
            "empty": Words(sorted(STOP_WORDS.get(language, ())) or self._mint.words(150)),
            "common": Words(self._mint.words(COMMON_WORDS)),
        }
        self._known = Words(self._mint.names(KNOWN_NAMES))
        self._topics = [Words(self._mixed(TOPIC_WORDS)) for _ in range(TOPICS)]
        self._wires = self._mint.names(WIRES)

    def __iter__(self) -> Iterator[Json]:
        while True:
            self._at += self._gap
            event = heappop(self._going_on)[2] if self._is_due() else self._born()
            number = next(self._numbers)
            yield self._article(event, number)
            event.left -= 1
            if event.left > 0:
                pause = timedelta(hours=self._random.expovariate(1 / 8))
                heappush(self._going_on, (self._at + pause, number, event))

    def storm(self, number: int) -> Iterator[Json]:
        """So many articles of one event that is as new as all of its words."""
        event = self._born()
        return (self._article(event, next(self._numbers)) for _ in range(number))

    def edited(self, article: Json) -> Json:
        """The article with another headline and a paragraph more."""
        words = self._vocabularies["common"].draw(self._random, 40)
        headline = f"{article['headline']} {words[0]}"
        return article | {"headline": headline, "body_text": f"{article['body_text']}\n\n{' '.join(words)}."}

    def _is_due(self) -> bool:
        return bool(self._going_on) and self._going_on[0][0] <= self._at

    def _born(self) -> Event:
        topic = self._random.randrange(TOPICS)
        names = [*self._mint.names(3), *self._known.draw(self._random, 5)]
        self._random.shuffle(names)
        kinds = self._random.choices(("person", "place", "organisation"), k=self._random.randint(1, 4))
        tags = {name: {"name": name, "kind": kind} for name, kind in zip(names, kinds, strict=False)}
        left = min(MOST_ARTICLES, int(self._random.paretovariate(TAIL)))
        words = Words([*self._mixed(EVENT_WORDS - 3), *self._mint.words(3)])
        return Event(f"section-{topic % 10}", self._topics[topic], words, Words(names), [*tags.values()], left)

    def _mixed(self, number: int) -> list[str]:
        """Words of which any text has some, seldom the commonest."""
        words = self._vocabularies["common"].draw(self._random, number * 3)
        return sorted(set(words[100:] or words), key=lambda _: self._random.random())[:number]

    def _article(self, event: Event, number: int) -> Json:
        is_copy = len(event.told) > 1 and self._random.random() < COPIED * 1.5  # a third are the first of their event
        event.told = event.told[:-1] if is_copy else self._paragraphs(event)
        return {
            "external_id": f"bench-{number}",
            "language": self._language,
            "headline": self._headline(event),
            "summary": event.told[0],
            "body_text": "\n\n".join(event.told),
            "section": event.section,
            "tags": event.tags[: self._random.randint(0, 4)],
            "contributors": [{"name": f"Reporter {self._random.randrange(60)}"}],
            "source": {"name": self._random.choice(self._wires)} if is_copy else None,
            "published_at": self._at.isoformat(),
        }

    def _headline(self, event: Event) -> str:
        words = event.words.draw(self._random, 4) + event.topic.draw(self._random, 2)
        return " ".join([*event.names.draw(self._random, 2), *words])

    def _paragraphs(self, event: Event) -> list[str]:
        words = self._text(event, round(self._random.triangular(FEWEST_WORDS, MOST_WORDS, 350)))
        sentences = iter(lambda: list(islice(words, self._random.randint(8, 25))), [])
        said = (" ".join([first.capitalize(), *rest]) + "." for first, *rest in sentences)
        return list(iter(lambda: " ".join(islice(said, self._random.randint(2, 4))), ""))

    def _text(self, event: Event, number: int) -> Iterator[str]:
        drawn = {"topic": event.topic, "event": event.words, "names": event.names} | self._vocabularies
        kinds = self._random.choices(list(MIXTURE), weights=list(MIXTURE.values()), k=number)
        words = {kind: iter(drawn[kind].draw(self._random, times)) for kind, times in Counter(kinds).items()}
        return (next(words[kind]) for kind in kinds)
