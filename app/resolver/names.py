"""What a text that somebody calls an article by may be: an id, a slug, an external id, an address of ours or of old.

Pure: whether anything has that name is for `resolving`.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit
from uuid import UUID

from app.core.ids import parse_id
from app.core.slugs import composed, is_slug
from app.core.urls import is_web_url, page_key, page_name

_URN: Final = "urn:uuid:"
_ARTICLES: Final = "/v1/articles"
_SHOWN_AS: Final = re.compile(r"(\.html?)?(/amp)?$")


@dataclass(frozen=True, slots=True)
class Name:
    """All that one text may mean; None where it cannot mean that."""

    text: str
    id: UUID | None
    slug: str | None
    external_id: str
    page: str | None


@dataclass(frozen=True, slots=True)
class Sites:
    """Where our addresses begin: the reader's site and this service."""

    site_url: str
    api_url: str

    def read(self, text: str) -> Name:
        """What this text may mean. What has no scheme and begins with a slash is an address of the reader's site."""
        plain = text.strip()
        url = f"{self._origin}{plain}" if plain.startswith("/") else plain
        is_address = is_web_url(url)
        ref = (self._ref(url) if is_address else _bare(plain)) or ""
        slug = composed(ref).lower()
        return Name(
            text=text,
            id=parse_id(ref),
            slug=slug if is_slug(slug) else None,
            external_id=plain,
            page=page_key(url) if is_address else None,
        )

    @property
    def _origin(self) -> str:
        parts = urlsplit(self.site_url)
        return f"{parts.scheme}://{parts.netloc}"

    def _ref(self, url: str) -> str | None:
        """What one of our own addresses calls the article.

        In this API whatever comes behind it is about it; on the reader's site the article is alone in its address, but
        for what says how it is shown.
        """
        path = re.split("[?#]", page_name(url), maxsplit=1)[0]
        if path.startswith(start := f"{page_name(self.api_url)}{_ARTICLES}/"):
            # A suffix names a format, as in `.jsonld`; slugs and ids hold no dots.
            return unquote(re.split("[/.]", path.removeprefix(start), maxsplit=1)[0])
        if path.startswith(start := f"{page_name(self.site_url)}/"):
            return unquote(_SHOWN_AS.sub("", path.removeprefix(start)))
        return None


def _bare(text: str) -> str:
    return text[len(_URN) :] if text.lower().startswith(_URN) else text
