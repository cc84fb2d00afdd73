"""Search over HTTP, and its suggestions as one types."""

from dataclasses import asdict
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.articles.lists import send_list
from app.articles.queries import AskedFor, CursorQuery, position
from app.changes.freshness import fresh_enough
from app.core.errors import BadCursor, BadParameter, Fault, InternalError, Unavailable, UnknownParameter
from app.search import examples
from app.search.finding import MOST_RANKED, Found, Place, search, search_by_date
from app.search.schemas import SearchPage, SuggestionList
from app.search.suggesting import suggest
from app.web.dependencies import Config, Db
from app.web.openapi import documented
from app.web.pages import dumps, envelope, link_relations, page_links
from app.web.paging import Cursor, page_url
from app.web.parameters import Limit, WholeNumber
from app.web.problems import problem_responses
from app.web.query import known_parameters

router = APIRouter(
    prefix="/v1/search",
    tags=["search"],
    dependencies=[Depends(known_parameters), Depends(fresh_enough)],
    responses=problem_responses(BadParameter, UnknownParameter, InternalError, Unavailable),
)

LONGEST_QUERY = 500

Q = Annotated[
    str,
    Query(
        min_length=1,
        max_length=LONGEST_QUERY,
        description='What to look for: all words are required; "words in quotes" stand one after the other; a minus '
        "before a word or phrase excludes it. Everything else is text.",
        examples=["harbour strike"],
    ),
]


@router.get("", summary="Search", responses=documented(SearchPage, examples.PAGE) | problem_responses(BadCursor))
async def search_articles(
    request: Request,
    database: Db,
    settings: Config,
    asked: AskedFor,
    q: Q,
    sort: Annotated[
        Literal["relevance", "date"], Query(description="Best first, or newest first as every other list.")
    ] = "relevance",
    cursor: CursorQuery = None,
    limit: Annotated[WholeNumber, Limit(20, 100)] = 20,
) -> Response:
    """Articles that have all the words in their headline, summary or body, each with the words marked.

    Words count in all their forms, without regard to case, accents and vowel points, in the language of each article;
    stop words are passed over. Where no article has all words, those that have some are listed, and `meta.relaxed` says
    so. An article is found the moment it is public, and gone the moment it is withdrawn.

    By relevance, `links.older` is the next page of the ranking as it was when the first was asked for, and paging ends
    at 1,000 hits. By date, it goes back as far as there is history. `meta.facets` counts the hits by the values that
    the filters take.
    """
    if sort == "date":
        at = _position(cursor)
        found = await database.scan(search_by_date, q, asked.filters, cursor=at, limit=limit)
        links = _links_by_date(request, settings.api_url, found)
    else:
        place = _place(cursor)
        found = await database.scan(search, q, asked.filters, place=place, limit=limit)
        links = _links_by_relevance(request, settings.api_url, found, place, limit)
    body = envelope((one.json() for one in found.shown), links=links, meta=_meta(found, sort=sort, limit=limit))
    return send_list(
        request,
        body,
        api_url=settings.api_url,
        seq=found.seq,
        changed_at=found.changed_at,
        links=link_relations(links),
    )


@router.get("/suggest", summary="Complete a query", responses=documented(SuggestionList, examples.SUGGESTIONS))
async def suggest_queries(
    request: Request,
    database: Db,
    settings: Config,
    asked: AskedFor,
    q: Annotated[
        str,
        Query(min_length=1, max_length=LONGEST_QUERY, description="What has been typed.", examples=["harbour str"]),
    ],
    limit: Annotated[WholeNumber, Limit(8, 20)] = 8,
) -> Response:
    """The query with its last word completed, from the words that headlines, summaries and beginnings are made of.

    Each suggestion finds something, also with the filters that are given.
    """
    found = await database.scan(suggest, q, asked.filters, limit=limit)
    links = {"self": page_url(settings.api_url + request.scope["path"], request.query_params.multi_items())}
    data = (dumps(asdict(one)) for one in found.data)
    return send_list(
        request,
        envelope(data, links=links, meta={"limit": limit}),
        api_url=settings.api_url,
        seq=found.seq,
        changed_at=found.changed_at,
    )


def _meta(found: Found, *, sort: str, limit: int) -> dict[str, object]:
    return {
        "limit": limit,
        "sort": sort,
        "total": found.total,
        "capped": found.is_capped,
        "relaxed": found.is_relaxed,
        "did_you_mean": found.did_you_mean,
        "facets": {name: [asdict(one) for one in values] for name, values in found.facets.items()},
        "complete": found.is_complete,
    }


def _place(cursor: str | None) -> Place | None:
    """The page of a ranking that a cursor names. Raises BadCursor for one of another order."""
    at = position(cursor)
    if at is None:
        return None
    if not _is_place(at):
        raise _of_another_order()
    return Place(at.at, at.id.int)


def _position(cursor: str | None) -> Cursor | None:
    """The position in the order of dates. Raises BadCursor for one of a ranking."""
    at = position(cursor)
    if at is not None and _is_place(at):
        raise _of_another_order()
    return at


def _is_place(cursor: Cursor) -> bool:
    return cursor.direction == "from" and cursor.id.int < MOST_RANKED


def _of_another_order() -> BadCursor:
    detail = "is of another order than `sort` asks for"
    return BadCursor(f"cursor: {detail}", errors=[Fault(detail, parameter="cursor")])


def _links_by_date(request: Request, api_url: str, found: Found) -> dict[str, str | None]:
    page = found.page
    older, newer = (page.older, page.newer) if page else (None, Cursor.beginning())
    return page_links(request, api_url, older=older, newer=newer)


def _links_by_relevance(
    request: Request, api_url: str, found: Found, place: Place | None, limit: int
) -> dict[str, str | None]:
    base, params = api_url + request.scope["path"], request.query_params.multi_items()
    moment, offset = found.moment, place.offset if place else 0
    following, preceding = offset + limit, offset - limit
    has_more = moment is not None and not found.is_last and following < MOST_RANKED
    return {
        "self": page_url(base, params),
        "older": page_url(base, params, cursor=Cursor("from", moment, UUID(int=following)).encode())
        if has_more and moment
        else None,
        "newer": page_url(
            base,
            params,
            cursor=Cursor("from", moment, UUID(int=preceding)).encode() if moment and preceding > 0 else None,
        ),
    }
