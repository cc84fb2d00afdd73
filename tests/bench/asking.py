"""What readers of generated news might look for: requests of each kind, made from the words of the articles.

Pure: the same articles and seed make the same requests.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from itertools import pairwise
from random import Random
from string import ascii_lowercase
from urllib.parse import urlencode

from app.core.stopwords import STOP_WORDS
from tests.bench.growing import COMMON
from tests.bench.news import Json

MOST = 0.05
"""A common word is in more than this part of the articles."""
FEWEST_RARE, MOST_RARE = 2, 20
"""In so many articles of all copies together is a rare word."""
SECTIONS = 10

_STOP_WORDS = STOP_WORDS["en"]
_WORD = re.compile(r"[a-z']+")


class Asking:
    """Makes the requests."""

    def __init__(self, articles: Sequence[Json], *, seed: int) -> None:
        self._random = Random(seed)
        self._said = [_words(article) for article in articles]
        held = Counter(word for said in self._said for word in set(said))
        other = max(FEWEST_RARE + 1, round(COMMON * len(articles)))  # from there on, copies have it, too
        self._rare = [word for word in sorted(held) if FEWEST_RARE <= held[word] <= min(MOST_RARE, other - 1)]
        self._common = [word for word in sorted(held) if held[word] > MOST * len(articles)]
        self._saying = set(held)

    def targets(self, number: int) -> dict[str, list[str]]:
        """For each kind, so many addresses; hardly any twice."""
        common, rare = self._common, self._rare
        kinds: dict[str, Callable[[], str]] = {
            "common word": lambda: _search(self._one(common)),
            "rare word": lambda: _search(self._one(rare)),
            "three words": lambda: _search(" ".join(self._three())),
            "three common words": lambda: _search(" ".join(self._random.sample(common, 3))),
            "three rare words, nowhere together": lambda: _search(" ".join(self._random.sample(rare, 3))),
            "phrase": lambda: _search(f'"{self._pair(self._saying)}"'),
            "phrase of common words": lambda: _search(f'"{self._pair(set(common))}"'),
            "letter or stop word": lambda: _search(self._one([*ascii_lowercase, *sorted(_STOP_WORDS)])),
            "mistyped word": lambda: _search(_mistyped(self._one(rare))),
            "common word, by date": lambda: _search(self._one(common), sort="date"),
            "common word of a section": lambda: _search(self._one(common), section=self._section()),
            "suggestion for a word": lambda: _suggest(self._begun()),
            "suggestion for a second word": lambda: _suggest(f"{self._one(common)} {self._begun()}"),
        }
        return {kind: [make() for _ in range(number)] for kind, make in kinds.items()}

    def _one(self, words: Sequence[str]) -> str:
        return self._random.choice(words)

    def _three(self) -> list[str]:
        """Words of one article, a common one among them."""
        said = sorted(set(self._one_said()))
        wanted = set(self._common)
        return [self._one([word for word in said if word in wanted] or said), *self._random.sample(said, 2)]

    def _pair(self, words: Collection[str]) -> str:
        """Two of these words that stand together somewhere."""
        while True:
            together = [pair for pair in pairwise(self._one_said()) if pair[0] in words and pair[1] in words]
            if together:
                return " ".join(self._random.choice(together))

    def _one_said(self) -> Sequence[str]:
        return self._random.choice(self._said)

    def _section(self) -> str:
        return f"section-{self._random.randrange(SECTIONS)}"

    def _begun(self) -> str:
        """What somebody has typed of a word."""
        return self._one(self._one_said())[: self._random.randint(1, 4)]


def _words(article: Json) -> list[str]:
    """The words of an article that say something."""
    return [word for word in _WORD.findall(article["body_text"].lower()) if word not in _STOP_WORDS]


def _mistyped(word: str) -> str:
    """With its second letter and the third exchanged."""
    return word[:1] + word[2:3] + word[1:2] + word[3:]


def _search(query: str, **rest: str) -> str:
    return f"/v1/search?{urlencode({'q': query} | rest)}"


def _suggest(typed: str) -> str:
    return f"/v1/search/suggest?{urlencode({'q': typed})}"
