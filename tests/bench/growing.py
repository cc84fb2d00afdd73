"""A large index from a small one: copies of it into the past, in SQL.

Common terms stay what they are, so that their postings grow with the index; rare ones, which the words of an event are,
become others in every copy. What goes in is what a follower of so many articles would have written.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select, text

from app.related.dictionary import TERMS
from app.related.lists import LISTED, OUTLINES, facts_of, outline_of
from app.related.store import POSTINGS, SIGNATURES
from tests.bench.bulk import connected, is_sqlite, without_keys

COMMON = 0.004
"""Which part of the small index holds a common term, at least."""
A_DAY_OF_IDS = 86_400_000 << 80
"""How far two ids are apart that are made from times a day apart."""

# Postings come in the order in which each database would have them: by term here, by arrival there.
_FILLING_SQLITE = (
    """CREATE TEMP TABLE posted (term_id integer, day integer, number integer, tf integer,
       PRIMARY KEY (term_id, day, number)) WITHOUT ROWID""",
    "INSERT INTO posted SELECT term_id, day, number, tf FROM related_postings",
    "CREATE TEMP TABLE listed AS SELECT * FROM related_articles ORDER BY number, other",
    "DELETE FROM related_postings",
    "DELETE FROM related_articles",
    """INSERT INTO related_postings SELECT p.term_id, p.day - e.n * :days, p.number - e.n * :numbers, p.tf
       FROM related_terms t CROSS JOIN (SELECT n FROM epochs ORDER BY n DESC) e CROSS JOIN posted p
       WHERE p.term_id = t.id AND (e.n = 0 OR t.articles >= :common) AND e.n < :epochs""",
    """INSERT INTO related_postings
       SELECT p.term_id + e.n * :terms, p.day - e.n * :days, p.number - e.n * :numbers, p.tf
       FROM (SELECT n FROM epochs WHERE n > 0 ORDER BY n) e CROSS JOIN related_terms t CROSS JOIN posted p
       WHERE p.term_id = t.id AND t.articles < :common AND e.n < :epochs""",
    """INSERT INTO related_articles SELECT l.number - e.n * :numbers, l.other - e.n * :numbers, score, likeness, reasons
       FROM (SELECT n FROM epochs ORDER BY n DESC) e CROSS JOIN listed l WHERE e.n < :epochs""",
)
_FILLING_POSTGRES = (
    """CREATE TEMP TABLE posted AS SELECT p.*, t.articles < :common AS is_rare FROM related_postings p
       JOIN related_terms t ON t.id = p.term_id ORDER BY p.number, p.term_id""",
    "CREATE TEMP TABLE listed AS SELECT * FROM related_articles",
    "TRUNCATE related_postings, related_articles",
    """INSERT INTO related_postings SELECT p.term_id + CASE WHEN p.is_rare THEN e.n * :terms ELSE 0 END,
       p.day - e.n * :days, p.number - e.n * :numbers, p.tf
       FROM (SELECT n FROM epochs WHERE n < :epochs ORDER BY n DESC) e CROSS JOIN LATERAL (SELECT * FROM posted) p""",
    """INSERT INTO related_articles SELECT l.number - e.n * :numbers, l.other - e.n * :numbers, score, likeness, reasons
       FROM (SELECT n FROM epochs WHERE n < :epochs ORDER BY n DESC) e CROSS JOIN LATERAL (SELECT * FROM listed) l""",
)
_COUNTING = (
    """INSERT INTO related_terms (id, language, term, articles)
       SELECT t.id + e.n * :terms, t.language, t.term || '~' || e.n, t.articles
       FROM epochs e CROSS JOIN related_terms t WHERE e.n > 0 AND e.n < :epochs AND t.articles < :common""",
    "UPDATE related_terms SET articles = articles * :epochs WHERE articles >= :common AND id < :terms",
    "UPDATE related_languages SET articles = articles * :epochs",
)
_FACTS = facts_of(
    SIGNATURES.c.article_id,
    published_at=SIGNATURES.c.published_at,
    version=SIGNATURES.c.version,
    language=SIGNATURES.c.language,
    original=SIGNATURES.c.original,
)
_OUTLINING = insert(OUTLINES).from_select(
    ["number", "lines"],
    select(LISTED.c.number, outline_of(LISTED.c.other, _FACTS))
    .join(SIGNATURES, SIGNATURES.c.number == LISTED.c.other)
    .group_by(LISTED.c.number),
)
_NUMBERING_POSTGRES = "SELECT setval(pg_get_serial_sequence('related_terms', 'id'), CAST(:terms AS bigint) * :epochs)"


@dataclass(frozen=True, slots=True)
class Step:
    """What tells one copy from the next: days, numbers of articles, numbers of terms; how many hold a common term."""

    days: int
    numbers: int
    terms: int
    common: int


def grow(url: str, epochs: int) -> None:
    """Make the index so many times as large, copy before copy. Nobody else may have the database open."""
    with connected(url) as connection, without_keys(connection, "related!_%"):
        step = _step(connection)
        values = asdict(step) | {"epochs": epochs}
        connection.exec_driver_sql("CREATE TEMP TABLE epochs (n integer PRIMARY KEY)")
        connection.execute(text("INSERT INTO epochs VALUES (:n)"), [{"n": n} for n in range(epochs)])
        _execute(connection, _FILLING_SQLITE if is_sqlite(connection) else _FILLING_POSTGRES, values)
        _copy_signatures(connection, step, epochs)
        connection.execute(delete(OUTLINES))
        connection.execute(_OUTLINING)
        _execute(connection, _COUNTING if is_sqlite(connection) else (*_COUNTING, _NUMBERING_POSTGRES), values)


def days_of_base(url: str) -> int:
    """How many days further back each copy of this index is than the one before."""
    with connected(url) as connection:
        return _step(connection).days


def _execute(connection: Connection, statements: Sequence[str], values: dict[str, int]) -> None:
    for statement in statements:
        connection.execute(text(statement), values)


def _step(connection: Connection) -> Step:
    ends = select(func.min(POSTINGS.c.day), func.max(POSTINGS.c.day), func.min(POSTINGS.c.number))
    first, last, lowest = connection.execute(ends).one()
    highest = connection.execute(select(func.max(SIGNATURES.c.number))).scalar_one()
    articles = connection.execute(select(func.count()).select_from(SIGNATURES)).scalar_one()
    newest = connection.execute(select(func.max(TERMS.c.id))).scalar_one()
    return Step(last - first + 1, highest - lowest + 1, newest + 1, max(2, round(articles * COMMON)))


def _copy_signatures(connection: Connection, step: Step, epochs: int) -> None:
    rare = set(connection.execute(select(TERMS.c.id).where(TERMS.c.articles < step.common)).scalars())
    rows = [dict(row) for row in connection.execute(select(SIGNATURES)).mappings()]
    lanes = [(_lanes(row["words"], rare), _lanes(row["names"], rare)) for row in rows]
    for epoch in range(epochs - 1, 0, -1):
        copies = [_copied(row, *both, step, epoch) for row, both in zip(rows, lanes, strict=True)]
        connection.execute(insert(SIGNATURES), copies)


def _lanes(packed: bytes, rare: set[int]) -> int:
    """A number that has a one wherever the packed ids have a rare one: times a distance, it is added to all at once."""
    size = len(packed) // 5
    ids = [int.from_bytes(packed[4 * n : 4 * n + 4], "little") for n in range(size)]
    return sum((id in rare) << (32 * n) for n, id in enumerate(ids))


def _moved(packed: bytes, lanes: int, by: int) -> bytes:
    """The ids and weights with rare ids further on."""
    size = 4 * (len(packed) // 5)
    return (int.from_bytes(packed[:size], "little") + lanes * by).to_bytes(size, "little") + packed[size:]


def _copied(row: dict[str, Any], words: int, names: int, step: Step, epoch: int) -> dict[str, Any]:
    days, numbers, terms = step.days * epoch, step.numbers * epoch, step.terms * epoch
    id = UUID(int=row["article_id"].int - days * A_DAY_OF_IDS)
    return row | {
        "number": row["number"] - numbers,
        "copies": row["copies"] - numbers,
        "article_id": id,
        "original": str(id),
        "published_at": row["published_at"] - timedelta(days=days),
        "words": _moved(row["words"], words, terms),
        "names": _moved(row["names"], names, terms),
    }
