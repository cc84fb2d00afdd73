"""The planner's use of indexes in a search: the index of words leads, and what is found is looked up one by one."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.articles.content import Content
from app.articles.filters import EVERYTHING, Filters
from app.articles.hooks import Appearance
from app.db import Database
from app.search.analysis import analyse
from app.search.finding import search, search_by_date
from app.search.indexing import put
from app.search.suggesting import suggest
from app.web.paging import Cursor
from tests.articles.plans import ROWS, START, explained, fill

ASKED: dict[str, tuple[str, Filters]] = {
    "common word": ("harbour", EVERYTHING),
    "rare word": ("word17", EVERYTHING),
    "two words": ("harbour word17", EVERYTHING),
    "phrase": ('"harbour strike"', EVERYTHING),
    "excluded": ("harbour -word17", EVERYTHING),
    "stop words": ("the", EVERYTHING),
    "letter": ("h", EVERYTHING),
    "section": ("harbour", Filters(sections=("section1",))),
    "tags": ("harbour", Filters(tags=(("tag1",), ("tag12",)))),
    "dates": ("harbour", Filters(since=START, until=START + timedelta(days=3))),
    "storyline": ("harbour", Filters(storylines=("storyline1",))),
    "nowhere together": ("word17 word18 word19", EVERYTHING),
    "mistyped": ("harbuor", EVERYTHING),
}


GATHERED = ("h", "asked", "q", "nearest", "page", "n", "json_each")


@pytest.fixture
async def archive(database: Database) -> Database:
    """Some thousand articles, all about a harbour, in the index."""
    await fill(database)

    def index(session: Session) -> None:
        for start in range(0, ROWS, 500):
            some = range(start, min(ROWS, start + 500))
            contents = [_content(n) for n in some]
            appearances = [_appearance(n, content) for n, content in zip(some, contents, strict=True)]
            put(session, appearances, [analyse(content) for content in contents])

    await database.write(index)
    if database.dialect == "postgresql":
        await database.read(lambda session: session.connection().exec_driver_sql("VACUUM ANALYZE").close())
    return database


def _content(n: int) -> Content:
    body = [{"type": "paragraph", "html": f"The harbour strike of word{n % 400} and word{n}."}]
    return Content.model_validate({"language": "en", "headline": f"Harbour report word{n}", "body": body})


def _appearance(n: int, content: Content) -> Appearance:
    return Appearance(UUID(int=n + 1), content, START + timedelta(minutes=10 * n), 1 + n % 10, frozenset(), frozenset())


async def plans(database: Database, ask: Callable[[Session], object]) -> list[tuple[str, list[str]]]:
    """Every statement of one request that goes to a table of search, and its plan."""

    def look(session: Session) -> list[tuple[str, list[str]]]:
        seen: list[tuple[Any, Mapping[str, Any]]] = []

        def note(_c: Any, statement: Any, many: Any, values: Any, _options: Any) -> None:
            seen.append((statement, values or dict(*many)))

        connection = session.connection()
        event.listen(connection, "before_execute", note)
        try:
            ask(session)
        finally:
            event.remove(connection, "before_execute", note)
        named = [(str(statement.compile(dialect=connection.dialect)), statement, values) for statement, values in seen]
        return [(name, explained(session, statement, values)) for name, statement, values in named if "search_" in name]

    return await database.scan(look)


def read_whole(steps: list[str]) -> Iterator[str]:
    """Steps that read a table from end to end; but for the smallest, and what a statement has gathered itself."""
    for step in steps:
        words = step.split()
        is_whole = step.startswith(("SCAN ", "Seq Scan", "Hash Join", "Merge Join"))
        known = (*GATHERED, "log_head", "search_languages", "search_states")
        if is_whole and "VIRTUAL TABLE INDEX" not in step and not any(word in known for word in words):
            yield step


def requests(query: str, filters: Filters) -> Iterator[Callable[[Session], object]]:
    """Every kind of request that asks this."""
    cursor = Cursor("older", START + timedelta(days=10), UUID(int=1500))
    yield lambda session: search(session, query, filters, place=None, limit=20)
    yield lambda session: search_by_date(session, query, filters, cursor=None, limit=20)
    yield lambda session: search_by_date(session, query, filters, cursor=cursor, limit=20)
    yield lambda session: suggest(session, query, filters, limit=8)


async def test_words_lead_and_the_rest_is_looked_up(archive: Database) -> None:
    for name, (query, filters) in ASKED.items():
        for ask in requests(query, filters):
            for statement, steps in await plans(archive, ask):
                assert list(read_whole(steps)) == [], (name, steps)
                if archive.dialect == "postgresql" and "AS nearest" in statement:
                    assert any("ix_search_index_tokens" in step for step in steps), (name, steps)
