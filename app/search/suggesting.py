"""Search as you type: how the query may go on, from the words that articles open with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.articles.filters import Filters
from app.changes.log import HEAD_AT, HEAD_SEQ
from app.core.text import fold
from app.search import matching
from app.search.dictionary import Entry, beginning_with
from app.search.query import parse
from app.search.reading import understood
from app.search.scope import Scope, resolve

MOST_CHECKED: Final = 40
"""Of a second and later word, so many completions are asked of the index: whether they go with what was typed."""

MOST_READ: Final = 500

_HEAD = select(HEAD_SEQ.label("seq"), HEAD_AT.label("at"))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The query as it may go on, and how many articles open with its last word."""

    text: str
    articles: int


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Suggestions, the commonest first, and how new they are."""

    seq: int
    changed_at: datetime
    data: list[Suggestion]


def suggest(session: Session, typed: str, filters: Filters, *, limit: int) -> Suggestions:
    """How what was typed may go on: its last word completed, where that finds anything."""
    head = session.execute(_HEAD).one()
    matching.prepare(session)
    before, last = _parted(typed)
    scope = resolve(session, filters) if last else None
    if scope is None:
        return Suggestions(head.seq, head.at, [])
    known = beginning_with(session, fold(last), languages=list(scope.languages), limit=MOST_READ)
    if not parse(before) and not scope.groups:
        chosen = known[:limit]
    else:
        chosen = [one for one in known[:MOST_CHECKED] if _finds(session, before + one.shown, scope)][:limit]
    return Suggestions(head.seq, head.at, [_suggestion(before, one) for one in chosen])


def _parted(typed: str) -> tuple[str, str]:
    """What stands before the last word, with the blank; and the last word, with nothing that is no letter."""
    before, blank, last = typed.rpartition(" ")
    bare = last.lstrip("-\"“”„«»'")
    return before + blank + last[: len(last) - len(bare)], bare


def _suggestion(before: str, one: Entry) -> Suggestion:
    return Suggestion(before + one.shown, one.articles)


def _finds(session: Session, text: str, scope: Scope) -> bool:
    reading = understood(session, parse(text), scope)
    return reading is not None and matching.exists(session, reading.expression, reading.scope)
