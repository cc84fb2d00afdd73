"""The newsroom over HTTP. Every answer carries a strong ETag of the draft's revision; nothing here is cached."""

import asyncio
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Header, Path, Query, Response
from fastapi.security import HTTPBearer

from app.articles.errors import LegacyUrlTaken, SlugTaken
from app.core.errors import (
    BadParameter,
    BodyTooLarge,
    Forbidden,
    InternalError,
    InvalidBody,
    MalformedBody,
    PreconditionFailed,
    PreconditionRequired,
    Unauthorized,
    Unavailable,
    UnknownParameter,
    UnsupportedMediaType,
)
from app.newsroom import desk, examples
from app.newsroom.answers import Described, DraftAnswer
from app.newsroom.copy import prepare
from app.newsroom.desk import Desk, Only
from app.newsroom.expiring import RightsExpired
from app.newsroom.inputs import named
from app.newsroom.lifecycle import ImpossibleTransition
from app.newsroom.repeating import Post, carry_out, repeatable
from app.newsroom.schemas import ArticleIn, CorrectIn, PublishIn, WithdrawIn
from app.newsroom.store import DraftNotFound, ExternalIdTaken
from app.partners.callers import requires
from app.web.bodies import guarded
from app.web.dependencies import Config, Db
from app.web.openapi import documented
from app.web.parameters import Flag
from app.web.problems import problem_responses
from app.web.query import known_parameters

router = APIRouter(
    prefix="/v1/newsroom/articles",
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
_STATES = (ImpossibleTransition,)
_TO_PUBLISH = (*_STATES, SlugTaken, LegacyUrlTaken, RightsExpired)

Ref = Annotated[str, Path(description="Id or external id.", min_length=1, max_length=200, examples=["wire-123"])]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match", description="The ETag of the state that you have seen.", max_length=1000, examples=['"r-3"']
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(alias="If-None-Match", description="`*` only creates: 412 when there is such a draft.", max_length=1000),
]
PublishToo = Annotated[Flag, Query(description="Publish in the same transaction.")]


@router.put(
    "",
    summary="Create or replace a draft by an external id with a slash",
    responses={**documented(DraftAnswer, examples.DRAFT), **documented(DraftAnswer, examples.DRAFT, status=201)}
    | problem_responses(*_BODY, PreconditionFailed, *_TO_PUBLISH),
)
async def put_article_by_query(
    article: ArticleIn,
    database: Db,
    settings: Config,
    external_id: Annotated[str, Query(min_length=1, max_length=200, description="The newsroom's own key.")],
    publish: PublishToo = False,
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The same as `PUT /v1/newsroom/articles/{ref}`, for external ids that do not fit into a path."""
    return await _put(article, database, settings, external_id, publish=publish, only=Only(if_match, if_none_match))


@router.put(
    "/{ref}",
    summary="Create or replace a draft",
    responses={**documented(DraftAnswer, examples.DRAFT), **documented(DraftAnswer, examples.DRAFT, status=201)}
    | problem_responses(*_BODY, PreconditionFailed, *_TO_PUBLISH),
)
async def put_article(
    ref: Annotated[str, Path(description="The external id.", min_length=1, max_length=200, examples=["wire-123"])],
    article: ArticleIn,
    database: Db,
    settings: Config,
    publish: PublishToo = False,
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Makes the draft of this external id say what the body says; 201 when it is new.

    Idempotent: input equal to the last received under this external id changes nothing, even after edits in the
    newsroom. With `publish=true` it goes public in the same transaction: now, or at a future `published_at`; a past
    one is kept, for an archive. A withdrawn article is 409: only publishing it again brings it back.
    """
    return await _put(article, database, settings, ref, publish=publish, only=Only(if_match, if_none_match))


@router.post(
    "",
    status_code=201,
    summary="Create a draft",
    responses=documented(DraftAnswer, examples.DRAFT, status=201) | problem_responses(*_BODY, ExternalIdTaken),
)
async def create_article(article: ArticleIn, post: Post, settings: Config) -> Response:
    """A new draft, with or without an external id. To create or replace in one, PUT by external id."""
    copy = await asyncio.to_thread(prepare, article, site_url=settings.site_url)
    return await carry_out(post, partial(_answer, status=201), desk.create, _desk(settings), copy)


@router.get(
    "",
    summary="Find a draft by its external id",
    responses=documented(DraftAnswer, examples.DRAFT) | problem_responses(DraftNotFound),
)
async def find_draft(
    database: Db,
    settings: Config,
    external_id: Annotated[str, Query(min_length=1, max_length=200, description="The newsroom's own key.")],
) -> Response:
    """The same as `GET /v1/newsroom/articles/{ref}`, for external ids that do not fit into a path.

    Its `data.id` serves as `ref` everywhere else.
    """
    return _answer(await database.snapshot(desk.look_at, _desk(settings), external_id))


@router.get(
    "/{ref}",
    summary="Read a draft",
    responses=documented(DraftAnswer, examples.DRAFT) | problem_responses(DraftNotFound),
)
async def get_draft(ref: Ref, database: Db, settings: Config) -> Response:
    """The draft, where it stands, and what of it is public. Its ETag is what `If-Match` wants."""
    return _answer(await database.snapshot(desk.look_at, _desk(settings), ref))


@router.patch(
    "/{ref}",
    summary="Change parts of a draft",
    responses=documented(DraftAnswer, examples.DRAFT)
    | problem_responses(*_BODY, DraftNotFound, PreconditionFailed, PreconditionRequired),
)
async def patch_article(
    ref: Ref,
    changes: Annotated[
        dict[str, Any],
        Body(
            media_type="application/merge-patch+json",
            description="Fields of the article input: null empties one, objects merge, all else replaces (RFC 7396).",
            examples=[examples.PATCH],
        ),
    ],
    database: Db,
    settings: Config,
    if_match: IfMatch = None,
) -> Response:
    """Applies a JSON merge patch to the draft. What is public stays as it is until the draft is published again.

    Needs `If-Match` with the draft's ETag: 428 without, 412 when somebody was faster.
    """
    base = await database.read(desk.base, ref)
    if if_match is None:  # before anything is asked of the changes
        raise PreconditionRequired(PreconditionRequired.example_detail)
    copy = await asyncio.to_thread(prepare, desk.patched(base, changes), site_url=settings.site_url)
    described = await database.write(desk.patch, _desk(settings), ref, copy, revision=base.revision, if_match=if_match)
    return _answer(described)


@router.post(
    "/{ref}/publish",
    summary="Publish now, or at a time",
    responses=documented(DraftAnswer, examples.DRAFT)
    | problem_responses(*_BODY, DraftNotFound, PreconditionFailed, PreconditionRequired, *_TO_PUBLISH),
)
async def publish_article(
    ref: Ref,
    post: Post,
    settings: Config,
    command: Annotated[PublishIn | None, Body(examples=[examples.PUBLISH])] = None,
    if_match: IfMatch = None,
) -> Response:
    """Makes the draft public: a new version, in the timeline and the log before the answer is sent.

    With a future `at`, it is released then, within a second; without, it goes out now, whatever `published_at` the
    draft has. Also brings a withdrawn article back. A published article without edits stays as it is. Needs `If-Match`.
    """
    order = command or PublishIn()
    return await carry_out(post, _answer, desk.publish, _desk(settings), ref, order, if_match=if_match)


@router.post(
    "/{ref}/unschedule",
    summary="Do not publish at the time that was set",
    responses=documented(DraftAnswer, examples.DRAFT) | problem_responses(DraftNotFound, PreconditionFailed, *_STATES),
)
async def unschedule_article(ref: Ref, post: Post, settings: Config, if_match: IfMatch = None) -> Response:
    """The draft stays a draft, or the public version stays as it is. 409 when nothing is scheduled."""
    return await carry_out(post, _answer, desk.unschedule, _desk(settings), ref, if_match=if_match)


@router.post(
    "/{ref}/correct",
    summary="Correct a public article",
    responses=documented(DraftAnswer, examples.DRAFT)
    | problem_responses(*_BODY, DraftNotFound, PreconditionFailed, PreconditionRequired, *_TO_PUBLISH),
)
async def correct_article(
    ref: Ref,
    order: Annotated[CorrectIn, Body(examples=[examples.CORRECT])],
    post: Post,
    database: Db,
    settings: Config,
    if_match: IfMatch = None,
) -> Response:
    """Publishes a new version with the changes and a note for readers, in the article and on its card.

    The changes go to what is public and to the draft; other edits of the draft stay unpublished, and a schedule stays
    set. Without changes, only the note is published. Needs `If-Match`.
    """
    base = await database.read(desk.base, ref)
    if if_match is None:  # before anything is asked of the changes
        raise PreconditionRequired(PreconditionRequired.example_detail)
    corrected = await asyncio.to_thread(desk.corrected, base, order, site_url=settings.site_url)
    made = partial(desk.correct, revision=base.revision, if_match=if_match)
    return await carry_out(post, _answer, made, _desk(settings), ref, corrected)


@router.post(
    "/{ref}/withdraw",
    summary="Take a public article back",
    responses=documented(DraftAnswer, examples.WITHDRAWN)
    | problem_responses(*_BODY, DraftNotFound, PreconditionFailed, *_STATES),
)
async def withdraw_article(
    ref: Ref,
    why: Annotated[WithdrawIn, Body(examples=[examples.WITHDRAW])],
    post: Post,
    settings: Config,
    if_match: IfMatch = None,
) -> Response:
    """Removes the article from every list and answers its address with 410 and the reason from now on.

    The draft stays in the newsroom; publishing it brings the article back.
    """
    return await carry_out(post, _answer, desk.withdraw, _desk(settings), ref, why, if_match=if_match)


async def _put(
    article: ArticleIn, database: Db, settings: Config, external_id: str, *, publish: bool, only: Only
) -> Response:
    copy = await asyncio.to_thread(prepare, named(article, external_id), site_url=settings.site_url)
    result = await database.write(desk.put, _desk(settings), copy, publish=publish, only=only)
    return _answer(result.described, status=201 if result.is_new else 200)


def _desk(settings: Config) -> Desk:
    return Desk(site_url=settings.site_url, api_url=settings.api_url)


def _answer(described: Described, *, status: int = 200) -> Response:
    links = described.answer.data.links
    headers = {"ETag": described.etag, "Dateline-Seq": str(described.seq), "Cache-Control": "no-store"}
    if status == 201:
        headers["Location"] = links.self
    return Response(described.answer.model_dump_json(), status, headers, "application/json")
