"""What machines may do, over HTTP, at the addresses where they look for it."""

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.orm import Session

from app.changes.freshness import fresh_enough
from app.changes.log import Head, head
from app.changes.surrogates import LISTS
from app.core.clock import utc_now
from app.core.errors import BadParameter, InternalError, Unavailable
from app.db import Database
from app.syndication import examples, rsl, terms
from app.syndication.entry import Site
from app.syndication.site import site_of
from app.syndication.store import OwnTerms, terms_of_their_own
from app.web.conditional import DOCUMENTATION, LIST, respond
from app.web.dependencies import Config, Db
from app.web.openapi import written
from app.web.pages import dumps
from app.web.problems import problem_responses
from app.web.query import own_parameters

router = APIRouter(
    tags=["syndication"],
    dependencies=[Depends(own_parameters), Depends(fresh_enough)],
    responses=problem_responses(BadParameter, InternalError, Unavailable),
    default_response_class=Response,
)


@router.get("/robots.txt", summary="What crawlers may do", responses=written({"text/plain": examples.ROBOTS}))
async def get_robots(request: Request, settings: Config) -> Response:
    """robots.txt (RFC 9309), with `Content-Signal`, RSL's `License`, and the sitemaps."""
    return respond(
        request,
        terms.robots(site_of(settings)).encode(),
        seq=None,
        last_modified=None,
        lifetime=DOCUMENTATION,
        media_type="text/plain; charset=utf-8",
        now=utc_now(),
    )


@router.get(
    "/license.xml", summary="The terms for machines, as RSL", responses=written({rsl.MEDIA_TYPE: examples.LICENSE})
)
async def get_license(request: Request, database: Db, settings: Config) -> Response:
    """Really Simple Licensing 1.0: the newest articles whose own rights say otherwise, and then the site."""
    site = site_of(settings)
    at, exceptions = await _exceptions(database, site)
    return _listed(request, terms.license_xml(site, exceptions), at, media_type=rsl.MEDIA_TYPE)


@router.get(
    "/.well-known/tdmrep.json",
    summary="Whether text and data mining is reserved",
    responses=written({"application/json": examples.TDMREP}),
)
async def get_tdmrep(request: Request, database: Db, settings: Config) -> Response:
    """The TDM Reservation Protocol (W3C): the newest articles whose own rights say otherwise, and then the site.

    Locations are paths, of the reader's site and of this API: serve the same from the site.
    """
    site = site_of(settings)
    at, exceptions = await _exceptions(database, site)
    rules = terms.tdmrep(site, exceptions)
    return _listed(request, dumps(rules).encode(), at, media_type="application/json")


async def _exceptions(database: Database, site: Site) -> tuple[Head, list[OwnTerms]]:
    def look(session: Session) -> tuple[Head, list[OwnTerms]]:
        bounds = {"looked_at": terms.MOST_LOOKED_AT, "limit": terms.MOST_EXCEPTIONS}
        return head(session), terms_of_their_own(session, site.terms, **bounds)

    return await database.snapshot(look)


def _listed(request: Request, body: bytes, at: Head, *, media_type: str) -> Response:
    return respond(
        request,
        body,
        seq=at.seq,
        last_modified=None,  # the settings decide, too, and have no date
        lifetime=LIST,
        keys=(LISTS,),
        media_type=media_type,
        now=utc_now(),
    )
