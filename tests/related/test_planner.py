"""The planner's use of indexes: what readers ask costs the same however many articles there are."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.db import Database, open_database
from app.related import filling, lists, reading
from app.related.lists import Entry
from app.related.outline import Line, facts, outline
from app.related.store import SIGNATURES
from tests.articles.plans import ROWS, START, fill, plan

# What PostgreSQL does when there are more rows than here: with these few it would rather read a table whole.
ORDERLY = "-c enable_seqscan=off -c enable_bitmapscan=off -c enable_hashjoin=off -c enable_mergejoin=off"
SOME = [UUID(int=n) for n in (1, 2, 3)]
HERE: dict[str, Any] = {"at": START + timedelta(days=10), "id": UUID(int=1500), "most": 20, "without": [UUID(int=7)]}

ASKED: dict[str, tuple[Any, dict[str, Any], set[str]]] = {
    "subjects": (
        reading.SUBJECTS,
        {"some": SOME},
        {"related_signatures", "related_choices", "storylines", "related_outlines"},
    ),
    "subject": (
        reading.SUBJECT,
        {"id": SOME[0]},
        {"related_signatures", "related_choices", "storylines", "related_outlines"},
    ),
    "pins": (reading.PINS, {"some": SOME}, {"related_signatures"}),
    "near": (reading.NEAR, {"some": [1, 2]}, {"related_articles", "related_signatures", "articles"}),
    "shown": (
        reading.SHOWN,
        {"some": SOME, "numbers": [1, 2], "others": [3, 4]},
        {"articles", "related_articles"},
    ),
    "refs": (reading.REFS, {"named": ["report-1", "report-2"]}, {"aliases"}),
    "tags": (filling.near_tags(2), HERE | {"tag_0": 1, "tag_1": 2}, {"ix_article_tags_order"}),
    "section": (filling.NEAR_SECTION, HERE | {"section": 1, "language": "en"}, {"ix_articles_section_language"}),
    "facts": (filling.FACTS, {"some": SOME}, {"related_signatures"}),
    "shared": (filling.SHARED, {"some": SOME, "tags": [1, 2]}, {"article_tags"}),
}


@pytest.fixture
async def full(database_url: str, anyio_backend: str) -> AsyncIterator[Database]:
    settings = f"?options={quote(ORDERLY)}" if database_url.startswith("postgresql") else ""
    opened = open_database(database_url + settings)
    await fill(opened)
    await opened.write(_index)
    yield opened
    await opened.close()


def _index(session: Session) -> None:
    packed = dict.fromkeys(("words", "names", "shingles"), b"") | {"norm": 1.0, "names_norm": 1.0}
    signed = [
        {"number": n + 1, "article_id": UUID(int=n + 1), "published_at": START + timedelta(minutes=10 * n)}
        | {"version": 1, "copies": n + 1, "language": "en", "original": ""}
        | packed
        for n in range(ROWS)
    ]
    neighbours = {n: range(n + 1, n + 31) for n in range(1, 500)}
    told = {n: facts(UUID(int=n), published_at=START, version=1, language="en", original="") for n in range(1, 531)}
    lists.insert_entries(
        session, [Entry(n, other, 0.5, 0.5, "[]") for n, others in neighbours.items() for other in others]
    )
    lists.keep_outlines(
        session,
        {
            n: outline(
                [
                    Line(
                        0.5,
                        other,
                        other,
                        told[other],
                    )
                    for other in others
                ]
            )
            for n, others in neighbours.items()
        },
    )
    session.connection().execute(insert(SIGNATURES), signed)


async def test_every_statement_of_a_read_goes_along_indexes(full: Database) -> None:
    for name, (statement, values, expected) in ASKED.items():
        steps = await plan(full, statement, values)

        told = f"{name}: " + "; ".join(steps)
        assert not [step for step in steps if reads_a_table_whole(step)], told
        assert all(any(table in step for step in steps) for table in expected), told


def reads_a_table_whole(step: str) -> bool:
    """Whether a step goes through a table of articles or of the index without a condition."""
    return step.startswith(
        ("SCAN article", "SCAN related", "SCAN aliases", "SCAN storyl", "Seq Scan article", "Seq Scan related")
    )


async def test_read_costs_the_same_wherever_it_begins(full: Database) -> None:
    moment, found = await full.snapshot(reading.subjects, [UUID(int=1), UUID(int=400), UUID(int=ROWS + 1)])

    assert sorted(found) == [UUID(int=1), UUID(int=400)]
    assert {len(one.near) for one in found.values()} == {30}
    assert moment.related_seq == 0
