"""The planner's use of indexes in what asks about the past: every walk follows one, and stops at its limit."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.articles.filters import EVERYTHING, Filters
from app.articles.history import store
from app.articles.history.looking import Place, Way, bound, looking
from app.articles.store import VERSIONS
from app.db import Database, open_database
from tests.articles.plans import ROWS, START, fill, plan
from tests.articles.test_planner import ORDERLY, reads_a_table_whole

HERE = Place(START + timedelta(days=10), UUID(int=1500), 0)
EACH = 3


@pytest.fixture
async def full(database_url: str, anyio_backend: str) -> AsyncIterator[Database]:
    settings = f"?options={quote(ORDERLY)}" if database_url.startswith("postgresql") else ""
    opened = open_database(database_url + settings)
    await opened.write(fill_versions)
    await fill(opened)
    yield opened
    await opened.close()


def fill_versions(session: Session) -> None:
    rows = [version(n, number) for n in range(ROWS) for number in range(1, EACH + 1)]
    session.connection().execute(insert(VERSIONS), rows)


def version(n: int, number: int) -> dict[str, Any]:
    published_at = START + timedelta(minutes=10 * n)
    at = published_at + timedelta(hours=number - 1)
    return {
        "article_id": UUID(int=n + 1),
        "number": number,
        "kind": "article.published" if number == 1 else "article.updated",
        "seq": n * EACH + number,
        "at": at,
        "until": at + timedelta(hours=1) if number < EACH else None,
        "published_at": published_at,
        "updated_at": at,
        "slug": f"report-{n}",
        "card": "x" * 800,
        "content": "x" * 4000,
    }


def is_sorted(step: str) -> bool:
    return "ORDER BY" in step or step.startswith("Sort")


async def test_the_front_of_an_instant_walks_along_the_order_of_versions(full: Database) -> None:
    ways: tuple[Way, ...] = ("older", "newer")
    for way in ways:
        for start in (None, HERE):
            for window in (EVERYTHING, Filters(since=START, until=START + timedelta(days=20))):
                for is_logged in (True, False):
                    dated = window.since is not None
                    statement = looking(way, start is not None, dated, dated, is_logged)
                    values = bound(window, as_of=START + timedelta(days=12), start=start, limit=21)

                    steps = await plan(full, statement, values)

                    told = "; ".join(steps)
                    assert any("ix_versions_order" in step.split() for step in steps), told
                    # Outermost, PostgreSQL puts what it has found in order again: no more than the limit.
                    assert not any(reads_a_table_whole(step) or reads_versions_whole(step) for step in steps), told
                    assert sum(map(is_sorted, steps)) <= 1, told


async def test_history_of_one_article_reads_no_other(full: Database) -> None:
    values = {"id": UUID(int=7), "before": 9, "limit": 21, "number": 2, "at": START + timedelta(days=12)}
    for name in ("_PAGE", "_WITHDRAWN", "_BY_NUMBER", "_NEWEST", "_IN_FORCE", "_IN_THE_ARCHIVE"):
        statement = getattr(store, name)
        asked = {key: values[key] for key in statement.compile().params if key in values}

        steps = await plan(full, statement, asked)

        told = f"{name}: {'; '.join(steps)}"
        assert not any(reads_a_table_whole(step) or reads_versions_whole(step) for step in steps), told
        assert not any("ix_versions_order" in step.split() for step in steps), told


def reads_versions_whole(step: str) -> bool:
    if step.startswith("Seq Scan"):
        return "versions" in step
    return step.startswith(("SCAN versions", "SCAN earlier")) and "USING" not in step
