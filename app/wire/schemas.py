"""The wire shapes of the log."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from app.articles.schemas import ArticleOut, CardOut


class ChangeOut(BaseModel):
    """One line of the log. `slug` and `article` are what is public now, and null once the article is withdrawn."""

    seq: int = Field(description="Its position: one more than that of the line before.")
    kind: str = Field(
        description="`article.published`, `article.updated`, `article.corrected`, `article.moved`, "
        "`article.withdrawn` or `article.refreshed`; more may come."
    )
    article_id: UUID
    at: datetime
    version: int | None = Field(description="The publication that this was; null for a withdrawal.")
    reason: str | None = Field(description="Why it was withdrawn: `legal`, `error`, `duplicate`, `expired` or `other`.")
    previous_slug: str | None = Field(description="What the article was called before it moved.")
    slug: str | None
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
