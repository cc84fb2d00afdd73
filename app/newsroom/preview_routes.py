"""Previews over HTTP: for the newsroom's keys, and for whoever holds a signed link."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.security import HTTPBearer
from pydantic import BaseModel, Field

from app.articles import examples
from app.articles.errors import LegacyUrlTaken, SlugTaken
from app.articles.rendering import complete
from app.articles.schemas import ArticleOut
from app.core.clock import format_instant, utc_now
from app.core.errors import BadParameter, Forbidden, InternalError, Unauthorized, Unavailable, UnknownParameter
from app.db import Database
from app.newsroom.expiring import RightsExpired
from app.newsroom.preview_links import PreviewLinkInvalid, link, verify
from app.newsroom.previewing import preview
from app.newsroom.store import DraftNotFound, preview_secret
from app.partners.callers import requires
from app.web.bodies import guarded
from app.web.dependencies import Config, Db
from app.web.openapi import documented
from app.web.pages import dumps
from app.web.parameters import WholeNumber
from app.web.problems import problem_responses
from app.web.query import known_parameters

_DAY_SECONDS = 24 * 60 * 60
_ADDRESS = "{api_url}/v1/newsroom/articles/{id}/preview"


async def _key_or_link(request: Request) -> None:
    """Lets in who has a key of the newsroom, or a signed link that is still good."""
    query = request.query_params
    request.state.has_key = "authorization" in request.headers or "signature" not in query
    if request.state.has_key:
        await requires("newsroom")(request)
        return
    database: Database = request.app.state.database
    verify(
        request.path_params["ref"],
        query.get("expires", ""),
        query["signature"],
        secret=await database.read(preview_secret),
        now=utc_now(),
    )


router = APIRouter(
    prefix="/v1/newsroom/articles",
    tags=["newsroom"],
    route_class=guarded(_key_or_link),
    dependencies=[Depends(known_parameters), Depends(HTTPBearer(auto_error=False, scheme_name="bearer"))],
    responses=problem_responses(BadParameter, UnknownParameter, Unauthorized, Forbidden, InternalError, Unavailable),
)


class PreviewLinks(BaseModel):
    """Where the preview is; `shared` opens without a key, and is only told to those who have one."""

    self: str
    shared: str | None


class PreviewMeta(BaseModel):
    """How long the shared link is good."""

    shared_until: datetime | None


class PreviewAnswer(BaseModel):
    """The document as it would be published."""

    data: ArticleOut
    links: PreviewLinks
    meta: PreviewMeta = Field(description="Null for those who came by the shared link.")


_HERE = _ADDRESS.format(api_url=examples.API, id=examples.ID)
_EXAMPLE = {
    "data": examples.DOCUMENT,
    "links": {"self": _HERE, "shared": f"{_HERE}?expires=2026-11-21T12:00:00Z&signature=yZ8uJ0…"},
    "meta": {"shared_until": "2026-11-21T12:00:00Z"},
}


@router.get(
    "/{ref}/preview",
    summary="See a draft as it would be published",
    responses=documented(PreviewAnswer, _EXAMPLE)
    | problem_responses(PreviewLinkInvalid, Forbidden, DraftNotFound, SlugTaken, LegacyUrlTaken, RightsExpired),
)
async def preview_article(
    request: Request,
    ref: Annotated[str, Path(description="Id or external id; in a link, the id.", min_length=1, max_length=200)],
    database: Db,
    settings: Config,
    expires_in: Annotated[
        WholeNumber, Query(ge=60, le=30 * _DAY_SECONDS, description="How many seconds the shared link is to be good.")
    ] = _DAY_SECONDS,
    expires: Annotated[str | None, Query(description="Of a shared link: until when it is good.")] = None,
    signature: Annotated[str | None, Query(description="Of a shared link: what makes it valid.")] = None,
) -> Response:
    """The document that publishing would make of the draft now, or at the time that is set. Nothing is written.

    `links.shared` is a signed address for people without a key; it shows the draft as it is when it is opened, until
    `meta.shared_until`.
    """
    seen = await preview(database, ref, clock=utc_now, site_url=settings.site_url)
    address = _ADDRESS.format(api_url=settings.api_url, id=seen.id)
    until = (utc_now() + timedelta(seconds=expires_in)).replace(microsecond=0) if request.state.has_key else None
    shared = link(address, seen.id, until=until, secret=await database.read(preview_secret)) if until else None
    links, meta = {"self": address, "shared": shared}, {"shared_until": format_instant(until) if until else None}
    body = f'{{"data":{seen.document},"links":{dumps(links)},"meta":{dumps(meta)}}}'
    headers = {"ETag": seen.etag, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}  # links get about
    return Response(complete(body, settings.api_url), 200, headers, "application/json")
