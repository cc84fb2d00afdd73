"""The wire shapes of the log."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from app.articles.schemas import ArticleOut, CardOut, StorylineRef


class ChangeOut(BaseModel):
    """One line of the log. `slug`, `article` and `storyline` are what is public now, and null once it no longer is."""

    seq: int = Field(description="Its position: one more than that of the line before.")
    kind: str = Field(
        description="`article.published`, `article.updated`, `article.corrected`, `article.moved`, "
        "`article.withdrawn`, `article.refreshed` or `storyline.updated`; more may come."
    )
    article_id: UUID = Field(description="The article; of a storyline's, the one that came, left or gave the title.")
    at: datetime
    version: int | None = Field(description="The publication that this was; null for a withdrawal.")
    reason: str | None = Field(description="Why it was withdrawn: `legal`, `error`, `duplicate`, `expired` or `other`.")
    previous_slug: str | None = Field(description="What the article was called before it moved.")
    slug: str | None
    storyline_id: UUID | None = Field(description="The storyline that changed; null for the changes of articles alone.")
    storyline: StorylineRef | None = Field(
        description="What it is called now; null once it has no public articles, or is merged into another: remove it."
    )
    article: CardOut | ArticleOut | None


class ChangeLinks(BaseModel):
    """This page, and where to go on: `next` is always there."""

    self: str
    next: str


class ChangeMeta(BaseModel):
    """How the page was made."""

    limit: int = Field(description="How many lines it could have held.")
    next_after: int = Field(description="The last position looked at: go on after it, also from an empty page.")
    seq: int = Field(description="The newest position of the log.")


class ChangePage(BaseModel):
    """Lines of the log, oldest first."""

    data: list[ChangeOut]
    links: ChangeLinks
    meta: ChangeMeta
