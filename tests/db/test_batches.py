"""Many values in one parameter: the same rows as one by one, whatever they hold, on both databases."""

from uuid import UUID

import pytest
from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from app.articles.store import ALIASES
from app.core.clock import utc_now
from app.core.ids import new_id
from app.db import Database
from app.db.batches import among, delete_rows, insert_all, insert_rows
from app.related.dictionary import TERMS
from app.related.lists import LISTED
from app.related.store import SIGNATURES

ODD = [
    "plain",
    "",
    'quote"d',
    "back\\slash",
    "comma,brace}{",
    "NULL",
    "عاصفة",
    "emoji 🚢",
    "new\nline",
    "a'b",
    '\\"both',
]


def count(session: Session, table: Table) -> int:
    """How many rows the table has."""
    return int(session.execute(select(func.count()).select_from(table)).scalar_one())


async def test_rows_come_back_as_they_were_inserted(database: Database) -> None:
    rows = [{"number": n, "other": -n, "score": n / 7, "likeness": 0.1, "reasons": odd} for n, odd in enumerate(ODD, 1)]

    def round_trip(session: Session) -> list[dict[str, object]]:
        insert_rows(session, LISTED, rows)
        return [dict(row) for row in session.execute(select(LISTED).order_by(LISTED.c.number)).mappings()]

    assert await database.write(round_trip) == rows


async def test_ids_and_moments_come_back_as_they_were_inserted(database: Database) -> None:
    rows = [{"at": utc_now(), "slug": odd, "article_id": new_id()} for odd in sorted(ODD)]

    def round_trip(session: Session) -> list[dict[str, object]]:
        insert_all(session, ALIASES, rows)
        insert_all(session, ALIASES, [])
        return sorted((dict(row) for row in session.execute(select(ALIASES)).mappings()), key=lambda row: row["slug"])

    assert await database.write(round_trip) == rows


async def test_only_the_rows_that_are_named_are_deleted(database: Database) -> None:
    rows = [{"number": n, "other": m, "score": 1.0, "likeness": 1.0, "reasons": ""} for n in range(5) for m in range(5)]

    def delete(session: Session) -> set[tuple[int, int]]:
        insert_rows(session, LISTED, rows)
        delete_rows(session, LISTED, [{"number": 1, "other": 2}, {"number": 4, "other": 0}, {"number": 9, "other": 9}])
        return {(row.number, row.other) for row in session.execute(select(LISTED.c.number, LISTED.c.other))}

    left = await database.write(delete)
    assert {(n, m) for n in range(5) for m in range(5)} - left == {(1, 2), (4, 0)}


async def test_no_rows_are_no_statement(database: Database) -> None:
    def nothing(session: Session) -> int:
        insert_rows(session, LISTED, [])
        delete_rows(session, LISTED, [])
        return count(session, LISTED)

    assert await database.write(nothing) == 0


async def test_texts_of_every_kind_are_found_among_others(database: Database) -> None:
    def find(session: Session) -> list[list[str]]:
        insert_rows(session, TERMS, [{"language": "en", "term": odd, "articles": 1} for odd in ODD])
        wanted = select(TERMS.c.term).where(among(TERMS.c.term, "some")).order_by(TERMS.c.id)
        return [list(session.scalars(wanted, {"some": some})) for some in (ODD, ODD[2:4], ["absent"], [])]

    assert await database.write(find) == [ODD, ODD[2:4], [], []]


@pytest.mark.parametrize("size", [1, 2000])
async def test_ids_and_numbers_are_found_among_others(database: Database, size: int) -> None:
    ids: list[UUID] = [new_id() for _ in range(size)]

    def find(session: Session) -> tuple[int, int]:
        for number, id in enumerate(ids[:3]):
            row = {"number": number, "article_id": id, "published_at": utc_now(), "version": 1, "copies": number}
            row |= {"language": "en", "norm": 1.0, "names_norm": 1.0, "words": b"", "names": b"", "shingles": b""}
            session.execute(SIGNATURES.insert(), row)
        by_id = select(SIGNATURES.c.number).where(among(SIGNATURES.c.article_id, "some"))
        by_number = select(SIGNATURES.c.number).where(among(SIGNATURES.c.number, "some"))
        return (
            len(session.execute(by_id, {"some": ids}).all()),
            len(session.execute(by_number, {"some": range(size)}).all()),
        )

    assert await database.write(find) == (min(size, 3), min(size, 3))
