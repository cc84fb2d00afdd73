"""The wire shapes of the resolver."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from app.articles.schemas import CardOut


class ResolvedOut(BaseModel):
    """What one name means, with what a redirect or a 410 would say."""

    q: str = Field(description="The name, as it was given.")
    status: int = Field(
        description="What to answer whoever asks by this name: 200, the article is called so; 308, it was, and is at "
        "`url` now; 410, it was withdrawn; 404, nothing public ever was."
    )
    matched: str | None = Field(
        description="What the name is: id, slug, alias, external_id or legacy_url; null for nothing. An address of "
        "the reader's site or of this service is the slug or id in it."
    )
    id: UUID | None = Field(description="Of the article, withdrawn or not.")
    slug: str | None = Field(description="Its present one; null once withdrawn.")
    url: str | None = Field(description="Where readers find it: the canonical URL.")
    location: str | None = Field(description="Where it is in this API, by its present slug.")
    article: CardOut | None
    reason: str | None = Field(description="Why it was withdrawn.")
    text: str | None = Field(description="What the newsroom tells readers of that, where it does.")
    withdrawn_at: datetime | None


class ResolvedLinks(BaseModel):
    """This answer."""

    self: str


class ResolvedMeta(BaseModel):
    """What became of the names: how many have each status."""

    found: int = Field(description="Names of public articles, present and former.")
    withdrawn: int
    unknown: int


class ResolvedList(BaseModel):
    """An entry for each name, in the order in which they were given."""

    data: list[ResolvedOut]
    links: ResolvedLinks
    meta: ResolvedMeta
