"""Names as they are known in every script: by the consonants that one hears.

Путин, Poutine, Putin and بوتين are one name here, and so are some others that only sound alike: it takes several to
relate two articles.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from text_unidecode import unidecode  # type: ignore[import-untyped]

from app.core.text import Term

FEWEST_CONSONANTS: Final = 2
FEWEST_WITHOUT_CAPITALS: Final = 3
"""Where no capital tells a name from a word, every word may be one: only longer ones are taken."""

_MOST_CHARACTERS: Final = 64
_MOST_REMEMBERED: Final = 50_000
_SPELT: Final = {
    "sch": "s", "tch": "s", "dzh": "s", "ch": "s", "sh": "s", "zh": "s", "ts": "s", "tz": "s", "sz": "s", "cz": "s",
    "ph": "b", "th": "d", "kh": "k", "gh": "k", "ck": "k", "qu": "k", "x": "ks",
}  # fmt: skip
_SPELLING: Final = re.compile("|".join(_SPELT))
_SOUNDS: Final = str.maketrans("pvftzcqg", "bbbdskkk", "aeiouwyhj")
_UNHEARD: Final = re.compile("[^a-z0-9]")
_TWICE: Final = re.compile(r"([a-z])\1+")
# Hebrew, Arabic, the scripts of India, and Georgian know no capitals, but put spaces between words.
_WITHOUT_CAPITALS: Final = re.compile("[\u0590-\u0dff\u10a0-\u10ff]")


def names(terms: Iterable[Term]) -> Iterator[tuple[str, str]]:
    """The names and numbers among the terms of a text: what they are known by, and how they are written."""
    for stem, surface in terms:
        first = surface[0]
        if first.isdecimal() or first.isupper():
            yield known_by(stem) or stem[:_MOST_CHARACTERS], surface
        elif _WITHOUT_CAPITALS.match(first) and len(key := known_by(stem)) >= FEWEST_WITHOUT_CAPITALS:
            yield key, surface


@lru_cache(maxsize=_MOST_REMEMBERED)
def known_by(stem: str) -> str:
    """The consonants that one hears, those that languages mix up made one; digits as they are.

    Empty when there are too few to know a name by.
    """
    heard = _UNHEARD.sub("", unidecode(stem[:_MOST_CHARACTERS]).lower())
    if heard[:1].isdigit():
        return heard[:_MOST_CHARACTERS]
    key = _SPELLING.sub(lambda spelt: _SPELT[spelt[0]], heard).translate(_SOUNDS)
    key = _TWICE.sub(r"\1", key)[:_MOST_CHARACTERS]
    return key if len(key) >= FEWEST_CONSONANTS else ""
