"""The SQL of following: lines of the log after a position, each with what is public now of its article and storyline.

A read is one row: the head, and the lines joined by newlines, their columns by tabs (no text of ours holds either).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, Subquery, Table, Text, and_, bindparam, func, select
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from app.articles.export import portions
from app.articles.filters import EVERYTHING, Filters
from app.articles.reading import View
from app.articles.store import ARTICLES
from app.articles.storylines.store import STORYLINES
from app.changes.log import HEAD_AT, HEAD_SEQ, Head, Kind
from app.changes.tables import Change
from app.db.dialect import instant_text, lines, tabbed
from app.web.pages import dumps
from app.wire.sifting import passes

MOST_LOOKED_AT = 1000
"""How many lines one filtered read looks at: its page may then be empty, and says where to go on."""

MOST_CHARACTERS = 2_000_000
"""A page with more text ends early, with its one line at least."""

_CHANGES = cast(Table, Change.__table__)
_MOST_CARDS = 500


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log as JSON, API links relative, and what filters look at: empty where it was or is not public."""

    seq: int
    kind: str
    before: str
    after: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """Lines in the order of the log. `next_after` is the last one looked at: where to go on."""

    head: Head
    lines: list[Line]
    next_after: int

    @property
    def is_last(self) -> bool:
        """Whether the log had no more when the page was read."""
        return self.next_after >= self.head.seq


def page(session: Session, after: int, *, limit: int, view: View, filters: Filters = EVERYTHING) -> Page:
    """At most `limit` lines above `after`, ascending; with filters, of the next MOST_LOOKED_AT those that pass.

    Cards without filters take one statement.
    """
    if filters != EVERYTHING:
        return _sifted(session, after, limit=limit, view=view, filters=filters)
    found: list[Line] = []
    for portion in _portions(view):
        asked = min(portion, limit - len(found))
        told = _ask(session, _AFTER[view], after=after, limit=asked)
        found += (more := _lines(told))
        after = found[-1].seq if found else after
        if len(more) < asked or len(found) == limit or _is_enough(found):
            break
    return Page(_head(told), found, after)


def _sifted(session: Session, after: int, *, limit: int, view: View, filters: Filters) -> Page:
    told = _ask(session, _FACETS, after=after, limit=MOST_LOOKED_AT)
    passing, looked_at = list[int](), after
    for seq, before, after_it in _fields(told):
        looked_at = int(seq)
        if passes(before, after_it, filters):
            passing.append(looked_at)
            if len(passing) == limit:
                break
    found = _these(session, passing, view)
    return Page(_head(told), found, looked_at if len(found) == len(passing) else found[-1].seq)


def _these(session: Session, seqs: Sequence[int], view: View) -> list[Line]:
    """These lines, or the first of them if they are long."""
    found: list[Line] = []
    for portion in _portions(view):
        if len(found) == len(seqs) or _is_enough(found):
            break
        found += _lines(_ask(session, _OF[view], seqs=seqs[len(found) : len(found) + portion]))
    return found


def _portions(view: View) -> Iterator[int]:
    return repeat(_MOST_CARDS) if view == "card" else portions()


def _is_enough(found: Sequence[Line]) -> bool:
    return sum(len(line.text) for line in found) >= MOST_CHARACTERS


def _ask(session: Session, statement: Select[Any], **values: Any) -> Row[Any]:
    return session.connection().execute(statement, values).one()


def _head(told: Row[Any]) -> Head:
    return Head(told.seq, told.changed_at)


def _lines(told: Row[Any]) -> list[Line]:
    return [_line(*fields) for fields in _fields(told)]


def _fields(told: Row[Any]) -> list[list[str]]:
    return [line.split("\t") for line in told.lines.split("\n")] if told.lines else []


def _line(
    seq: str,
    before: str,
    after: str,
    kind: str,
    article_id: str,
    at: str,
    version: str,
    reason: str,
    previous_slug: str,
    slug: str,
    storyline_id: str,
    storyline_slug: str,
    title: str,
    article: str,
) -> Line:
    # Neither kinds, reasons nor slugs have anything in them that JSON would escape.
    id = _quoted(_hyphenated(storyline_id))
    storyline = f'{{"id":{id},"slug":"{storyline_slug}","title":{dumps(title)}}}' if storyline_slug else "null"
    text = (
        f'{{"seq":{seq},"kind":"{kind}","article_id":"{_hyphenated(article_id)}",'
        f'"at":"{at.replace(".000000Z", "Z")}","version":{version or "null"},'
        f'"reason":{_quoted(reason)},"previous_slug":{_quoted(previous_slug)},"slug":{_quoted(slug)},'
        f'"storyline_id":{id},"storyline":{storyline},"article":{article or "null"}}}'
    )
    return Line(int(seq), kind, before, after, text)


def _quoted(text: str) -> str:
    return f'"{text}"' if text else "null"


def _hyphenated(id: str) -> str:
    """As JSON has it; SQLite keeps the digits alone."""
    return id if len(id) != 32 else f"{id[:8]}-{id[8:12]}-{id[12:16]}-{id[16:20]}-{id[20:]}"


def _joined(columns: Sequence[Any]) -> ColumnElement[str]:
    return tabbed(*(func.coalesce(as_type(column, Text), "") for column in columns))


def _told(columns: Sequence[Any], source: Any, seq: Any) -> Select[Any]:
    named = HEAD_SEQ.label("seq"), HEAD_AT.label("changed_at"), lines(_joined(columns), seq).label("lines")
    return select(*named).select_from(source)


def _after() -> Subquery:
    """The lines above a position, chosen before anything is joined to them."""
    changes = select(_CHANGES).where(_CHANGES.c.seq > bindparam("after"))
    return changes.order_by(_CHANGES.c.seq).limit(bindparam("limit")).subquery("chosen")


def _of() -> Subquery:
    return select(_CHANGES).where(_CHANGES.c.seq.in_(bindparam("seqs", expanding=True))).subquery("chosen")


def _shown(chosen: Subquery, view: View) -> Select[Any]:
    line = chosen.c
    # A withdrawal says nothing of its article, not even when that has come back.
    public = and_(ARTICLES.c.id == line.article_id, line.kind != Kind.WITHDRAWN.value)
    of_line = line.seq, line.before, line.after, line.kind, line.article_id, instant_text(line.at)
    grouping = and_(STORYLINES.c.id == line.storyline_id, STORYLINES.c.article_count > 0)
    of_storyline = line.storyline_id, STORYLINES.c.slug, STORYLINES.c.title
    told = *of_line, line.version, line.reason, line.previous_slug, ARTICLES.c.slug, *of_storyline, ARTICLES.c[view]
    return _told(told, chosen.outerjoin(ARTICLES, public).outerjoin(STORYLINES, grouping), line.seq)


def _facets(chosen: Subquery) -> Select[Any]:
    return _told((chosen.c.seq, chosen.c.before, chosen.c.after), chosen, chosen.c.seq)


_VIEWS: tuple[View, ...] = ("card", "document")
_AFTER = {view: _shown(_after(), view) for view in _VIEWS}
_OF = {view: _shown(_of(), view) for view in _VIEWS}
_FACETS = _facets(_after())
