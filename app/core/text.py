import re
from typing import NamedTuple


class Term(NamedTuple):
    stem: str
    surface: str


def name_key(name: str) -> str:
    return " ".join(name.casefold().split())


def terms(text: str, language: str) -> list[Term]:
    return [Term(w.lower(), w) for w in re.findall(r"\w+", text) if len(w) > 3]


def count_words(text: str) -> int:
    return len(re.findall(r"\w+", text))
