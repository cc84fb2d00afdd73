"""What a text that somebody calls an article by may be: an id, a slug, an external id, an address of ours or of old.

Pure: whether anything has that name is for `resolving`.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit
from uuid import UUID

from app.articles.legacy import page_key
from app.core.ids import parse_id
from app.core.slugs import composed, is_slug
from app.core.urls import is_web_url, page_name

_URN: Final = "urn:uuid:"
_ARTICLES: Final = "/v1/articles"


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
        """What one of our own addresses calls the article: its first part behind what all of them begin with."""
        path = page_name(url).partition("?")[0]
        for base in (f"{self.api_url}{_ARTICLES}", self.site_url):
            if path.startswith(start := f"{page_name(base)}/"):
                first = path.removeprefix(start).partition("/")[0]
                # A suffix names a format, as in `.ninjs.json`; slugs and ids hold no dots.
                return unquote(first).partition(".")[0]
        return None


def _bare(text: str) -> str:
    return text[len(_URN) :] if text.lower().startswith(_URN) else text
