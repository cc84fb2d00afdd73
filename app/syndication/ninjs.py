"""IPTC's News in JSON (iptc.org/std/ninjs), versions 3.1 and 2.2: articles, and feeds as composites of them.

Both are written with the names of 3.1. Those of 2.2 are the same in lower case.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, Literal

from app.articles.content import Image
from app.core.clock import format_instant
from app.core.markup import ImageBlock, blocks_text
from app.syndication import rsl
from app.syndication.addresses import image_type, uri
from app.syndication.entry import Channel, Entry, Removal
from app.syndication.formats import Format
from app.syndication.jsontext import Json, stated, text
from app.syndication.odrl import LANGUAGE, policy

Version = Literal["3.1", "2.2"]

MEDIA_TYPE: Final = "application/vnd.iptc.ninjs+json"

_URGENT: Final = 1
_ONLY_IN_3: Final = {"poi"}
_PROPERTIES: Final = {"person": "people", "organisation": "organisations", "place": "places", "event": "events"}
"""Where tags of these kinds go; all others are subjects."""


def item(entry: Entry, version: Version = "3.1") -> Mapping[str, Json]:
    """The article alone."""
    return _spelled(stated({"standard": _standard(version), **_article(entry)}), version)


def _alone(entry: Entry, *, version: Version) -> bytes:
    return text(item(entry, version)).encode()


def _opening(channel: Channel, *, version: Version) -> bytes:
    """The feed as one composite, up to the articles that are associated in it."""
    return text(_spelled(stated(_feed(channel, version)), version)).encode()[:-1] + b',"associations":['


def _entry(entry: Entry, *, version: Version) -> bytes:
    """One article as an association of the feed."""
    return text(_spelled(stated({"name": entry.article.headline, **_article(entry)}), version)).encode()


def _removal(removal: Removal, *, version: Version) -> bytes:
    """An article that must not be used any more."""
    members: dict[str, Json] = {
        "name": "Withdrawn",
        "uri": removal.urn,
        "type": "text",
        "representationType": "partial",
        "versionCreated": format_instant(removal.at),
        "pubStatus": "canceled",
        "edNote": f"Withdrawn: {removal.reason}",
        "descriptions": [_plain("withdrawal", removal.text)],
    }
    return text(_spelled(stated(members), version)).encode()


def _feed(channel: Channel, version: Version) -> dict[str, Json]:
    media_type = _media_type(version)
    # There is no word for the page that follows; renditions are what ninjs has for addresses.
    pages = (("self", channel.self_url), ("current", channel.current_url), ("next", channel.older_url))
    return {
        "standard": _standard(version),
        "uri": channel.urn,
        "type": "composite",
        "representationType": "full",
        "profile": "feed",
        "versionCreated": format_instant(channel.updated_at),
        "pubStatus": "usable",
        "language": channel.language,
        "title": channel.title,
        "headlines": [{"role": "main", "value": channel.title}],
        "descriptions": [_plain("text", channel.description)],
        "infoSources": [{"name": channel.site.name, "role": "publisher", "uri": uri(channel.site.url)}],
        "rightsInfo": {"langId": rsl.NAMESPACE, "linkedRights": uri(channel.site.license_url)},
        "renditions": [
            *({"name": name, "href": uri(url), "contentType": media_type} for name, url in pages if url is not None),
            {"name": "web", "href": uri(channel.home_url), "contentType": "text/html"},
        ],
    }


def _article(entry: Entry) -> dict[str, Json]:
    return {
        **_identity(entry),
        **_texts(entry),
        **_names(entry),
        **_rights(entry),
        "renditions": [
            {"name": "web", "href": uri(entry.article.url), "contentType": "text/html"},
            {"name": "api", "href": uri(entry.article.links.self), "contentType": "application/json"},
        ],
        "associations": [_picture(entry, number, image) for number, image in enumerate(entry.images, 1)],
    }


def _identity(entry: Entry) -> dict[str, Json]:
    article = entry.article
    return {
        "uri": entry.urn,
        "type": "text",
        "representationType": "full" if entry.detail == "full" else "partial",
        "profile": "text-photo" if entry.images else "text-only",
        "version": str(article.version),
        "firstCreated": format_instant(article.first_published_at),
        "versionCreated": format_instant(article.updated_at),
        "contentCreated": format_instant(article.published_at),
        "pubStatus": "usable",
        "urgency": _URGENT if article.breaking else None,
        "language": article.language,
        "altIds": [
            {"role": role, "value": value}
            for role, value in (("external", article.external_id), ("slug", article.slug))
            if value
        ],
    }


def _texts(entry: Entry) -> dict[str, Json]:
    article = entry.article
    corrections = [_plain("correction", correction.text) for correction in article.corrections]
    return {
        "title": article.short_headline or article.headline,
        "slugline": article.slug,
        "headlines": _roles(("main", article.headline), ("short", article.short_headline)),
        "descriptions": [_plain("summary", entry.summary), *corrections],
        "edNote": "\n".join(
            f"Corrected {format_instant(one.at)}, version {one.version} ({one.severity}): {one.text}"
            for one in article.corrections
        ),
        "bodies": _bodies(entry),
    }


def _bodies(entry: Entry) -> list[Json]:
    """The body as HTML and as text; the counts of both are of the words that are read."""
    if entry.html is None:
        return []
    plain = blocks_text(entry.article.body)
    counts = {"wordCount": entry.article.word_count, "charCount": len(plain)}
    forms = (("text/html", entry.html), ("text/plain", plain))
    return [{"role": "text", "contentType": form, **counts, "value": value} for form, value in forms if value]


def _names(entry: Entry) -> dict[str, Json]:
    article = entry.article
    filed: dict[str, list[Json]] = {}
    for tag in article.tags:
        filed.setdefault(_PROPERTIES.get(tag.kind, "subjects"), []).append({"name": tag.name, "literal": tag.slug})
    if article.section is not None:
        section = {"name": article.section.name, "rel": "section", "literal": article.section.slug}
        filed.setdefault("subjects", []).insert(0, section)
    if (story := article.storyline) is not None:
        told = {"name": story.title, "rel": "storyline", "uri": f"urn:uuid:{story.id}", "literal": story.slug}
        filed.setdefault("events", []).append(told)
    people: list[Json] = [{"name": who.name, "role": who.role, "literal": who.slug} for who in article.contributors]
    if (source := article.source) is not None:
        people.append({"name": source.name, "role": "source", "uri": uri(source.url) if source.url else None})
    return {**filed, "by": ", ".join(entry.authors), "located": article.place, "infoSources": people}


def _rights(entry: Entry) -> dict[str, Json]:
    """Whose it is; and its own terms, or where those of the site are."""
    rights = entry.article.rights
    own = policy(entry)
    link: dict[str, Json] = {"langId": rsl.NAMESPACE, "linkedRights": uri(entry.site.license_url)}
    return {
        "copyrightHolder": rights.copyright_holder if rights else None,
        "copyrightNotice": rights.copyright_notice if rights else None,
        "usageTerms": rights.usage_terms if rights else None,
        "rightsInfo": {"langId": LANGUAGE, "encodedRights": text(own)} if own else link,
    }


def _picture(entry: Entry, number: int, image: Image | ImageBlock) -> dict[str, Json]:
    article = entry.article
    is_lead = article.image is not None and image.url == article.image.url
    address = uri(image.url)
    file = {"name": "main", "href": address, "contentType": image_type(image.url)}
    size = {"width": image.width, "height": image.height, "poi": _point(image)}
    return {
        "name": "main picture" if is_lead else f"picture {number}",
        "uri": address,
        "type": "picture",
        "pubStatus": "usable",
        "language": article.language,
        "by": image.credit,
        "descriptions": [_plain("caption", image.caption), _plain("alt", image.alt)],
        "renditions": [{**file, **size}],
    }


def _point(image: Image | ImageBlock) -> dict[str, Json] | None:
    """The pixel that every cut of the picture should show."""
    if not isinstance(image, Image) or image.focal_point is None or image.width is None or image.height is None:
        return None
    x, y = image.focal_point
    return {"x": round(x * image.width), "y": round(y * image.height)}


def _roles(*values: tuple[str, str | None]) -> list[Json]:
    return [{"role": role, "value": value} for role, value in values if value]


def _plain(role: str, value: str | None) -> dict[str, Json] | None:
    return {"role": role, "contentType": "text/plain", "value": value} if value else None


def _standard(version: Version) -> dict[str, Json]:
    return {
        "name": "ninjs",
        "version": version,
        "schema": f"http://www.iptc.org/std/ninjs/ninjs-schema_{version}.json#",
    }


def _spelled(members: Mapping[str, Json], version: Version) -> Mapping[str, Json]:
    return members if version == "3.1" else _as_in_2(members)


def _as_in_2(members: Mapping[str, Json]) -> dict[str, Json]:
    return {name.lower(): _value_as_in_2(value) for name, value in members.items() if name not in _ONLY_IN_3}


def _value_as_in_2(value: Json) -> Json:
    if isinstance(value, Mapping):
        return _as_in_2(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_value_as_in_2(element) for element in value]
    return value


def _media_type(version: Version) -> str:
    return f"{MEDIA_TYPE}; version={version}"


def _format(version: Version) -> Format:
    return Format(
        "ninjs",
        _media_type(version),
        partial(_opening, version=version),
        partial(_entry, version=version),
        b"]}",
        separator=b",",
        removal=partial(_removal, version=version),
        alone=partial(_alone, version=version),
    )


NINJS_3: Final = _format("3.1")
NINJS_2: Final = _format("2.2")
