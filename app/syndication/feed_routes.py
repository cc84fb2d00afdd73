"""Feeds over HTTP: the timeline's lists in the formats that other systems read."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from app.articles.queries import AskedFor, CursorQuery, position
from app.articles.storylines.asking import by_id
from app.articles.storylines.errors import StorylineNotFound
from app.articles.storylines.routes import MOVED
from app.changes.freshness import fresh_enough
from app.core.errors import BadCursor, BadParameter, InternalError, Unavailable
from app.syndication import examples, subjects
from app.syndication.entry import Detail
from app.syndication.errors import FeedNotFound
from app.syndication.feeds import Order, send
from app.syndication.formats import Format
from app.syndication.negotiation import FEEDS, feed_format
from app.syndication.site import site_of
from app.syndication.subjects import VOCABULARIES
from app.web.dependencies import Config, Db
from app.web.openapi import written
from app.web.parameters import Limit, WholeNumber
from app.web.problems import problem_responses
from app.web.query import own_parameters


def feed_router() -> APIRouter:
    """A router for feeds: their prefix, and what all of them answer with."""
    return APIRouter(
        prefix="/feeds",
        tags=["syndication"],
        dependencies=[Depends(fresh_enough)],
        responses=written(examples.FEEDS_OF_ONE)
        | problem_responses(BadParameter, BadCursor, FeedNotFound, InternalError, Unavailable),
        default_response_class=Response,
    )


router = feed_router()

FormatName = Annotated[str, Path(description="How it is written.", json_schema_extra={"enum": list(FEEDS)})]


async def _order(
    params: Annotated[list[tuple[str, str]], Depends(own_parameters)],
    cursor: CursorQuery = None,
    limit: Annotated[WholeNumber, Limit(20, 100)] = 20,
    content: Annotated[Detail, Query(description="How much of each article: all, its summary, or its headline.")] = (
        "full"
    ),
) -> Order:
    return Order(position(cursor), limit, content, params)


async def _format(request: Request, format: FormatName) -> Format:
    found = feed_format(format, request.headers.getlist("accept"))
    if found is None:
        raise FeedNotFound(f"Feeds are written as {', '.join(FEEDS)}; {format[:100]!r} is none of them.")
    return found


Ordered = Annotated[Order, Depends(_order)]
Formatted = Annotated[Format, Depends(_format)]


@router.get("/{format}", summary="The latest, as a feed")
async def site_feed(
    request: Request, database: Db, settings: Config, format: Formatted, asked: AskedFor, order: Ordered
) -> Response:
    """The latest articles as RSS 2.0, Atom (RFC 4287), JSON Feed 1.1 or IPTC ninjs, with the timeline's filters.

    The same articles in the same order as `/v1/timeline`. An entry's id never changes; `updated` does when readers
    should notice: a correction, not a typo. What is withdrawn leaves at once, and Atom (RFC 6721) and ninjs say so.
    `prev-archive` and `next_url` go on to everything older (RFC 5005); its pages end at fixed places, so their
    addresses and articles stay the same for everybody. ninjs is 3.1, or 2.2 where `Accept` asks for that version.
    """
    subject = subjects.site(await by_id(database, asked.filters))
    return await send(request, database, site_of(settings), format=format, subject=subject, order=order)


@router.get(
    "/storylines/{ref}/{format}",
    summary="A storyline, as a feed",
    responses=MOVED | problem_responses(StorylineNotFound),
)
async def storyline_feed(
    request: Request,
    database: Db,
    settings: Config,
    ref: Annotated[str, Path(description="Id or slug.", max_length=200)],
    format: Formatted,
    asked: AskedFor,
    order: Ordered,
) -> Response:
    """The latest articles about one event. A slug that it used to have answers 308."""
    filters = await by_id(database, asked.filters)
    subject = await subjects.storyline(database, ref, filters, format=format.name)
    return await send(request, database, site_of(settings), format=format, subject=subject, order=order)


@router.get("/{vocabulary}/{ref}/{format}", summary="A section, tag or contributor, as a feed")
async def named_feed(
    request: Request,
    database: Db,
    settings: Config,
    vocabulary: Annotated[str, Path(description="Of what.", json_schema_extra={"enum": list(VOCABULARIES)})],
    ref: Annotated[str, Path(description="Its slug.", max_length=200)],
    format: Formatted,
    asked: AskedFor,
    order: Ordered,
) -> Response:
    """The latest articles that are filed under one name."""
    filters = await by_id(database, asked.filters)
    subject = await subjects.named(database, vocabulary, ref, filters)
    return await send(request, database, site_of(settings), format=format, subject=subject, order=order)
