"""From what an article says to what the index holds of it; depends on its content alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from app.articles.content import Content
from app.core.markup import blocks_text
from app.core.text import fold, terms, words
from app.search.tokens import LONGEST, digest, headline_token, plain_token, stem_token

FORMAT: Final = 1
"""Numbers what the index holds and how texts are analysed; raise it, and `filling` makes every entry anew."""

MOST_CHARACTERS: Final = 120_000
MOST_TERMS: Final = 12_000
"""Of a body: some 20,000 words. A tsvector tells no places after 16,383 apart."""
MOST_OF_A_TERM: Final = 255
"""A tsvector keeps no more places of a word."""

HEADLINE_WEIGHT: Final = 5.0
USUAL_HEADLINE: Final = 7
SUMMARY_WEIGHT: Final = 1.5
USUAL_SUMMARY: Final = 20
LEAD: Final = 45
USUAL_BODY: Final = 150
SATURATION: Final = 2.0
FULL: Final = 255


@dataclass(frozen=True, slots=True)
class Analysis:
    """The tokens of each part of an article, in order; how much it is about each, packed; and what its opening says.

    `marked` are the headline's again, as such, and `plain` its words with the stop words among them. `opening` leads
    from the tokens of the headline, the summary and the first lines to how they are written: what is common, and what
    is worth suggesting, is told by the openings of all articles. A dictionary of whole bodies would cost more to keep
    than the index.
    """

    headline: list[str]
    summary: list[str]
    body: list[str]
    marked: list[str]
    plain: list[str]
    weights: bytes
    opening: dict[str, str]


def analyse(content: Content) -> Analysis:
    """What the index is to hold of an article that says this."""
    language = content.language
    headline, summary = terms(content.headline, language), terms(content.summary or "", language)
    body = terms(blocks_text(content.body)[:MOST_CHARACTERS], language)[:MOST_TERMS]
    # Most stems come more than once.
    tokens = {stem: stem_token(stem, language) for stem in {term.stem for term in chain(headline, summary, body)}}
    opening: dict[str, str] = {}
    for term in chain(headline, summary, body[:LEAD]):
        if (token := tokens[term.stem]) not in opening:
            opening[token] = fold(term.surface)[:LONGEST]
    fields = [[tokens[term.stem] for term in field] for field in (headline, summary, body)]
    marked = [headline_token(token) for token in fields[0]]
    plain = [plain_token(fold(word), language) for word in words(content.headline)]
    weights = _packed(_weights(*fields))
    parts = dict(zip(("headline", "summary", "body", "marked", "plain"), _capped(*fields, marked, plain), strict=True))
    return Analysis(**parts, weights=weights, opening=opening)


def _weights(headline: Sequence[str], summary: Sequence[str], body: Sequence[str]) -> dict[str, int]:
    """Each token's weight, from 1 to 255: how often, in which field, each field's length allowed for."""
    raw: defaultdict[str, float] = defaultdict(float)
    for field, weight, usual in (
        (headline, HEADLINE_WEIGHT, USUAL_HEADLINE),
        (summary, SUMMARY_WEIGHT, USUAL_SUMMARY),
        (body[:LEAD], 1.0, LEAD),
        (body, 1.0, USUAL_BODY),
    ):
        each = weight / (0.25 + 0.75 * len(field) / usual)
        for token in field:
            raw[token] += each
    return {token: max(1, round(FULL * weight / (weight + SATURATION))) for token, weight in raw.items()}


def _packed(weights: dict[str, int]) -> bytes:
    return b"".join(digest(token) + bytes((weight,)) for token, weight in weights.items())


def _capped(*fields: list[str]) -> Iterable[list[str]]:
    """The fields without what is beyond the 255th of a token: there, one database would know it and one not."""
    counts = Counter(chain(*fields))
    return fields if max(counts.values(), default=0) <= MOST_OF_A_TERM else _cut(fields)


def _cut(fields: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    seen: Counter[str] = Counter()
    for field in fields:
        kept = []
        for token in field:
            seen[token] += 1
            if seen[token] <= MOST_OF_A_TERM:
                kept.append(token)
        yield kept
