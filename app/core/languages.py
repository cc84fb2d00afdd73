"""Language tags: tell well-formed ones (BCP 47), write them the usual way, know which are read from right to left.

No registry is consulted: a plausible code that nobody has assigned passes.
"""

import re
from typing import Final

_MAX_CHARACTERS: Final = 100

# RFC 5646, section 2.1, less what it only reserves: primary subtags of four letters, and those of five to eight, of
# which none was ever registered, so that "english" is an error and not a language.
_LANGTAG = re.compile(
    r"[a-z]{2,3}(?:-[a-z]{3}){0,3}"
    r"(?P<script>-[a-z]{4})?"
    r"(?P<region>-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)"
    r"(?P<extensions>(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*)"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?"
)
_PRIVATE_USE = re.compile(r"x(?:-[a-z0-9]{1,8})+")
_SINGLETON = re.compile(r"-([0-9a-wyz])(?=-)")
_IRREGULAR = re.compile(
    "en-gb-oed|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)|sgn-(?:be-fr|be-nl|ch-de)"
)

_RTL_LANGUAGE = re.compile(
    "acm|acw|aeb|afb|ajp|apc|apd|arc?|ars|ary|arz|ayl|azb|bal|bqi|ckb|dv|fa|glk|he|iw|ji|ks|lrc|mzn|nqo|pes|pnb|prs|ps|"
    "rhg|sd|skr|syr|ug|ur|ydd|yih?"
)
_RTL_SCRIPT = re.compile("adlm|arab|aran|hebr|mand|mend|nkoo|rohg|samr|syrc|thaa|yezi")


def is_language_tag(text: str) -> bool:
    """Whether `text` is a well-formed language tag, in any case; repeated variants and singletons are not."""
    tag = text.lower()
    if len(tag) > _MAX_CHARACTERS or not tag.isascii():
        return False
    if _IRREGULAR.fullmatch(tag) or _PRIVATE_USE.fullmatch(tag):
        return True
    match = _LANGTAG.fullmatch(tag)
    if match is None:
        return False
    variants = match["variants"].split("-")[1:]
    singletons = _SINGLETON.findall(match["extensions"])
    return len(set(variants)) == len(variants) and len(set(singletons)) == len(singletons)


def canonical_language(text: str) -> str:
    """`text` in the conventional case of RFC 5646, section 2.1.1, as en-GB or zh-Hant-TW; ValueError if malformed."""
    if not is_language_tag(text):
        raise ValueError(f"{text[:64]!r} is not a BCP 47 language tag such as en or pt-BR")
    first, *rest = text.lower().split("-")
    subtags = [first]
    for subtag in rest:
        after_singleton = any(len(earlier) == 1 for earlier in subtags)
        subtags.append(subtag if after_singleton else _in_its_case(subtag))
    return "-".join(subtags)


def primary_language(text: str) -> str:
    """The first subtag, lower-cased: the language itself, without script and region."""
    return text.partition("-")[0].lower()


def is_rtl(text: str) -> bool:
    """Whether text in this language is read from right to left; a script in the tag decides, else the language."""
    match = _LANGTAG.fullmatch(text.lower())
    if match is not None and match["script"]:
        return _RTL_SCRIPT.fullmatch(match["script"][1:]) is not None
    return _RTL_LANGUAGE.fullmatch(primary_language(text)) is not None


def _in_its_case(subtag: str) -> str:
    if len(subtag) == 2:
        return subtag.upper()
    return subtag.title() if len(subtag) == 4 and subtag.isalpha() else subtag
