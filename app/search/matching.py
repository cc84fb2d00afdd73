"""The SQL that asks the index: which articles match, newest first, and what their places in a list depend on.

Each statement is bounded by a limit, and a match costs the index about as much as a step through a sorted list.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import String, TextClause, bindparam, func, select, text
from sqlalchemy.orm import Session

from app.db.base import Instant, Uid
from app.db.dialect import is_sqlite
from app.search.expressions import Expression, for_postgresql, for_sqlite
from app.search.numbers import WINDOW, floor
from app.search.scope import Scope
from app.search.tokens import digest
from app.web.paging import Cursor, Direction

MOST_WEIGHED = 12
"""Of a longer query, the rarest words decide about the order."""
_ENDLESS = (1 << 63) - 1

# Of PostgreSQL's plans one alone is never dear: a bitmap from the index of words, then some thousand hits looked up one
# by one. No statistics tell it what it costs to look into every article for a word, or to hash them all, and whether a
# word is in ten of them or in each makes all the difference.
_SETTINGS = {
    "plan_cache_mode": "force_custom_plan",
    "enable_seqscan": "off",
    "enable_indexscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
_PLANS = select(*(func.set_config(name, value, True) for name, value in _SETTINGS.items()))


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
    """Have the statements of this transaction led by the index of words, whatever it is asked for."""
    if not is_sqlite(session):
        session.execute(_PLANS)


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
    values = _values(session, expression, scope) | {"limit": limit}
    if below is not None:
        values["high"] = min(values["high"], below)
    numbers = _numbers(session, _shape(session, scope), values)
    slots = max(map(len, weighed.values()), default=0)
    asked = [[language, *(digest(token).hex() for token in tokens)] for language, tokens in weighed.items()]
    known = {"numbers": json.dumps(numbers)} | ({"asked": json.dumps(asked)} if slots else {})
    lines = session.connection().execute(_told(is_sqlite(session), slots), known).scalar_one() if numbers else None
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
    shape, direction = _shape(session, scope, cursor), cursor.direction if cursor else None
    nearest = _numbers(session, shape, values, direction)
    if not nearest:
        return []
    # Numbers blur dates: what is a little farther by its number may be nearer by its date.
    edge = max(nearest) + WINDOW if direction == "newer" else min(nearest) - WINDOW
    statement = _page(shape, direction)
    return list(session.connection().execute(statement, values | {"edge": edge}).scalars())


def exists(session: Session, expression: Expression, scope: Scope) -> bool:
    """Whether anything matches."""
    return bool(_numbers(session, _shape(session, scope), _values(session, expression, scope) | {"limit": 1}))


def _numbers(
    session: Session, shape: _Shape, values: Mapping[str, Any], direction: Direction | None = None
) -> list[int]:
    """The numbers of the nearest articles that match: on the cursor's side of it, or the newest."""
    found = session.connection().execute(_nearest(shape, direction), dict(values)).scalar_one()
    return list(map(int, found.split(","))) if found else []


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


def _found(shape: _Shape, beyond: str, *, within: str | None = None) -> str:
    """FROM and WHERE of all that match; `d` is there when more than the index has to be looked at.

    `within` is what bounds are held against, where that is not the number itself.
    """
    number = _number(shape)
    within = within or number
    # Crossed, because SQLite may otherwise begin with the documents and ask the index about each.
    joins = f" {'CROSS ' if shape.is_sqlite else ''}JOIN search_documents AS d ON d.number = {number}"
    conditions = [
        "i.search_index MATCH :expression" if shape.is_sqlite else "i.tokens @@ CAST(:expression AS tsquery)",
        f"{within} >= CAST(:low AS bigint) AND {within} < CAST(:high AS bigint)",
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


@lru_cache(maxsize=64)
def _nearest(shape: _Shape, direction: Direction | None) -> TextClause:
    number, order = _number(shape), "ASC" if direction == "newer" else "DESC"
    joined = "group_concat(number)" if shape.is_sqlite else "string_agg(CAST(number AS text), ',')"
    # PostgreSQL would else take all articles of the span, where it believes that each has the word.
    matching = _found(shape, _beyond(direction), within=None if shape.is_sqlite else "i.number + 0")
    found = f"SELECT {number} AS number {matching} ORDER BY {number} {order} LIMIT :limit"
    return _typed(shape, f"SELECT {joined} FROM ({found}) AS nearest", direction)  # noqa: S608


@lru_cache(maxsize=64)
def _told(is_on_sqlite: bool, slots: int) -> TextClause:
    """What is to be known of these numbers, a line of each."""
    tab, end = ("char(9)", "char(10)") if is_on_sqlite else ("chr(9)", "chr(10)")
    weights = " || ".join(_weight(is_on_sqlite, slot) for slot in range(1, slots + 1)) or "''"
    # Not the moment that the number tells: that is blurred, and a score must not depend on an id.
    date = (
        "substr(d.published_at, 1, 10)" if is_on_sqlite else "to_char(d.published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')"
    )
    parts = ("d.number", date, "d.language", "coalesce(CAST(d.section_id AS text), '')", "d.tags", weights)
    line = f" || {tab} || ".join(parts)
    joined = f"{'group_concat' if is_on_sqlite else 'string_agg'}({line}, {end})"
    asked = f"WITH asked AS MATERIALIZED ({_asked(is_on_sqlite, slots)}) " if slots else ""
    weighing = (
        " JOIN search_profiles AS p ON p.number = d.number LEFT JOIN asked AS q ON q.language = d.primary_language"
        if slots
        else ""
    )
    numbers = "json_each(:numbers)" if is_on_sqlite else "json_array_elements_text(CAST(:numbers AS json))"
    value = "h.value" if is_on_sqlite else "CAST(h.value AS bigint)"
    return text(
        f"{asked}SELECT {joined} FROM {numbers} AS h JOIN search_documents AS d ON d.number = {value}{weighing}"  # noqa: S608
    )


def _asked(is_on_sqlite: bool, slots: int) -> str:
    """The query's digests, a row for each language."""
    if is_on_sqlite:
        columns = ", ".join(f"unhex(value ->> {slot}) AS t{slot}" for slot in range(1, slots + 1))
        return f"SELECT value ->> 0 AS language, {columns} FROM json_each(:asked)"  # noqa: S608
    columns = ", ".join(f"decode(value ->> {slot}, 'hex') AS t{slot}" for slot in range(1, slots + 1))
    return f"SELECT value ->> 0 AS language, {columns} FROM json_array_elements(CAST(:asked AS json))"  # noqa: S608


def _weight(is_on_sqlite: bool, slot: int) -> str:
    """The weight behind a digest, as two hexadecimal digits; 00 where there is none."""
    if is_on_sqlite:
        return f"substr('00' || hex(substr(p.weights, nullif(instr(p.weights, q.t{slot}), 0) + 4, 1)), -2)"
    place = f"nullif(position(q.t{slot} IN p.weights), 0) + 3"
    return f"coalesce(lpad(to_hex(get_byte(p.weights, {place})), 2, '0'), '00')"


@lru_cache(maxsize=64)
def _page(shape: _Shape, direction: Direction | None) -> TextClause:
    """The cards of those between the cursor and the edge, sorted by their dates."""
    is_newer = direction == "newer"
    joined, order = replace(shape, is_after_cursor=True), "ASC" if is_newer else "DESC"
    near = f"{_number(shape)} {'<=' if is_newer else '>='} CAST(:edge AS bigint)"
    found = _found(joined, " AND ".join(filter(None, (_beyond(direction), near))))
    statement = (
        f"WITH page AS MATERIALIZED (SELECT d.published_at, d.article_id {found} ORDER BY {_place('d', order)} "  # noqa: S608
        "LIMIT :limit) "
        f"SELECT a.card FROM page AS n JOIN articles AS a ON a.id = n.article_id ORDER BY {_place('n', order)}"
    )
    return _typed(shape, statement, direction)


def _place(alias: str, order: str) -> str:
    return f"{alias}.published_at {order}, {alias}.article_id {order}"


def _beyond(direction: Direction | None) -> str:
    """What is on the cursor's side of it, as a condition; nothing without one."""
    if direction is None:
        return ""
    sign = {"newer": ">", "older": "<", "from": "<="}[direction]
    return f"(d.published_at, d.article_id) {sign} (:cursor_at, :cursor_id)"


def _typed(shape: _Shape, statement: str, direction: Direction | None) -> TextClause:
    made = text(statement).bindparams(bindparam("expression", type_=String))
    if shape.is_dated:
        made = made.bindparams(bindparam("since", type_=Instant), bindparam("until", type_=Instant))
    if direction is not None:
        made = made.bindparams(bindparam("cursor_at", type_=Instant), bindparam("cursor_id", type_=Uid))
    return made
