"""The wire shapes of storylines."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from app.articles.lists import PageLinks
from app.articles.schemas import CardOut


class StorylineLinks(BaseModel):
    """The storyline whole, and the list of its articles, newest first."""

    self: str
    articles: str


class StorylineOut(BaseModel):
    """A developing event, as it is listed."""

    id: UUID
    slug: str = Field(
        description="Made from the title; former ones, and the names of what was merged into it, lead here."
    )
    title: str
    article_count: int = Field(description="How many public articles it has.")
    first_published_at: datetime = Field(description="When its earliest article was published.")
    last_published_at: datetime = Field(
        description="When its newest article was published: what the list is ordered by."
    )
    changed_at: datetime = Field(description="When an article last came or left, or the title changed.")
    latest: CardOut = Field(description="Its newest article.")
    links: StorylineLinks


class StorylineWhole(StorylineOut):
    """A developing event with its articles."""

    articles: list[CardOut] = Field(description="Oldest first.")


class StorylinesMeta(BaseModel):
    """How the page was made."""

    limit: int = Field(description="How many it could have held.")


class StorylinePage(BaseModel):
    """Storylines, newest activity first."""

    data: list[StorylineOut]
    links: PageLinks
    meta: StorylinesMeta


class StorylineAnswer(BaseModel):
    """One storyline, with a page of its articles: the first ones, if no cursor says otherwise."""

    data: StorylineWhole
    links: PageLinks
    meta: StorylinesMeta
