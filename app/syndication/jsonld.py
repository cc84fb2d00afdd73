"""Linked data in the words of schema.org, as JSON-LD: articles as NewsArticle, storylines as LiveBlogPosting.

What Google asks of both for its results is among it.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from app.articles.content import AiUse, Image, Rights
from app.articles.schemas import ArticleOut, CardOut, TagRef
from app.articles.storylines.schemas import StorylineWhole
from app.core.clock import format_instant
from app.core.markup import ImageBlock, blocks_text
from app.syndication import rsl
from app.syndication.addresses import image_type, uri
from app.syndication.entry import Entry, Site, Terms, urn
from app.syndication.jsontext import Json, stated, text

MEDIA_TYPE: Final = "application/ld+json; charset=utf-8"

_CONTEXT: Final = "https://schema.org"
_OTHER_ROLES: Final = {"editor": "editor", "translator": "translator"}
# Google takes an Event without its date and place for a mistake.
_KINDS: Final = {"person": "Person", "organisation": "Organization", "place": "Place"}
_UNSAFE: Final = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def dumps(document: Mapping[str, Json]) -> str:
    """JSON that may stand in a `<script type="application/ld+json">` of any page: nothing ends it early."""
    return text(document).translate(_UNSAFE)


def news_article(entry: Entry) -> dict[str, Json]:
    """The article as schema.org has it."""
    return stated(
        {
            "@context": _CONTEXT,
            "@type": "NewsArticle",
            **_identity(entry),
            **_texts(entry),
            **_people(entry),
            **_whereabouts(entry.article),
            **_works(entry.article),
            **_rights(entry),
            "image": [_image(image) for image in entry.images],
            "thumbnailUrl": _address(entry.article.image.url if entry.article.image else None),
        }
    )


def live_blog(storyline: Mapping[str, object], site: Site) -> dict[str, Json]:
    """A storyline, as `GET /v1/storylines/{ref}` has it under `data`; its articles are the updates, newest first."""
    whole = StorylineWhole.model_validate(storyline)
    cards = sorted(whole.articles, key=lambda card: (card.published_at, card.id), reverse=True)
    updated_at = max([whole.changed_at, *(card.updated_at for card in cards)])
    url = uri(whole.links.self)
    return stated(
        {
            "@context": _CONTEXT,
            "@type": "LiveBlogPosting",
            "@id": urn(whole.id),
            "url": url,
            "mainEntityOfPage": {"@type": "WebPage", "@id": url},
            "headline": whole.title,
            "description": whole.latest.summary or whole.latest.headline,
            "inLanguage": list(dict.fromkeys(card.language for card in cards)),
            "keywords": list(dict.fromkeys(tag.name for card in cards for tag in card.tags)),
            "datePublished": format_instant(whole.first_published_at),
            "dateModified": format_instant(updated_at),
            "coverageStartTime": format_instant(whole.first_published_at),
            "coverageEndTime": format_instant(whole.last_published_at),
            "author": _publisher(site),
            "publisher": _publisher(site),
            "license": uri(site.license_url),
            "image": next((_image(card.image) for card in cards if card.image is not None), None),
            "liveBlogUpdate": [_update(card, site) for card in cards],
        }
    )


def _update(card: CardOut, site: Site) -> dict[str, Json]:
    url = uri(card.url)
    names = list(dict.fromkeys(who.name for who in card.contributors if who.role == "author"))
    return {
        "@type": "BlogPosting",
        "@id": urn(card.id),
        "url": url,
        "mainEntityOfPage": url,
        "headline": card.headline,
        "articleBody": card.summary or card.headline,
        "inLanguage": card.language,
        "datePublished": format_instant(card.published_at),
        "dateModified": format_instant(card.updated_at),
        "author": _authors(names, site),
        "image": _image(card.image) if card.image is not None else None,
    }


def _identity(entry: Entry) -> dict[str, Json]:
    article = entry.article
    url = uri(article.url)
    return {
        "@id": entry.urn,
        "identifier": article.external_id,
        "url": url,
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "inLanguage": article.language,
        "dateCreated": format_instant(article.first_published_at),
        "datePublished": format_instant(article.published_at),
        "dateModified": format_instant(article.updated_at),
        "version": article.version,
    }


def _texts(entry: Entry) -> dict[str, Json]:
    article = entry.article
    return {
        "headline": article.headline,
        "alternativeHeadline": article.short_headline,
        "description": entry.summary,
        "articleSection": article.section.name if article.section else None,
        "keywords": list(dict.fromkeys(tag.name for tag in article.tags)),
        "articleBody": blocks_text(article.body) if entry.detail == "full" else None,
        "wordCount": article.word_count,
        "timeRequired": f"PT{article.reading_minutes}M" if article.reading_minutes else None,
        "correction": [
            {"@type": "CorrectionComment", "text": one.text, "datePublished": format_instant(one.at)}
            for one in article.corrections
        ],
    }


def _people(entry: Entry) -> dict[str, Json]:
    article = entry.article
    roles = {who.role for who in article.contributors}
    others = roles - {"author", *_OTHER_ROLES}
    return {
        "author": _authors(entry.authors, entry.site),
        **{name: _persons(entry.named(role)) for role, name in _OTHER_ROLES.items()},
        "contributor": _persons(entry.named(*others)),
        "publisher": _publisher(entry.site),
        "sourceOrganization": _organization(article.source.name) if article.source else None,
        "isBasedOn": _address(article.source.url if article.source else None),
    }


def _whereabouts(article: ArticleOut) -> dict[str, Json]:
    """Where it was written, and what it is about."""
    place = {"@type": "Place", "name": article.place} if article.place else None
    return {"dateline": article.place, "contentLocation": place, "about": [_thing(tag) for tag in article.tags]}


def _works(article: ArticleOut) -> dict[str, Json]:
    """The works beside it: its storyline, and the same in other languages."""
    story = article.storyline
    return {
        "isPartOf": {"@type": "CreativeWorkSeries", "@id": urn(story.id), "name": story.title} if story else None,
        "workTranslation": [
            {"@type": "NewsArticle", "@id": urn(one.id), "url": uri(one.url), "inLanguage": one.language}
            for one in article.translations
        ],
    }


def _rights(entry: Entry) -> dict[str, Json]:
    site = entry.site
    members: dict[str, Json] = {
        "isAccessibleForFree": True,
        "license": uri(site.license_url),
        "usageInfo": uri(site.license_url),
    }
    if (rights := entry.article.rights) is None:
        return members
    is_claimed = rights.copyright_holder or rights.copyright_notice
    return members | {
        "copyrightHolder": _organization(rights.copyright_holder) if rights.copyright_holder else None,
        "copyrightNotice": rights.copyright_notice,
        "copyrightYear": entry.article.first_published_at.year if is_claimed else None,
        "conditionsOfAccess": _conditions(rights, entry.terms),
        "expires": format_instant(rights.expires_at) if rights.expires_at else None,
    }


def _conditions(rights: Rights, terms: Terms) -> str | None:
    """The terms of its own. schema.org has countries for offers and media only, and machines for nothing."""
    said = [rights.usage_terms]
    if rights.territories:
        said.append(f"Territories: {', '.join(rights.territories)}")
    if rights.ai != AiUse():
        permits, prohibits = rsl.usage(terms)
        said.append(f"Machines may: {', '.join(permits)}")
        said.append(f"Machines may not: {', '.join(prohibits)}" if prohibits else None)
    return " – ".join(filter(None, said)) or None


def _authors(names: Sequence[str], site: Site) -> Json:
    """Who wrote it, or the publication: an article without an author is incomplete to Google."""
    return _persons(names) or [_publisher(site)]


def _persons(names: Sequence[str]) -> list[Json]:
    return [{"@type": "Person", "name": name} for name in names]


def _publisher(site: Site) -> dict[str, Json]:
    return _organization(site.name) | {"url": uri(site.url)}


def _organization(name: str) -> dict[str, Json]:
    return {"@type": "Organization", "name": name}


def _thing(tag: TagRef) -> dict[str, Json]:
    return {"@type": _KINDS.get(tag.kind, "Thing"), "name": tag.name}


def _image(image: Image | ImageBlock) -> dict[str, Json]:
    address = uri(image.url)
    return {
        "@type": "ImageObject",
        "url": address,
        "contentUrl": address,
        "encodingFormat": image_type(image.url),
        "caption": image.caption,
        "description": image.alt,
        "creditText": image.credit,
        "width": image.width,
        "height": image.height,
    }


def _address(url: str | None) -> str | None:
    return None if url is None else uri(url)
