"""The index as a fold of the log: what a publication and a withdrawal do to it, in the caller's transaction.

Nothing but the log and the versions that it names decides, so one log always makes the same lists, whoever follows it,
how late, and in what portions.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.related import dictionary, lists, store
from app.related.analysis import Analysis, Weight
from app.related.dictionary import EVERY_LANGUAGE, Term
from app.related.likeness import (
    CANDIDATES,
    KEPT,
    KEPT_OF_A_GROUP,
    LEAST,
    POSTINGS,
    QUERY_NAMES,
    QUERY_WORDS,
    SIGNATURE_NAMES,
    SIGNATURE_WORDS,
    Signature,
    are_copies,
    idf,
    likeness,
    norm,
    score,
    shares,
    strongest,
)
from app.related.lists import EMPTY, Entry
from app.related.reasons import Shared, tell
from app.related.store import Indexed

MOST_TERMS = 2000
"""How many different terms of one article are counted: the heaviest. No news story has as many."""
MAY_BE_COPY = 0.3
"""Articles less alike than this are not compared by their wording."""
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
    analysis: Analysis


class Counts(NamedTuple):
    """How many articles hold each term of an article, and how many there are: in its language, and in all."""

    words: Mapping[int, int]
    articles: int
    names: Mapping[int, int]
    everything: int

    def between(self, one: Signature, other: Signature) -> tuple[Mapping[int, int], int]:
        """Those that two articles are compared by."""
        is_same = one.language == other.language
        return (self.words, self.articles) if is_same else (self.names, self.everything)


class Pair(NamedTuple):
    """A story that is like the newcomer: how alike, and the score that time leaves of it."""

    other: Indexed
    likeness: float
    score: float


def arrive(session: Session, arrival: Arrival, *, number: int) -> None:
    """Index a publication under this number. The article must not be in the index (see `depart`)."""
    newcomer, counts = _signed(session, arrival, number)
    pairs = _pairs(session, newcomer, counts)
    newcomer = replace(newcomer, group=_group(session, newcomer, pairs))
    store.insert_signature(session, newcomer)
    _enter(session, newcomer, pairs, counts)


def depart(session: Session, standing: Indexed, analysis: Analysis) -> None:
    """Forget an article, which said this in the version that is indexed."""
    lists.forget(session, standing.number)
    store.delete_signature(session, standing)
    language = standing.signature.language
    dictionary.count_down(session, language, _heaviest(analysis.words))
    dictionary.count_down(session, EVERY_LANGUAGE, _heaviest(analysis.names))
    dictionary.count_articles(session, language, by=-1)
    dictionary.count_articles(session, EVERY_LANGUAGE, by=-1)


def _signed(session: Session, arrival: Arrival, number: int) -> tuple[Indexed, Counts]:
    """The newcomer with its strongest terms, and the counts of all its terms, its own included."""
    language, said = arrival.language, arrival.analysis
    words = dictionary.count_up(session, language, _heaviest(said.words))
    names = dictionary.count_up(session, EVERY_LANGUAGE, _heaviest(said.names))
    counts = Counts(
        words={term.id: term.articles for term in words.values()},
        articles=dictionary.count_articles(session, language, by=1),
        names={term.id: term.articles for term in names.values()},
        everything=dictionary.count_articles(session, EVERY_LANGUAGE, by=1),
    )
    by_word = _chosen(said.words, words, counts.articles, SIGNATURE_WORDS)
    by_name = _chosen(said.names, names, counts.everything, SIGNATURE_NAMES)
    signature = Signature(
        language=language,
        published_at=arrival.published_at,
        words={id: weight.tf for id, weight in by_word.items()},
        names={id: weight.tf for id, weight in by_name.items()},
        norm=norm({id: weight.tf for id, weight in by_word.items()}, counts.words, counts.articles),
        names_norm=norm({id: weight.tf for id, weight in by_name.items()}, counts.names, counts.everything),
        shingles=said.shingles,
    )
    surfaces = {id: weight.surface for id, weight in (by_word | by_name).items()}
    return Indexed(number, arrival.article_id, arrival.version, number, signature, surfaces), counts


def _heaviest(weights: Mapping[str, Weight]) -> list[str]:
    return sorted(weights, key=lambda term: (-weights[term].tf, term))[:MOST_TERMS]


def _chosen(weights: Mapping[str, Weight], known: Mapping[str, Term], articles: int, most: int) -> dict[int, Weight]:
    """The strongest terms of an article by their ids, strongest first."""
    counted = {term: one.articles for term, one in known.items()}
    weighed = {term: weights[term].tf for term in known}
    best = strongest(weighed, counted, articles, most=most)
    return {known[term].id: Weight(weights[term].tf, _written(term, weights[term].surface)) for term in best}


def _written(term: str, surface: str) -> str:
    return f"{TAG}{surface}" if term.startswith(TAG) else surface


def _pairs(session: Session, newcomer: Indexed, counts: Counts) -> list[Pair]:
    """The articles that are like it, best first."""
    mine = newcomer.signature
    candidates = {
        *_candidates(session, newcomer, mine.words, counts.words, counts.articles, most=QUERY_WORDS),
        *_candidates(session, newcomer, mine.names, counts.names, counts.everything, most=QUERY_NAMES),
    }
    pairs = []
    for other in store.numbered(session, candidates).values():
        alike = likeness(mine, other.signature, *counts.between(mine, other.signature))
        if (scored := score(alike, mine.published_at - other.signature.published_at)) and alike >= LEAST:
            pairs.append(Pair(other, alike, scored))
    return sorted(pairs, key=lambda pair: (-pair.score, -pair.other.number))


def _candidates(
    session: Session, newcomer: Indexed, weights: Mapping[int, int], df: Mapping[int, int], articles: int, *, most: int
) -> list[int]:
    """The numbers of those that share most with it, by its strongest terms that others hold too."""
    asked = [id for id in weights if df[id] > 1][:most]
    posted = store.near(session, asked, day=newcomer.day, number=newcomer.number, most=POSTINGS)
    found: dict[int, float] = defaultdict(float)
    for id in asked:
        weight = weights[id] * idf(df[id], articles) ** 2
        for posting in posted.get(id, ()):
            found[posting // store.TF] += weight * (posting % store.TF)
    return sorted(found, key=lambda number: (-found[number], -number))[:CANDIDATES]


def _group(session: Session, newcomer: Indexed, pairs: Sequence[Pair]) -> int:
    """The group of the most alike that it is a near-copy of, or its own."""
    alike = sorted((pair for pair in pairs if pair.likeness >= MAY_BE_COPY), key=lambda pair: -pair.likeness)
    others = store.with_shingles(session, [pair.other for pair in alike])
    for other, pair in zip(others, alike, strict=True):
        if are_copies(newcomer.signature, other.signature, pair.likeness):
            return other.group
    return newcomer.number


def _enter(session: Session, newcomer: Indexed, pairs: Sequence[Pair], counts: Counts) -> None:
    """Make its list, and put it into those of others where it is better than their last."""
    kept = _kept(pairs)
    joined = _joined(session, newcomer, pairs)
    entries = []
    for pair in pairs:
        here, there = newcomer.number, pair.other.number
        ways = [(here, there)] * (there in kept) + [(there, here)] * (there in joined)
        reasons = _reasons(newcomer, pair, counts) if ways else ""
        entries += [Entry(*way, round(pair.score, 4), round(pair.likeness, 4), reasons) for way in ways]
    lists.insert_entries(session, entries)


def _kept(pairs: Sequence[Pair]) -> set[int]:
    """The best, and not too many of one group."""
    kept: set[int] = set()
    copies: dict[int, int] = defaultdict(int)
    for pair in pairs:
        copies[pair.other.group] += 1
        if len(kept) < KEPT and copies[pair.other.group] <= KEPT_OF_A_GROUP:
            kept.add(pair.other.number)
    return kept


def _joined(session: Session, newcomer: Indexed, pairs: Sequence[Pair]) -> set[int]:
    """The lists that it enters. Whoever has to make room has left them."""
    scores = {pair.other.number: round(pair.score, 4) for pair in pairs}
    if newcomer.group != newcomer.number:
        copies = lists.copies(session, scores, group=newcomer.group)
        full = {number for number, fill in copies.items() if fill.entries >= KEPT_OF_A_GROUP}
        better = {number for number in full if scores[number] > copies[number].least}
        lists.drop_last_copy(session, sorted(better), group=newcomer.group)
        scores = {number: score for number, score in scores.items() if number not in full - better}
    fills = lists.fills(session, scores)
    joined = {number for number, score in scores.items() if fills.get(number, EMPTY).takes(score, most=KEPT)}
    lists.drop_last(session, sorted(number for number in joined if fills.get(number, EMPTY).entries >= KEPT))
    return joined


def _reasons(newcomer: Indexed, pair: Pair, counts: Counts) -> str:
    mine, theirs = newcomer.signature, pair.other.signature
    carrying = shares(mine, theirs, *counts.between(mine, theirs))
    written = [Shared(newcomer.surfaces[id], share) for id, share in carrying]
    return tell(
        _rare_tags(newcomer, pair.other, counts),
        [one for one in written if not one.surface.startswith(TAG)],
        mine.published_at - theirs.published_at,
    )


def _rare_tags(newcomer: Indexed, other: Indexed, counts: Counts) -> list[str]:
    """The tags that both carry and few others, rarest first."""
    most = max(FEW, counts.everything * RARE_SHARE)
    shared = newcomer.signature.names.keys() & other.signature.names.keys()
    tags = sorted((counts.names[id], newcomer.surfaces[id]) for id in shared)
    return [name.removeprefix(TAG) for carriers, name in tags if name.startswith(TAG) and carriers <= most]
