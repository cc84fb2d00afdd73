"""Storylines at the newsroom's desk over HTTP. What readers see of them is in `articles.storylines`."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Response
from fastapi.security import HTTPBearer
from pydantic import BaseModel, Field

from app.articles.examples import ID, STORYLINE
from app.articles.rendering import complete
from app.articles.schemas import StorylineRef
from app.articles.storylines.errors import StorylineNotFound
from app.articles.storylines.examples import ENTRY
from app.articles.storylines.reading import Found
from app.articles.storylines.schemas import StorylineOut
from app.core.clock import utc_now
from app.core.errors import (
    BadParameter,
    BodyTooLarge,
    Forbidden,
    InternalError,
    InvalidBody,
    MalformedBody,
    Unauthorized,
    Unavailable,
    UnknownParameter,
    UnsupportedMediaType,
)
from app.newsroom import grouping
from app.newsroom.grouping import Placed
from app.newsroom.repeating import Post, carry_out, repeatable
from app.newsroom.schemas import Input, Line, LineOrNull
from app.newsroom.store import DraftNotFound
from app.partners.callers import requires
from app.web.bodies import guarded
from app.web.dependencies import Config, Db
from app.web.openapi import documented
from app.web.pages import dumps
from app.web.problems import problem_responses
from app.web.query import known_parameters

MOST_MERGED, MOST_SPLIT = 50, 1000

router = APIRouter(
    prefix="/v1/newsroom",
    tags=["newsroom"],
    route_class=guarded(requires("newsroom"), around=repeatable),
    # The key is checked by the route class, before the body is looked at; here it is only documented.
    dependencies=[
        Depends(known_parameters),
        Depends(
            HTTPBearer(auto_error=False, scheme_name="bearer", description="An API key with the scope `newsroom`.")
        ),
    ],
    responses=problem_responses(BadParameter, UnknownParameter, Unauthorized, Forbidden, InternalError, Unavailable),
)

_BODY = (MalformedBody, BodyTooLarge, UnsupportedMediaType, InvalidBody)
_UNCACHED = {"Cache-Control": "no-store"}
_FIELDS = ("Dateline-Seq",)

Ref = Annotated[str, Path(description="Id or slug, also a former one.", min_length=1, max_length=200)]
ArticleRef = Annotated[str, Path(description="Id or external id.", min_length=1, max_length=200, examples=["wire-123"])]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class RetitleIn(Input):
    """What a storyline is called."""

    title: Line


class MergeIn(Input):
    """Which storylines become part of this one."""

    storylines: Annotated[list[Name], Field(min_length=1, max_length=MOST_MERGED)] = Field(
        description=f"Ids or slugs; at most {MOST_MERGED}."
    )


class SplitIn(Input):
    """Which articles become a storyline of their own."""

    articles: Annotated[list[Name], Field(min_length=1, max_length=MOST_SPLIT)] = Field(
        description=f"Ids or external ids; at most {MOST_SPLIT:,}."
    )
    title: LineOrNull = Field(None, description="Null: the headline of the earliest of them.")


class PlaceIn(Input):
    """Where an article belongs."""

    storyline: Name | None = Field(description="Id or slug of a storyline; null keeps the article out of every one.")


class GroupedAnswer(BaseModel):
    """The storyline as readers have it now."""

    data: StorylineOut


class PlacementOut(BaseModel):
    """Where an article belongs: once it is public, it shows that."""

    article_id: str
    storyline: StorylineRef | None
    pinned: bool = Field(description="Editors said so: the rule lets it be.")


class PlacementAnswer(BaseModel):
    """The place of one article."""

    data: PlacementOut


_GROUPED = documented(GroupedAnswer, {"data": ENTRY}, fields=_FIELDS)
_PLACED = documented(
    PlacementAnswer, {"data": {"article_id": ID, "storyline": STORYLINE, "pinned": True}}, fields=_FIELDS
)


@router.patch(
    "/storylines/{ref}",
    summary="Give a storyline another title",
    responses=_GROUPED | problem_responses(*_BODY, StorylineNotFound),
)
async def retitle_storyline(
    ref: Ref,
    order: Annotated[
        RetitleIn,
        Body(media_type="application/merge-patch+json", examples=[{"title": "Dockers strike at Cap Selvan"}]),
    ],
    database: Db,
    settings: Config,
) -> Response:
    """The title stays until it is changed here again, whatever becomes of the articles.

    The slug is made of it; the old one leads to the new.
    """
    found = await database.write(grouping.retitle, ref, order.title, now=utc_now())
    return _grouped(found, api_url=settings.api_url)


@router.post(
    "/storylines/{ref}/merge",
    summary="Merge storylines into this one",
    responses=_GROUPED | problem_responses(*_BODY, StorylineNotFound),
)
async def merge_storylines(
    ref: Ref,
    order: Annotated[MergeIn, Body(examples=[{"storylines": ["forty-ships-wait-off-cap-selvan"]}])],
    post: Post,
    settings: Config,
) -> Response:
    """All their articles belong to this one from now on, and all their ids and slugs lead here."""
    answer = partial(_grouped, api_url=settings.api_url)
    return await carry_out(post, answer, grouping.merge, ref, order.storylines, now=utc_now())


@router.post(
    "/storylines/{ref}/split",
    summary="Make a storyline of some articles of this one",
    responses=_GROUPED | problem_responses(*_BODY, StorylineNotFound),
)
async def split_storyline(
    ref: Ref,
    order: Annotated[SplitIn, Body(examples=[{"articles": [ID], "title": None}])],
    post: Post,
    settings: Config,
) -> Response:
    """Answers with the new storyline. The articles are pinned to it; this one keeps its id, and its title if it can."""
    answer = partial(_grouped, api_url=settings.api_url)
    return await carry_out(post, answer, grouping.split, ref, order.articles, title=order.title, now=utc_now())


@router.get(
    "/articles/{ref}/storyline",
    summary="Read where an article belongs",
    responses=_PLACED | problem_responses(DraftNotFound),
)
async def get_placement(ref: ArticleRef, database: Db) -> Response:
    """The storyline of the article, and whether editors put it there."""
    return _placed(await database.snapshot(grouping.placement, ref))


@router.put(
    "/articles/{ref}/storyline",
    summary="Say where an article belongs",
    responses=_PLACED | problem_responses(*_BODY, DraftNotFound),
)
async def place_article(
    ref: ArticleRef,
    order: Annotated[PlaceIn, Body(examples=[{"storyline": STORYLINE["slug"]}])],
    database: Db,
) -> Response:
    """Pins the article to a storyline, or, with null, keeps it out of all. What is not public yet will go there."""
    return _placed(await database.write(grouping.place, ref, order.storyline, now=utc_now()))


@router.delete(
    "/articles/{ref}/storyline",
    summary="Leave it to the rule where an article belongs",
    responses=_PLACED | problem_responses(DraftNotFound),
)
async def release_article(ref: ArticleRef, database: Db) -> Response:
    """Takes the editors' word back. The article stays where it is until something moves it."""
    return _placed(await database.write(grouping.give_back, ref))


def _grouped(found: Found, *, api_url: str) -> Response:
    text = complete(f'{{"data":{found.entry.text}}}}}', api_url)
    return Response(text, headers=_UNCACHED | {"Dateline-Seq": str(found.seq)}, media_type="application/json")


def _placed(placed: Placed) -> Response:
    shown = placed.storyline and placed.storyline.model_dump(mode="json")
    data = {"article_id": str(placed.article_id), "storyline": shown, "pinned": placed.is_pinned}
    headers = _UNCACHED | {"Dateline-Seq": str(placed.seq)}
    return Response(dumps({"data": data}), headers=headers, media_type="application/json")
