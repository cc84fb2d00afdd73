"""A small application that uses everything `web` has, for the tests of `web` alone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Depends, FastAPI, Path, Query, Request
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from app.core.errors import (
    BadCursor,
    BadParameter,
    Forbidden,
    InternalError,
    InvalidBody,
    MalformedBody,
    NotFound,
    Unauthorized,
    Unavailable,
    UnknownParameter,
    UnsupportedMediaType,
)
from app.db.errors import Overloaded
from app.web import middleware, openapi, problem_pages, problems
from app.web.bodies import guarded
from app.web.conditional import LIST, respond
from app.web.docs import documentation
from app.web.paging import Cursor, page_url
from app.web.parameters import Flag, InstantOrDate, Limit, Tz, WholeNumber
from app.web.query import known_parameters

API_URL = "https://api.example.com"
NOW = datetime(2026, 5, 18, 14, 8, tzinfo=UTC)
KEYS = {"Bearer good": True, "Bearer weak": False}
THING = {"data": {"name": "harbour", "note": None}}
ABOUT = openapi.About(
    title="Sample",
    version="1.0.0",
    summary="A sample.",
    description="Things to read and to write.",
    tags=[("things", "What there is."), ("newsroom", "What is made.")],
    common_problems=(BadParameter, UnknownParameter, InternalError, Unavailable),
)


Name = Annotated[str, Path(description="What it is called.")]


class ThingData(BaseModel):
    name: str
    note: str | None


class ThingOut(BaseModel):
    data: ThingData


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Paragraph(Strict):
    type: Literal["paragraph"]
    html: str


class Image(Strict):
    type: Literal["image"]
    image: str
    width: int = 1


class ThingIn(Strict):
    name: str
    language: str = "en"
    body: list[Annotated[Paragraph | Image, Field(discriminator="type")]] = []
    place: str | Paragraph | None = None


class PatchIn(Strict):
    name: str = ""


async def authenticate(request: Request) -> str:
    key = request.headers.get("authorization", "")
    if key not in KEYS:
        raise Unauthorized("Send a key: Authorization: Bearer <key>.")
    if not KEYS[key]:
        raise Forbidden("This key does not carry the scope 'newsroom'.")
    request.state.key = "desk"
    return key


async def wanted_order(order: Annotated[str | None, Query(description="How to sort.", max_length=10)] = None) -> None:
    """A dependency with a parameter of its own."""


public = APIRouter(prefix="/v1", tags=["things"], dependencies=[Depends(known_parameters)])
private = APIRouter(
    prefix="/v1/newsroom",
    tags=["newsroom"],
    route_class=guarded(authenticate),
    dependencies=[Depends(known_parameters), Depends(HTTPBearer(auto_error=False, scheme_name="bearer"))],
)
hidden = APIRouter(include_in_schema=False)


@public.get(
    "/things",
    summary="List things",
    responses=openapi.documented(ThingOut, THING) | problems.problem_responses(BadCursor),
)
async def list_things(
    request: Request,
    limit: Annotated[WholeNumber, Limit(20, 100)] = 20,
    tag: Annotated[list[str] | None, Query(description="Only with all of these tags.")] = None,
    tz: Annotated[Tz | None, Query(description="A time zone.")] = None,
    start: Annotated[InstantOrDate | None, Query(alias="from", description="From when on.")] = None,
    breaking: Annotated[Flag | None, Query(description="Only breaking ones, or none.")] = None,
    cursor: Annotated[str | None, Query(description="From `links`.")] = None,
) -> Response:
    """Things, as many as asked for."""
    position = Cursor.decode(cursor) if cursor is not None else Cursor("older", NOW, UUID(int=7))
    base, params = API_URL + request.scope["path"], request.query_params.multi_items()
    return respond(
        request,
        b'{"data":{"name":"harbour","note":"%s"}}' % (b"long " * 200),
        seq=4711,
        last_modified=NOW.replace(year=2025),
        lifetime=LIST,
        keys=["things", "article:1"],
        links={"next": page_url(base, params, cursor=position.encode()), "prev": None},
        now=NOW,
    )


@public.get(
    "/things/{name}",
    summary="Read a thing",
    dependencies=[Depends(wanted_order)],
    responses=openapi.documented(ThingOut, THING) | problems.problem_responses(NotFound),
)
async def get_thing(name: Name, size: Annotated[int, Query(description="A size.")] = 1) -> ThingOut:
    """One thing."""
    if name == "boom":
        raise RuntimeError("the secret reason")
    if name == "busy":
        raise Overloaded
    if name == "missing":
        raise NotFound("There is no thing of this name.")
    return ThingOut(data=ThingData(name=name, note=None))


@private.post(
    "/things",
    summary="Make a thing",
    status_code=201,
    responses=openapi.documented(ThingOut, THING, status=201)
    | problems.problem_responses(MalformedBody, Unauthorized, Forbidden, UnsupportedMediaType, InvalidBody),
)
async def create_thing(
    thing: Annotated[ThingIn, Body(openapi_examples={"short": {"summary": "Short", "value": {"name": "harbour"}}})],
) -> ThingOut:
    """A new thing."""
    return ThingOut(data=ThingData(name=thing.name, note=None))


@private.patch(
    "/things/{name}",
    summary="Change a thing",
    responses=openapi.documented(ThingOut, THING)
    | problems.problem_responses(MalformedBody, Unauthorized, Forbidden, UnsupportedMediaType, InvalidBody),
)
async def patch_thing(
    name: Name,
    patch: Annotated[
        PatchIn,
        Body(
            media_type="application/merge-patch+json",
            openapi_examples={"name": {"summary": "Another name", "value": {"name": "port"}}},
        ),
    ],
) -> ThingOut:
    """What is given replaces what was."""
    return ThingOut(data=ThingData(name=patch.name or name, note=None))


@hidden.put("/v1/things/{name}")
async def put_thing(name: str, request: Request) -> Response:
    return Response(await request.body(), media_type="application/octet-stream")


@hidden.get("/v1/endless")
async def endless() -> Response:
    async def events() -> AsyncIterator[bytes]:
        while True:
            yield b"data: tick\n\n"
            await asyncio.sleep(0.01)

    return StreamingResponse(events(), media_type="text/event-stream", headers={"Cache-Control": "no-cache"})


@hidden.get("/v1/torn")
async def torn() -> Response:
    async def parts() -> AsyncIterator[bytes]:
        yield b"half"
        raise RuntimeError("torn")

    return StreamingResponse(parts(), media_type="text/plain")


@hidden.get("/v1/newsroom/long")
async def long() -> Response:
    return Response(b"long " * 1000, media_type="application/json", headers={"ETag": '"r-3"'})


def make_app(*, api_url: str = API_URL) -> FastAPI:
    """The application, as the real one is put together."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    problems.install(app, api_url=api_url)
    middleware.install(app, api_url=api_url)
    openapi.install(app, api_url=api_url, about=ABOUT)
    for router in (public, private, hidden, problem_pages.router):
        app.include_router(router)
    app.include_router(
        documentation(api_url=api_url, data={"name": "Sample"}, links={"things": f"{api_url}/v1/things"})
    )
    return app
