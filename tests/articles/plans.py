"""What the database means to do for a statement, and a full enough database to make it choose as it would in earnest."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from app.articles.store import ARTICLES, CONTRIBUTED, TAGGED
from app.db import Database
from app.taxonomy.store import CONTRIBUTORS, SECTIONS, TAGS

ROWS = 4000
START = datetime(2025, 1, 1, tzinfo=UTC)


async def plan(database: Database, statement: Any, values: Mapping[str, Any]) -> list[str]:
    """The steps of a statement, one a line: SQLite's own words, or PostgreSQL's node, index and table."""
    explain = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN (FORMAT JSON)"}[database.dialect]

    def ask(session: Session) -> list[Any]:
        connection, told = session.connection(), []

        def before(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> tuple[str, Any]:
            return f"{explain} {statement}", parameters

        def after(_c: Any, cursor: Any, *_: Any) -> None:
            # Here, because the result believes that it has the columns of the statement itself.
            told.extend(row[-1] for row in cursor.fetchall())

        event.listen(connection, "before_cursor_execute", before, retval=True)
        event.listen(connection, "after_cursor_execute", after)
        try:
            connection.execute(statement, dict(values)).close()
        finally:
            event.remove(connection, "before_cursor_execute", before)
            event.remove(connection, "after_cursor_execute", after)
        return told

    steps = await database.read(ask)
    return steps if database.dialect == "sqlite" else list(_nodes(steps[0][0]["Plan"]))


def _nodes(node: dict[str, Any]) -> list[str]:
    told = [node["Node Type"], *(node[key] for key in ("Index Name", "Relation Name") if key in node)]
    rows = f"rows={node['Plan Rows']}"
    return [" ".join([*told, rows])] + [line for child in node.get("Plans", ()) for line in _nodes(child)]


async def fill(database: Database) -> None:
    """Some thousand articles in ten sections, with common and rare tags, straight into the tables."""

    def write(session: Session) -> None:
        names = lambda kind, count: [  # noqa: E731
            {"id": n + 1, "key": f"{kind}{n}", "slug": f"{kind}{n}", "name": f"{kind}{n}", "article_count": 1}
            for n in range(count)
        ]
        connection = session.connection()
        connection.execute(insert(SECTIONS), names("section", 10))
        connection.execute(insert(TAGS), [tag | {"kind": "topic"} for tag in names("tag", 400)])
        connection.execute(insert(CONTRIBUTORS), names("by", 30))
        connection.execute(insert(ARTICLES), [_article(n) for n in range(ROWS)])
        tagged = [(n, t) for n in range(ROWS) for t in {1 + n % 2, 3 + n % 7, 10 + n % 390}]
        connection.execute(insert(TAGGED), [_link(n, "tag_id", tag) for n, tag in tagged])
        connection.execute(insert(CONTRIBUTED), [_link(n, "contributor_id", 1 + n % 30) for n in range(ROWS)])

    await database.write(write)
    if database.dialect == "postgresql":
        await database.write(lambda session: session.execute(text("ANALYZE")) and None)


def _article(n: int) -> dict[str, Any]:
    at = START + timedelta(minutes=10 * n)
    clocks = dict.fromkeys(("first_published_at", "published_at", "updated_at", "modified_at"), at)
    language = ("en", "en", "en-GB", "fr")[n % 4]
    return clocks | {
        "id": UUID(int=n + 1),
        "slug": f"report-{n}",
        "original": str(UUID(int=n + 1)),
        "language": language,
        "primary_language": language[:2],
        "section_id": 1 + n % 10,
        "breaking": n % 100 == 0,
        "version": 1,
        "seq": n + 1,
        "document_format": 1,
        "site_url": "https://www.newsroom.example",
        "headline": f"Report {n}",
        "card": "{" + "x" * 900 + "}",
        "document": "{" + "x" * 4000 + "}",
    }


def _link(n: int, column: str, id: int) -> dict[str, Any]:
    return {"article_id": UUID(int=n + 1), column: id, "published_at": START + timedelta(minutes=10 * n)}
