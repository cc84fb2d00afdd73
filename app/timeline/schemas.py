"""The wire shapes of the timeline."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.articles.lists import COLLAPSED, CollapsedOut, PageLinks
from app.articles.schemas import CardOut


class LocalTime(BaseModel):
    """When an article was published, on the clocks of the time zone asked for."""

    date: str = Field(description="YYYY-MM-DD")
    time: str = Field(description="HH:MM")
    offset: str = Field(description="From UTC, as in RFC 3339.")


class TimelineCard(CardOut):
    """A card with its local time."""

    local: LocalTime


class Day(BaseModel):
    """A local day, and how many articles of this page are of it."""

    date: str
    count: int


class TimelineMeta(BaseModel):
    """How the page was made; `days` are this page's, newest first."""

    limit: int
    tz: str
    days: list[Day]
    as_of: datetime | None = Field(description="The instant asked for; null for now.")
    withdrawn: int = Field(
        description="How many articles between these, whatever the filters, were public at `as_of` and withdrawn since."
    )
    collapsed: list[CollapsedOut] | None = Field(description=COLLAPSED)


class TimelinePage(BaseModel):
    """The latest news, newest first."""

    data: list[TimelineCard]
    links: PageLinks
    meta: TimelineMeta


class NewsCount(BaseModel):
    """How much is newer than the cursor: counted to 100; `more` says that there are others."""

    count: int
    breaking: int
    more: bool


class NewsLinks(BaseModel):
    """Where to read what was counted."""

    newer: str


class News(BaseModel):
    """What came since."""

    data: NewsCount
    links: NewsLinks
