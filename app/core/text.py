"""The one analyser of text: what counts as the same name, the same word, and as a word that says something.

Related stories, search and comparisons read through it, so that both databases find the same. Ranking is theirs.
"""

import re
import threading
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache
from itertools import pairwise
from math import ceil
from typing import Final, NamedTuple

import Stemmer  # type: ignore[import-not-found]

from app.core.characters import APOSTROPHES, MARKS, OPTIONAL_POINTS
from app.core.languages import primary_language
from app.core.remembering import Remembered
from app.core.stopwords import STOP_WORDS

_STEMMERS: Final = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "st": "sesotho", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

# Letters that decompose into nothing, and those that one language writes in several ways.
_LETTERS: Final = {
    letter: plain
    for plain, letters in {
        "o": "ø", "d": "đð", "l": "ł", "h": "ħ", "i": "ı", "t": "ŧ", "ae": "æ", "oe": "œ", "th": "þ",
        "е": "ёѐ", "и": "ѝ", "ا": "ٱأإآ", "ي": "ىیئ", "ه": "ة", "ك": "ک", "و": "ؤ",
    }.items()
    for letter in letters
}  # fmt: skip
_DROPPED = re.compile(
    f"[{OPTIONAL_POINTS}\u00ad\u0300-\u036f\u061c\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\ufeff]"
)

_SOUTH_EAST_ASIAN: Final = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ebd\u0ec0-\u0ece\u0edc-\u0edf\u1000-\u103f\u1050-\u109d\u1780-\u17d3\u17dc"
)
_HANGUL: Final = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3"
_HAN_AND_KANA: Final = (
    "\u3005-\u3007\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U000323af"
)
_UNSPACED: Final = f"{_SOUTH_EAST_ASIAN}{_HANGUL}{_HAN_AND_KANA}"
_FIRST_UNSPACED: Final = "\u0e01"
_CHARACTERS_A_WORD: Final = 5

_INITIALS = r"(?<!\w)(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?"
_NUMBER = r"\d{1,3}(?:[,.]\d{3})+(?!\w)"
_LETTER = rf"[\w{MARKS}\u00ad\u200c\u200d]"
_APOSTROPHE = f"[{APOSTROPHES}]"
_TOKEN = re.compile(rf"{_INITIALS}|{_NUMBER}|{_LETTER}+(?:{_APOSTROPHE}{_LETTER}+)*")
_ASCII_TOKEN = re.compile(rf"{_INITIALS}|{_NUMBER}|\w+(?:'\w+)*", re.ASCII)
_SPACED_LETTER = rf"(?:(?![{_UNSPACED}]){_LETTER})"
_MIXED_TOKEN = re.compile(
    rf"[{_SOUTH_EAST_ASIAN}]+|[{_HANGUL}]+|[{_HAN_AND_KANA}]+"
    rf"|{_INITIALS}|{_NUMBER}|{_SPACED_LETTER}+(?:{_APOSTROPHE}{_SPACED_LETTER}+)*"
)
_ANY_HAN_OR_KANA = re.compile(f"[{_HAN_AND_KANA}]")
_ANY_SOUTH_EAST_ASIAN = re.compile(f"[{_SOUTH_EAST_ASIAN}]")
_ANY_UNSPACED = re.compile(f"[{_UNSPACED}]")
_ANY_APOSTROPHE = re.compile(_APOSTROPHE)
_CLUSTER = re.compile(rf".[{MARKS}]*", re.DOTALL)

# Korean puts spaces between its words; who reads Thai or Chinese sees a change by the character.
_BY_CHARACTER: Final = f"{_SOUTH_EAST_ASIAN}{_HAN_AND_KANA}"
_PIECE_NUMBER = r"\d+(?:[.,:]\d+)*(?!\w)"
_PIECE_LETTER = rf"(?:(?![{_BY_CHARACTER}]){_LETTER})"
# Flags are pairs; joiners, selectors and skin tones belong to what they follow.
_PIECE_SYMBOL = (
    "[\U0001f1e6-\U0001f1ff]{2}"
    rf"|.(?:[{MARKS}\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]|\u200d\S)*"
)
_PIECE = re.compile(
    rf"\s+|[{_BY_CHARACTER}][{MARKS}]*|[0-9#*]\ufe0f?\u20e3|{_PIECE_NUMBER}"
    rf"|{_PIECE_LETTER}+(?:{_APOSTROPHE}{_PIECE_LETTER}+)*|{_PIECE_SYMBOL}",
    re.DOTALL,
)
_ASCII_PIECE = re.compile(rf"\s+|{_PIECE_NUMBER}|\w+(?:'\w+)*|.", re.ASCII | re.DOTALL)

# French, Catalan and Italian words that lose their vowel before another; English endings that hang on a word.
_ELIDED: Final = frozenset({
    "l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu", "presqu", "un",
    "dell", "all", "dall", "nell", "sull", "quest", "quell",
})  # fmt: skip
_ENDINGS: Final = frozenset({"s", "m", "re", "ve", "ll", "d"})
_AROUND_WORDS: Final = '.,;:!?"()'


class Term(NamedTuple):
    """A word that says something: its stem, by which texts are compared, and how it was written."""

    stem: str
    surface: str


class Placed(NamedTuple):
    """A term where it stands in a text: its stem, and the characters from `start` to before `end` that show it."""

    stem: str
    start: int
    end: int


class _Folding(dict[int, str]):
    """What each character is folded to, found out once."""

    def __missing__(self, codepoint: int) -> str:
        folded = self[codepoint] = _folded(chr(codepoint))
        return folded


_FOLDING: Final = _Folding()


def fold(text: str) -> str:
    """`text` as it is compared: case, accents, vowel points, and ways of writing the same letter or digit are equal.

    Marks that make another letter stay: й is not и, and vowel signs of Indic and Thai script are kept.
    """
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", folded).translate(_FOLDING))


def name_key(name: str) -> str:
    """The identity of a tag or contributor: names with one key are one. Punctuation counts: C++ is not C#."""
    return " ".join(fold(name).split())


def words(text: str) -> list[str]:
    """The words of `text` in order, as written but for elided articles, possessive endings and the dots of initials.

    Hyphenated words come apart; a run of a script that puts no spaces between words comes out whole.
    """
    return _bare_words(text)


def pieces(text: str) -> list[str]:
    """`text` cut into words, blanks, and signs of one character, for comparing; joined, they are `text` again.

    Scripts that put no spaces between words come out by the character. What a reader sees as one sign stays whole:
    a letter with its marks, an emoji, a flag.
    """
    return (_ASCII_PIECE if text.isascii() else _PIECE).findall(text)


def terms(text: str, language: str) -> list[Term]:
    """The words of `text` that say something, stemmed where the language's stemmer is known.

    Scripts without spaces give pairs of neighbouring characters instead, or the one that stands alone. No term reaches
    over a blank: those of a text are those of what `str.split` makes of it.
    """
    stems = _analyser(language).stems
    found: list[Term] = []
    for word in _bare_words(text):
        if word[0] >= _FIRST_UNSPACED and _ANY_UNSPACED.match(word):
            found.extend(Term(pair, pair) for pair in _pairs(fold(word)))
        elif stem := stems[word]:
            found.append(Term(stem, word))
    return found


def places(text: str, language: str, wanted: Collection[str]) -> list[Placed]:
    """Where terms with one of these stems stand in `text`, in order, to be marked in what readers see."""
    stems = _analyser(language).stems
    found: list[Placed] = []
    for match in _pattern(text).finditer(text.replace("_", " ")):
        token = match[0]
        if token[0] >= _FIRST_UNSPACED and _ANY_UNSPACED.match(token):
            found.extend(pair for pair in _placed_pairs(token, match.start()) if pair.stem in wanted)
            continue
        word = token if token.isalnum() else _bare(token)
        if word and (stem := stems[word]) in wanted:
            start = match.start() + max(0, token.find(word))
            found.append(Placed(stem, start, start + len(word) if word in token else match.end()))
    return found


def count_words(pieces: Iterable[str]) -> int:
    """How many words a reader reads of a text, given as what stands between its blanks.

    Each Chinese or Japanese character is one; Thai and its kin count by length.
    """
    return sum(map(_WEIGHTS.__getitem__, pieces))


class _Analyser:
    """What the words of one language say: `stems` by word, empty for stop words."""

    def __init__(self, language: str) -> None:
        self._stemmer = Stemmer.Stemmer(_STEMMERS[language], 0) if language in _STEMMERS else None
        self._stemming = threading.Lock()  # a stemmer serves one thread at a time
        self._stop_words = STOP_WORDS.get(language, frozenset())
        self._has_suffixes_behind_apostrophes = language == "tr"
        self.stems = Remembered(self._stem)

    def _stem(self, written: str) -> str:
        word = fold(written)
        if word in self._stop_words:
            return ""
        if self._has_suffixes_behind_apostrophes:
            word = word.partition("'")[0]
        if word[:1].isdigit():
            return word.replace(",", "").replace(".", "")
        if self._stemmer is None:
            return word
        with self._stemming:
            return str(self._stemmer.stemWord(word))


def _analyser(language: str) -> _Analyser:
    # Languages without a stemmer share one: a made-up tag must not cost memory.
    primary = primary_language(language)
    return _analyser_of(primary if primary in _STEMMERS else "")


_analyser_of = cache(_Analyser)


def _folded(character: str) -> str:
    if character in APOSTROPHES:
        return "'"
    if _DROPPED.match(character):
        return ""
    if character in _LETTERS:
        return _LETTERS[character]
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    base = unicodedata.normalize("NFD", character)[0]
    if base != character and (base < "\u0250" or "\u0370" <= base <= "\u03ff"):
        return _LETTERS.get(base, base)
    return character


def _pattern(text: str) -> re.Pattern[str]:
    """What finds the words of this text: the narrower, the faster."""
    if text.isascii():
        return _ASCII_TOKEN
    return _MIXED_TOKEN if _ANY_UNSPACED.search(text) else _TOKEN


def _bare_words(text: str) -> list[str]:
    word = text.strip(_AROUND_WORDS)
    if word.isascii() and word.isalnum():  # nearly all that stands between two blanks
        return [word]
    return [word for word in map(_bare, _pattern(text).findall(text.replace("_", " "))) if word]


def _bare(token: str) -> str:
    """A token without what clings to its word."""
    if token.isascii() and token.isalnum():
        return token
    if "." in token and not token[0].isdigit():
        return token.replace(".", "")
    token = token.replace("\u00ad", "").strip("\u200c\u200d" + APOSTROPHES)
    if not _ANY_APOSTROPHE.search(token):
        return token
    start, end = 0, len(token)
    breaks = [match.start() for match in _ANY_APOSTROPHE.finditer(token)]
    while breaks and token[start : breaks[0]].lower() in _ELIDED:
        start = breaks.pop(0) + 1
    if breaks and token[breaks[-1] + 1 :].lower() in _ENDINGS:
        end = breaks[-1]
    return token[start:end]


def _pairs(run: str) -> list[str]:
    clusters = _CLUSTER.findall(run)
    return ["".join(pair) for pair in pairwise(clusters)] if len(clusters) > 1 else clusters


def _placed_pairs(run: str, start: int) -> list[Placed]:
    clusters = [match.span() for match in _CLUSTER.finditer(run)]
    spans = [(one[0], other[1]) for one, other in pairwise(clusters)] if len(clusters) > 1 else clusters
    return [Placed(fold(run[begin:end]), start + begin, start + end) for begin, end in spans]


def _weight(word: str) -> int:
    if word[0] < _FIRST_UNSPACED:
        return 1
    if _ANY_HAN_OR_KANA.match(word):
        return len(word)
    return ceil(len(word) / _CHARACTERS_A_WORD) if _ANY_SOUTH_EAST_ASIAN.match(word) else 1


# By what stands between two blanks: no word reaches over one.
_WEIGHTS: Final = Remembered(lambda text: sum(map(_weight, _bare_words(text))))
