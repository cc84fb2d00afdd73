"""The SQL that writes the index and what goes with it. Finding is for `matching`.

All of it is for whoever holds the log's turn.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TypeVar, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Text, select, text, type_coerce, update
from sqlalchemy import delete as delete_from
from sqlalchemy.orm import Session

from app.core.languages import primary_language
from app.db.batches import among, insert_all
from app.db.dialect import is_sqlite
from app.db.prepared import Prepared
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


_KEPT = Prepared(
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
_TAKEN = Prepared(select(DOCUMENTS.c.number).where(among(DOCUMENTS.c.number, "some")))
_DELETE = [Prepared(delete_from(table).where(among(table.c.number, "some"))) for table in (DOCUMENTS, PROFILES)]
# As plain text: a column's collation is no part of the type of an array.
TOKEN: ColumnElement[str] = type_coerce(TERMS.c.token, Text)
_DELETE_TERMS = Prepared(delete_from(TERMS).where(among(TOKEN, "some"), TERMS.c.articles <= 0))
_DELETE_LANGUAGES = Prepared(delete_from(LANGUAGES).where(LANGUAGES.c.articles <= 0))

_INSERT_SQLITE = Prepared(text("INSERT INTO search_index (rowid, tokens) VALUES (:number, :tokens)"))
_INSERT_POSTGRESQL = Prepared(
    text(
        "INSERT INTO search_index (number, tokens) SELECT number, CAST(tokens AS tsvector) "
        "FROM json_to_recordset(CAST(:rows AS json)) AS given (number bigint, tokens text)"
    )
)
_DELETE_SQLITE = Prepared(text("DELETE FROM search_index WHERE rowid IN (SELECT value FROM json_each(:some))"))
_DELETE_POSTGRESQL = Prepared(text("DELETE FROM search_index WHERE number = ANY(CAST(:some AS bigint[]))"))


def kept(session: Session, ids: Collection[UUID]) -> dict[UUID, Kept]:
    """What the index holds of those of these articles that it has."""
    rows = _KEPT.rows(session, {"some": sorted(ids)})
    return {row.article_id: Kept(row.number, row.published_at, row.language, _opening(row.opening)) for row in rows}


def taken(session: Session, numbers: Collection[int]) -> set[int]:
    """Those of the numbers that an article has."""
    return {row.number for row in _TAKEN.rows(session, {"some": sorted(numbers)})}


def insert(session: Session, entries: Sequence[Entry]) -> None:
    """Put these articles, which it does not hold, into the index. Counting them is for the caller."""
    if not entries:
        return
    insert_all(session, DOCUMENTS, [_document(one) for one in entries])
    insert_all(session, PROFILES, [_profile(one) for one in entries])
    if is_sqlite(session):
        _INSERT_SQLITE.run_each(session, [{"number": one.number, "tokens": " ".join(one.tokens)} for one in entries])
    else:
        vectors = [{"number": one.number, "tokens": _vector(one.tokens)} for one in entries]
        _INSERT_POSTGRESQL.run(session, {"rows": json.dumps(vectors, ensure_ascii=False)})


def delete(session: Session, numbers: Collection[int]) -> None:
    """Take these articles out of the index."""
    if not numbers:
        return
    some = sorted(numbers)
    for statement in _DELETE:
        statement.run(session, {"some": some})
    if is_sqlite(session):
        _DELETE_SQLITE.run(session, {"some": json.dumps(some)})
    else:
        _DELETE_POSTGRESQL.run(session, {"some": some})


def count_terms(session: Session, changes: Mapping[tuple[str, str], int]) -> None:
    """Change the dictionary by so much for each token as it is written."""
    rows = [{"token": token, "shown": shown, "articles": count} for (token, shown), count in changes.items()]
    _count(session, TERMS, rows)
    if left := sorted({token for (token, _), count in changes.items() if count < 0}):
        _DELETE_TERMS.run(session, {"some": left})


def count_languages(session: Session, changes: Mapping[str, int]) -> None:
    """Change how many articles the index holds of each language."""
    _count(session, LANGUAGES, [{"language": language, "articles": count} for language, count in changes.items()])
    if any(count < 0 for count in changes.values()):
        _DELETE_LANGUAGES.run(session, {})


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
    names = tuple(rows[0])
    if is_sqlite(session):
        _counting(table, names, f"VALUES ({', '.join(f':{name}' for name in names)})").run_each(session, rows)
    else:
        typed = ", ".join(f"{name} {'integer' if name == 'articles' else 'text'}" for name in names)
        # Our own names: what is given is a parameter.
        given = f"SELECT {', '.join(names)} FROM json_to_recordset(CAST(:rows AS json)) AS given ({typed})"  # noqa: S608
        _counting(table, names, given).run(session, {"rows": json.dumps(rows, ensure_ascii=False)})


@cache
def _counting(table: Table, names: tuple[str, ...], given: str) -> Prepared:
    keys = ", ".join(column.name for column in table.primary_key)
    return Prepared(
        text(
            f"INSERT INTO {table.name} ({', '.join(names)}) {given} "
            f"ON CONFLICT ({keys}) DO UPDATE SET articles = {table.name}.articles + excluded.articles"
        )
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
