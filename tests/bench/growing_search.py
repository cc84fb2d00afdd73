"""A large archive for search from a small one: copies of its articles, and of what search keeps of them, into the past.

Common words stay what they are, so that their postings grow with the archive; rare ones become others in every copy
(`copies`). Of the articles only the rows are copied that search reads: no versions, no lists of tags.
"""

import re
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, Table, column, select, table, update

from app.articles.store import ARTICLES
from app.search.store import DOCUMENTS, LANGUAGES, PROFILES, TERMS
from app.search.tokens import tag_token
from app.taxonomy.store import TAGS
from tests.bench.bulk import Row, connected, fill, is_sqlite, without_keys
from tests.bench.copies import IN_TAG, Copy, Marker

Places = list[tuple[int, bytes]]

_TIMES = ("first_published_at", "published_at", "updated_at", "modified_at")
_INDEX_SQLITE = table("search_index", column("rowid"), column("tokens"))
_INDEX_POSTGRES = table("search_index", column("number"), column("tokens"))
_VOCABULARY = "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, search_index, instance)"
_HELD_SQLITE = "SELECT doc, group_concat(term, ' ' ORDER BY offset) FROM temp.vocabulary GROUP BY doc ORDER BY doc"
_HELD_POSTGRES = "SELECT number, CAST(tokens AS text) FROM search_index ORDER BY number"
_TOKENS_SQLITE = re.compile(r"\S+")
_TOKENS_POSTGRES = re.compile(r"(?<=')[^']+(?=':\d)")  # of the text of a tsvector
_EMPTYING_SQLITE = (
    "INSERT INTO search_index (search_index) VALUES ('delete-all')",
    "DELETE FROM search_documents",
    "DELETE FROM search_profiles",
    "DELETE FROM search_terms",
)
_EMPTYING_POSTGRES = ("TRUNCATE search_index, search_documents, search_profiles, search_terms",)


def grow(url: str, times: int) -> None:
    """Make the archive so many times as large, oldest copy first. Nobody else may have the database open."""
    with connected(url) as connection:
        base = _read(connection)
        days = _days(base)
        with without_keys(connection, "search!_%", indexed="articles"):
            for statement in _EMPTYING_SQLITE if is_sqlite(connection) else _EMPTYING_POSTGRES:
                connection.exec_driver_sql(statement)
            fill(connection, TERMS, (row | {"articles": times * row["articles"]} for row in base.common_terms))
            connection.execute(update(LANGUAGES).values(articles=times * LANGUAGES.c.articles))
            for n in range(times - 1, -1, -1):
                _fill(connection, base, Copy(n, n * days))


def grow_articles(url: str, times: int, *, days: int) -> None:
    """The same for the rows of articles alone, each copy so many days before the next: search knows none of them."""
    with connected(url) as connection:
        base = _read(connection)
        with without_keys(connection, "", indexed="articles"):
            for n in range(times - 1, 0, -1):
                fill(connection, ARTICLES, (_copied(row, Copy(n, n * days)) for row in base.articles))


@dataclass(frozen=True, slots=True)
class _Base:
    """What there is to be copied. `tokens` are those of each number, as the index of this database takes them."""

    marker: Marker
    tokens: dict[int, str]
    articles: list[Row]
    documents: list[Row]
    profiles: list[tuple[Row, Places]]
    common_terms: list[Row]
    rare_terms: list[Row]
    rare_tags: list[Row]


def _read(connection: Connection) -> _Base:
    """The patterns of all that copies are made from."""
    held, pattern = _held(connection)
    marker = Marker(pattern.findall(tokens) for tokens in held.values())
    token, known = cache(marker.token), _rows(connection, TERMS)
    return _Base(
        marker,
        {number: pattern.sub(lambda match: token(match[0]), tokens) for number, tokens in held.items()},
        [_article(marker, row) for row in _rows(connection, ARTICLES)],
        [row | {"tags": marker.tags(row["tags"])} for row in _rows(connection, DOCUMENTS)],
        [_profile(marker, row) for row in _rows(connection, PROFILES)],
        [row for row in known if not marker.is_rare(row["token"])],
        [_term(marker, row) for row in known if marker.is_rare(row["token"])],
        [row for row in _rows(connection, TAGS) if marker.is_rare(tag_token(row["id"]))],
    )


def _held(connection: Connection) -> tuple[dict[int, str], re.Pattern[str]]:
    """What the index holds, by number, and what a token is in it."""
    if is_sqlite(connection):
        connection.exec_driver_sql(_VOCABULARY)
        rows, pattern = connection.exec_driver_sql(_HELD_SQLITE), _TOKENS_SQLITE
    else:
        rows, pattern = connection.exec_driver_sql(_HELD_POSTGRES), _TOKENS_POSTGRES
    return {row[0]: row[1] for row in rows}, pattern


def _rows(connection: Connection, table: Table) -> list[Row]:
    return [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]


def _article(marker: Marker, row: Row) -> Row:
    texts = {name: marker.json(row[name], row["language"]) for name in ("card", "document")}
    return row | texts | {"headline": marker.text(row["headline"], row["language"])}


def _profile(marker: Marker, row: Row) -> tuple[Row, Places]:
    return row | {"opening": marker.opening(row["opening"])}, marker.places(row["weights"])


def _term(marker: Marker, row: Row) -> Row:
    token, _, shown = marker.opening(f"{row['token']}\t{row['shown']}").partition("\t")
    return row | {"token": token, "shown": shown}


def _days(base: _Base) -> int:
    dates = [row["published_at"] for row in base.documents]
    return int((max(dates) - min(dates)).days) + 1


def _fill(connection: Connection, base: _Base, copy: Copy) -> None:
    index = _INDEX_SQLITE if is_sqlite(connection) else _INDEX_POSTGRES
    key, digests = index.c[0].name, base.marker.digests(copy)
    dates = {row["number"]: row["published_at"] for row in base.documents}
    numbers = {number: copy.number(number, at) for number, at in dates.items()}
    fill(connection, index, ({key: numbers[n], "tokens": copy.text(tokens)} for n, tokens in base.tokens.items()))
    fill(connection, DOCUMENTS, (_document(row, copy) | {"number": numbers[row["number"]]} for row in base.documents))
    fill(connection, PROFILES, (_weighed(row, places, copy, numbers, digests) for row, places in base.profiles))
    terms = ({name: copy.text(row[name]) for name in ("token", "shown")} for row in base.rare_terms)
    fill(connection, TERMS, (row | own for row, own in zip(base.rare_terms, terms, strict=True)))
    if copy.n:  # else they are there
        fill(connection, ARTICLES, (_copied(row, copy) for row in base.articles))
        fill(connection, TAGS, (_tag(row, copy) for row in base.rare_tags))


def _weighed(row: Row, places: Places, copy: Copy, numbers: dict[int, int], digests: dict[bytes, bytes]) -> Row:
    weights = bytearray(row["weights"])
    for place, id in places:
        weights[place : place + len(id)] = digests[id]
    return {"number": numbers[row["number"]], "weights": bytes(weights), "opening": copy.text(row["opening"])}


def _document(row: Row, copy: Copy) -> Row:
    return row | {
        "article_id": copy.id(row["article_id"]),
        "published_at": copy.at(row["published_at"]),
        "tags": copy.text(row["tags"]),
    }


def _copied(row: Row, copy: Copy) -> Row:
    id, at = row["id"], row["published_at"]
    return row | {
        "id": copy.id(id),
        "slug": f"{row['slug']}~{copy.n}",
        "external_id": f"{row['external_id']}~{copy.n}",
        "original": str(copy.id(id)),
        **{name: copy.at(row[name]) for name in _TIMES},
        "headline": copy.text(row["headline"]),
        **{name: copy.json(row[name], id=id, at=at) for name in ("card", "document")},
    }


def _tag(row: Row, copy: Copy) -> Row:
    named = {name: f"{row[name]}~{copy.n}" for name in ("key", "slug", "name")}
    return row | named | {"id": int(copy.text(f"{row['id']}{IN_TAG}"))}
