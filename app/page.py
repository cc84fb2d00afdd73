"""One article with what stands around it: the document, and `include` to draw a page in one request."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from app.articles import examples
from app.articles.asking import article
from app.articles.errors import ArticleNotFound, NotPublicThen, Withdrawn
from app.articles.filters import Filters
from app.articles.history.asking import text_as_of
from app.articles.history.instants import AsOf
from app.articles.listing import page
from app.articles.queries import time_zone
from app.articles.reading import Stored, View
from app.articles.rendering import complete, storyline_of
from app.articles.schemas import ArticleOut, CardOut
from app.articles.storylines.examples import WHOLE
from app.articles.storylines.reading import Absent
from app.articles.storylines.schemas import StorylineWhole
from app.articles.storylines.showing import show
from app.articles.tags import document_tag, known_seq
from app.changes import surrogates
from app.changes.freshness import fresh_enough
from app.changes.surrogates import LISTS, RELATED
from app.core.clock import utc_now
from app.core.errors import BadParameter, Fault, InternalError, Unavailable, UnknownParameter
from app.core.languages import primary_language
from app.db import Database
from app.related.examples import ENTRY
from app.related.finding import related
from app.related.schemas import RelatedOut
from app.settings import Settings
from app.syndication.articles import send_article
from app.syndication.negotiation import accepted
from app.syndication.reservation import reservation
from app.syndication.site import site_of
from app.timeline.examples import CARDS
from app.timeline.local import localised
from app.timeline.schemas import TimelineCard
from app.web.conditional import ARTICLE, LIST, is_unchanged, respond
from app.web.dependencies import Config, Db
from app.web.openapi import documented
from app.web.pages import dumps
from app.web.parameters import comma_separated
from app.web.problems import problem_responses
from app.web.query import known_parameters

router = APIRouter(
    tags=["articles"],
    dependencies=[Depends(known_parameters), Depends(fresh_enough)],
    responses=problem_responses(BadParameter, UnknownParameter, InternalError, Unavailable),
)

_DECIDED_BY = "Accept"
"""What of a request, beside its address, decides which format an article comes in."""

RELATED_SHOWN = 5
TIMELINE_SHOWN = 20

_EXAMPLE = {"data": examples.DOCUMENT, "included": {"related": [ENTRY], "timeline": CARDS, "storyline": WHOLE}}
_INCLUDES = ("related", "timeline", "storyline")
_FIELDS: dict[View, tuple[str, ...]] = {
    "document": tuple(ArticleOut.model_fields),
    "card": tuple(CardOut.model_fields),
}


class Included(BaseModel):
    """What `include` asked for; what it did not is left out."""

    related: list[RelatedOut] = Field(default=[], description="As `/v1/articles/{ref}/related` gives by default.")
    timeline: list[TimelineCard] = Field(default=[], description="The 20 newest in the article's language.")
    storyline: StorylineWhole | None = Field(
        default=None, description="As `/v1/storylines/{ref}` gives by default; null for an article in none."
    )


class ArticleAnswer(BaseModel):
    """One article: the document. With `view=card` its data is a `CardOut`; `fields` leaves out what it does not name.

    Typed as the document alone, so that a client who asks for nothing special needs no guards.
    """

    data: ArticleOut
    included: Included | None = Field(default=None, description="Only there when `include` asks for something.")


@dataclass(frozen=True, slots=True)
class _Around:
    """One part of what stands around: its JSON text, when it may last have changed, and by what it is purged."""

    text: str
    changed_at: datetime
    keys: tuple[str, ...] = (LISTS,)


@router.get(
    "/v1/articles/{ref}",
    summary="Read an article",
    responses=documented(ArticleAnswer, _EXAMPLE) | problem_responses(ArticleNotFound, NotPublicThen, Withdrawn),
)
async def get_article(
    request: Request,
    database: Db,
    settings: Config,
    zone: Annotated[ZoneInfo, Depends(time_zone)],
    ref: Annotated[str, Path(description="Id or slug.", max_length=200)],
    include: Annotated[
        str | None,
        Query(description="With commas: `related`, `timeline`, `storyline`.", examples=["related,timeline"]),
    ] = None,
    view: Annotated[Literal["document", "card"], Query(description="The whole document, or its card.")] = "document",
    fields: Annotated[str | None, Query(description="Only these fields, with commas; `id` always stays.")] = None,
    as_of: AsOf = None,
) -> Response:
    """The article by id or slug.

    A slug that it used to have answers 308 to the current one; an article that was taken back answers 410 with the
    reason. With `include=related,timeline` one request holds a whole page: the article, what to read next, and the
    latest news in its language with local times in `tz`; `storyline` adds the event with all that was reported on it.

    With `as_of` it is the version that was public at that instant: 404 before the first, 410 where that version was
    withdrawn since. Before the log begins, an archive article counts from its own date. It goes without `include`.
    """
    included = _chosen(include, _INCLUDES, "include")
    chosen = _chosen(fields, _FIELDS[view], "fields")
    if as_of is not None and included:
        raise _apart()
    is_plain = as_of is None and include is None and fields is None and view == "document"
    if is_plain and (format := accepted(request.headers.getlist("accept"))) is not None:
        return await send_article(request, database, site_of(settings), ref, format=format, vary=_DECIDED_BY)
    if is_plain:
        return await _document(request, database, settings, ref)
    now = utc_now()
    found = await article(request, database, ref, view=view if as_of is None else "document")
    text = found.text
    if as_of is not None:
        text = await text_as_of(request, database, found, as_of=as_of, view=view, site_url=settings.site_url, now=now)
    data = _subset(complete(text, settings.api_url), chosen) if chosen else text
    around = {name: await _AROUND[name](database, found, zone) for name in included}
    told = ",".join(f'"{name}":{part.text}' for name, part in around.items())
    body = f'{{"data":{data},"included":{{{told}}}}}' if around else f'{{"data":{data}}}'
    return respond(
        request,
        complete(body, settings.api_url).encode(),
        seq=found.seq,
        last_modified=max([found.modified_at, *(part.changed_at for part in around.values())]),
        lifetime=LIST if around else ARTICLE,
        keys=tuple(
            dict.fromkeys([surrogates.article(found.id), *(name for part in around.values() for name in part.keys)])
        ),
        headers=reservation(site_of(settings), train=found.may_train),
        vary=_DECIDED_BY,
        now=now,
    )


async def _document(request: Request, database: Database, settings: Settings, ref: str) -> Response:
    """The whole document and nothing else; it is not read for a client who has it."""
    found = await article(request, database, ref, known_seq=known_seq(request))
    etag = document_tag(found, settings.api_url)
    if not found.text and not is_unchanged(request, etag.decode(), None):
        found = await article(request, database, ref)  # had from another address of this API
        etag = document_tag(found, settings.api_url)
    return respond(
        request,
        complete(f'{{"data":{found.text}}}', settings.api_url).encode(),
        seq=found.seq,
        last_modified=found.modified_at,
        lifetime=ARTICLE,
        etag=etag,
        keys=(surrogates.article(found.id),),
        headers=reservation(site_of(settings), train=found.may_train),
        vary=_DECIDED_BY,
        now=utc_now(),
    )


async def _related(database: Database, found: Stored, zone: ZoneInfo) -> _Around:
    answer = await related(database, found.id, limit=RELATED_SHOWN)
    text, at = (f"[{','.join(answer.entries)}]", answer.changed_at) if answer else ("[]", found.changed_at)
    return _Around(text, at, (surrogates.related(found.id), RELATED, LISTS))


async def _timeline(database: Database, found: Stored, zone: ZoneInfo) -> _Around:
    filters = Filters(languages=(primary_language(found.language),))
    latest = await database.read(page, filters, limit=TIMELINE_SHOWN)
    return _Around(f"[{','.join(localised(latest.cards, zone).cards)}]", latest.changed_at)


async def _storyline(database: Database, found: Stored, zone: ZoneInfo) -> _Around:
    ref = storyline_of(found.text)
    shown = Absent(found.seq) if ref == "null" else await database.snapshot(show, json.loads(ref)["id"])
    return _Around("null", found.changed_at) if isinstance(shown, Absent) else _Around(shown.text, shown.changed_at)


_AROUND = {"related": _related, "timeline": _timeline, "storyline": _storyline}


def _chosen(value: str | None, known: tuple[str, ...], parameter: str) -> tuple[str, ...]:
    """The names that a parameter lists, each known, in the order in which they are always shown."""
    named = () if value is None else comma_separated(value, parameter=parameter)
    if unknown := [name for name in named if name not in known]:
        detail = f"{unknown[0][:50]!r} is not one of {', '.join(known)}"
        raise BadParameter(f"{parameter}: {detail}", errors=[Fault(detail, parameter=parameter)])
    return tuple(name for name in known if name in named)


def _apart() -> BadParameter:
    detail = "does not go together with as_of: what stands around an article is that of now"
    return BadParameter(f"include: {detail}", errors=[Fault(detail, parameter="include")])


def _subset(text: str, fields: tuple[str, ...]) -> str:
    whole = json.loads(text)
    return dumps({name: value for name, value in whole.items() if name == "id" or name in fields})
