"""One article, or one storyline, over HTTP in the formats that other systems read, by the suffix of its address."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from app.articles.asking import article
from app.articles.errors import ArticleNotFound, Withdrawn
from app.articles.rendering import complete
from app.articles.storylines.asking import check_name, not_found
from app.articles.storylines.errors import StorylineNotFound
from app.articles.storylines.reading import Absent
from app.articles.storylines.routes import MOVED, PREFIX
from app.articles.storylines.showing import show
from app.changes import surrogates
from app.changes.freshness import fresh_enough
from app.core.clock import utc_now
from app.core.errors import BadParameter, InternalError, Unavailable, UnknownParameter
from app.syndication import examples, jsonld
from app.syndication.articles import FORMATS, send_article
from app.syndication.entry import Detail
from app.syndication.site import site_of
from app.web.conditional import LIST, respond
from app.web.dependencies import Config, Db
from app.web.openapi import written
from app.web.paging import Cursor
from app.web.problems import problem_responses
from app.web.query import known_parameters

router = APIRouter(
    tags=["syndication"],
    dependencies=[Depends(known_parameters), Depends(fresh_enough)],
    responses=problem_responses(BadParameter, UnknownParameter, InternalError, Unavailable),
    default_response_class=Response,
)


@router.get(
    "/v1/articles/{ref}.{format}",
    summary="Read an article in another format",
    responses=written(examples.ARTICLES) | problem_responses(ArticleNotFound, Withdrawn),
)
async def get_article_as(
    request: Request,
    database: Db,
    settings: Config,
    ref: Annotated[str, Path(description="Id or slug.", max_length=200)],
    format: Annotated[str, Path(description="How it is written.", json_schema_extra={"enum": list(FORMATS)})],
    content: Annotated[Detail, Query(description="How much of it: all, its summary, or its headline.")] = "full",
) -> Response:
    """The article as RSS, Atom or JSON Feed (a feed of one), as IPTC ninjs, or as schema.org's NewsArticle (JSON-LD).

    `/v1/articles/{ref}` answers the same to an `Accept` that is exactly one of these media types.
    """
    if format not in FORMATS:
        await article(request, database, f"{ref}.{format}")  # no slug has a dot
    return await send_article(
        request,
        database,
        site_of(settings),
        ref,
        format=format,
        detail=content,
        vary="Accept" if format == "ninjs" else None,
    )


@router.get(
    "/v1/storylines/{ref}.jsonld",
    summary="Read a storyline as linked data",
    responses=written({jsonld.MEDIA_TYPE: examples.LIVE_BLOG}) | MOVED | problem_responses(StorylineNotFound),
)
async def get_storyline_as(
    request: Request,
    database: Db,
    settings: Config,
    ref: Annotated[str, Path(description="Id or slug.", max_length=200)],
) -> Response:
    """The storyline as schema.org's LiveBlogPosting, with its newest hundred articles as the updates, newest first."""
    found = await database.snapshot(show, ref, cursor=Cursor.end())
    if isinstance(found, Absent):
        raise not_found(found, ref)
    check_name(found.storyline, ref, before=PREFIX, behind=".jsonld")
    whole = json.loads(complete(found.text, settings.api_url))
    return respond(
        request,
        jsonld.dumps(jsonld.live_blog(whole, site_of(settings))).encode(),
        seq=found.storyline.seq,
        last_modified=found.changed_at,
        lifetime=LIST,
        keys=(surrogates.storyline(found.storyline.id), surrogates.LISTS),
        media_type=jsonld.MEDIA_TYPE,
        now=utc_now(),
    )
