"""The timeline over HTTP, and the cheap probe for news."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.articles.history.front import Front, Question, front
from app.articles.history.instants import AsOf
from app.articles.listing import news, page
from app.articles.lists import send_list, told
from app.articles.queries import Asked, AskedFor, CollapseQuery, CursorQuery, position, position_after
from app.articles.rendering import at_site
from app.changes.freshness import fresh_enough
from app.core.clock import format_instant, utc_now
from app.core.errors import BadCursor, BadParameter, Fault, InternalError, Unavailable, UnknownParameter
from app.timeline import examples
from app.timeline.local import localised
from app.timeline.schemas import News, TimelinePage
from app.web.dependencies import Config, Db
from app.web.openapi import documented
from app.web.pages import dumps, envelope, link_relations, page_links
from app.web.paging import Cursor, page_url
from app.web.parameters import Limit, WholeNumber
from app.web.problems import problem_responses
from app.web.query import known_parameters

router = APIRouter(
    prefix="/v1/timeline",
    tags=["timeline"],
    dependencies=[Depends(known_parameters), Depends(fresh_enough)],
    responses=problem_responses(BadParameter, UnknownParameter, BadCursor, InternalError, Unavailable),
)

COUNTED_TO = 100


@router.get("", summary="Read the latest news", responses=documented(TimelinePage, examples.TIMELINE))
async def get_timeline(
    request: Request,
    database: Db,
    settings: Config,
    asked: AskedFor,
    cursor: CursorQuery = None,
    limit: Annotated[WholeNumber, Limit(20, 100)] = 20,
    as_of: AsOf = None,
    collapse: CollapseQuery = None,
) -> Response:
    """Cards, newest first by (`published_at`, `id`), each with its time on the clocks of `tz`.

    `links.older` goes back as far as there is history; `links.newer` gives what came since, nearest first, and can be
    polled. Nothing new ever lands behind it, except articles that are back-dated on purpose.

    With `as_of` it is what readers saw at that instant: the versions in force then, with the filters applied to what
    they said. What was withdrawn since is left out, and counted in `meta.withdrawn`. A page may be short and still have
    an `older` one. Before the log begins there is only the archive: its articles count from their own dates, in their
    first versions; from then on, from when they were published here. Storylines are not told of the past.

    With `collapse=storyline` there is one card for each event: of each storyline the newest article that matches, and
    `meta.collapsed` says for how many others it stands.
    """
    now = utc_now()
    if as_of is None:
        latest = await database.read(
            page, asked.filters, cursor=position(cursor), limit=limit, is_collapsed=collapse is not None
        )
        found = Front(latest, withdrawn=0)
    else:
        _check_told(asked, collapse)
        question = Question(asked.filters, as_of, now)
        found = await front(database, question, cursor=position(cursor), limit=limit)
    shown = found.page
    cards = shown.cards if as_of is None else [at_site(card, settings.site_url) for card in shown.cards]
    local = localised(cards, asked.zone)
    links = page_links(request, settings.api_url, older=shown.older, newer=shown.newer)
    meta = {
        "limit": limit,
        "tz": asked.zone.key,
        "days": [{"date": day, "count": count} for day, count in local.days.items()],
        "as_of": as_of and format_instant(as_of),
        "withdrawn": found.withdrawn,
        "collapsed": told(shown),
    }
    body = envelope(local.cards, links=links, meta=meta)
    return send_list(
        request,
        body,
        api_url=settings.api_url,
        seq=shown.seq,
        changed_at=shown.changed_at,
        links=link_relations(links),
    )


@router.get("/new", summary="Count what is new", responses=documented(News, examples.NEWS))
async def count_news(
    request: Request,
    database: Db,
    settings: Config,
    asked: AskedFor,
    after: Annotated[str, Query(description="The cursor of a page's `links.newer`, or of any other link.")],
) -> Response:
    """How many articles are newer than the cursor, and how many of those are breaking: the probe for a "3 new" button.

    Counts to 100. Takes the filters of the timeline.
    """
    cursor = position_after(after)
    found = await database.read(news, asked.filters, cursor=cursor, count_to=COUNTED_TO)
    newer = Cursor("newer", cursor.at, cursor.id).encode()
    params = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
    link = page_url(f"{settings.api_url}{router.prefix}", params, cursor=newer)
    data = {"count": found.count, "breaking": found.breaking, "more": found.more}
    return send_list(
        request,
        dumps({"data": data, "links": {"newer": link}}),
        api_url=settings.api_url,
        seq=found.seq,
        changed_at=found.changed_at,
        links={"prev": link},
    )


def _check_told(asked: Asked, collapse: str | None) -> None:
    """Raises BadParameter where the past is asked for by storylines: what was in which, no version says."""
    for parameter, is_given in (("storyline", bool(asked.filters.storylines)), ("collapse", collapse is not None)):
        if is_given:
            detail = "does not go together with as_of: storylines are those of now"
            raise BadParameter(f"{parameter}: {detail}", errors=[Fault(detail, parameter=parameter)])
