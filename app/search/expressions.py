"""What an index is asked: branches, one for each language, and filters; written for FTS5 and for PostgreSQL.

Every token is quoted, so that none can be an operator.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.core.text import fold, terms, words
from app.search.query import Clause
from app.search.tokens import headline_token, plain_token, stem_token

MOST_TOKENS: Final = 32

Phrase = tuple[str, ...]
"""Tokens that stand one after the other; often only one."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A query as it is read in one language: all of `required` and none of `excluded`.

    `is_plain` says that it is made of stop words, which are looked for in headlines.
    """

    language: str
    required: tuple[Phrase, ...]
    excluded: tuple[Phrase, ...] = ()
    is_plain: bool = False

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens that a match is ranked by, each once."""
        return () if self.is_plain else tuple(dict.fromkeys(token for phrase in self.required for token in phrase))

    def in_headline(self) -> "Branch":
        """The same, with the words in the headline."""
        if self.is_plain:
            return self
        return replace(self, required=tuple(tuple(map(headline_token, phrase)) for phrase in self.required))


@dataclass(frozen=True, slots=True)
class Expression:
    """Any of the branches (all of a branch's words, or with `is_relaxed` any of them), and one token of each filter."""

    branches: tuple[Branch, ...]
    filters: tuple[tuple[str, ...], ...] = ()
    is_relaxed: bool = False

    def relaxed(self) -> "Expression":
        """The same for any of the words."""
        return replace(self, is_relaxed=True)

    def in_headline(self) -> "Expression":
        """The same, with the words in the headline."""
        return replace(self, branches=tuple(one.in_headline() for one in self.branches))


def branch(clauses: Sequence[Clause], language: str) -> Branch | None:
    """The query in this language; None when it holds no word at all."""
    wanted = [clause for clause in clauses if not clause.is_excluded]
    required = [phrase for clause in wanted for phrase in _phrases(clause, _stems(clause, language))]
    excluded = [tuple(_stems(clause, language)) for clause in clauses if clause.is_excluded]
    is_plain = not required
    if is_plain:
        required = [phrase for clause in wanted for phrase in _phrases(clause, _plain(clause, language))]
    if not required:
        return None
    kept = tuple(dict.fromkeys(required))[:MOST_TOKENS]
    return Branch(language, kept, tuple(filter(None, excluded))[:MOST_TOKENS], is_plain)


def for_sqlite(expression: Expression) -> str:
    """The expression as FTS5 reads it."""

    def written(phrase: Phrase) -> str:
        return f'"{" ".join(phrase)}"'

    def of_branch(one: Branch) -> str:
        found = f"({(' OR ' if expression.is_relaxed else ' AND ').join(map(written, one.required))})"
        return f"({found} NOT ({' OR '.join(map(written, one.excluded))}))" if one.excluded else found

    filters = [f"({' OR '.join(written((token,)) for token in one)})" for one in expression.filters]
    return " AND ".join([f"({' OR '.join(map(of_branch, expression.branches))})", *filters])


def for_postgresql(expression: Expression) -> str:
    """The expression as a tsquery."""

    def written(phrase: Phrase) -> str:
        return f"({' <-> '.join(map(quoted, phrase))})"

    def of_branch(one: Branch) -> str:
        found = f"({(' | ' if expression.is_relaxed else ' & ').join(map(written, one.required))})"
        return f"({found} & !({' | '.join(map(written, one.excluded))}))" if one.excluded else found

    filters = [f"({' | '.join(map(quoted, one))})" for one in expression.filters]
    return " & ".join([f"({' | '.join(map(of_branch, expression.branches))})", *filters])


def quoted(token: str) -> str:
    """A token as a lexeme of PostgreSQL. Tokens hold no backslash."""
    return "'" + token.replace("'", "''") + "'"


def _stems(clause: Clause, language: str) -> list[str]:
    return [stem_token(term.stem, language) for term in terms(clause.text, language)]


def _plain(clause: Clause, language: str) -> list[str]:
    return [plain_token(fold(word), language) for word in words(clause.text)]


def _phrases(clause: Clause, tokens: Sequence[str]) -> list[Phrase]:
    if clause.is_phrase:
        return [tuple(tokens[:MOST_TOKENS])] if tokens else []
    return [(token,) for token in tokens]
