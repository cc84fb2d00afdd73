"""Related stories over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from app.articles.asking import PREFIX, article
from app.articles.errors import ArticleNotFound, Withdrawn
from app.articles.examples import ID, OTHER_ID
from app.articles.lists import send_list
from app.articles.rendering import article_url
from app.changes import surrogates
from app.changes.freshness import fresh_enough
from app.core.errors import BadParameter, Fault, InternalError, Unavailable, UnknownParameter
from app.core.ids import parse_id
from app.related import examples
from app.related.finding import Listed, related, related_to_each
from app.related.schemas import RelatedList, RelatedLists
from app.web.dependencies import Config, Db
from app.web.openapi import documented
from app.web.pages import dumps, envelope
from app.web.paging import page_url
from app.web.parameters import Limit, WholeNumber, comma_separated
from app.web.problems import problem_responses
from app.web.query import known_parameters

router = APIRouter(
    tags=["related"],
    dependencies=[Depends(known_parameters), Depends(fresh_enough)],
    responses=problem_responses(BadParameter, UnknownParameter, InternalError, Unavailable),
)

MOST_EXCLUDED = 200
MOST_ASKED = 20
LONGEST_REF = 200

Exclude = Annotated[
    str | None, Query(description=f"Ids of articles already on screen, with commas; at most {MOST_EXCLUDED}.")
]


@router.get(
    "/v1/articles/{ref}/related",
    summary="Find what to read next",
    responses=documented(RelatedList, examples.RELATED) | problem_responses(ArticleNotFound, Withdrawn),
)
async def list_related(
    request: Request,
    database: Db,
    settings: Config,
    ref: Annotated[str, Path(description="Id or slug of the article.", max_length=200)],
    limit: Annotated[WholeNumber, Limit(5, 50)] = 5,
    exclude: Exclude = None,
) -> Response:
    """Other stories, best first, each with its score and the reasons for it; what editors pinned comes before all.

    Near-copies and translations of one story are folded into one entry, as `variants`. The article's own translations
    are in its document. When too few stories are related, the list is filled up with what shares a tag, then with what
    stands in the same section, each marked `fallback`.
    """
    id = parse_id(ref) or (await article(request, database, ref, view="card")).id
    while (found := await related(database, id, limit=limit, exclude=_ids(exclude))) is None:
        id = (await article(request, database, ref, view="card")).id  # which says what has become of it
    base = f"{settings.api_url}{PREFIX}{id}"
    links = {"self": page_url(f"{base}/related", request.query_params.multi_items()), "article": base}
    body = envelope(found.entries, links=links, meta={"limit": limit, "related_seq": found.related_seq})
    return send_list(
        request,
        body,
        api_url=settings.api_url,
        seq=found.seq,
        changed_at=found.changed_at,
        keys=(surrogates.article(id), surrogates.related(id), surrogates.RELATED, surrogates.LISTS),
    )


@router.get(
    "/v1/related",
    summary="Find what to read next to several articles",
    responses=documented(RelatedLists, examples.LISTS),
)
async def list_related_to_each(
    request: Request,
    database: Db,
    settings: Config,
    articles: Annotated[
        str, Query(description=f"Ids or slugs, 1 to {MOST_ASKED}, with commas.", examples=[f"{ID},{OTHER_ID}"])
    ],
    limit: Annotated[WholeNumber, Limit(3, 20)] = 3,
    exclude: Exclude = None,
) -> Response:
    """Related stories of several articles at once, for a page that shows them all: no story comes twice.

    Neither do the articles asked about. Each list gets its first story before any gets its second. What is not public
    (any more) is named in `meta.missing`, and the others are answered all the same.
    """
    found = await related_to_each(database, _refs(articles), limit=limit, exclude=_ids(exclude))
    links = {"self": page_url(f"{settings.api_url}/v1/related", request.query_params.multi_items())}
    meta = {"limit": limit, "related_seq": found.related_seq, "missing": found.missing}
    keys = [made(one.id) for one in found.lists for made in (surrogates.article, surrogates.related)]
    return send_list(
        request,
        envelope((_list(one, settings.site_url) for one in found.lists), links=links, meta=meta),
        api_url=settings.api_url,
        seq=found.seq,
        changed_at=found.changed_at,
        keys=(*dict.fromkeys(keys), surrogates.RELATED, surrogates.LISTS),
    )


def _list(one: Listed, site_url: str) -> str:
    article = {"id": str(one.id), "slug": one.slug, "url": article_url(site_url, one.slug)}
    return f'{{"ref":{dumps(one.ref)},"article":{dumps(article)},"related":[{",".join(one.entries)}]}}'


def _refs(articles: str) -> tuple[str, ...]:
    named = comma_separated(articles, parameter="articles")
    if len(named) > MOST_ASKED or any(len(name) > LONGEST_REF for name in named):
        raise _bad("articles", f"must be at most {MOST_ASKED} ids or slugs of articles")
    if len({name.lower() for name in named}) < len(named):
        raise _bad("articles", "names an article twice")
    return named


def _ids(exclude: str | None) -> set[UUID]:
    named = () if exclude is None else comma_separated(exclude, parameter="exclude")
    ids = {parse_id(name) for name in named}
    if None in ids or len(named) > MOST_EXCLUDED:
        raise _bad("exclude", f"must be ids of articles, at most {MOST_EXCLUDED}")
    return {id for id in ids if id is not None}


def _bad(parameter: str, detail: str) -> BadParameter:
    return BadParameter(f"{parameter}: {detail}", errors=[Fault(detail, parameter=parameter)])
