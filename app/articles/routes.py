"""The list of articles. One article is served by `page`, with what stands around it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from app.articles import examples
from app.articles.listing import page
from app.articles.lists import COLLAPSED, CollapsedOut, PageLinks, send_list, told
from app.articles.queries import AskedFor, CollapseQuery, CursorQuery, position
from app.articles.schemas import CardOut
from app.changes.freshness import fresh_enough
from app.core.errors import BadCursor, BadParameter, InternalError, Unavailable, UnknownParameter
from app.web.dependencies import Config, Db
from app.web.openapi import documented
from app.web.pages import envelope, link_relations, page_links
from app.web.parameters import Limit, WholeNumber
from app.web.problems import problem_responses
from app.web.query import known_parameters

router = APIRouter(
    tags=["articles"],
    dependencies=[Depends(known_parameters), Depends(fresh_enough)],
    responses=problem_responses(BadParameter, UnknownParameter, InternalError, Unavailable),
)


class PageMeta(BaseModel):
    """How the page was made."""

    limit: int = Field(description="How many cards it could have held.")
    collapsed: list[CollapsedOut] | None = Field(description=COLLAPSED)


class CardPage(BaseModel):
    """Cards, newest first."""

    data: list[CardOut]
    links: PageLinks
    meta: PageMeta


@router.get(
    "/v1/articles",
    summary="List articles, newest first",
    responses=documented(CardPage, examples.CARD_PAGE) | problem_responses(BadCursor),
)
async def list_articles(
    request: Request,
    database: Db,
    settings: Config,
    asked: AskedFor,
    cursor: CursorQuery = None,
    limit: Annotated[WholeNumber, Limit(20, 100)] = 20,
    collapse: CollapseQuery = None,
) -> Response:
    """Cards of what is public, by `published_at` and then id, both descending: an order that no edit moves.

    Follow `links.older` as far as there is history: pages have no depth limit, and none is repeated or skipped while
    news arrives. Poll `links.newer` for what came since.

    With `collapse=storyline` there is one card for each event: of each storyline the newest article that matches, and
    `meta.collapsed` says for how many others it stands. An article that comes later takes its place.
    """
    found = await database.read(
        page, asked.filters, cursor=position(cursor), limit=limit, is_collapsed=collapse is not None
    )
    links = page_links(request, settings.api_url, older=found.older, newer=found.newer)
    body = envelope(found.cards, links=links, meta={"limit": limit, "collapsed": told(found)})
    return send_list(
        request,
        body,
        api_url=settings.api_url,
        seq=found.seq,
        changed_at=found.changed_at,
        links=link_relations(links),
    )
