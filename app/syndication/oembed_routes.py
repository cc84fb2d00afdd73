"""oEmbed over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.articles.asking import by_any_name
from app.articles.errors import ArticleNotFound, Withdrawn
from app.articles.rendering import complete
from app.articles.schemas import CardOut
from app.changes import surrogates
from app.changes.freshness import fresh_enough
from app.core.clock import utc_now
from app.core.errors import BadParameter, InternalError, Unavailable
from app.syndication import examples
from app.syndication.oembed import FormatNotImplemented, NoEmbed, Room, as_xml, embed, ref_of
from app.syndication.reservation import reservation
from app.syndication.site import site_of
from app.web.conditional import ARTICLE, respond
from app.web.dependencies import Config, Db
from app.web.openapi import written
from app.web.pages import dumps
from app.web.parameters import WholeNumber
from app.web.problems import problem_responses
from app.web.query import own_parameters

router = APIRouter(
    tags=["syndication"],
    dependencies=[Depends(own_parameters), Depends(fresh_enough)],
    responses=problem_responses(
        BadParameter, NoEmbed, ArticleNotFound, Withdrawn, FormatNotImplemented, InternalError, Unavailable
    ),
    default_response_class=Response,
)


@router.get("/oembed", summary="Embed an article", responses=written(examples.OEMBED))
async def get_oembed(
    request: Request,
    database: Db,
    settings: Config,
    url: Annotated[str, Query(description="The address of an article, on the reader's site or in this API.")],
    format: Annotated[
        str, Query(description="How it is written.", json_schema_extra={"enum": ["json", "xml"]})
    ] = "json",
    maxwidth: Annotated[WholeNumber | None, Query(ge=1, description="In pixels.")] = None,
    maxheight: Annotated[WholeNumber | None, Query(ge=1, description="In pixels.")] = None,
) -> Response:
    """oEmbed 1.0: a card of the article as HTML, with its picture where that is known to fit.

    Former slugs lead to the article, too.
    """
    if format not in ("json", "xml"):
        raise FormatNotImplemented(f"format: {format[:50]!r} is neither json nor xml.")
    site = site_of(settings)
    ref = ref_of(site, url)
    if ref is None:
        raise NoEmbed(f"{url[:200]!r} is not the address of an article.")
    found = await by_any_name(database, ref, view="card")
    card = CardOut.model_validate_json(complete(found.text, site.api_url))
    answer = embed(site, card, Room(maxwidth, maxheight))
    is_xml = format == "xml"
    return respond(
        request,
        as_xml(answer) if is_xml else dumps(answer).encode(),
        seq=found.seq,
        last_modified=found.modified_at,
        lifetime=ARTICLE,
        keys=(surrogates.article(found.id),),
        media_type="text/xml; charset=utf-8" if is_xml else "application/json",
        headers=reservation(site, train=found.may_train),
        now=utc_now(),
    )
