"""The planner's use of indexes: every walk follows one, stops at its limit, and sorts no more than pages."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import quote
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.articles.filters import EVERYTHING, Filters
from app.articles.listing import _page_statement, page
from app.articles.walks import chosen, shape, values
from app.db import Database, open_database
from app.db.sqlite_driver import tracked
from app.web.paging import Cursor, Direction
from tests.articles.plans import ROWS, START, fill, plan

PAGE = 21
POSITION = START + timedelta(days=10), UUID(int=1500)

# Each filter alone, and those that share an index; with the index that its walk follows.
LED: list[tuple[Filters, str]] = [
    (EVERYTHING, "ix_articles_order"),
    (Filters(since=START + timedelta(days=3), until=START + timedelta(days=5)), "ix_articles_order"),
    (Filters(sections=("section1",)), "ix_articles_section"),
    (Filters(sections=("section1", "section2")), "ix_articles_section"),
    (Filters(languages=("fr",)), "ix_articles_language"),
    (Filters(languages=("fr-CA",)), "ix_articles_language"),
    (Filters(languages=("he", "fr")), "ix_articles_language"),
    (Filters(sections=("section1",), languages=("fr",)), "ix_articles_section_language"),
    (Filters(tags=(("tag1",),)), "ix_article_tags_order"),
    (Filters(tags=(("tag1", "tag12"),)), "ix_article_tags_order"),
    (Filters(tags=(("tag1",), ("tag12",))), "ix_article_tags_order"),
    (Filters(contributors=(("by1",),)), "ix_article_contributors_order"),
    (Filters(contributors=(("by1", "by2"),)), "ix_article_contributors_order"),
    (Filters(is_breaking=True), "ix_articles_breaking"),
    (Filters(is_breaking=True, languages=("fr",)), "ix_articles_breaking"),
    (Filters(is_breaking=True, sections=("section1",)), "ix_articles_breaking"),
    (Filters(is_breaking=False), "ix_articles_order"),
    (Filters(tags=(("tag1",),), sections=("section1",)), "ix_article_tags_order"),
    (Filters(tags=(("tag1",),), languages=("fr",), is_breaking=False), "ix_article_tags_order"),
    (Filters(tags=(("tag1", "tag3"),), contributors=(("by1",),), sections=("section1",)), "ix_article_tags_order"),
    (Filters(storylines=("storyline5",)), "ix_articles_storyline"),
    (Filters(storylines=("storyline5", "storyline6")), "ix_articles_storyline"),
    (Filters(storylines=("storyline5",), is_breaking=True), "ix_articles_storyline"),
    (Filters(storylines=("storyline5",), sections=("section1",), languages=("fr",)), "ix_articles_storyline"),
    (Filters(storylines=("storyline5",), tags=(("tag1",),), contributors=(("by1",),)), "ix_articles_storyline"),
]
DIRECTIONS: tuple[Direction | None, ...] = (None, "older", "newer", "from")
# What PostgreSQL can do when it may not read a table whole, nor sort: with these few rows it would rather.
ORDERLY = "-c enable_seqscan=off -c enable_bitmapscan=off -c enable_sort=off -c enable_hashagg=off"


@pytest.fixture
async def full(database_url: str, anyio_backend: str) -> AsyncIterator[Database]:
    settings = f"?options={quote(ORDERLY)}" if database_url.startswith("postgresql") else ""
    opened = open_database(database_url + settings)
    await fill(opened)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_full(sqlite: Database) -> Database:
    await fill(sqlite)
    return sqlite


async def test_every_walk_follows_its_index(full: Database) -> None:
    for filters, index in LED:
        for direction in DIRECTIONS:
            cursor = Cursor(direction, *POSITION) if direction else None
            statement, bound = chosen(shape(filters, direction, limit=PAGE)), values(filters, cursor)

            steps = await plan(full, statement, bound)

            told = f"{filters} {direction}: " + "; ".join(steps)
            assert any(index in step.split() for step in steps), told
            assert not any(reads_a_table_whole(step) for step in steps), told
            # Several walks are merged and sorted again: pages, not what they were found among.
            assert is_merged(steps) or not any("ORDER BY" in step or step.startswith("Sort") for step in steps), told


async def test_collapsed_walks_follow_their_index_and_look_for_newer_ones_along_the_storylines(full: Database) -> None:
    for filters, index in LED:
        for direction in DIRECTIONS:
            cursor = Cursor(direction, *POSITION) if direction else None
            form = shape(filters, direction, limit=PAGE, is_collapsed=True)
            for statement in (chosen(form), _page_statement(form)):
                steps = await plan(full, statement, values(filters, cursor))

                told = f"{filters} {direction}: " + "; ".join(steps)
                assert {index, "ix_articles_storyline"} <= {word for step in steps for word in step.split()}, told
                assert not any(reads_a_table_whole(step) for step in steps), told


async def test_sqlite_plans_a_page_once(sqlite_full: Database) -> None:
    planned: list[object] = []

    def note(*what: object) -> int:
        planned.append(what)
        return 0

    def watch(session: Session) -> None:
        raw = tracked(session.connection())
        raw.set_authorizer(note)
        for number in range(4):
            page(session, cursor=Cursor("older", POSITION[0] + timedelta(days=number), POSITION[1]), limit=20)
            if number == 0:
                planned.clear()
        raw.set_authorizer(None)

    await sqlite_full.read(watch)
    assert planned == []


async def test_postgresql_plans_a_page_once(postgresql: Database) -> None:
    await fill(postgresql)
    for number in range(20):
        cursor = Cursor("older", POSITION[0] + timedelta(days=number), POSITION[1])
        await postgresql.read(page, cursor=cursor, limit=20)

    asked = "SELECT custom_plans, generic_plans FROM pg_prepared_statements WHERE statement LIKE '%string_agg%'"
    ((custom, generic),) = await postgresql.read(lambda session: session.connection().execute(text(asked)).all())
    assert custom <= 5 <= generic


def reads_a_table_whole(step: str) -> bool:
    """Whether a step goes through articles or links without an index."""
    if step.startswith("Seq Scan"):
        return "article" in step
    return re.fullmatch(r"SCAN article\w*( USING TEMP B-TREE.*)?", step) is not None


def is_merged(steps: list[str]) -> bool:
    """Whether several walks, each within its limit, are put together."""
    return "SCAN merged" in steps or sum(step.startswith("Limit") for step in steps) > 2


async def work(database: Database, filters: Filters, cursor: Cursor | None = None) -> int:
    """How many hundreds of instructions SQLite spends on a page."""

    def count(session: Session) -> int:
        raw, spent = tracked(session.connection()), [0]

        def tick() -> int:
            spent[0] += 1
            return 0

        raw.set_progress_handler(tick, 100)
        try:
            page(session, filters, cursor=cursor, limit=PAGE)
        finally:
            raw.heed_stops()
        return spent[0]

    return await database.read(count)


@pytest.mark.parametrize("direction", ["older", "newer"])
async def test_page_costs_the_same_at_any_depth(sqlite_full: Database, direction: Direction) -> None:
    for filters, _ in LED:
        shallow = Cursor(direction, START + timedelta(minutes=10 * (ROWS // 2)), UUID(int=ROWS // 2))
        # Far from where the walk comes from, with room for a page of the rarest before it ends.
        deep = Cursor(direction, *POSITION)
        spent = [await work(sqlite_full, filters, cursor) for cursor in (shallow, deep)]
        if filters.since is None and filters.is_breaking is None:
            assert max(spent) <= 1.2 * min(spent) + 5, (filters, spent)


async def test_filters_that_never_meet_cost_no_more_than_the_rarer(sqlite_full: Database) -> None:
    # Every second article has tag0; section1 and tag1 are among the others.
    common, rare = ("tag0",), ("tag20",)
    alone = await work(sqlite_full, Filters(tags=(rare,)))
    for filters in (Filters(tags=(common, rare)), Filters(tags=(rare, common)), Filters(tags=(common, ("unheard",)))):
        assert await work(sqlite_full, filters) <= 2 * alone + 20, filters

    section_size, instructions_each = ROWS // 10, 40
    never = await work(sqlite_full, Filters(tags=(common,), sections=("section1",)))
    assert never * 100 <= section_size * instructions_each
