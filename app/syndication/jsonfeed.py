"""JSON Feed 1.1 (jsonfeed.org/version/1.1). What it has no name for stands in its extension `_dateline`."""

from collections import Counter
from dataclasses import asdict
from typing import Final

from app.articles.content import Image
from app.core.clock import format_instant
from app.core.markup import ImageBlock
from app.syndication.addresses import image_type, uri
from app.syndication.entry import Channel, Entry, Site
from app.syndication.formats import Format
from app.syndication.jsontext import Json, stated, text

MEDIA_TYPE: Final = "application/feed+json; charset=utf-8"

_ALSO: Final = {
    "id",
    "external_id",
    "version",
    "seq",
    "short_headline",
    "section",
    "storyline",
    "contributors",
    "place",
    "source",
    "rights",
    "breaking",
    "word_count",
    "reading_minutes",
    "first_published_at",
    "modified_at",
    "corrections",
    "translations",
}
"""What an article has under the same names in `_dateline`: as in the API, less what is empty."""


def _opening(channel: Channel) -> bytes:
    """The feed, up to its items."""
    site = channel.site
    head = stated(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": channel.title,
            "home_page_url": uri(channel.home_url),
            "feed_url": uri(channel.self_url),
            "description": channel.description,
            "language": channel.language,
            "authors": [{"name": site.name, "url": uri(site.url)}],
            "next_url": _address(channel.older_url),
            "hubs": [{"type": "WebSub", "url": uri(site.hub_url)}] if site.hub_url else None,
            "_dateline": {
                "about": _about(site),
                "id": channel.urn,
                "current_url": uri(channel.current_url),
                "updated_at": format_instant(channel.updated_at),
                "license_url": uri(site.license_url),
            },
        }
    )
    return text(head).encode()[:-1] + b',"items":['


def _entry(entry: Entry) -> bytes:
    """One article as an item."""
    return text(stated(_item(entry) | _content(entry))).encode()


def _item(entry: Entry) -> dict[str, Json]:
    article = entry.article
    return {
        "id": entry.urn,
        "url": uri(article.url),
        "external_url": _address(article.source.url if article.source else None),
        "title": article.headline,
        "summary": entry.summary,
        "image": _address(article.image.url if article.image else None),
        "date_published": format_instant(article.published_at),
        "date_modified": format_instant(article.updated_at),
        "authors": [{"name": name} for name in entry.authors],
        # Tags of two kinds may share a name.
        "tags": list(dict.fromkeys(tag.name for tag in article.tags)),
        "language": article.language,
        "attachments": _attachments(entry.images),
        "_dateline": _extension(entry),
    }


def _content(entry: Entry) -> dict[str, Json]:
    """The one content that an item must have."""
    if entry.html is not None:
        return {"content_html": entry.html}
    return {"content_text": entry.summary or entry.article.headline}


def _attachments(images: list[Image | ImageBlock]) -> list[Json]:
    """The pictures whose type is known: without it none may be attached.

    Attachments of the same title are forms of the same thing, so only a title of one picture's own is given.
    """
    captions = Counter(image.caption for image in images)
    return [
        {
            "url": uri(image.url),
            "mime_type": image_type(image.url),
            "title": image.caption if captions[image.caption] == 1 else None,
        }
        for image in images
        if image_type(image.url) is not None
    ]


def _extension(entry: Entry) -> dict[str, Json]:
    article = entry.article
    pictures = [image.model_dump(mode="json", exclude={"type"}) | {"url": uri(image.url)} for image in entry.images]
    return {
        "about": _about(entry.site),
        "api_url": uri(article.links.self),
        **article.model_dump(mode="json", include=_ALSO),
        "tags": [tag.model_dump() for tag in article.tags],
        "images": pictures,
        "ai": asdict(entry.terms),
    }


def _about(site: Site) -> str:
    return uri(f"{site.api_url}/docs")


def _address(url: str | None) -> str | None:
    return None if url is None else uri(url)


JSON_FEED: Final = Format("json", MEDIA_TYPE, _opening, _entry, b"]}", separator=b",")
