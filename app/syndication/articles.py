"""One article alone, in any of the formats."""

from typing import Final
from uuid import uuid5

from fastapi import Request, Response

from app.articles.asking import article
from app.articles.rendering import complete, parse
from app.changes import surrogates
from app.core.clock import utc_now
from app.db import Database
from app.syndication import jsonld
from app.syndication.entry import Channel, Detail, Entry, Site, urn
from app.syndication.formats import Format
from app.syndication.negotiation import FEEDS, JSONLD, feed_format
from app.syndication.reservation import reservation
from app.web.conditional import ARTICLE, respond

FORMATS: Final = (*FEEDS, JSONLD)


async def send_article(
    request: Request,
    database: Database,
    site: Site,
    ref: str,
    *,
    format: str,
    detail: Detail = "full",
    vary: str | None = None,
) -> Response:
    """The article of this id or slug in one of FORMATS. Raises MovedTo, Withdrawn or ArticleNotFound."""
    found = await article(request, database, ref)
    entry = Entry(parse(complete(found.text, site.api_url)), site, detail)
    body, media_type = _written(entry, format, request)
    return respond(
        request,
        body,
        seq=found.seq,
        last_modified=found.modified_at,
        lifetime=ARTICLE,
        keys=(surrogates.article(found.id),),
        links={"canonical": entry.article.url, "license": site.license_url},
        media_type=media_type,
        headers=reservation(site, train=entry.terms.train),
        vary=vary,
        now=utc_now(),
    )


def _written(entry: Entry, format: str, request: Request) -> tuple[bytes, str]:
    if format == JSONLD:
        return jsonld.dumps(jsonld.news_article(entry)).encode(), jsonld.MEDIA_TYPE
    feed = feed_format(format, request.headers.getlist("accept"))
    assert feed is not None, format
    return written_as(feed, entry), feed.media_type


def written_as(format: Format, entry: Entry) -> bytes:
    """The article alone, or, in formats without a word for that, in a feed that holds nothing else."""
    return format.alone(entry) if format.alone else _feed_of_one(format, entry)


def _feed_of_one(format: Format, entry: Entry) -> bytes:
    article = entry.article
    url = f"{article.links.self}.{format.name}"
    channel = Channel(
        site=entry.site,
        title=article.headline,
        description=entry.summary or article.headline,
        home_url=article.url,
        self_url=url,
        current_url=url,
        urn=urn(uuid5(article.id, "feed")),
        updated_at=article.updated_at,
        language=article.language,
    )
    return format.opening(channel) + format.entry(entry) + format.closing
