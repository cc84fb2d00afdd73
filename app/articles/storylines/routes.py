"""Storylines over HTTP: those that develop now, and one with its articles."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from app.articles.listing import Page
from app.articles.lists import send_list
from app.articles.queries import CursorQuery, position
from app.articles.storylines import examples, reading
from app.articles.storylines.asking import check_name, not_found
from app.articles.storylines.errors import StorylineNotFound
from app.articles.storylines.schemas import StorylineAnswer, StorylinePage
from app.articles.storylines.showing import MOST_SHOWN, show
from app.changes import surrogates
from app.changes.freshness import fresh_enough
from app.core.errors import BadCursor, BadParameter, InternalError, Unavailable, UnknownParameter
from app.web.dependencies import Config, Db
from app.web.openapi import documented
from app.web.pages import dumps, envelope, link_relations, page_links
from app.web.paging import page_url
from app.web.parameters import Limit, WholeNumber
from app.web.problems import problem_responses, references
from app.web.query import known_parameters

router = APIRouter(
    tags=["storylines"],
    dependencies=[Depends(known_parameters), Depends(fresh_enough)],
    responses=problem_responses(BadParameter, UnknownParameter, BadCursor, InternalError, Unavailable),
)

PREFIX = "/v1/storylines/"

MOVED: dict[int | str, dict[str, Any]] = {
    308: {
        "description": "The storyline is called otherwise now.",
        "headers": references(("Location", "Dateline-Seq", "Cache-Control")),
    }
}


@router.get(
    "/v1/storylines", summary="List developing stories", responses=documented(StorylinePage, examples.STORYLINES)
)
async def list_storylines(
    request: Request,
    database: Db,
    settings: Config,
    cursor: CursorQuery = None,
    limit: Annotated[WholeNumber, Limit(20, 100)] = 20,
) -> Response:
    """Storylines by when their newest article was published, and then by id, both descending.

    A storyline that gets an article comes to the front: poll `links.newer` for those that did.
    """
    found = await database.read(reading.page, cursor=position(cursor), limit=limit)
    links = page_links(request, settings.api_url, older=found.older, newer=found.newer)
    return send_list(
        request,
        envelope([f"{entry.text}}}" for entry in found.entries], links=links, meta={"limit": limit}),
        api_url=settings.api_url,
        seq=found.seq,
        changed_at=found.changed_at,
        links=link_relations(links),
    )


@router.get(
    "/v1/storylines/{ref}",
    summary="Read a storyline",
    responses=documented(StorylineAnswer, examples.ONE) | MOVED | problem_responses(StorylineNotFound),
)
async def get_storyline(
    request: Request,
    database: Db,
    settings: Config,
    ref: Annotated[str, Path(description="Id or slug.", max_length=200)],
    cursor: CursorQuery = None,
    limit: Annotated[WholeNumber, Limit(100, 100)] = MOST_SHOWN,
) -> Response:
    """The storyline by id or slug, with its articles, oldest first.

    A slug that it used to have, and any name of a storyline that was merged into it, answers 308 to the current slug.
    `links.newer` goes on with the articles that follow, and can be polled.
    """
    found = await database.snapshot(show, ref, cursor=position(cursor), limit=limit)
    if isinstance(found, reading.Absent):
        raise not_found(found, ref)
    subject = found.storyline
    check_name(subject, ref, before=PREFIX)
    links = _links(request, f"{settings.api_url}{PREFIX}{subject.id}", found.articles)
    return send_list(
        request,
        f'{{"data":{found.text},"links":{dumps(links)},"meta":{dumps({"limit": limit})}}}',
        api_url=settings.api_url,
        seq=subject.seq,
        changed_at=subject.changed_at,
        keys=(surrogates.storyline(subject.id), surrogates.LISTS),
        links=link_relations(links),
    )


def _links(request: Request, base: str, page: Page) -> dict[str, str | None]:
    """The neighbours of a page of articles, by the storyline's id: slugs change, and are of any alphabet."""
    params = request.query_params.multi_items()
    return {
        "self": page_url(base, params),
        "older": page_url(base, params, cursor=page.older.encode()) if page.older else None,
        "newer": page_url(base, params, cursor=page.newer.encode()),
    }
