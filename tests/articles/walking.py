"""Walking through lists page by page, as readers do, while what must hold of every page is checked."""

from collections.abc import AsyncIterator
from uuid import UUID

from app.articles.filters import EVERYTHING, Filters
from app.articles.listing import Page, article_id, page, published_at
from app.db import Database
from app.web.paging import Cursor


def ids(found: Page) -> list[UUID]:
    """The articles of a page, in its order."""
    return [article_id(card) for card in found.cards]


async def one_page(
    database: Database,
    filters: Filters = EVERYTHING,
    *,
    cursor: Cursor | None = None,
    limit: int,
    is_collapsed: bool = False,
) -> Page:
    """A page that is in order, of the size asked for at most, and has its links."""
    found = await database.read(page, filters, cursor=cursor, limit=limit, is_collapsed=is_collapsed)
    order = [(published_at(card), article_id(card)) for card in found.cards]
    assert order == sorted(order, reverse=True)
    assert len(order) <= limit
    return found


async def older_pages(
    database: Database,
    filters: Filters = EVERYTHING,
    *,
    cursor: Cursor | None = None,
    limit: int,
    is_collapsed: bool = False,
) -> AsyncIterator[Page]:
    """Pages from the cursor, or the newest, until `older` is null."""
    while True:
        found = await one_page(database, filters, cursor=cursor, limit=limit, is_collapsed=is_collapsed)
        yield found
        if found.older is None:
            return
        cursor = found.older


async def newer_pages(
    database: Database, filters: Filters = EVERYTHING, *, cursor: Cursor, limit: int, is_collapsed: bool = False
) -> AsyncIterator[Page]:
    """Pages of what is newer than the cursor, nearest first; ends after an empty one."""
    while True:
        found = await one_page(database, filters, cursor=cursor, limit=limit, is_collapsed=is_collapsed)
        yield found
        if not found.cards:
            return
        cursor = found.newer
