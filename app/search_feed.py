"""What a search finds, as a feed: search knows what matches, syndication how it is written."""

from fastapi import Request, Response
from sqlalchemy.orm import Session

from app.articles.filters import Filters
from app.articles.listing import Page
from app.articles.queries import AskedFor
from app.articles.storylines.asking import by_id
from app.search.finding import newest
from app.search.routes import Q
from app.syndication.feed_routes import Formatted, Ordered, feed_router
from app.syndication.feeds import send
from app.syndication.site import site_of
from app.syndication.subjects import Subject
from app.web.dependencies import Config, Db
from app.web.paging import Cursor

router = feed_router()


@router.get("/search/{format}", summary="A search, as a feed")
async def search_feed(
    request: Request, database: Db, settings: Config, format: Formatted, q: Q, asked: AskedFor, order: Ordered
) -> Response:
    """The newest articles that have all words of a query, as `/v1/search?sort=date` finds them."""

    def listing(session: Session, filters: Filters, *, cursor: Cursor | None, limit: int) -> Page:
        return newest(session, q, filters, cursor=cursor, limit=limit)

    filters = await by_id(database, asked.filters)
    subject = Subject(f"“{q}”", "/feeds/search", filters, listing, has_removals=False)
    return await send(request, database, site_of(settings), format=format, subject=subject, order=order)
