"""A query as it is understood: read in each language of its scope, with what is known of its words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from app.articles.filters import Filters
from app.core.text import fold, words
from app.search.dictionary import counts
from app.search.expressions import Branch, Expression, Phrase, branch
from app.search.query import Clause, parse
from app.search.ranking import Rarities, rarities
from app.search.scope import Scope, resolve

TOO_COMMON, NEVER_TOO_COMMON = 0.02, 100
"""Where any word will do, one that stands in so many of all openings will not, if there is a rarer one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the index is asked, in which scope, and how much each word says."""

    clauses: tuple[Clause, ...]
    expression: Expression
    scope: Scope
    counts: Mapping[str, int]

    @property
    def rarities(self) -> Rarities:
        """What decides about the order."""
        return rarities(self.expression.branches, self.counts, self.scope.languages)

    @property
    def typed(self) -> list[str]:
        """The words that are wanted, folded, as they were typed."""
        return [fold(word) for clause in self.clauses if not clause.is_excluded for word in words(clause.text)]

    @property
    def tokens(self) -> frozenset[str]:
        """What to mark in the texts that are found."""
        return frozenset(token for one in self.expression.branches for token in one.tokens)


def read(session: Session, query: str, filters: Filters) -> Reading | None:
    """The query, understood; None when nothing can match: no word in it, or no article in its scope."""
    clauses = parse(query)
    scope = resolve(session, filters) if clauses else None
    if scope is None:
        return None
    return understood(session, clauses, scope)


def understood(session: Session, clauses: Sequence[Clause], scope: Scope) -> Reading | None:
    """These clauses, read in each language of the scope; None when there is no word in them."""
    branches = tuple(one for language in scope.languages if (one := branch(clauses, language)) is not None)
    if not branches:
        return None
    tokens = {token for one in branches for token in one.tokens}
    return Reading(tuple(clauses), Expression(branches, scope.groups), scope, counts(session, tokens))


def relaxed(reading: Reading) -> Reading | None:
    """The same for any of its words, the common ones apart; None where it has only one."""
    branches = [one for one in reading.expression.branches if len(one.required) > 1]
    if not branches:
        return None
    kept = tuple(replace(one, required=_rarer(one, reading)) for one in branches)
    return replace(reading, expression=replace(reading.expression, branches=kept).relaxed())


def _rarer(one: Branch, reading: Reading) -> tuple[Phrase, ...]:
    most = max(NEVER_TOO_COMMON, TOO_COMMON * reading.scope.languages[one.language])
    rare = tuple(p for p in one.required if min(reading.counts.get(token, 0) for token in p) <= most)
    return rare or one.required
