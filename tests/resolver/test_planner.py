"""The planner's use of indexes: every kind of name is looked up."""

from uuid import UUID

from app.articles.legacy import LEGACY_URLS
from app.articles.store import ALIASES, ARTICLES, TOMBSTONES
from app.db import Database
from app.resolver.resolving import _CALLED, _GONE, _PUBLIC
from tests.articles.plans import fill, plan

TABLES = [table.name for table in (ARTICLES, TOMBSTONES, ALIASES, LEGACY_URLS)]


async def test_names_are_looked_up(database: Database) -> None:
    await fill(database)
    names = {"slugs": ["report-7"], "external_ids": ["wire-1"], "pages": ["0" * 64]}
    for statement, values in ((_CALLED, names), (_PUBLIC, {"ids": [UUID(int=7)]}), (_GONE, {"ids": [UUID(int=7)]})):
        for step in await plan(database, statement, values):
            # PostgreSQL reads a table that is empty from end to end.
            is_whole = step.startswith(("SCAN ", "Seq Scan articles"))
            assert not (is_whole and any(name in step.split() for name in TABLES)), step
