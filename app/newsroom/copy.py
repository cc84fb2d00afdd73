"""From article input to the cleaned copy that a draft keeps, and from that to what is published.

Pure functions; expensive enough (HTML is parsed) to be called before a transaction, never inside one.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from app.articles.content import Content
from app.core.errors import Fault, InvalidBody
from app.core.markup import Block, blocks_from_html, blocks_from_text, clean_blocks
from app.newsroom.schemas import MOST_BLOCKS, ArticleIn

_NOT_SAID = {
    "external_id",
    "slug",
    "legacy_urls",
    "translation_of",
    "published_at",
    "updated_at",
    "body_html",
    "body_text",
}
_FORMS = ("body", "body_html", "body_text")
# What an input may say since drafts were first kept: left out of digests where it says nothing, so that the same input
# has the digest that it had before.
_LATER = {"legacy_urls"}


@dataclass(frozen=True, slots=True)
class Copy:
    """Input made ready: `article` has clean blocks; `received` tells inputs apart, `digest` what they say."""

    article: ArticleIn
    text: str
    received: str
    digest: str


def prepare(article: ArticleIn, *, site_url: str) -> Copy:
    """The cleaned copy of this input. Relative links are taken from its source's page, else from our site.

    Raises InvalidBody when its HTML or text makes more blocks than an article may have.
    """
    body = _blocks(article, (article.source and article.source.url) or site_url)
    cleaned = article.model_copy(update={"body": body, "body_html": None, "body_text": None})
    said = cleaned.model_dump(mode="json")
    ordered = _ordered(said)
    received = ordered | {name: _ordered(_dumped(getattr(article, name))) for name in _FORMS}
    same = ordered | {"published_at": None}  # no edit moves it, so it is no edit
    return Copy(cleaned, _json(said), received=_digest(received), digest=_digest(same))


def restore(text: str) -> ArticleIn:
    """The article of a draft's stored copy."""
    return ArticleIn.model_validate(json.loads(text))


def content(article: ArticleIn) -> Content:
    """What of a cleaned article readers will see."""
    return Content.model_validate(article.model_dump(exclude=_NOT_SAID))


def _blocks(article: ArticleIn, base_url: str) -> list[Block]:
    if article.body_html:
        return _bounded(blocks_from_html(article.body_html, base_url=base_url), "body_html")
    if article.body_text:
        return _bounded(blocks_from_text(article.body_text), "body_text")
    return clean_blocks(article.body or [], base_url=base_url)


def _bounded(blocks: list[Block], form: str) -> list[Block]:
    if len(blocks) > MOST_BLOCKS:
        fault = Fault(f"makes {len(blocks):,} blocks, and may make {MOST_BLOCKS:,}", pointer=f"/{form}")
        raise InvalidBody(f"{fault.pointer}: {fault.detail}", errors=[fault])
    return blocks


def _dumped(body: list[Block] | str | None) -> Any:
    return [block.model_dump(mode="json") for block in body] if isinstance(body, list) else body


def _digest(ordered: dict[str, Any]) -> str:
    text = _json({name: value for name, value in ordered.items() if value or name not in _LATER})
    return hashlib.sha256(text.encode()).hexdigest()


def _ordered(value: Any) -> Any:
    """With the names of every object in order."""
    if isinstance(value, dict):
        return {name: _ordered(value[name]) for name in sorted(value)}
    return [_ordered(one) for one in value] if isinstance(value, list) else value


def _json(said: dict[str, Any]) -> str:
    # Both write the same, the second in a fifth of the time; but for numbers with a point, as only these are.
    if said["image"] and said["image"]["focal_point"]:
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return to_json(said).decode()
