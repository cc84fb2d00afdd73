"""The words of the index: what stands in FTS5 and in tsvectors, alike to the letter.

Neither may take a word apart or fold it once more, so they hold letters, digits and a few signs that both were told of.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple
from zlib import crc32

from app.core.languages import primary_language
from app.core.remembering import Remembered
from app.core.text import fold, terms

_STEM, _IN_HEADLINE, _PLAIN = "_", ":", "="

LONGEST: Final = 64
_NOT_A_LETTER = re.compile(r"[\x00-&(-/:-@\[-`{-\x7f\s]")


def stem_token(stem: str, language: str) -> str:
    """A stem of a language; of no other, or the French for `march` would find the English."""
    return f"{primary_language(language)}{_STEM}{_safe(stem)}"


class Read(NamedTuple):
    """The tokens of a text's stems in order, and how each is written there, folded."""

    tokens: list[str]
    shown: list[str]


def read(pieces: Iterable[str], language: str, *, most: int | None = None) -> Read:
    """What a text in a language says, up to so many tokens, given what stands between its blanks."""
    found = list(chain.from_iterable(map(_reading(primary_language(language)).__getitem__, pieces)))
    return Read(found[::2][:most], found[1::2][:most])


@lru_cache(maxsize=8)
def _reading(language: str) -> Remembered[tuple[str, ...]]:
    """By what stands between two blanks: token, how it is written, token, how it is written."""
    return Remembered(
        lambda text: tuple(
            told
            for term in terms(text, language)
            for told in (stem_token(term.stem, language), fold(term.surface)[:LONGEST])
        )
    )


def stems_of(tokens: Iterable[str], language: str) -> frozenset[str]:
    """The stems that those of the tokens stand for which are of this language."""
    prefix = f"{primary_language(language)}{_STEM}"
    return frozenset(token.removeprefix(prefix) for token in tokens if token.startswith(prefix))


def headline_token(token: str) -> str:
    """The token of a stem that stands in the headline, from that of the stem."""
    return token.replace(_STEM, _IN_HEADLINE, 1)


def plain_token(word: str, language: str) -> str:
    """A word of a headline as it is written, folded: for queries that are made of stop words."""
    return f"{primary_language(language)}{_PLAIN}{_safe(word)}"


def language_token(language: str) -> str:
    """That an article is in exactly this language."""
    return f"=l_{language.lower()}"


def section_token(id: int) -> str:
    """That an article stands in this section."""
    return f"=s{id}"


def tag_token(id: int) -> str:
    """That an article carries this tag."""
    return f"=t{id}"


def contributor_token(id: int) -> str:
    """That this contributor has a part in an article."""
    return f"=c{id}"


def breaking_token(is_breaking: bool) -> str:
    """That an article is breaking news, or is not."""
    return "=b1" if is_breaking else "=b0"


def digest(token: str) -> bytes:
    """Four bytes that stand for a token among the weights of an article."""
    return crc32(token.encode()).to_bytes(4)


def _safe(text: str) -> str:
    # Folding takes some letters apart: (1) was one, and one of Arabic becomes four words.
    return _NOT_A_LETTER.sub("", text)[:LONGEST]
