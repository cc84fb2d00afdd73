"""What both databases mean to do for storylines: walk them in their order, and look each article up along theirs."""

from typing import Any
from uuid import UUID

import pytest

from app.articles.storylines import reading, store
from app.db import Database
from tests.articles import plans
from tests.articles.plans import START, plan

CURSOR = {"cursor_at": START, "cursor_id": UUID(int=7), "limit": 21}
EARLIEST = {"storyline": UUID(int=5), "without": [UUID(int=13)]}
STEPS: list[tuple[Any, dict[str, Any], set[str]]] = [
    (reading._page_statement(None), CURSOR, {"ix_storylines_order", "ix_articles_storyline"}),
    (reading._page_statement("older"), CURSOR, {"ix_storylines_order", "ix_articles_storyline"}),
    (reading._page_statement("newer"), CURSOR, {"ix_storylines_order", "ix_articles_storyline"}),
    (reading._ONE, {"name": "storyline5"}, {"ix_articles_storyline"}),
    (store._EARLIEST.order_by(*store._FORWARDS), EARLIEST, {"ix_articles_storyline"}),
    (store._NEWEST, EARLIEST, {"ix_articles_storyline"}),
]


@pytest.fixture
async def full(database: Database) -> Database:
    await plans.fill(database)
    return database


async def test_storylines_and_their_articles_are_read_along_their_indexes(full: Database) -> None:
    for statement, values, indexes in STEPS:
        steps = await plan(full, statement, values)
        told = "; ".join(steps)
        used = {word for step in steps for word in step.split()}
        # With so few storylines PostgreSQL would rather sort them all.
        assert indexes - ({"ix_storylines_order"} if full.dialect == "postgresql" else set()) <= used, told
        assert not any(step.startswith("Seq Scan articles") or step == "SCAN articles" for step in steps), told
