"""What the openings of all articles say of a word: how common it is, and what is written like it."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Integer, Text, bindparam, func, select, type_coerce
from sqlalchemy.orm import Session

from app.db.batches import among
from app.search.store import TERMS, TOKEN

MOST_READ = 2000
"""How many entries a look into the dictionary gives."""
LONGEST = 64

_SHOWN = type_coerce(TERMS.c.shown, Text)
_ARTICLES = func.sum(TERMS.c.articles).label("articles")
_COUNTS = select(TERMS.c.token, _ARTICLES).where(among(TOKEN, "some")).group_by(TERMS.c.token)
_KNOWN = select(TERMS.c.shown, _ARTICLES).where(among(_SHOWN, "some")).group_by(TERMS.c.shown)
_LENGTH = func.length(TERMS.c.shown)
_ALONG = (
    select(TERMS.c.shown, TERMS.c.token, TERMS.c.articles)
    .where(
        TERMS.c.shown >= bindparam("start", type_=Text),
        TERMS.c.shown < bindparam("end", type_=Text),
        _LENGTH.between(bindparam("shortest", type_=Integer), bindparam("longest", type_=Integer)),
    )
    .order_by(TERMS.c.articles.desc(), TERMS.c.shown, TERMS.c.token)
    .limit(bindparam("limit", type_=Integer))
)
_LAST = chr(0x10FFFF)


class Entry(NamedTuple):
    """A word as it is written, and in how many openings."""

    shown: str
    articles: int


def counts(session: Session, tokens: Collection[str]) -> dict[str, int]:
    """In how many openings each of the tokens stands, where in any."""
    if not tokens:
        return {}
    rows = session.connection().execute(_COUNTS, {"some": sorted(set(tokens))})
    return {token: int(articles) for token, articles in rows}


def known(session: Session, shown: Collection[str]) -> dict[str, int]:
    """In how many openings these words stand, written so."""
    if not shown:
        return {}
    rows = session.connection().execute(_KNOWN, {"some": sorted(set(shown))})
    return {word: int(articles) for word, articles in rows}


def beginning_with(
    session: Session,
    prefix: str,
    *,
    languages: Sequence[str],
    shortest: int = 1,
    longest: int = LONGEST,
    limit: int = MOST_READ,
) -> list[Entry]:
    """The commonest words of these languages that begin so and have so many letters, commonest first."""
    bounds = {"start": prefix, "end": prefix + _LAST, "shortest": shortest, "longest": longest, "limit": limit}
    rows = session.connection().execute(_ALONG, bounds)
    found: dict[str, int] = {}
    spoken = set(languages)
    for shown, token, articles in rows:
        if token.partition("_")[0] in spoken:
            found[shown] = found.get(shown, 0) + articles
    return sorted((Entry(*one) for one in found.items()), key=lambda entry: (-entry.articles, entry.shown))
