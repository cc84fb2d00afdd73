"""The lists of sections, tags and contributors over HTTP."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from app.changes.freshness import fresh_enough
from app.core.clock import utc_now
from app.core.errors import BadParameter, InternalError, Unavailable, UnknownParameter
from app.taxonomy import examples
from app.taxonomy.schemas import NamePage, TagPage
from app.taxonomy.store import Entry, Vocabulary, list_names
from app.web.conditional import LIST, respond
from app.web.dependencies import Config, Db
from app.web.openapi import documented
from app.web.pages import dumps
from app.web.paging import page_url
from app.web.parameters import Limit, WholeNumber
from app.web.problems import problem_responses
from app.web.query import known_parameters

router = APIRouter(
    prefix="/v1",
    tags=["taxonomy"],
    dependencies=[Depends(known_parameters), Depends(fresh_enough)],
    responses=problem_responses(BadParameter, UnknownParameter, InternalError, Unavailable),
)

_FILTERS: dict[Vocabulary, str] = {"sections": "section", "tags": "tag", "contributors": "contributor"}

After = Annotated[str, Query(max_length=200, description="Slugs after this one: from `links.next`.")]
Many = Annotated[WholeNumber, Limit(100, 500)]


@router.get("/sections", summary="List sections", responses=documented(NamePage, examples.SECTIONS))
async def list_sections(
    request: Request, database: Db, settings: Config, after: After = "", limit: Many = 100
) -> Response:
    """Every section that public articles stand in, by slug, with how many they are."""
    return await _list(request, database, settings, "sections", after=after, limit=limit)


@router.get("/tags", summary="List tags", responses=documented(TagPage, examples.TAGS))
async def list_tags(
    request: Request,
    database: Db,
    settings: Config,
    kind: Annotated[
        Literal["topic", "person", "place", "organisation", "event"] | None,
        Query(description="Only tags of this kind."),
    ] = None,
    after: After = "",
    limit: Many = 100,
) -> Response:
    """Every tag that public articles carry, by slug, with how many they are."""
    return await _list(request, database, settings, "tags", after=after, limit=limit, kind=kind)


@router.get("/contributors", summary="List contributors", responses=documented(NamePage, examples.CONTRIBUTORS))
async def list_contributors(
    request: Request, database: Db, settings: Config, after: After = "", limit: Many = 100
) -> Response:
    """Everybody whose work is in public articles, by slug, with how many those are."""
    return await _list(request, database, settings, "contributors", after=after, limit=limit)


async def _list(
    request: Request,
    database: Db,
    settings: Config,
    vocabulary: Vocabulary,
    *,
    after: str,
    limit: int,
    kind: str | None = None,
) -> Response:
    page = await database.read(list_names, vocabulary, after=after, kind=kind, limit=limit)
    base, params = settings.api_url + request.scope["path"], request.query_params.multi_items()
    further = None if page.is_last else page_url(base, params, after=page.entries[-1].slug)
    body = {
        "data": [_shown(entry, vocabulary, settings.api_url) for entry in page.entries],
        "links": {"self": page_url(base, params), "next": further},
        "meta": {"limit": limit},
    }
    return respond(
        request,
        dumps(body).encode(),
        seq=page.seq,
        last_modified=page.changed_at,
        lifetime=LIST,
        keys=(vocabulary,),
        links={"next": further},
        now=utc_now(),
    )


def _shown(entry: Entry, vocabulary: Vocabulary, api_url: str) -> dict[str, object]:
    kind = {"kind": entry.kind} if entry.kind is not None else {}
    articles = page_url(f"{api_url}/v1/articles", [(_FILTERS[vocabulary], entry.slug)])
    named = {"slug": entry.slug, "name": entry.name}
    return {**named, **kind, "article_count": entry.article_count, "links": {"articles": articles}}
