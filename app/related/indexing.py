"""The index as a fold of the log: what a publication and a withdrawal do to it, in the caller's transaction.

Nothing but the log and the versions that it names decides, so one log always makes the same lists, whoever follows it,
how late, and in what portions. Groups of translations alone are read as they are by then: where one changes later, a
line further on says so.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import fsum
from uuid import UUID

from sqlalchemy.orm import Session

from app.related import lists, store
from app.related.analysis import Analysis, Weight
from app.related.dictionary import EVERY_LANGUAGE, Dictionary, Vocabulary
from app.related.likeness import (
    KEPT,
    KEPT_OF_A_GROUP,
    SIGNATURE_NAMES,
    SIGNATURE_WORDS,
    Signature,
    norm,
    strongest,
)
from app.related.lists import Entry
from app.related.matching import Pair, group, pairs
from app.related.outline import Entered, Line, enter, outline
from app.related.packing import unpack_weights
from app.related.reasons import MOST_WORDS, Shared, tell
from app.related.store import Indexed

MOST_TERMS = 2000
"""How many different terms of one article are counted: the heaviest. No news story has as many."""
TAG = "#"
"""What the keys of tags begin with, and here their written forms too. No word does."""
RARE_SHARE = 0.1
"""A tag on more than this part of all articles explains nothing,"""
FEW = 10
"""unless it is on few all the same."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A version that became public, read and analysed."""

    seq: int
    article_id: UUID
    version: int
    published_at: datetime
    language: str
    original: str
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An arrival with its signature, the written form of each of its terms, and the vocabularies that know these."""

    indexed: Indexed
    surfaces: Mapping[int, str]
    rare_tags: Mapping[int, str]
    words: Vocabulary
    names: Vocabulary


def terms(language: str, said: Analysis) -> dict[str, list[str]]:
    """The terms of an article that are counted, by the language in whose vocabulary they stand."""
    return {language: _heaviest(said.words), EVERY_LANGUAGE: _heaviest(said.names)}


def arrive(session: Session, dictionary: Dictionary, arrival: Arrival, *, number: int) -> None:
    """Index a publication under this number, its terms `learn`ed. It must not be in the index yet (see `depart`)."""
    newcomer = _signed(dictionary, arrival, number)
    alike = pairs(session, newcomer.indexed, newcomer.words, newcomer.names)
    indexed = replace(newcomer.indexed, group=group(session, newcomer.indexed, alike))
    store.insert_signature(session, indexed)
    _enter(session, replace(newcomer, indexed=indexed), alike)


def depart(session: Session, dictionary: Dictionary, standing: Indexed, said: Analysis) -> None:
    """Forget an article, which said this in the version that is indexed, its terms `learn`ed."""
    lists.forget(session, standing.number)
    store.delete_signature(session, standing)
    for language, some in terms(standing.signature.language, said).items():
        dictionary.of(language).count(some, -1)


def _signed(dictionary: Dictionary, arrival: Arrival, number: int) -> Newcomer:
    """The newcomer with its strongest terms, once all of them are counted."""
    language, said = arrival.language, arrival.analysis
    for spoken, some in terms(language, said).items():
        dictionary.of(spoken).count(some, 1)
    words, names = dictionary.of(language), dictionary.of(EVERY_LANGUAGE)
    by_word = _chosen(said.words, words, most=SIGNATURE_WORDS)
    by_name = _chosen(said.names, names, most=SIGNATURE_NAMES)
    own_words = {id: weight.tf for id, weight in by_word.items()}
    own_names = {id: weight.tf for id, weight in by_name.items()}
    signature = Signature(
        language=language,
        published_at=arrival.published_at,
        words=own_words,
        names=own_names,
        norm=norm(own_words, words.df, words.articles),
        names_norm=norm(own_names, names.df, names.articles),
        shingles=said.shingles,
    )
    indexed = Indexed(number, arrival.article_id, arrival.version, number, signature, arrival.original)
    surfaces = {id: weight.surface for id, weight in (by_word | by_name).items()}
    return Newcomer(indexed, surfaces, _rare_tags(indexed, surfaces, names), words, names)


def _heaviest(weights: Mapping[str, Weight]) -> list[str]:
    if len(weights) <= MOST_TERMS:
        return list(weights)
    return sorted(weights, key=lambda term: (-weights[term].tf, term))[:MOST_TERMS]


def _chosen(weights: Mapping[str, Weight], known: Vocabulary, *, most: int) -> dict[int, Weight]:
    """The strongest terms of an article by their ids, strongest first."""
    weighed = {term: weights[term].tf for term in weights if term in known.ids}
    df = {term: known.df[known.ids[term]] for term in weighed}
    best = strongest(weighed, df, known.articles, most=most)
    return {known.ids[term]: Weight(weights[term].tf, _written(term, weights[term].surface)) for term in best}


def _written(term: str, surface: str) -> str:
    return f"{TAG}{surface}" if term.startswith(TAG) else surface


def _enter(session: Session, newcomer: Newcomer, alike: Sequence[Pair]) -> None:
    """Make its list, and put it into those of others where it is better than their last."""
    here = newcomer.indexed.number
    kept = _kept(alike)
    joined = _joined(session, newcomer.indexed, alike)
    lists.drop(session, {number: entered.left for number, entered in joined.items() if entered.left is not None})
    entries = []
    for pair in alike:
        there = pair.other.number
        ways = [(here, there)] * (there in kept) + [(there, here)] * (there in joined)
        reasons = _reasons(newcomer, pair) if ways else ""
        entries += [Entry(*way, pair.score, pair.likeness, reasons) for way in ways]
    lists.insert_entries(session, entries)
    own = outline([_line(pair) for pair in alike if pair.other.number in kept])
    lists.keep_outlines(session, {here: own} | {number: entered.outline for number, entered in joined.items()})


def _kept(alike: Sequence[Pair]) -> set[int]:
    """The best, and not too many of one group."""
    kept: set[int] = set()
    copies: dict[int, int] = defaultdict(int)
    for pair in alike:
        copies[pair.other.group] += 1
        if len(kept) < KEPT and copies[pair.other.group] <= KEPT_OF_A_GROUP:
            kept.add(pair.other.number)
    return kept


def _joined(session: Session, newcomer: Indexed, alike: Sequence[Pair]) -> dict[int, Entered]:
    """The lists that it enters, as they are then."""
    standing = lists.outlines(session, {pair.other.number for pair in alike})
    facts, joined = newcomer.facts, dict[int, Entered]()
    for pair in alike:
        line = Line(pair.score, newcomer.number, newcomer.group, facts)
        if (entered := enter(standing.get(pair.other.number, ""), line)) is not None:
            joined[pair.other.number] = entered
    return joined


def _line(pair: Pair) -> Line:
    return Line(pair.score, pair.other.number, pair.other.group, pair.other.facts)


def _reasons(newcomer: Newcomer, pair: Pair) -> str:
    mine, whole = newcomer.indexed.signature, fsum(pair.shared.values())
    written = sorted([(-given, newcomer.surfaces[id]) for id, given in pair.shared.items()])
    strong = [(surface, -given / whole) for given, surface in written if not surface.startswith(TAG)][:MOST_WORDS]
    theirs = unpack_weights(pair.other.names) if newcomer.rare_tags else {}
    tags = [name for id, name in newcomer.rare_tags.items() if id in theirs]
    return tell(tags, [Shared(*word) for word in strong], mine.published_at - pair.other.published_at)


def _rare_tags(indexed: Indexed, surfaces: Mapping[int, str], names: Vocabulary) -> dict[int, str]:
    """The tags that it carries and few others, rarest first."""
    most = max(FEW, names.articles * RARE_SHARE)
    tags = sorted((names.df[id], surfaces[id], id) for id in indexed.signature.names if surfaces[id].startswith(TAG))
    return {id: name.removeprefix(TAG) for carriers, name, id in tags if carriers <= most}
