"""What editors choose to be read after an article: articles that lead its list, and articles that never stand in it.

Here, because only the newsroom knows what articles there are before they are public, and the lists may not know it.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Header, Path, Response
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field, PlainValidator
from sqlalchemy.orm import Session

from app.articles.examples import OTHER_ID
from app.changes.log import head_seq
from app.core.clock import utc_now
from app.core.errors import (
    BadParameter,
    BodyTooLarge,
    Fault,
    Forbidden,
    InternalError,
    InvalidBody,
    MalformedBody,
    PreconditionFailed,
    Unauthorized,
    Unavailable,
    UnknownParameter,
    UnsupportedMediaType,
)
from app.core.ids import parse_id
from app.newsroom import store
from app.newsroom.repeating import repeatable
from app.newsroom.store import DraftNotFound
from app.partners.callers import requires
from app.related.choosing import Choice, choose, chosen
from app.web.bodies import guarded
from app.web.conditional import etag_of
from app.web.dependencies import Db
from app.web.etags import require_match
from app.web.openapi import documented
from app.web.problems import problem_responses
from app.web.query import known_parameters
from app.web.validation import summary

MOST_PINNED = 30
MOST_BLOCKED = 200

router = APIRouter(
    prefix="/v1/newsroom/articles",
    tags=["newsroom"],
    route_class=guarded(requires("newsroom"), around=repeatable),
    # The key is checked by the route class, before the body is looked at; here it is only documented.
    dependencies=[Depends(known_parameters), Depends(HTTPBearer(auto_error=False, scheme_name="bearer"))],
    responses=problem_responses(BadParameter, UnknownParameter, Unauthorized, Forbidden, InternalError, Unavailable),
)


def _id(value: object) -> UUID:
    id = parse_id(value) if isinstance(value, str) else None
    if id is None:
        raise ValueError("must be the id of an article")
    return id


Id = Annotated[UUID, PlainValidator(_id, json_schema_input_type=UUID)]


class ChoiceIn(BaseModel):
    """What readers of an article are shown first, and never."""

    model_config = ConfigDict(extra="forbid")

    pinned: list[Id] = Field(
        default=[],
        max_length=MOST_PINNED,
        description=f"Ids of the articles that lead the list, in this order; at most {MOST_PINNED}.",
    )
    blocked: list[Id] = Field(
        default=[],
        max_length=MOST_BLOCKED,
        description=f"Ids of articles that are never in it, not as variants either; at most {MOST_BLOCKED}.",
    )


class ChoiceOut(BaseModel):
    """What editors chose for the related stories of an article."""

    pinned: list[UUID]
    blocked: list[UUID]


class ChoiceAnswer(BaseModel):
    """The choice as it stands."""

    data: ChoiceOut


_SENT = {"pinned": [OTHER_ID], "blocked": []}
_EXAMPLE = {"data": _SENT}

Ref = Annotated[str, Path(description="Id or external id.", min_length=1, max_length=200, examples=["wire-123"])]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match", description="The ETag of the choice that you have seen.", max_length=1000, examples=['"c-3"']
    ),
]


@router.get(
    "/{ref}/related",
    summary="Read what editors chose to be read next",
    responses=documented(ChoiceAnswer, _EXAMPLE) | problem_responses(DraftNotFound),
)
async def get_choice(ref: Ref, database: Db) -> Response:
    """The articles that editors pinned to the list of this one, and those that they keep out of it."""
    return _answer(*await database.snapshot(_look_at, ref))


@router.put(
    "/{ref}/related",
    summary="Choose what to read next",
    responses=documented(ChoiceAnswer, _EXAMPLE)
    | problem_responses(
        MalformedBody, BodyTooLarge, UnsupportedMediaType, InvalidBody, DraftNotFound, PreconditionFailed
    ),
)
async def put_choice(
    ref: Ref, choice: Annotated[ChoiceIn, Body(examples=[_SENT])], database: Db, if_match: IfMatch = None
) -> Response:
    """Replaces the choice for the list of this article; readers get it with their next request.

    Articles may be named that are not public yet: they show from when they are, and not while they are withdrawn.
    """
    return _answer(*await database.write(_put, ref, choice, if_match=if_match))


def _look_at(session: Session, ref: str) -> tuple[Choice, int]:
    return chosen(session, store.get(session, ref).id), head_seq(session)


def _put(session: Session, ref: str, sent: ChoiceIn, *, if_match: str | None) -> tuple[Choice, int]:
    draft = store.lock(session, ref)
    require_match(if_match, _etag(_body(chosen(session, draft.id))), required=False)
    known = store.known(session, {*sent.pinned, *sent.blocked})
    if faults := list(_faults(sent, draft.id, known)):
        raise InvalidBody(summary(faults), errors=faults)
    choice = Choice(tuple(sent.pinned), tuple(sent.blocked))
    choose(session, draft.id, choice, now=utc_now())
    return choice, head_seq(session)


def _faults(sent: ChoiceIn, own: UUID, known: set[UUID]) -> Iterator[Fault]:
    seen: Counter[UUID] = Counter()
    for field, ids in (("pinned", sent.pinned), ("blocked", sent.blocked)):
        for n, id in enumerate(ids):
            seen[id] += 1
            if reason := _refused(id, own=own, is_known=id in known, is_repeated=seen[id] > 1):
                yield Fault(reason, pointer=f"/{field}/{n}")


def _refused(id: UUID, *, own: UUID, is_known: bool, is_repeated: bool) -> str | None:
    if id == own:
        return "is the article itself"
    if not is_known:
        return "is not the id of an article of the newsroom"
    return "is named twice" if is_repeated else None


def _body(choice: Choice) -> bytes:
    told = ChoiceAnswer(data=ChoiceOut(pinned=list(choice.pinned), blocked=list(choice.blocked)))
    return told.model_dump_json().encode()


def _etag(body: bytes) -> str:
    return etag_of(body).decode().removeprefix("W/")


def _answer(choice: Choice, seq: int) -> Response:
    body = _body(choice)
    headers = {"ETag": _etag(body), "Dateline-Seq": str(seq), "Cache-Control": "no-store"}
    return Response(body, 200, headers, "application/json")
