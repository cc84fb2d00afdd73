"""The wire shapes of search."""

from pydantic import BaseModel, Field

from app.articles.schemas import CardOut


class HighlightOut(BaseModel):
    """The texts that matched, as safe HTML: `<mark>` around each word that was found is its only element."""

    headline: str
    summary: str | None
    body: str | None = Field(description="The part of the body that says most of what was asked; null without a body.")


class HitOut(CardOut):
    """A card with its words marked."""

    score: float | None = Field(
        description="How much the article is about the words of the query, and a little how new it is, from 0 to 1; "
        "null where the order is that of dates."
    )
    highlight: HighlightOut


class FacetOut(BaseModel):
    """A value of a filter, what people call it, and how many of the hits have it."""

    value: str
    name: str
    count: int


class FacetsOut(BaseModel):
    """The 20 commonest of each, most first; years (UTC) newest first."""

    section: list[FacetOut]
    tag: list[FacetOut]
    language: list[FacetOut]
    year: list[FacetOut]


class SearchLinks(BaseModel):
    """This page and its neighbours: `older` is the next, null at the end; `newer` the one before, or the first."""

    self: str
    older: str | None
    newer: str


class SearchMeta(BaseModel):
    """How the page was made, and what is told of all hits."""

    limit: int
    sort: str
    total: int = Field(description="How many articles match, counted to 10,000.")
    capped: bool = Field(description="There are more than 10,000: `total` and `facets` are of the newest of them.")
    relaxed: bool = Field(description="No article has all of the words: these have some of them.")
    did_you_mean: str | None = Field(
        description="A query in the words of the archive that finds something, where this one finds little."
    )
    facets: FacetsOut
    complete: bool = Field(description="False while an archive is still being indexed after an upgrade.")


class SearchPage(BaseModel):
    """Hits, best first or newest first."""

    data: list[HitOut]
    links: SearchLinks
    meta: SearchMeta


class SuggestionOut(BaseModel):
    """How the query may go on."""

    text: str
    articles: int = Field(description="How many articles have its last word in their headline, summary or beginning.")


class SuggestLinks(BaseModel):
    """This answer."""

    self: str


class SuggestMeta(BaseModel):
    """How the answer was made."""

    limit: int


class SuggestionList(BaseModel):
    """Suggestions, the commonest word first."""

    data: list[SuggestionOut]
    links: SuggestLinks
    meta: SuggestMeta
