"""What both databases mean to do for a page of the log: walk its primary key from the position, and no further."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert

from app.changes.tables import Change
from app.db import Database
from app.wire import store
from tests.articles import plans
from tests.articles.plans import ROWS, START, plan


@pytest.fixture
async def long_log(database: Database) -> Database:
    rows = [
        {"seq": n + 1, "kind": "article.published", "article_id": UUID(int=n + 1), "at": START, "version": 1}
        for n in range(ROWS)
    ]
    await database.write(lambda session: session.connection().execute(insert(Change), rows).close())
    await plans.fill(database)
    return database


WALKS: list[tuple[Any, dict[str, Any]]] = [
    (store._AFTER["card"], {"after": 2000, "limit": 100}),
    (store._AFTER["document"], {"after": 2000, "limit": 5}),
    (store._FACETS, {"after": 2000, "limit": 1000}),
    (store._OF["card"], {"seqs": [5, 2000, 3999]}),
]


async def test_page_walks_the_log_from_its_position(long_log: Database) -> None:
    for statement, values in WALKS:
        steps = " | ".join(await plan(long_log, statement, values))
        if long_log.dialect == "sqlite":
            assert "SEARCH changes USING INTEGER PRIMARY KEY" in steps or "SEARCH changes USING INDEX" in steps, steps
            assert "SCAN changes" not in steps, steps
            assert "SCAN articles" not in steps, steps
        else:
            assert "Index Scan pk_changes changes" in steps, steps
            assert "Seq Scan articles" not in steps, steps
