"""The versions of an article over HTTP, and what changed between two.

What was public at an instant is asked of `page` and `timeline`.
"""

import asyncio
import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from app.articles.asking import PREFIX, article
from app.articles.errors import ArticleNotFound, VersionNotFound, Withdrawn
from app.articles.history import examples
from app.articles.history.asking import document, latest, numbered
from app.articles.history.comparing import changes
from app.articles.history.schemas import Diff, VersionAnswer, VersionList
from app.articles.history.store import LAST_NUMBER, Version, Whole, versions
from app.articles.reading import Stored
from app.articles.rendering import complete
from app.changes import surrogates
from app.changes.freshness import fresh_enough
from app.core.clock import format_instant, utc_now
from app.core.errors import BadParameter, InternalError, Unavailable, UnknownParameter
from app.web.conditional import ARTICLE, respond
from app.web.dependencies import Config, Db
from app.web.openapi import documented
from app.web.pages import dumps
from app.web.paging import page_url
from app.web.parameters import Limit, WholeNumber
from app.web.problems import problem_responses
from app.web.query import known_parameters

router = APIRouter(
    tags=["history"],
    dependencies=[Depends(known_parameters), Depends(fresh_enough)],
    responses=problem_responses(BadParameter, UnknownParameter, InternalError, Unavailable, ArticleNotFound, Withdrawn),
)

Ref = Annotated[str, Path(description="Id or slug of the article.", max_length=200)]


def _number(description: str, *, alias: str | None = None) -> Any:
    return Query(ge=1, le=LAST_NUMBER, alias=alias, description=description)


@router.get(
    "/v1/articles/{ref}/versions",
    summary="List what was published",
    responses=documented(VersionList, examples.VERSIONS),
)
async def list_versions(
    request: Request,
    database: Db,
    settings: Config,
    ref: Ref,
    before: Annotated[WholeNumber | None, _number("Only versions before this one, from `links.next`.")] = None,
    limit: Annotated[WholeNumber, Limit(100, 500)] = 100,
) -> Response:
    """Every publication of the article, newest first: when it was, what its headline was, and what it corrected.

    A withdrawal takes back all versions so far, for ever, also when the article comes back with a new one: they are
    left out here, and counted in `meta.withdrawn`.
    """
    subject = await article(request, database, ref, view="card")
    while (found := await database.snapshot(versions, subject.id, before=before, limit=limit)) is None:
        subject = await article(request, database, ref, view="card")  # withdrawn since: that is what it says
    base = _base(settings.api_url, subject)
    params = request.query_params.multi_items()
    more = str(found.shown[-1].number) if found.is_more else None
    next_url = page_url(f"{base}/versions", params, before=more) if more else None
    body = {
        "data": [_entry(version, base) for version in found.shown],
        "links": {"self": page_url(f"{base}/versions", params), "article": base, "next": next_url},
        "meta": {"limit": limit, "withdrawn": found.withdrawn},
    }
    return _answer(request, subject, dumps(body), links={"next": next_url})


@router.get(
    "/v1/articles/{ref}/versions/{number}",
    summary="Read one version",
    responses=documented(VersionAnswer, examples.VERSION) | problem_responses(ArticleNotFound, VersionNotFound),
)
async def get_version(
    request: Request,
    database: Db,
    settings: Config,
    ref: Ref,
    number: Annotated[WholeNumber, Path(ge=1, le=LAST_NUMBER, description="Number of the version, from 1.")],
) -> Response:
    """The document as this version had it: its words, slug, clocks, tags and corrections.

    `modified_at` is when it was published; `external_id`, `first_published_at`, `translations` and `links` are those of
    the article now. A version that was withdrawn answers 410, also when the article is public again.
    """
    subject = await article(request, database, ref)
    text = await document(await numbered(request, database, subject, number), subject, site_url=settings.site_url)
    return _answer(request, subject, complete(f'{{"data":{text}}}', settings.api_url))


@router.get(
    "/v1/articles/{ref}/diff",
    summary="Compare two versions",
    responses=documented(Diff, examples.DIFF) | problem_responses(ArticleNotFound, VersionNotFound),
)
async def compare_versions(
    request: Request,
    database: Db,
    settings: Config,
    ref: Ref,
    before: Annotated[
        WholeNumber | None, _number("The version to begin with; default: the one before `to`.", alias="from")
    ] = None,
    after: Annotated[WholeNumber | None, _number("The version to arrive at; default: the newest.", alias="to")] = None,
) -> Response:
    """What differs between two versions, field by field: texts word by word, the body block by block.

    Words are compared as readers see them, without markup; scripts that put no spaces between words, by the character.
    Blocks and texts that are too long for it are compared as a whole. `from` may be later than `to`; of an article with
    one version, nothing differs.
    """
    subject = await article(request, database, ref, view="card")
    new = await (numbered(request, database, subject, after) if after else latest(request, database, subject))
    old = await numbered(request, database, subject, before or new.previous or new.number)
    base = _base(settings.api_url, subject)
    links = {
        "self": page_url(f"{base}/diff", request.query_params.multi_items()),
        "article": base,
        "versions": f"{base}/versions",
    }
    return _answer(request, subject, await asyncio.to_thread(_compared, old, new, base, links))


def _compared(old: Whole, new: Whole, base: str, links: dict[str, str]) -> str:
    data = {
        "from": _entry(old, base),
        "to": _entry(new, base),
        "changes": changes((old.card, old.content), (new.card, new.content)),
    }
    return dumps({"data": data, "links": links})


def _entry(version: Version, base: str) -> dict[str, Any]:
    number, previous = version.number, version.previous
    return {
        "version": number,
        "kind": version.kind,
        "at": format_instant(version.at),
        "updated_at": format_instant(version.updated_at),
        "headline": json.loads(version.card)["headline"],
        "slug": version.slug,
        "correction": version.correction and version.correction.model_dump(mode="json"),
        "links": {
            "self": f"{base}/versions/{number}",
            "diff": f"{base}/diff?from={previous}&to={number}" if previous else None,
        },
    }


def _base(api_url: str, subject: Stored) -> str:
    return f"{api_url}{PREFIX}{subject.id}"


def _answer(request: Request, subject: Stored, body: str, *, links: dict[str, str | None] | None = None) -> Response:
    return respond(
        request,
        body.encode(),
        seq=subject.seq,
        last_modified=subject.modified_at,
        lifetime=ARTICLE,
        keys=(surrogates.article(subject.id),),
        links=links,
        now=utc_now(),
    )
