"""The wire shapes of history."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.articles.schemas import ArticleOut, CorrectionRef
from app.core.markup import Block


class VersionLinks(BaseModel):
    """Where a version is, and what changed with it: null for the first that is shown."""

    self: str
    diff: str | None


class VersionOut(BaseModel):
    """One publication of an article, as it is listed."""

    version: int
    kind: str = Field(description="What it was in the log: `article.published`, `article.updated`, and others to come.")
    at: datetime = Field(description="When it was published here.")
    updated_at: datetime
    headline: str
    slug: str
    correction: CorrectionRef | None = Field(description="The public note on it, where it corrects the one before.")
    links: VersionLinks


class VersionsLinks(BaseModel):
    """This page, the article, and the page of older versions: null at the end."""

    self: str
    article: str
    next: str | None


class VersionsMeta(BaseModel):
    """How the page was made, and what it leaves out."""

    limit: int
    withdrawn: int = Field(description="How many versions of the article were withdrawn, and are shown nowhere.")


class VersionList(BaseModel):
    """Versions, newest first."""

    data: list[VersionOut]
    links: VersionsLinks
    meta: VersionsMeta


class VersionAnswer(BaseModel):
    """The document of a version."""

    data: ArticleOut


class WordsOut(BaseModel):
    """A run of text. The equal and deleted ones joined are the old text, the equal and inserted ones the new."""

    op: str = Field(description="`equal`, `delete` or `insert`.")
    text: str


class TextChange(BaseModel):
    """A text that differs: `headline`, `short_headline`, `summary` or `place`; none at all is an empty text."""

    field: str
    words: list[WordsOut]


class BlockChangeOut(BaseModel):
    """Blocks of the body, in order: some that are equal, or one that was deleted, inserted or replaced."""

    op: str = Field(description="`equal`, `delete`, `insert` or `replace`.")
    count: int = Field(description="How many blocks are equal; 1 for every other.")
    type: str | None = Field(description="The type of the block; null for equal ones.")
    words: list[WordsOut] = Field(
        description="Its text, compared. Where only its markup or its picture changed, that shows in `from` and `to`."
    )
    from_: Block | None = Field(alias="from", description="The whole block before; null for equal and inserted ones.")
    to: Block | None = Field(description="The whole block after; null for equal and deleted ones.")


class BodyChange(BaseModel):
    """What differs in the body: its `field` is `body`."""

    field: str
    blocks: list[BlockChangeOut]


class ValueChange(BaseModel):
    """Anything else that differs, such as `section` or `tags`: its values, as they stand in the document."""

    field: str
    from_: Any = Field(alias="from")
    to: Any


class DiffOut(BaseModel):
    """Two versions, and what leads from the one to the other."""

    from_: VersionOut = Field(alias="from")
    to: VersionOut
    changes: list[TextChange | BodyChange | ValueChange] = Field(description="One for each field that differs.")


class DiffLinks(BaseModel):
    """This comparison, the article, and its versions."""

    self: str
    article: str
    versions: str


class Diff(BaseModel):
    """Two versions compared."""

    data: DiffOut
    links: DiffLinks
