"""What a database means to do for a statement, and articles enough to make it choose as it would in earnest."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import event, insert
from sqlalchemy.orm import Session

from app.articles.store import ARTICLES, CONTRIBUTED, TAGGED
from app.articles.storylines.store import NAMES, STORYLINES
from app.core.clock import format_instant
from app.db import Database
from app.db.dialect import is_sqlite
from app.taxonomy.store import CONTRIBUTORS, SECTIONS, TAGS

ROWS = 4000
START = datetime(2025, 1, 1, tzinfo=UTC)
_PARAGRAPH = f'{{"type":"paragraph","html":"{"x" * 4000}"}}'


async def plan(database: Database, statement: Any, values: Mapping[str, Any]) -> list[str]:
    """The steps of a statement, one a line: SQLite's own words, or PostgreSQL's node, index and table."""
    return await database.read(explained, statement, values)


def explained(session: Session, statement: Any, values: Mapping[str, Any]) -> list[str]:
    """The same for one that is sent within a transaction."""
    explain = "EXPLAIN QUERY PLAN" if is_sqlite(session) else "EXPLAIN (FORMAT JSON)"
    connection = session.connection()
    steps: list[Any] = []

    def before(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> tuple[str, Any]:
        return f"{explain} {statement}", parameters

    def after(_c: Any, cursor: Any, *_: Any) -> None:
        # Here, because the result believes that it has the columns of the statement itself.
        steps.extend(row[-1] for row in cursor.fetchall())

    event.listen(connection, "before_cursor_execute", before, retval=True)
    event.listen(connection, "after_cursor_execute", after)
    try:
        connection.execute(statement, dict(values)).close()
    finally:
        event.remove(connection, "before_cursor_execute", before)
        event.remove(connection, "after_cursor_execute", after)
    return steps if is_sqlite(session) else list(_nodes(steps[0][0]["Plan"]))


def _nodes(node: dict[str, Any]) -> Iterator[str]:
    yield " ".join([node["Node Type"], *(node[key] for key in ("Index Name", "Relation Name") if key in node)])
    for child in node.get("Plans", ()):
        yield from _nodes(child)


async def fill(database: Database) -> None:
    """Some thousand articles in ten sections, with common and rare tags, straight into the tables.

    Every third is in one of 40 storylines.

    Every second article carries tag0, each of the others tag1; those of section1 and tag20 are among the others.
    """
    tagged = [(n, tag) for n in range(ROWS) for tag in (n % 2, 2 + n % 7, 9 + n % 390)]
    written_by = [(n, n % 30) for n in range(ROWS)]
    sections = Counter(n % 10 for n in range(ROWS))

    def write(session: Session) -> None:
        connection = session.connection()
        connection.execute(insert(SECTIONS), _names("section", sections))
        connection.execute(insert(TAGS), _names("tag", Counter(tag for _, tag in tagged), kind="topic"))
        connection.execute(insert(CONTRIBUTORS), _names("by", Counter(who for _, who in written_by)))
        connection.execute(insert(STORYLINES), [_storyline(n) for n in range(40)])
        connection.execute(
            insert(NAMES), [{"name": f"storyline{n}", "storyline_id": UUID(int=n + 1)} for n in range(40)]
        )
        connection.execute(insert(ARTICLES), [_article(n) for n in range(ROWS)])
        connection.execute(insert(TAGGED), [_link(n, "tag_id", tag) for n, tag in tagged])
        connection.execute(insert(CONTRIBUTED), [_link(n, "contributor_id", who) for n, who in written_by])

    await database.write(write)
    if database.dialect == "postgresql":
        # In a transaction of its own, which is what `read` is on PostgreSQL. It does by itself what this does.
        await database.read(lambda session: session.connection().exec_driver_sql("VACUUM ANALYZE").close())


def _names(prefix: str, counts: Counter[int], **more: str) -> list[dict[str, Any]]:
    return [
        {"id": n + 1, **dict.fromkeys(("key", "slug", "name"), f"{prefix}{n}"), "article_count": count, **more}
        for n, count in sorted(counts.items())
    ]


def _storyline(n: int) -> dict[str, Any]:
    clocks = dict.fromkeys(("founded_at", "changed_at", "first_published_at", "last_published_at"), START)
    clocks["last_published_at"] += timedelta(days=n)
    return clocks | {
        "id": UUID(int=n + 1),
        **dict.fromkeys(("slug", "title"), f"storyline{n}"),
        "article_count": len(range(3 * n, ROWS, 120)),
    }


def _article(n: int) -> dict[str, Any]:
    at, id, language = (
        START + timedelta(minutes=10 * n),
        UUID(int=n + 1),
        {0: "fr-CA", 20: "fr", 1: "he"}.get(n % 40, "en"),
    )
    clocks = dict.fromkeys(("first_published_at", "published_at", "updated_at", "modified_at"), at)
    return clocks | {
        "id": id,
        "slug": f"report-{n}",
        "original": str(id),
        "language": language,
        "primary_language": language[:2],
        "section_id": 1 + n % 10,
        "storyline_id": None if n % 3 else UUID(int=1 + n // 3 % 40),
        "breaking": n % 100 == 0,
        "version": 1,
        "seq": n + 1,
        "document_format": 1,
        "site_url": "https://www.newsroom.example",
        "headline": f"Report {n}",
        "card": f'{{"id":"{id}","summary":"{"x" * 800}","published_at":"{format_instant(at)}"{_grouped(n)}}}',
        "document": f'{{"headline":"Report {n}","language":"{language}","summary":null,"body":[{_PARAGRAPH}]}}',
    }


def _grouped(n: int) -> str:
    shown = "null" if n % 3 else f'{{"id":"{UUID(int=1 + n // 3 % 40)}"}}'
    return f',"storyline":{shown},"links":{{}}'


def _link(n: int, column: str, linked: int) -> dict[str, Any]:
    return {"article_id": UUID(int=n + 1), column: linked + 1, "published_at": START + timedelta(minutes=10 * n)}
