"""Related stories over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from app.articles.asking import PREFIX, article, key
from app.articles.errors import ArticleNotFound, Withdrawn
from app.articles.lists import LISTS, send_list
from app.changes.freshness import fresh_enough
from app.core.errors import BadParameter, Fault, InternalError, Unavailable, UnknownParameter
from app.core.ids import parse_id
from app.related import examples
from app.related.finding import related
from app.related.schemas import RelatedList
from app.web.dependencies import Config, Db
from app.web.openapi import documented
from app.web.pages import envelope
from app.web.paging import page_url
from app.web.parameters import Limit, WholeNumber, comma_separated
from app.web.problems import problem_responses
from app.web.query import known_parameters

router = APIRouter(
    tags=["related"],
    dependencies=[Depends(known_parameters), Depends(fresh_enough)],
    responses=problem_responses(BadParameter, UnknownParameter, InternalError, Unavailable),
)

MOST_EXCLUDED = 200


@router.get(
    "/v1/articles/{ref}/related",
    summary="Find what to read next",
    responses=documented(RelatedList, examples.RELATED) | problem_responses(ArticleNotFound, Withdrawn),
)
async def list_related(
    request: Request,
    database: Db,
    settings: Config,
    ref: Annotated[str, Path(description="Id or slug of the article.", max_length=200)],
    limit: Annotated[WholeNumber, Limit(5, 50)] = 5,
    exclude: Annotated[str | None, Query(description="Ids of articles already on screen, with commas.")] = None,
) -> Response:
    """Other articles in the same language, best first, each with its score and the reasons for it.

    Near-copies of one story are folded into their best, as `variants`. The article's own translations are in its
    document.
    """
    subject = await article(request, database, ref, view="card")
    found = await related(database, subject.id, limit=limit, exclude=_ids(exclude))
    if found is None:
        await article(request, database, ref, view="card")  # withdrawn since: that is what it says
        raise ArticleNotFound(f"No public article has the id or slug {ref[:100]!r}.")
    base = f"{settings.api_url}{PREFIX}{subject.id}"
    params = request.query_params.multi_items()
    links = {"self": page_url(f"{base}/related", params), "article": base}
    body = envelope(found.entries, links=links, meta={"limit": limit})
    return send_list(
        request,
        body,
        api_url=settings.api_url,
        seq=found.seq,
        changed_at=found.changed_at,
        keys=(key(subject.id), LISTS),
    )


def _ids(exclude: str | None) -> set[UUID]:
    named = () if exclude is None else comma_separated(exclude, parameter="exclude")
    ids = {parse_id(name) for name in named}
    if None in ids or len(named) > MOST_EXCLUDED:
        detail = f"must be ids of articles, at most {MOST_EXCLUDED}"
        raise BadParameter(f"exclude: {detail}", errors=[Fault(detail, parameter="exclude")])
    return {id for id in ids if id is not None}
