"""From what an article says to what the index holds of it; depends on its content alone."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from app.articles.content import Content
from app.core.text import fold, words
from app.search.tokens import digest, headline_token, plain_token, read

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
    headline, summary = read(content.headline.split(), language), read((content.summary or "").split(), language)
    is_whole = len(content.text) <= MOST_CHARACTERS
    body = read(content.pieces if is_whole else content.text[:MOST_CHARACTERS].split(), language, most=MOST_TERMS)
    opening: dict[str, str] = {}
    for field, most in ((headline, None), (summary, None), (body, LEAD)):
        for token, shown in zip(field.tokens[:most], field.shown, strict=False):
            opening.setdefault(token, shown)
    fields = [headline.tokens, summary.tokens, body.tokens]
    marked = [headline_token(token) for token in fields[0]]
    plain = [plain_token(fold(word), language) for word in words(content.headline)]
    weights = _weights(*fields)
    parts = dict(zip(("headline", "summary", "body", "marked", "plain"), _capped(*fields, marked, plain), strict=True))
    return Analysis(**parts, weights=weights, opening=opening)


def _weights(headline: Sequence[str], summary: Sequence[str], body: Sequence[str]) -> bytes:
    """The digest of each token, and its weight: how often it is said, and where, each field's length allowed for."""
    opening: dict[str, float] = {}
    for field, weight, usual in (
        (headline, HEADLINE_WEIGHT, USUAL_HEADLINE),
        (summary, SUMMARY_WEIGHT, USUAL_SUMMARY),
        (body[:LEAD], 1.0, LEAD),
    ):
        each = _each(weight, len(field), usual)
        for token in field:
            opening[token] = opening.get(token, 0.0) + each
    each, counts = _each(1.0, len(body), USUAL_BODY), Counter(body)
    weights = [digest(token) + _byte(_added(raw, each, counts.pop(token, 0))) for token, raw in opening.items()]
    # Most tokens are said once, and in the body: they weigh alike.
    behind = {times: _byte(_added(0.0, each, times)) for times in set(counts.values())}
    return b"".join(weights + [digest(token) + behind[times] for token, times in counts.items()])


def _each(weight: float, length: int, usual: int) -> float:
    return weight / (0.25 + 0.75 * length / usual)


def _added(raw: float, each: float, times: int) -> float:
    """Added one by one: a product would be rounded otherwise than what is in the index."""
    for _ in range(times):
        raw += each
    return raw


def _byte(raw: float) -> bytes:
    """A weight from 1 to 255."""
    return bytes((max(1, round(FULL * raw / (raw + SATURATION))),))


def _capped(*fields: list[str]) -> Iterable[list[str]]:
    """The fields without what is beyond the 255th of a token: there, one database would know it and one not."""
    if sum(map(len, fields)) - len(set().union(*fields)) < MOST_OF_A_TERM:
        return fields  # too few are said again for any to come so often
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
