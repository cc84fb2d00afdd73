"""The articles that are like another one: candidates by what they share with it, then the exact comparison.

The arithmetic is `likeness`'s, the SQL is `store`'s.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.related import store
from app.related.dictionary import Vocabulary
from app.related.likeness import (
    CANDIDATES,
    LEAST,
    POSTINGS,
    QUERY_NAMES,
    QUERY_WORDS,
    are_copies,
    contributions,
    cosine,
    products,
    score,
)
from app.related.packing import unpack_weights
from app.related.store import Candidate, Indexed

MAY_BE_COPY = 0.3
"""Articles less alike than this are not compared by their wording."""


class Pair(NamedTuple):
    """An article that is like another one: how alike, the score that time leaves, and what each shared term gives."""

    other: Candidate
    likeness: float
    score: float
    shared: Mapping[int, float]


def pairs(session: Session, newcomer: Indexed, words: Vocabulary, names: Vocabulary) -> list[Pair]:
    """The articles that are like it, best first; of equals, the newest."""
    mine = newcomer.signature
    by_word = products(mine.words, words.df, words.articles)
    by_name = products(mine.names, names.df, names.articles)
    found = {*_candidates(session, newcomer, by_word, words, most=QUERY_WORDS)}
    if names.articles > words.articles:  # there are others, which only names can lead to
        found |= {*_candidates(session, newcomer, by_name, names, most=QUERY_NAMES)}
    compared = []
    for other in store.candidates(session, found):
        if other.language == mine.language:
            shared = contributions(by_word, unpack_weights(other.words))
            alike = cosine(shared, mine.norm, other.norm, is_same_language=True)
        else:
            shared = contributions(by_name, unpack_weights(other.names))
            alike = cosine(shared, mine.names_norm, other.names_norm, is_same_language=False)
        if alike >= LEAST:
            pair = Pair(other, round(alike, 4), score(alike, mine.published_at - other.published_at), shared)
            compared.append(pair._replace(score=round(pair.score, 4)))
    return sorted(compared, key=lambda pair: (-pair.score, -pair.other.number))


def group(session: Session, newcomer: Indexed, pairs: Sequence[Pair]) -> int:
    """The group of the most alike that it is a near-copy of, or its own."""
    alike = sorted(pairs, key=lambda pair: -pair.likeness)
    language = newcomer.signature.language
    near = [pair for pair in alike if pair.likeness >= MAY_BE_COPY and pair.other.language == language]
    for pair, other in zip(near, store.numbered(session, [pair.other.number for pair in near]), strict=True):
        if are_copies(newcomer.signature, other.signature, pair.likeness):
            return other.group
    return newcomer.number


def _candidates(
    session: Session, newcomer: Indexed, carried: Mapping[int, float], known: Vocabulary, *, most: int
) -> list[int]:
    """The numbers of those that share most with it, by its strongest terms that others hold too."""
    asked = [id for id in carried if known.df[id] > 1][:most]
    posted = store.near(session, asked, day=newcomer.day, number=newcomer.number, most=POSTINGS)
    found: dict[int, float] = defaultdict(float)
    for id in asked:
        weight = carried[id]
        for posting in posted.get(id, ()):
            found[posting >> store.TF_BITS] += weight * (posting & store.MOST_TF)
    return sorted(found, key=lambda number: (-found[number], -number))[:CANDIDATES]
