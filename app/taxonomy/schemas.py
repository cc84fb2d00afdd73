"""The wire shapes of sections, tags and contributors."""

from pydantic import BaseModel, Field


class NameLinks(BaseModel):
    """The articles that carry the name."""

    articles: str


class NameOut(BaseModel):
    """A section or a contributor."""

    slug: str
    name: str
    article_count: int = Field(description="How many public articles carry it.")
    links: NameLinks


class TagOut(BaseModel):
    """A tag."""

    slug: str
    name: str
    kind: str
    article_count: int = Field(description="How many public articles carry it.")
    links: NameLinks


class ListLinks(BaseModel):
    """This page and the next; `next` is null at the end."""

    self: str
    next: str | None


class ListMeta(BaseModel):
    """How the page was made."""

    limit: int


class NamePage(BaseModel):
    """Sections or contributors, by slug."""

    data: list[NameOut]
    links: ListLinks
    meta: ListMeta


class TagPage(BaseModel):
    """Tags, by slug."""

    data: list[TagOut]
    links: ListLinks
    meta: ListMeta
