"""The SQL that writes the index and what goes with it. Finding is for `matching`.

All of it is for whoever holds the log's turn.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Text, select, text, type_coerce, update
from sqlalchemy import delete as delete_from
from sqlalchemy.orm import Session

from app.core.languages import primary_language
from app.db.batches import among, insert_all
from app.db.dialect import is_sqlite
from app.search.analysis import FORMAT
from app.search.expressions import quoted
from app.search.tables import SearchDocument, SearchLanguage, SearchProfile, SearchState, SearchTerm

DOCUMENTS = cast(Table, SearchDocument.__table__)
PROFILES = cast(Table, SearchProfile.__table__)
TERMS = cast(Table, SearchTerm.__table__)
LANGUAGES = cast(Table, SearchLanguage.__table__)
STATES = cast(Table, SearchState.__table__)

Counted = TypeVar("Counted", str, tuple[str, str])


@dataclass(frozen=True, slots=True)
class Kept:
    """What the index holds of an article, as far as leaving needs it."""

    number: int
    published_at: datetime
    language: str
    opening: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """All that is written of an article. `tokens` are in their order."""

    number: int
    article_id: UUID
    published_at: datetime
    section_id: int | None
    language: str
    tag_ids: tuple[int, ...]
    tokens: Sequence[str]
    weights: bytes
    opening: tuple[tuple[str, str], ...]


_KEPT = (
    select(
        DOCUMENTS.c.article_id,
        DOCUMENTS.c.number,
        DOCUMENTS.c.published_at,
        DOCUMENTS.c.language,
        PROFILES.c.opening,
    )
    .join(PROFILES, PROFILES.c.number == DOCUMENTS.c.number)
    .where(among(DOCUMENTS.c.article_id, "some"))
)
_TAKEN = select(DOCUMENTS.c.number).where(among(DOCUMENTS.c.number, "some"))
_DELETE = [delete_from(table).where(among(table.c.number, "some")) for table in (DOCUMENTS, PROFILES)]
# As plain text: a column's collation is no part of the type of an array.
TOKEN: ColumnElement[str] = type_coerce(TERMS.c.token, Text)
_DELETE_TERMS = delete_from(TERMS).where(among(TOKEN, "some"), TERMS.c.articles <= 0)
_DELETE_LANGUAGES = delete_from(LANGUAGES).where(LANGUAGES.c.articles <= 0)

_INSERT_SQLITE = "INSERT INTO search_index (rowid, tokens) VALUES (?, ?)"
_INSERT_POSTGRESQL = text(
    "INSERT INTO search_index (number, tokens) SELECT number, CAST(tokens AS tsvector) "
    "FROM json_to_recordset(CAST(:rows AS json)) AS given (number bigint, tokens text)"
)
_DELETE_SQLITE = text("DELETE FROM search_index WHERE rowid IN (SELECT value FROM json_each(:some))")
_DELETE_POSTGRESQL = text("DELETE FROM search_index WHERE number = ANY(CAST(:some AS bigint[]))")
_COUNT = "ON CONFLICT ({keys}) DO UPDATE SET articles = {table}.articles + excluded.articles"


def kept(session: Session, ids: Collection[UUID]) -> dict[UUID, Kept]:
    """What the index holds of those of these articles that it has."""
    rows = session.connection().execute(_KEPT, {"some": sorted(ids)})
    return {row.article_id: Kept(row.number, row.published_at, row.language, _opening(row.opening)) for row in rows}


def taken(session: Session, numbers: Collection[int]) -> set[int]:
    """Those of the numbers that an article has."""
    return set(session.connection().execute(_TAKEN, {"some": sorted(numbers)}).scalars())


def insert(session: Session, entries: Sequence[Entry]) -> None:
    """Put these articles, which it does not hold, into the index. Counting them is for the caller."""
    if not entries:
        return
    connection = session.connection()
    insert_all(session, DOCUMENTS, [_document(one) for one in entries])
    insert_all(session, PROFILES, [_profile(one) for one in entries])
    if is_sqlite(session):
        connection.exec_driver_sql(_INSERT_SQLITE, [(one.number, " ".join(one.tokens)) for one in entries])
    else:
        vectors = [{"number": one.number, "tokens": _vector(one.tokens)} for one in entries]
        connection.execute(_INSERT_POSTGRESQL, {"rows": json.dumps(vectors, ensure_ascii=False)})


def delete(session: Session, numbers: Collection[int]) -> None:
    """Take these articles out of the index."""
    if not numbers:
        return
    connection, some = session.connection(), sorted(numbers)
    for statement in _DELETE:
        connection.execute(statement, {"some": some})
    if is_sqlite(session):
        connection.execute(_DELETE_SQLITE, {"some": json.dumps(some)})
    else:
        connection.execute(_DELETE_POSTGRESQL, {"some": some})


def count_terms(session: Session, changes: Mapping[tuple[str, str], int]) -> None:
    """Change the dictionary by so much for each token as it is written."""
    rows = [{"token": token, "shown": shown, "articles": count} for (token, shown), count in changes.items()]
    _count(session, TERMS, rows)
    if left := sorted({token for (token, _), count in changes.items() if count < 0}):
        session.connection().execute(_DELETE_TERMS, {"some": left})


def count_languages(session: Session, changes: Mapping[str, int]) -> None:
    """Change how many articles the index holds of each language."""
    _count(session, LANGUAGES, [{"language": language, "articles": count} for language, count in changes.items()])
    if any(count < 0 for count in changes.values()):
        session.connection().execute(_DELETE_LANGUAGES)


def settle(session: Session) -> None:
    """Write down that every public article is in the index as this code makes it."""
    session.execute(update(STATES).values(format=FORMAT))


def unsettle(session: Session) -> None:
    """Write down that the index is to be made anew."""
    session.execute(update(STATES).values(format=0))
    session.execute(update(DOCUMENTS).values(format=0))


def _count(session: Session, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    if not rows:
        return
    names = ", ".join(rows[0])
    rule = _COUNT.format(keys=", ".join(column.name for column in table.primary_key), table=table.name)
    if is_sqlite(session):
        values = ", ".join("?" * len(rows[0]))
        statement = f"INSERT INTO {table.name} ({names}) VALUES ({values}) {rule}"  # noqa: S608
        session.connection().exec_driver_sql(statement, [tuple(row.values()) for row in rows])
        return
    typed = ", ".join(f"{name} {'integer' if name == 'articles' else 'text'}" for name in rows[0])
    given = f"json_to_recordset(CAST(:rows AS json)) AS given ({typed})"
    session.connection().execute(
        text(f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {given} {rule}"),  # noqa: S608
        {"rows": json.dumps(rows, ensure_ascii=False)},
    )


def _document(one: Entry) -> dict[str, object]:
    return {
        "number": one.number,
        "article_id": one.article_id,
        "published_at": one.published_at,
        "format": FORMAT,
        "section_id": one.section_id,
        "language": one.language,
        "primary_language": primary_language(one.language),
        "tags": ",".join(map(str, one.tag_ids)),
    }


def _profile(one: Entry) -> dict[str, object]:
    return {"number": one.number, "weights": one.weights, "opening": _lines(one.opening)}


def _lines(opening: Iterable[tuple[str, str]]) -> str:
    return "\n".join(map("\t".join, opening))


def _opening(lines: str) -> tuple[tuple[str, str], ...]:
    pairs = (line.partition("\t") for line in lines.split("\n") if line)
    return tuple((token, shown) for token, _, shown in pairs)


def _vector(tokens: Sequence[str]) -> str:
    """The tokens with their places, as the text of a tsvector."""
    places: dict[str, list[str]] = {}
    for place, token in enumerate(tokens, 1):
        places.setdefault(token, []).append(str(place))
    return " ".join(f"{quoted(token)}:{','.join(where)}" for token, where in places.items())
