"""The SQL that asks the index: which articles match, newest first, and what their places in a list depend on.

Each statement is bounded by a limit, and a match costs the index about as much as a step through a sorted list.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import String, TextClause, bindparam, text
from sqlalchemy.orm import Session

from app.db.base import Instant, Uid
from app.db.dialect import along_indexes, is_sqlite
from app.search.expressions import Expression, for_postgresql, for_sqlite
from app.search.numbers import WINDOW, floor
from app.search.scope import Scope
from app.search.tokens import digest
from app.web.paging import Cursor

MOST_WEIGHED = 12
"""Of a longer query, the rarest words decide about the order."""
_ENDLESS = (1 << 63) - 1

_CUSTOM_PLANS = text("SET LOCAL plan_cache_mode = force_custom_plan")


class Match(NamedTuple):
    """An article that matches: its number, what facets count, and its weights for the words of the query.

    `date` is the day on which it was published (UTC), as 2025-05-18.
    """

    number: int
    date: str
    language: str
    section_id: int | None
    tag_ids: tuple[int, ...]
    weights: bytes


@dataclass(frozen=True, slots=True)
class _Shape:
    """What decides the text of a statement."""

    is_sqlite: bool
    is_dated: bool = False
    is_storied: bool = False
    is_after_cursor: bool = False

    @property
    def is_joined(self) -> bool:
        return self.is_dated or self.is_storied or self.is_after_cursor


def prepare(session: Session) -> None:
    """Have the statements of this transaction planned for what they ask, and along the index."""
    if not is_sqlite(session):
        # Whether a word is in ten articles or in each makes all the difference, and no statistics tell it for sure.
        along_indexes(session)
        session.execute(_CUSTOM_PLANS)


def matches(
    session: Session,
    expression: Expression,
    scope: Scope,
    *,
    weighed: Mapping[str, Sequence[str]],
    below: int | None = None,
    limit: int,
) -> list[Match]:
    """The newest articles that match, at most `limit`, in no order; only numbers below `below`.

    `weighed` names for each language the tokens whose weights are wanted, at most MOST_WEIGHED.
    """
    slots = max(map(len, weighed.values()), default=0)
    asked = [[language, *(digest(token).hex() for token in tokens)] for language, tokens in weighed.items()]
    values = _values(session, expression, scope) | {"limit": limit}
    if slots:
        values["asked"] = json.dumps(asked)
    if below is not None:
        values["high"] = min(values["high"], below)
    lines = session.connection().execute(_matches(_shape(session, scope), slots), values).scalar_one()
    return [_match(line) for line in lines.split("\n")] if lines else []


def newest(session: Session, expression: Expression, scope: Scope, *, cursor: Cursor | None, limit: int) -> list[str]:
    """The cards of matching articles on the cursor's side of it, at most `limit`, nearest to it first.

    Without a cursor, the newest. Exactly in the order of (`published_at`, `id`).
    """
    values = _values(session, expression, scope) | {"limit": limit}
    if cursor is not None:
        values |= {"cursor_at": cursor.at, "cursor_id": cursor.id}
        if cursor.direction == "newer":
            values["low"] = max(values["low"], floor(cursor.at))
        else:
            values["high"] = min(values["high"], floor(cursor.at) + WINDOW)
    statement = _newest(_shape(session, scope, cursor), cursor.direction if cursor else None)
    cards = session.connection().execute(statement, values).scalars()
    return list(cards)


def exists(session: Session, expression: Expression, scope: Scope) -> bool:
    """Whether anything matches."""
    return bool(matches(session, expression, scope, weighed={}, limit=1))


def _shape(session: Session, scope: Scope, cursor: Cursor | None = None) -> _Shape:
    is_dated = scope.since is not None or scope.until is not None
    return _Shape(is_sqlite(session), is_dated, bool(scope.storylines), cursor is not None)


def _values(session: Session, expression: Expression, scope: Scope) -> dict[str, Any]:
    values: dict[str, Any] = {
        "expression": for_sqlite(expression) if is_sqlite(session) else for_postgresql(expression),
        "low": 0 if scope.since is None else floor(scope.since),
        "high": _ENDLESS if scope.until is None else floor(scope.until) + WINDOW,
    }
    if scope.since is not None or scope.until is not None:
        values |= {"since": scope.since, "until": scope.until}
    if scope.storylines:
        values["storylines"] = json.dumps(scope.storylines, ensure_ascii=False)
    return values


def _match(line: str) -> Match:
    number, date, language, section, tags, weights = line.split("\t")
    tag_ids = tuple(map(int, tags.split(","))) if tags else ()
    return Match(int(number), date, language, int(section) if section else None, tag_ids, bytes.fromhex(weights))


def _number(shape: _Shape) -> str:
    return "i.rowid" if shape.is_sqlite else "i.number"


def _found(shape: _Shape, beyond: str = "") -> str:
    """FROM and WHERE of all that match; `d` is there when more than the index has to be looked at."""
    number = _number(shape)
    # Crossed, because SQLite may otherwise begin with the documents and ask the index about each.
    joins = f" {'CROSS ' if shape.is_sqlite else ''}JOIN search_documents AS d ON d.number = {number}"
    conditions = [
        "i.search_index MATCH :expression" if shape.is_sqlite else "i.tokens @@ CAST(:expression AS tsquery)",
        f"{number} >= CAST(:low AS bigint) AND {number} < CAST(:high AS bigint)",
    ]
    if shape.is_dated:
        conditions.append(
            "(:since IS NULL OR d.published_at >= :since) AND (:until IS NULL OR d.published_at < :until)"
        )
    if shape.is_storied:
        joins += " JOIN articles AS s ON s.id = d.article_id"
        named = "json_each(:storylines)" if shape.is_sqlite else "json_array_elements_text(CAST(:storylines AS json))"
        names = f"SELECT storyline_id FROM storyline_names WHERE name IN (SELECT value FROM {named})"  # noqa: S608
        conditions.append(f"s.storyline_id IN ({names})")
    if beyond:
        conditions.append(beyond)
    return f"FROM search_index AS i{joins if shape.is_joined else ''} WHERE {' AND '.join(conditions)}"


def _ordered(shape: _Shape, direction: str) -> str:
    # PostgreSQL would else walk along the numbers and look into every article for a word that hardly any has.
    return f"ORDER BY {_number(shape)}{'' if shape.is_sqlite else ' + 0'} {direction} LIMIT :limit"


@lru_cache(maxsize=128)
def _matches(shape: _Shape, slots: int) -> TextClause:
    tab, end = ("char(9)", "char(10)") if shape.is_sqlite else ("chr(9)", "chr(10)")
    weights = " || ".join(_weight(shape, slot) for slot in range(1, slots + 1)) or "''"
    # Not the moment that the number tells: that is blurred, and a score must not depend on an id.
    date = (
        "substr(d.published_at, 1, 10)"
        if shape.is_sqlite
        else "to_char(d.published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')"
    )
    parts = ("h.number", date, "d.language", "coalesce(CAST(d.section_id AS text), '')", "d.tags", weights)
    line = f" || {tab} || ".join(parts)
    joined = f"{'group_concat' if shape.is_sqlite else 'string_agg'}({line}, {end})"
    asked = f", asked AS MATERIALIZED ({_asked(shape, slots)})" if slots else ""
    weighing = (
        " JOIN search_profiles AS p ON p.number = h.number LEFT JOIN asked AS a ON a.language = d.primary_language"
        if slots
        else ""
    )
    statement = (
        f"WITH hits AS MATERIALIZED (SELECT {_number(shape)} AS number {_found(shape)} "  # noqa: S608
        f"{_ordered(shape, 'DESC')}){asked} SELECT {joined} "
        f"FROM hits AS h JOIN search_documents AS d ON d.number = h.number{weighing}"
    )
    return _typed(shape, statement)


def _asked(shape: _Shape, slots: int) -> str:
    """The query's digests, a row for each language."""
    if shape.is_sqlite:
        columns = ", ".join(f"unhex(value ->> {slot}) AS t{slot}" for slot in range(1, slots + 1))
        return f"SELECT value ->> 0 AS language, {columns} FROM json_each(:asked)"  # noqa: S608
    columns = ", ".join(f"decode(value ->> {slot}, 'hex') AS t{slot}" for slot in range(1, slots + 1))
    return f"SELECT value ->> 0 AS language, {columns} FROM json_array_elements(CAST(:asked AS json))"  # noqa: S608


def _weight(shape: _Shape, slot: int) -> str:
    """The weight behind a digest, as two hexadecimal digits; 00 where there is none."""
    if shape.is_sqlite:
        return f"substr('00' || hex(substr(p.weights, nullif(instr(p.weights, a.t{slot}), 0) + 4, 1)), -2)"
    place = f"nullif(position(a.t{slot} IN p.weights), 0) + 3"
    return f"coalesce(lpad(to_hex(get_byte(p.weights, {place})), 2, '0'), '00')"


@lru_cache(maxsize=64)
def _newest(shape: _Shape, direction: str | None) -> TextClause:
    """Two steps: so many in the order of numbers; then all whose dates may come before the last of those, sorted."""
    is_newer = direction == "newer"
    sign = {None: "", "newer": ">", "older": "<", "from": "<="}[direction]
    beyond = f"(d.published_at, d.article_id) {sign} (:cursor_at, :cursor_id)" if sign else ""
    number, order = _number(shape), "ASC" if is_newer else "DESC"
    edge = f"max(number) + {WINDOW}" if is_newer else f"min(number) - {WINDOW}"
    near = f"{number} {'<=' if is_newer else '>='} (SELECT {edge} FROM nearest)"  # noqa: S608
    joined = _Shape(shape.is_sqlite, shape.is_dated, shape.is_storied, is_after_cursor=True)
    place = f"d.published_at {order}, d.article_id {order}"
    all_near = _found(joined, " AND ".join(filter(None, (beyond, near))))
    statement = (
        f"WITH nearest AS MATERIALIZED (SELECT {number} AS number {_found(shape, beyond)} "  # noqa: S608
        f"{_ordered(shape, order)}), page AS MATERIALIZED (SELECT d.published_at, d.article_id {all_near} "
        f"ORDER BY {place} LIMIT :limit) SELECT a.card "
        f"FROM page AS d JOIN articles AS a ON a.id = d.article_id ORDER BY {place}"
    )
    return _typed(joined, statement, has_cursor=direction is not None, is_dated=shape.is_dated)


def _typed(shape: _Shape, statement: str, *, has_cursor: bool = False, is_dated: bool | None = None) -> TextClause:
    made = text(statement)
    if shape.is_dated if is_dated is None else is_dated:
        made = made.bindparams(bindparam("since", type_=Instant), bindparam("until", type_=Instant))
    if has_cursor:
        made = made.bindparams(bindparam("cursor_at", type_=Instant), bindparam("cursor_id", type_=Uid))
    return made.bindparams(bindparam("expression", type_=String))
