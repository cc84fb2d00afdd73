"""The wire shapes of related stories."""

from uuid import UUID

from pydantic import BaseModel, Field

from app.articles.schemas import CardOut


class ReasonOut(BaseModel):
    """Why a story is related. Kinds may grow."""

    kind: str = Field(
        description="`pinned` (editors chose it; no values), `storyline` (the title of the one that both stand in), "
        "`tag` (names of shared tags, rarest first), `words` (what both say, by how much it carries), `time` (how far "
        "apart), or `section` (its name; only where `fallback` is true)."
    )
    values: list[str]
    shares: list[float] | None = Field(
        description="Of `words`: how much of the likeness each carries, from 0 to 1, in the order of `values`."
    )


class RelatedOut(BaseModel):
    """A story worth reading next."""

    article: CardOut = Field(description="Of its near-copies and translations, the best in the language of the list.")
    score: float = Field(
        description="How near the story is, from 0 to 1; never more than that of the entry before. What editors pinned "
        "has 1, whatever is computed; what fills the list up has less than anything that is related."
    )
    reasons: list[ReasonOut]
    variants: list[CardOut] = Field(description="Its near-copies and translations, folded in, best first.")
    fallback: bool = Field(description="Not related by what it says: it fills up a list that would be too short.")


class RelatedLinks(BaseModel):
    """This list, and the article that it belongs to."""

    self: str
    article: str


class RelatedMeta(BaseModel):
    """How the list was made, and up to which change of the log related stories are computed."""

    limit: int
    related_seq: int


class RelatedList(BaseModel):
    """Related stories, best first."""

    data: list[RelatedOut]
    links: RelatedLinks
    meta: RelatedMeta


class AskedOut(BaseModel):
    """An article that was asked about."""

    id: UUID
    slug: str
    url: str


class ListOut(BaseModel):
    """The list of one article."""

    ref: str = Field(description="How it was asked for.")
    article: AskedOut
    related: list[RelatedOut]


class ListsLinks(BaseModel):
    """This answer."""

    self: str


class ListsMeta(BaseModel):
    """As of one list, and what was asked for and is not public."""

    limit: int
    related_seq: int
    missing: list[str]


class RelatedLists(BaseModel):
    """Related stories of several articles, in the order in which they were asked for."""

    data: list[ListOut]
    links: ListsLinks
    meta: ListsMeta
