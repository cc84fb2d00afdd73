"""The dictionary: which terms articles hold, and how many hold each, by language.

Names that are the same in every language stand under `*`, where all articles are counted too.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from app.db.batches import among
from app.related.tables import RelatedLanguage, RelatedTerm

LANGUAGES = cast(Table, RelatedLanguage.__table__)
TERMS = cast(Table, RelatedTerm.__table__)

EVERY_LANGUAGE = "*"

_AT_ONCE = 500
_KNOWN = select(TERMS.c.term, TERMS.c.id, TERMS.c.articles).where(
    TERMS.c.language == bindparam("language"), among(TERMS.c.term, "some")
)
_NEW = insert(TERMS).returning(TERMS.c.term, TERMS.c.id)
_COUNT = update(TERMS).where(among(TERMS.c.id, "some")).values(articles=TERMS.c.articles + bindparam("by"))
_FORGET = delete(TERMS).where(among(TERMS.c.id, "some"), TERMS.c.articles <= 0)
_LANGUAGE = select(LANGUAGES.c.articles).where(LANGUAGES.c.language == bindparam("of"))
_SPOKEN = insert(LANGUAGES)
_COUNT_LANGUAGE = (
    update(LANGUAGES)
    .where(LANGUAGES.c.language == bindparam("of"))
    .values(articles=LANGUAGES.c.articles + bindparam("by"))
)


class Vocabulary:
    """The terms of one language in one transaction: read before they are counted, and written back once.

    `ids` and `df` know every term that was `learn`ed; `articles` is how many there are in the language.
    """

    def __init__(self, session: Session, language: str) -> None:
        self.language = language
        self.ids: dict[str, int] = {}
        self.df: dict[int, int] = {}
        known = session.connection().execute(_LANGUAGE, {"of": language}).scalar()
        if known is None:
            session.connection().execute(_SPOKEN, {"language": language, "articles": 0})
        self.articles = int(known or 0)
        self._articles_before = self.articles
        self._before: dict[int, int] = {}

    def learn(self, session: Session, terms: Iterable[str]) -> None:
        """Read what is known of these terms, and give ids to those that are new."""
        connection, wanted = session.connection(), set(terms) - self.ids.keys()
        for some in _portions(wanted):
            for term, id, articles in connection.execute(_KNOWN, {"language": self.language, "some": some}):
                self.ids[term], self.df[id], self._before[id] = id, articles, articles
        new = [{"language": self.language, "term": term, "articles": 0} for term in sorted(wanted - self.ids.keys())]
        for term, id in connection.execute(_NEW, new) if new else ():
            self.ids[term], self.df[id], self._before[id] = id, 0, 0

    def count(self, terms: Collection[str], by: int) -> None:
        """Count one article more, or less, that holds these terms."""
        self.articles += by
        for term in terms:
            self.df[self.ids[term]] += by

    def write(self, session: Session) -> None:
        """Write what was counted. Terms that no article holds any more are forgotten."""
        connection = session.connection()
        if by := self.articles - self._articles_before:
            connection.execute(_COUNT_LANGUAGE, {"of": self.language, "by": by})
        moved: dict[int, list[int]] = defaultdict(list)
        for id, articles in self.df.items():
            moved[articles - self._before[id]].append(id)
        for by, ids in sorted(moved.items()):
            for some in _portions(ids if by else ()):
                connection.execute(_COUNT, {"some": some, "by": by})
        for some in _portions(id for id, articles in self.df.items() if not articles):
            connection.execute(_FORGET, {"some": some})


class Dictionary:
    """The vocabularies of one transaction, each opened when it is first asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._vocabularies: dict[str, Vocabulary] = {}

    def of(self, language: str) -> Vocabulary:
        """The vocabulary of this language."""
        if language not in self._vocabularies:
            self._vocabularies[language] = Vocabulary(self._session, language)
        return self._vocabularies[language]

    def learn(self, terms: Mapping[str, Iterable[str]]) -> None:
        """Read the terms of each language in one go."""
        for language, some in sorted(terms.items()):
            self.of(language).learn(self._session, some)

    def write(self) -> None:
        """Write what was counted."""
        for vocabulary in self._vocabularies.values():
            vocabulary.write(self._session)


def _portions(values: Iterable[Any]) -> Iterator[list[Any]]:
    ordered = sorted(set(values))
    return (ordered[start : start + _AT_ONCE] for start in range(0, len(ordered), _AT_ONCE))
