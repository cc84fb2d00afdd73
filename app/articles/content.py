"""What an article says: the part of it that a newsroom writes, cleaned, and nothing that publication adds.

It is what a draft hands over, what a version keeps and what rendering starts from.
"""

from datetime import datetime
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict

from app.core.markup import Block, blocks_text

TagKind = Literal["topic", "person", "place", "organisation", "event"]


class Part(BaseModel):
    """Something that content is made of; frozen and exact."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TagName(Part):
    """A tag as the newsroom names it."""

    name: str
    kind: TagKind = "topic"


class Credit(Part):
    """Somebody's part in an article."""

    name: str
    role: str = "author"


class Image(Part):
    """The picture that stands for the article; `focal_point` is x and y from the top left, each 0 to 1."""

    url: str
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None
    width: int | None = None
    height: int | None = None
    focal_point: tuple[float, float] | None = None


class Source(Part):
    """Where an article came from."""

    name: str
    url: str | None = None


class AiUse(Part):
    """What machines may do with an article: train models, ground answers in it, summarise it.

    Null is what the site says of all its articles.
    """

    train: bool | None = None
    ground: bool | None = None
    summarise: bool | None = None


class Rights(Part):
    """Who owns the article, and how, where, how long and by which machines it may be used.

    `territories` are countries by their ISO 3166-1 alpha-2 codes; none means everywhere.
    """

    usage_terms: str | None = None
    copyright_holder: str | None = None
    copyright_notice: str | None = None
    territories: list[str] = []
    expires_at: datetime | None = None
    ai: AiUse = AiUse()


class Content(Part):
    """The whole of what is said."""

    language: str
    headline: str
    short_headline: str | None = None
    summary: str | None = None
    body: list[Block] = []
    section: str | None = None
    tags: list[TagName] = []
    contributors: list[Credit] = []
    image: Image | None = None
    place: str | None = None
    source: Source | None = None
    rights: Rights | None = None
    breaking: bool = False

    @cached_property
    def text(self) -> str:
        """What the body says, without its markup."""
        return blocks_text(self.body)

    @cached_property
    def pieces(self) -> list[str]:
        """What of the text stands between blanks, in order: for counting and for search."""
        return self.text.split()
