"""What a copy of an article into the past is: the same in other words where they are rare, under its own names.

Texts and tokens become patterns once, in which a sign stands for what tells a copy from another. A pure part of
`growing_search`.
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from app.core.clock import even_instant
from app.core.text import terms
from app.search.numbers import floor
from app.search.tokens import digest, stem_token
from tests.bench.growing import A_DAY_OF_IDS, COMMON

IN_WORD, IN_TAG, ID, AT = "\ue000", "\ue001", "\ue002", "\ue003"
_LETTERS = str.maketrans("0123456789", "bcdfghjklm")
_WORD = re.compile(r"\b[^\W\d_]{2,}\b(?!\":)")
_TOKEN = re.compile(r"(?P<language>[a-z]+)(?P<sign>[_:=])(?P<word>.+)")
_TAG = re.compile(r"=t\d+")
_WEIGHT = 5


@dataclass(frozen=True, slots=True)
class Copy:
    """The nth copy, so many days back; the one before the first is what is copied."""

    n: int
    days: int

    def text(self, pattern: str) -> str:
        """A text, or tokens, of this copy."""
        in_word, in_tag = _signs(self.n)
        return pattern.replace(IN_WORD, in_word).replace(IN_TAG, in_tag)

    def json(self, pattern: str, *, id: UUID, at: datetime) -> str:
        """The card or document of this copy of the article that has this id and date."""
        return self.text(pattern).replace(ID, str(self.id(id))).replace(AT, even_instant(self.at(at)))

    def at(self, at: datetime) -> datetime:
        """When this copy was published."""
        return at - timedelta(days=self.days)

    def id(self, id: UUID) -> UUID:
        """The id that an article of that time would have."""
        return UUID(int=id.int - self.days * A_DAY_OF_IDS)

    def number(self, number: int, at: datetime) -> int:
        """By which the index knows this copy."""
        return number - floor(at) + floor(self.at(at))


@cache
def _signs(n: int) -> tuple[str, str]:
    """What tells the words and the tags of a copy: consonants behind the first letter, so that stems are as before."""
    return ("z" + f"{n:03}".translate(_LETTERS), f"{n:05}") if n else ("", "")


class Marker:
    """Makes patterns of what these articles hold, given the tokens of each: what is rare in them differs in copies."""

    def __init__(self, articles: Iterable[Collection[str]]) -> None:
        held: Counter[str] = Counter()
        size = 0
        for tokens in articles:
            held.update(set(tokens))
            size += 1
        common = max(2, round(size * COMMON))
        self._rare = {token for token, number in held.items() if number < common and _may_differ(token)}
        self._patterns = {digest(token): self.token(token) for token in self._rare}
        self._words: dict[tuple[str, str], str] = {}

    def is_rare(self, token: str) -> bool:
        """Whether this stem or tag is another in every copy."""
        return token in self._rare

    def token(self, token: str) -> str:
        """The pattern of a token; itself where every copy has it."""
        if token in self._rare:
            return token + IN_TAG if _TAG.fullmatch(token) else _marked_token(token)
        parts = _TOKEN.fullmatch(token)
        if parts is None or parts["sign"] == "_":
            return token
        language, word = parts["language"], parts["word"]
        stem = f"{language}_{word}" if parts["sign"] == ":" else _stem(word, language)
        return _marked_token(token) if stem in self._rare else token

    def word(self, word: str, language: str) -> str:
        """The pattern of a word as it is written."""
        if (word, language) not in self._words:
            is_rare = _stem(word, language) in self._rare
            self._words[word, language] = _marked(word) if is_rare else word
        return self._words[word, language]

    def text(self, text: str, language: str) -> str:
        """The pattern of a text."""
        return _WORD.sub(lambda match: self.word(match[0], language), text)

    def json(self, text: str, language: str) -> str:
        """The pattern of a card or document: of all words in it that are no names of members."""
        own = json.loads(text)
        return self.text(text.replace(own["id"], ID).replace(own["published_at"], AT), language)

    def tags(self, ids: str) -> str:
        """The pattern of the ids of tags, with commas."""
        return ",".join(self.token(f"=t{id}").removeprefix("=t") for id in ids.split(","))

    def opening(self, opening: str) -> str:
        """The pattern of what an article counts for in the dictionary."""
        return "\n".join(map(self._line, opening.split("\n")))

    def places(self, weights: bytes) -> list[tuple[int, bytes]]:
        """Where the weights of an article have digests of what is rare, and which."""
        ids = ((n, weights[n : n + 4]) for n in range(0, len(weights), _WEIGHT))
        return [(n, id) for n, id in ids if id in self._patterns]

    def digests(self, copy: Copy) -> dict[bytes, bytes]:
        """What each digest of what is rare is in a copy."""
        return {old: digest(copy.text(pattern)) for old, pattern in self._patterns.items()}

    def _line(self, line: str) -> str:
        token, tab, shown = line.partition("\t")
        return f"{self.token(token)}{tab}{_marked(shown) if token in self._rare else shown}"


def _may_differ(token: str) -> bool:
    """Stems and tags do; that sections, languages and such are rare is chance."""
    parts = _TOKEN.fullmatch(token)
    return parts["sign"] == "_" if parts else _TAG.fullmatch(token) is not None


def _marked(word: str) -> str:
    return word[:1] + IN_WORD + word[1:]


def _marked_token(token: str) -> str:
    parts = _TOKEN.fullmatch(token)
    return f"{parts['language']}{parts['sign']}{_marked(parts['word'])}" if parts else token


def _stem(word: str, language: str) -> str:
    found = terms(word, language)
    return stem_token(found[0].stem, language) if len(found) == 1 else ""
