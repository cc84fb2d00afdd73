"""The wire shapes of related stories."""

from pydantic import BaseModel, Field

from app.articles.schemas import CardOut


class ReasonOut(BaseModel):
    """Why a story is related. Kinds may grow."""

    kind: str = Field(description="`tag` (names), `words` (shared, rarest first) or `time` (how far apart).")
    values: list[str]


class RelatedOut(BaseModel):
    """A story worth reading next."""

    article: CardOut
    score: float = Field(description="How near it is, from 0 to 1.")
    reasons: list[ReasonOut]
    variants: list[CardOut] = Field(description="Near-copies of it, folded in, best first.")


class RelatedLinks(BaseModel):
    """This list, and the article that it belongs to."""

    self: str
    article: str


class RelatedMeta(BaseModel):
    """How the list was made."""

    limit: int


class RelatedList(BaseModel):
    """Related stories, best first."""

    data: list[RelatedOut]
    links: RelatedLinks
    meta: RelatedMeta
