"""The log over HTTP: polled, streamed, and the whole to start from."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse

from app.articles.export import lines
from app.articles.lists import send_list
from app.articles.queries import AskedFor
from app.articles.reading import View
from app.articles.storylines.asking import by_id
from app.changes import log
from app.changes.freshness import fresh_enough
from app.changes.surrogates import LOG
from app.core.clock import utc_now
from app.core.errors import BadParameter, InternalError, TooManyRequests, Unavailable, UnknownParameter
from app.web.conditional import LIST, etag_of, respond_with_stream
from app.web.dependencies import Config, Db
from app.web.openapi import NOT_MODIFIED, documented
from app.web.pages import envelope
from app.web.paging import page_url
from app.web.parameters import Limit, WholeNumber
from app.web.problems import problem_responses, references
from app.web.query import known_parameters
from app.wire import examples
from app.wire.errors import SeqAhead, check_reached
from app.wire.schemas import ChangePage
from app.wire.slots import Slots
from app.wire.streaming import events
from app.wire.ticker import Reading, Ticks
from app.wire.waiting import news

router = APIRouter(
    prefix="/v1",
    tags=["log"],
    dependencies=[Depends(known_parameters), Depends(fresh_enough)],
    responses=problem_responses(BadParameter, UnknownParameter, InternalError, Unavailable),
)

LONGEST_WAIT_SECONDS = 25
UNCACHED = {"Cache-Control": "no-store"}
# Proxies that gather an answer before they pass it on would hold back every change.
LIVE = UNCACHED | {"X-Accel-Buffering": "no"}

_CHANGE = {"$ref": "#/components/schemas/ChangeOut"}
_DATA = {"type": "string", "contentMediaType": "application/json", "contentSchema": _CHANGE}
# Of one event: so generators of clients and OpenAPI 3.2 have it.
_EVENT = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "event": {"type": "string"}, "data": _DATA},
}
_LINE = {"anyOf": [{"properties": {"seq": {"type": "integer"}}}, {"$ref": "#/components/schemas/ArticleOut"}]}
_LINES = {"type": "string", "contentMediaType": "application/jsonl", "contentSchema": _LINE}

Shown = Annotated[View, Query(description="`article` as a card or as the whole document.")]


@dataclass(frozen=True, slots=True)
class Start:
    """Where a stream begins, and how far the log had come then."""

    after: int
    head: int


def _streamed(
    media_type: str, schema: dict[str, Any], example: object, *, told: str, fields: tuple[str, ...]
) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route whose answer is text made while it is sent."""
    content = {media_type: {"schema": schema, "example": example}}
    ready: dict[int | str, dict[str, Any]] = {
        200: {"description": told, "headers": references(fields), "content": content}
    }
    return ready | ({304: {"description": NOT_MODIFIED, "headers": references(fields)}} if "ETag" in fields else {})


@router.get(
    "/changes",
    summary="Follow the log",
    responses=documented(ChangePage, examples.CHANGE_PAGE) | problem_responses(SeqAhead),
)
async def list_changes(
    request: Request,
    database: Db,
    settings: Config,
    ticker: Ticks,
    asked: AskedFor,
    after: Annotated[WholeNumber, Query(description="The last position that you know; 0 to begin.")] = 0,
    limit: Annotated[WholeNumber, Limit(100, 500)] = 100,
    wait: Annotated[
        WholeNumber,
        Query(le=LONGEST_WAIT_SECONDS, description="How many seconds to wait when there is nothing: 0 to 25."),
    ] = 0,
    view: Shown = "card",
) -> Response:
    """Every change of what is public, once, in the order in which it happened; never a gap, never a repetition.

    `slug` and `article` are what is public now, not what was then: a copy that takes each line in turn ends up right.
    They are null once the article is withdrawn: remove it. Lines of the kind `storyline.updated` tell of a storyline
    that came to be, or is titled or made up otherwise: `storyline` is null once it is gone. Follow `links.next`, also
    from an empty page, and keep `meta.next_after` as your position. With `wait`, the answer comes as soon as there is
    something to tell.

    With filters, a change passes when the article matches them before it or after it, so that departures and
    withdrawals are heard. One request looks at no more than 1,000 lines, and may therefore find nothing yet.
    """
    filters = await by_id(database, asked.filters)
    found = await news(ticker, Reading(filters, view, limit), after, within_seconds=wait)
    base, params = settings.api_url + request.scope["path"], request.query_params.multi_items()
    onward = page_url(base, params, after=str(found.next_after))
    body = envelope(
        [line.text for line in found.lines],
        links={"self": page_url(base, params), "next": onward},
        meta={"limit": limit, "next_after": found.next_after, "seq": found.head.seq},
    )
    return send_list(
        request,
        body,
        api_url=settings.api_url,
        seq=found.head.seq,
        changed_at=found.head.changed_at,
        keys=(LOG,),
        links={"next": onward},
        headers=UNCACHED if wait else None,
    )


async def _start(
    database: Db,
    after: Annotated[
        WholeNumber | None, Query(description="The last position that you know; the newest, if not given.")
    ] = None,
    last_event_id: Annotated[
        WholeNumber | None,
        Header(alias="Last-Event-ID", description="As `after`, and wins over it: browsers send it when they resume."),
    ] = None,
) -> Start:
    head = (await database.read(log.head)).seq
    known = after if last_event_id is None else last_event_id
    check_reached(known or 0, head=head)
    return Start(head if known is None else known, head)


Starting = Annotated[Start, Depends(_start)]


async def _slot(request: Request, start: Starting, asked: AskedFor) -> AsyncIterator[None]:
    # A dependency, because its end comes after the last byte, or after whatever else ended the stream.
    slots: Slots = request.app.state.slots
    with slots.held(request.client.host if request.client else ""):
        yield


@router.get(
    "/stream",
    summary="Stream the log",
    response_class=StreamingResponse,
    dependencies=[Depends(_slot)],
    responses=_streamed(
        EventSourceResponse.media_type,
        _EVENT,
        examples.EVENT,
        told="Changes as they happen, until either side ends it; described is one event.",
        fields=("Cache-Control", "Dateline-Seq"),
    )
    | problem_responses(SeqAhead, TooManyRequests),
)
async def stream_changes(
    database: Db, settings: Config, ticker: Ticks, start: Starting, asked: AskedFor, view: Shown = "card"
) -> Response:
    """The log as server-sent events: `id` is the `seq`, `event` the kind, `data` a line as in `/v1/changes`.

    Starts after `after` or `Last-Event-ID`, else with what comes next; the filters work as there. A stream that was
    cut off is resumed without loss by any `EventSource`: it sends the last `id`, which is also told between changes.
    A comment every 15 seconds shows that the connection is alive. How many streams one client may have open is
    limited (429), and so is their number overall (503).
    """
    filters = await by_id(database, asked.filters)
    told = events(ticker, filters, start.after, view=view, api_url=settings.api_url)
    return EventSourceResponse(told, headers=LIVE | {"Dateline-Seq": str(start.head)})


@router.get(
    "/export",
    summary="Export all that is public",
    response_class=StreamingResponse,
    responses=_streamed(
        "application/jsonl",
        _LINES,
        examples.EXPORT,
        told="All of it.",
        fields=("ETag", "Last-Modified", "Cache-Control", "Dateline-Seq"),
    ),
)
async def export_articles(request: Request, database: Db, settings: Config) -> Response:
    """JSON Lines: first `{"seq": N}`, then every public document, in no particular order.

    Follow `/v1/changes?after=N` from there, and your copy converges with what is public: it is read in short pages, so
    that a line may already be newer than N. An answer that was cut off was not complete: take it again.
    """
    now_at = await database.read(log.head)
    return respond_with_stream(
        request,
        lines(database, api_url=settings.api_url, seq=now_at.seq),
        # The number alone would do, were there no backups to restore and no other address to answer from.
        etag=etag_of(f"{now_at.seq} {now_at.changed_at} {settings.api_url}".encode()).decode(),
        seq=now_at.seq,
        last_modified=now_at.changed_at,
        lifetime=LIST,
        keys=(LOG,),
        media_type="application/jsonl",
        now=utc_now(),
    )
