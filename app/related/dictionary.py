"""The dictionary: which terms articles hold, and how many hold each, by language.

Names that are the same in every language stand under `*`, where all articles are counted too.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from app.db.dialect import among
from app.related.tables import RelatedLanguage, RelatedTerm

LANGUAGES = cast(Table, RelatedLanguage.__table__)
TERMS = cast(Table, RelatedTerm.__table__)

EVERY_LANGUAGE = "*"

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the dictionary, and how many articles hold it."""

    id: int
    articles: int


_KNOWN = select(TERMS.c.term, TERMS.c.id, TERMS.c.articles).where(
    TERMS.c.language == bindparam("language"), among(TERMS.c.term, "some")
)
_NEW = insert(TERMS).returning(TERMS.c.term, TERMS.c.id)
_COUNT_UP = update(TERMS).where(among(TERMS.c.id, "some")).values(articles=TERMS.c.articles + 1)
_COUNT_DOWN = update(TERMS).where(among(TERMS.c.id, "some")).values(articles=TERMS.c.articles - 1)
_FORGET = delete(TERMS).where(among(TERMS.c.id, "some"), TERMS.c.articles <= 0)
_LANGUAGE = select(LANGUAGES.c.articles).where(LANGUAGES.c.language == bindparam("of"))
_COUNT_LANGUAGE = (
    update(LANGUAGES)
    .where(LANGUAGES.c.language == bindparam("of"))
    .values(articles=LANGUAGES.c.articles + bindparam("by"))
)


def look_up(session: Session, language: str, terms: Iterable[str]) -> dict[str, Term]:
    """Those of the terms that articles of this language hold."""
    known: dict[str, Term] = {}
    for some in _portions(terms):
        rows = session.connection().execute(_KNOWN, {"language": language, "some": some})
        known |= {term: Term(id, articles) for term, id, articles in rows}
    return known


def count_up(session: Session, language: str, terms: Collection[str]) -> dict[str, Term]:
    """Count one more article that holds these terms; what the dictionary then says of each."""
    known = look_up(session, language, terms)
    for some in _portions(term.id for term in known.values()):
        session.connection().execute(_COUNT_UP, {"some": some})
    counted = {term: Term(one.id, one.articles + 1) for term, one in known.items()}
    new = [{"language": language, "term": term, "articles": 1} for term in sorted(set(terms) - known.keys())]
    if new:
        counted |= {term: Term(id, 1) for term, id in session.connection().execute(_NEW, new)}
    return counted


def count_down(session: Session, language: str, terms: Collection[str]) -> None:
    """Count one article less that holds these terms."""
    for some in _portions(term.id for term in look_up(session, language, terms).values()):
        session.connection().execute(_COUNT_DOWN, {"some": some})
        session.connection().execute(_FORGET, {"some": some})


def count_articles(session: Session, language: str, *, by: int) -> int:
    """Count articles of this language up or down; how many there are now."""
    connection = session.connection()
    if not connection.execute(_COUNT_LANGUAGE, {"of": language, "by": by}).rowcount:
        connection.execute(insert(LANGUAGES), {"language": language, "articles": by})
    return int(connection.execute(_LANGUAGE, {"of": language}).scalar_one())


def _portions(values: Iterable[Any]) -> Iterator[list[Any]]:
    ordered = sorted(set(values))
    return (ordered[start : start + _AT_ONCE] for start in range(0, len(ordered), _AT_ONCE))
