"""Slugs: the readable end of an article's address, made from its headline or given by a person.

Whether a slug is free is for the tables to say.
"""

import re
import unicodedata
from typing import Final

from slugify import slugify

from app.core.characters import MARKS, OPTIONAL_POINTS, STRAIGHT_APOSTROPHES
from app.core.ids import is_id

MAX_CHARACTERS: Final = 200
_MAX_GENERATED: Final = 80

# In Python's \w without the underscore, and with the marks that its letters carry.
_WORD = rf"[^\W_][^\W_{MARKS}]*(?:[{MARKS}]+[^\W_{MARKS}]*)*"
_WORDS = re.compile(_WORD)
_SLUG = re.compile(rf"{_WORD}(?:-{_WORD})*")
_MARK = re.compile(f"[{MARKS}]")
_NOT_IN_SLUGS = re.compile("[^a-z0-9]+")
_BETWEEN_DIGITS = re.compile(r"(?<=\d),(?=\d)")
_LATIN = re.compile(
    "[a-zA-Z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u1e00-\u1eff\u2c60-\u2c7f\ua720-\ua7ff\uab30-\uab6f]"
)
# Points that change no word, and the joiners, which nobody could see or type in an address.
_DROPPED = re.compile(f"[{OPTIONAL_POINTS}\u00ad\u200c\u200d\u2060]")


def slug_of(text: str, *, fallback: str) -> str:
    """A slug of at most 80 characters for `text`; `fallback`, itself a slug, when nothing of it can stand in one.

    Latin script is reduced to ASCII; text mostly in another script keeps it, because its transliteration is unreadable.
    Never shaped like an id.
    """
    text = unicodedata.normalize("NFKC", text.translate(STRAIGHT_APOSTROPHES))
    slug = _latin_slug(text) if _is_mostly_latin(text) else _native_slug(text)
    if is_id(slug):
        slug = f"{fallback}-{slug}"
    return slug or fallback


def is_slug(text: str) -> bool:
    """Whether a slug that a person chose can be served: lower-case words of any script, joined by single hyphens."""
    return (
        1 <= len(text) <= MAX_CHARACTERS
        and _SLUG.fullmatch(text) is not None
        and text == text.lower()
        and unicodedata.is_normalized("NFC", text)
        and not is_id(text)
    )


def composed(slug: str) -> str:
    """A slug that somebody sent, as slugs are kept; some systems take the letters of a link apart (Unicode's NFD)."""
    return unicodedata.normalize("NFC", slug)


def numbered(slug: str, number: int) -> str:
    """The `number`-th choice for `slug`: itself, then slug-2, slug-3, cut so that the whole stays a slug."""
    if number == 1:
        return slug
    suffix = f"-{number}"
    return _cut(slug, MAX_CHARACTERS - len(suffix)) + suffix


def _latin_slug(text: str) -> str:
    if text.isascii():
        slug = _NOT_IN_SLUGS.sub("-", _BETWEEN_DIGITS.sub("", text.lower())).strip("-")
        if len(slug) <= _MAX_GENERATED:  # as most headlines are, and in a fifth of the time
            return slug
    # A headline is text, not HTML: its ampersands are its own.
    return slugify(
        text,
        entities=False,
        decimal=False,
        hexadecimal=False,
        max_length=_MAX_GENERATED,
        word_boundary=True,
        save_order=True,
        algorithm="modern",
    )


def _native_slug(text: str) -> str:
    text = unicodedata.normalize("NFC", _DROPPED.sub("", text).lower())
    slug = ""
    for word in _WORDS.findall(text):
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > _MAX_GENERATED:
            return slug or _cut(word, _MAX_GENERATED)
        slug = longer
    return slug


def _is_mostly_latin(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return 2 * len(_LATIN.findall(text)) >= letters


def _cut(slug: str, length: int) -> str:
    """The first `length` characters or somewhat less: never a letter without its marks, never a hyphen at the end."""
    while 0 < length < len(slug) and _MARK.match(slug, length):
        length -= 1
    return slug[:length].rstrip("-")
