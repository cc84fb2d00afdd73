"""The resolver over HTTP."""

from collections import Counter
from typing import Annotated, assert_never

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import StringConstraints

from app.articles.lists import send_list
from app.articles.rendering import article_url
from app.changes.freshness import fresh_enough
from app.core.clock import format_instant
from app.core.errors import BadParameter, InternalError, Unavailable, UnknownParameter
from app.core.urls import MAX_CHARACTERS, join
from app.resolver import examples
from app.resolver.names import Sites
from app.resolver.resolving import Gone, Public, Resolved, resolve
from app.resolver.schemas import ResolvedList
from app.web.dependencies import Config, Db
from app.web.openapi import documented
from app.web.pages import dumps, envelope
from app.web.paging import page_url
from app.web.problems import problem_responses
from app.web.query import known_parameters

router = APIRouter(
    prefix="/v1/resolve",
    tags=["search"],
    dependencies=[Depends(known_parameters), Depends(fresh_enough)],
    responses=problem_responses(BadParameter, UnknownParameter, InternalError, Unavailable),
)

MOST_NAMES = 100
_NOTHING = dict.fromkeys(("matched", "id", "slug", "url", "location"))
_NOT_WITHDRAWN = dict.fromkeys(("reason", "text", "withdrawn_at"))
_FORMER = ("alias", "legacy_url")

Q = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=MAX_CHARACTERS)]],
    Query(
        min_length=1,
        max_length=MOST_NAMES,
        description="A slug, present or former, an id (also as `urn:uuid:`), an external id, or the address of the "
        "article on the reader's site (or its path), in this API, or on a former site; repeat it for up to "
        f"{MOST_NAMES}.",
        examples=[["https://old.newsroom.example/story.php?id=17", "wire-122"]],
    ),
]


@router.get("", summary="Find articles by any of their names", responses=documented(ResolvedList, examples.PAGE))
async def resolve_names(request: Request, database: Db, settings: Config, q: Q) -> Response:
    """The article that each name means, in the order of the names, with what a redirect or a 410 would say.

    A name that several articles could go by means the public one, and of those the one that is called so now. Addresses
    are compared as pages: without their scheme, `www.`, fragment, slash at the end and parameters of campaigns. The
    answer is 200 whatever the names mean; each entry has the `status` of its own.
    """
    sites = Sites(settings.site_url, settings.api_url)
    found = await database.snapshot(resolve, q, sites)
    entries = [_entry(one, sites) for one in found.names]
    statuses = Counter(_status(one) for one in found.names)
    links = {"self": page_url(settings.api_url + request.scope["path"], request.query_params.multi_items())}
    meta = {"found": statuses[200] + statuses[308], "withdrawn": statuses[410], "unknown": statuses[404]}
    return send_list(
        request,
        envelope(entries, links=links, meta=meta),
        api_url=settings.api_url,
        seq=found.seq,
        changed_at=found.changed_at,
    )


def _entry(one: Resolved, sites: Sites) -> str:
    told: dict[str, object] = {"q": one.name.text, "status": _status(one)} | _NOTHING | {"matched": one.way}
    match one.found:
        case Public() as article:
            location = join(sites.api_url, f"v1/articles/{article.slug}")
            url = article_url(sites.site_url, article.slug)
            told |= {"id": str(article.id), "slug": article.slug, "url": url, "location": location}
            return _object(told, card=article.card)
        case Gone() as gone:
            told |= {"id": str(gone.id)}
            why = {"reason": gone.reason, "text": gone.text, "withdrawn_at": format_instant(gone.withdrawn_at)}
            return _object(told, why=why)
        case None:
            return _object(told)
        case never:
            assert_never(never)


def _object(told: dict[str, object], *, card: str = "null", why: dict[str, str | None] = _NOT_WITHDRAWN) -> str:
    return f'{dumps(told)[:-1]},"article":{card},{dumps(why)[1:]}'


def _status(one: Resolved) -> int:
    match one.found:
        case Public():
            return 308 if one.way in _FORMER else 200
        case Gone():
            return 410
        case None:
            return 404
        case never:
            assert_never(never)
