"""Sitemaps over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from sqlalchemy.orm import Session

from app.articles.months import Month, find_month, months
from app.changes.freshness import fresh_enough
from app.changes.log import Head, head
from app.changes.surrogates import LISTS
from app.core.clock import utc_now
from app.core.errors import BadParameter, InternalError, NotFound, Unavailable
from app.syndication import examples, sitemaps
from app.syndication.site import site_of
from app.syndication.sitemaps import MEDIA_TYPE, MOST_NEWS, NEWS_SPAN, Part
from app.syndication.store import Headline, news
from app.web.conditional import LIST, LIST_BY_CLOCK, etag_of, respond, respond_with_stream
from app.web.dependencies import Config, Db
from app.web.openapi import written
from app.web.problems import problem_responses
from app.web.query import own_parameters

router = APIRouter(
    tags=["syndication"],
    dependencies=[Depends(own_parameters), Depends(fresh_enough)],
    responses=problem_responses(BadParameter, InternalError, Unavailable),
    default_response_class=Response,
)


@router.get("/sitemap.xml", summary="The index of sitemaps", responses=written({MEDIA_TYPE: examples.SITEMAP_INDEX}))
async def get_sitemap_index(request: Request, database: Db, settings: Config) -> Response:
    """The news of the last two days, and a sitemap for each month that has articles, from the newest back.

    `lastmod` is when an article of the month came, changed for readers, or went. Name this address in the robots.txt
    of the reader's site, whose articles the sitemaps list.
    """
    now, (at, listed) = utc_now(), await database.snapshot(_months)
    return respond(
        request,
        sitemaps.index(site_of(settings), listed),
        seq=at.seq,
        last_modified=at.changed_at,
        lifetime=LIST,
        keys=(LISTS,),
        media_type=MEDIA_TYPE,
        now=now,
    )


@router.get("/sitemaps/news.xml", summary="The sitemap of the news", responses=written({MEDIA_TYPE: examples.NEWS}))
async def get_news_sitemap(request: Request, database: Db, settings: Config) -> Response:
    """What was published in the last two days, newest first, at most 1,000 articles, as Google News reads it."""
    now = utc_now()
    at, rows = await database.snapshot(_news)
    return respond(
        request,
        sitemaps.news(site_of(settings), rows),
        seq=at.seq,
        last_modified=None,  # an article that is two days old leaves without a change
        lifetime=LIST_BY_CLOCK,
        keys=(LISTS,),
        media_type=MEDIA_TYPE,
        now=now,
    )


@router.get(
    "/sitemaps/{month}.xml",
    summary="The sitemap of a month",
    responses=written({MEDIA_TYPE: examples.MONTH}) | problem_responses(NotFound),
)
async def get_month_sitemap(
    request: Request,
    database: Db,
    settings: Config,
    month: Annotated[str, Path(description="A month of UTC, as 2025-05; of a large one, further parts as 2025-05-2.")],
) -> Response:
    """The articles that were published in a month, oldest first; `lastmod` is when readers should have noticed.

    The same bytes for ever once the month is over and nothing in it changes.
    """
    site, part = site_of(settings), Part.named(month)
    found = None if part is None else await database.snapshot(_month, part.month)
    if part is None or found is None or part not in sitemaps.parts(found[1]):
        raise NotFound("No public article was published in this month, as far as its sitemap goes.")
    at, whole = found
    state = f"{site.url} {part.name} {whole.article_count} {whole.seq}"
    return respond_with_stream(
        request,
        sitemaps.urls(database, site, part),
        etag=etag_of(state.encode()).decode(),
        seq=at.seq,
        last_modified=whole.changed_at,
        lifetime=LIST,
        keys=(LISTS,),
        media_type=MEDIA_TYPE,
        now=utc_now(),
    )


def _months(session: Session) -> tuple[Head, list[Month]]:
    return head(session), list(months(session))


def _month(session: Session, name: str) -> tuple[Head, Month] | None:
    at, month = head(session), find_month(session, name)
    return None if month is None else (at, month)


def _news(session: Session) -> tuple[Head, list[Headline]]:
    return head(session), news(session, since=utc_now() - NEWS_SPAN, limit=MOST_NEWS)
