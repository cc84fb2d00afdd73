"""What every format is written from: an article as it is syndicated, one that was taken back, and the feed they are in.

How each is written is for the format's own module.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from app.articles.content import Image
from app.articles.schemas import ArticleOut
from app.core.markup import ImageBlock

Detail = Literal["full", "summary", "headline"]
"""How much of an article a feed carries."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What machines may do: train models, ground answers, summarise."""

    train: bool
    ground: bool
    summarise: bool

    def but(self, *, train: bool | None, ground: bool | None, summarise: bool | None) -> Self:
        """These, where the others say nothing."""
        said = {"train": train, "ground": ground, "summarise": summarise}
        return replace(self, **{name: value for name, value in said.items() if value is not None})


@dataclass(frozen=True, slots=True)
class Site:
    """Who publishes: the name and address of the reader's site, the address of this service, and the site's terms."""

    name: str
    url: str
    api_url: str
    terms: Terms
    hub_url: str | None = None

    @property
    def license_url(self) -> str:
        """Where the terms are, for machines."""
        return f"{self.api_url}/license.xml"


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as it stands in a feed, or alone. Its links are absolute."""

    article: ArticleOut
    site: Site
    detail: Detail = "full"

    @property
    def urn(self) -> str:
        """Its name for ever (RFC 9562), wherever it moves."""
        return urn(self.article.id)

    @property
    def html(self) -> str | None:
        """The body as far as the feed carries it; None where it does not, or where there is none."""
        return self.article.body_html or None if self.detail == "full" else None

    @property
    def summary(self) -> str | None:
        """The summary as far as the feed carries it, as plain text."""
        return None if self.detail == "headline" else self.article.summary

    @property
    def images(self) -> list[Image | ImageBlock]:
        """The picture that stands for the article, and those of its body as far as the feed carries it, each once."""
        found: dict[str, Image | ImageBlock] = {}
        if self.article.image is not None:
            found[self.article.image.url] = self.article.image
        if self.detail == "full":
            for block in self.article.body:
                if isinstance(block, ImageBlock):
                    found.setdefault(block.url, block)
        return list(found.values())

    @property
    def authors(self) -> list[str]:
        """The names of who wrote it, in order."""
        return self.named("author")

    def named(self, *roles: str) -> list[str]:
        """The names of those who contributed in one of these roles, each once."""
        return list(dict.fromkeys(who.name for who in self.article.contributors if who.role in roles))

    @property
    def terms(self) -> Terms:
        """What machines may do with it: what its own rights say, else what the site says."""
        rights = self.article.rights
        return self.site.terms if rights is None else self.site.terms.but(**rights.ai.model_dump())


@dataclass(frozen=True, slots=True)
class Removal:
    """An article that was taken back; `text` is what readers are told, where they are."""

    id: UUID
    at: datetime
    reason: str
    text: str | None

    @property
    def urn(self) -> str:
        """What it was called in the feed."""
        return urn(self.id)


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed, as it introduces itself.

    `home_url` is a page for readers; `urn` names the feed for ever; `updated_at` is when anything that it lists was
    last changed, or withdrawn. `older_url` goes on into the archive (RFC 5005). An archive page (`is_archive`) never
    gets anything new; its `current_url` is the feed that does.
    """

    site: Site
    title: str
    description: str
    home_url: str
    self_url: str
    current_url: str
    urn: str
    updated_at: datetime
    language: str | None = None
    older_url: str | None = None
    is_archive: bool = False


def urn(id: UUID) -> str:
    """An id as a URI (RFC 9562, 4)."""
    return f"urn:uuid:{id}"
