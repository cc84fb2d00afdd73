"""The wire shapes of an article: document, card and what they hold. Made once, at publication, by `rendering`."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from app.articles.content import Image, Rights, Source
from app.core.markup import Block

Severity = Literal["minor", "major"]
Slug = Annotated[str, Field(description="Lower-case words joined by hyphens; unique among all articles, for ever.")]


class SectionRef(BaseModel):
    """The section an article stands in."""

    slug: str
    name: str


class TagRef(BaseModel):
    """A tag an article carries. Kinds may grow."""

    slug: str
    name: str
    kind: str = Field(description="`topic`, `person`, `place`, `organisation` or `event`; more may come.")


class ContributorRef(BaseModel):
    """Somebody's part in an article."""

    slug: str
    name: str
    role: str = Field(description="`author`, `photographer`, `translator`, `editor`, or another the newsroom uses.")


class StorylineRef(BaseModel):
    """The developing event an article belongs to."""

    id: UUID
    slug: str
    title: str


class TranslationRef(BaseModel):
    """The same article in another language; public ones only."""

    id: UUID
    slug: str
    language: str
    url: str


class CorrectionRef(BaseModel):
    """A public note on a version: what was wrong."""

    version: int = Field(description="The version that this note is on: the one with the correction made.")
    at: datetime
    severity: Severity
    text: str
    previous_headline: str | None = Field(description="Null where the headline was right, or was since withdrawn.")


class CardLinks(BaseModel):
    """Where the whole article is."""

    self: str


class DocumentLinks(BaseModel):
    """Where to go from an article; `canonical` is on the reader's site, the others in this API."""

    self: str
    related: str
    versions: str
    jsonld: str = Field(description="The article as schema.org's NewsArticle.")
    canonical: str

    @model_validator(mode="before")
    @classmethod
    def _completed(cls, value: Any) -> Any:
        # Documents of format 1 have no `jsonld`, until the worker has rendered them anew.
        if isinstance(value, dict) and "jsonld" not in value and "self" in value:
            return value | {"jsonld": f"{value['self']}.jsonld"}
        return value


class CardOut(BaseModel):
    """An article as lists show it."""

    id: UUID
    slug: Slug
    url: str = Field(description="The article on the reader's site.")
    version: int = Field(description="Which publication this is; the first is 1.")
    seq: int = Field(description="The position in the log of the article's newest change.")
    language: str = Field(description="BCP 47.")
    headline: str
    short_headline: str | None
    summary: str | None
    section: SectionRef | None
    tags: list[TagRef]
    contributors: list[ContributorRef]
    image: Image | None
    breaking: bool
    published_at: datetime = Field(description="What timelines are ordered by; no edit moves it.")
    updated_at: datetime = Field(description="When the newsroom last said that readers should notice.")
    corrections: list[CorrectionRef]
    storyline: StorylineRef | None
    links: CardLinks


class ArticleOut(BaseModel):
    """An article, whole: the document."""

    id: UUID
    external_id: str | None
    slug: Slug
    url: str = Field(description="The article on the reader's site.")
    version: int = Field(description="Which publication this is; the first is 1.")
    seq: int = Field(description="The position in the log of the article's newest change.")
    language: str = Field(description="BCP 47.")
    headline: str
    short_headline: str | None
    summary: str | None
    body: list[Block]
    body_html: str = Field(description="The body as sanitised, semantic HTML.")
    word_count: int
    reading_minutes: int
    section: SectionRef | None
    tags: list[TagRef]
    contributors: list[ContributorRef]
    image: Image | None
    place: str | None
    source: Source | None
    rights: Rights | None
    breaking: bool
    first_published_at: datetime = Field(description="Never changes, not even by withdrawal and return.")
    published_at: datetime = Field(description="What timelines are ordered by; no edit moves it.")
    updated_at: datetime = Field(description="When the newsroom last said that readers should notice.")
    modified_at: datetime = Field(description="When any byte of this document last changed.")
    corrections: list[CorrectionRef]
    storyline: StorylineRef | None
    translations: list[TranslationRef]
    links: DocumentLinks
