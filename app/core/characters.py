"""Characters: which may stand in a text at all, and the classes that words are made of.

What words mean, and how they are folded for comparison, is `text`'s business.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final


def _ranges(codepoints: Iterable[int]) -> str:
    """A regular expression's class content for ascending code points."""
    spans: list[list[int]] = []
    for codepoint in codepoints:
        if spans and spans[-1][1] == codepoint - 1:
            spans[-1][1] = codepoint
        else:
            spans.append([codepoint, codepoint])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in spans)


def _is_mark(codepoint: int) -> bool:
    # Variation selectors are marks to Unicode, but they choose the look of an emoji: no letter owns them.
    if 0xFE00 <= codepoint <= 0xFE0F:
        return False
    return unicodedata.category(chr(codepoint)) in ("Mn", "Mc")


# Python's \w leaves out the vowel signs that words in Devanagari, Thai or Tamil are made of. Marks end in plane 1.
MARKS: Final = _ranges(filter(_is_mark, range(0x300, 0x1F000)))

APOSTROPHES: Final = "'’‘‛ʼʻ＇"
STRAIGHT_APOSTROPHES: Final = dict.fromkeys(map(ord, APOSTROPHES), "'")

# Vowel points that readers write or leave out at will, and the tatweel that only stretches a word.
OPTIONAL_POINTS: Final = (
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08ff"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
)

_BIDI_OPENERS = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
_POP_EMBEDDING, _POP_ISOLATE = "\u202c", "\u2069"
_MAX_BIDI_DEPTH = 125  # UAX #9, BD2

_LINE_BREAK = re.compile("\r\n|[\r\x85\u2028\u2029]")
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
_AS_SPACES: Final = dict.fromkeys(map(ord, "\t\n\v\f"), " ")
_EDGES: Final = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u2060"
_BLANKS = re.compile(" {2,}")
_INVISIBLE = re.compile("[\\s\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f]*")
_BIDI_CONTROL = re.compile(f"[{_BIDI_OPENERS}{_POP_EMBEDDING}{_POP_ISOLATE}]")
_BIDI = re.compile(f"\n|{_BIDI_CONTROL.pattern}")


def clean_text(text: str) -> str:
    """`text` without characters that no reader can see or that break a document, its lines ended by \\n.

    Gone are control characters but tab and newline, lone surrogates, noncharacters, byte order marks, and bidirectional
    overrides, embeddings and isolates that their own line does not close. Joiners and directional marks stay.
    """
    return text if _is_ordinary(text) else strip_unpaired_bidi(strip_controls(text))


def strip_controls(text: str) -> str:
    """`text` cleaned as by `clean_text`, but for its bidirectional controls."""
    if _is_ordinary(text):
        return text
    return _FORBIDDEN.sub("", _LINE_BREAK.sub("\n", text))


def _is_ordinary(text: str) -> bool:
    """Whether all of `text` is printable but for line ends and no-break spaces, as most text is: cheap to see."""
    return text.replace("\n", "").replace("\u00a0", "").isprintable()


def clean_line(text: str) -> str:
    """`text` cleaned, on one line, blanks collapsed and stripped; empty when nothing in it is visible.

    No-break spaces inside stay: French typography needs them.
    """
    if text.isprintable() and "  " not in text:
        line = text.strip(_EDGES)
        return "" if is_invisible(line) else line
    text = strip_controls(_LINE_BREAK.sub(" ", text).translate(_AS_SPACES))
    line = _BLANKS.sub(" ", strip_unpaired_bidi(text)).strip(_EDGES)
    return "" if is_invisible(line) else line


def is_invisible(text: str) -> bool:
    """Whether there is nothing to see in `text`: blanks, joiners and marks of direction at most."""
    return _INVISIBLE.fullmatch(text) is not None


def strip_unpaired_bidi(text: str) -> str:
    """`text` without those bidirectional controls that do not open and close within one line."""
    if text.isascii() or not _BIDI_CONTROL.search(text):
        return text
    paired = _paired_bidi(text)
    return _BIDI.sub(lambda m: m[0] if m[0] == "\n" or m.start() in paired else "", text)


def _paired_bidi(text: str) -> set[int]:
    paired: set[int] = set()
    pending: list[tuple[int, bool]] = []
    for match in _BIDI.finditer(text):
        control, at = match[0], match.start()
        if control == "\n":
            pending.clear()
        elif control in _BIDI_OPENERS:
            if len(pending) < _MAX_BIDI_DEPTH:
                pending.append((at, control >= "\u2066"))
        else:
            opener = _matching_opener(pending, isolate=control == _POP_ISOLATE)
            if opener is not None:
                paired |= {opener, at}
    return paired


def _matching_opener(pending: list[tuple[int, bool]], *, isolate: bool) -> int | None:
    """Where the control that is now closed was opened, taken off `pending`; None when nothing is closed."""
    if not isolate:
        # UAX #9, X7: a PDF never reaches out of an isolate.
        return pending.pop()[0] if pending and not pending[-1][1] else None
    while pending:
        opener, is_isolate = pending.pop()
        if is_isolate:
            return opener
    return None
