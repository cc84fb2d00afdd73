"""The seven blocks that an article's body is made of, as they are received, stored and served.

What may stand in their `html` is decided by `inline`; how they are made and shown, by `markup`.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from app.core import urls


def _web_url(text: str) -> str:
    if not urls.is_web_url(text):
        raise ValueError("is not an absolute http or https URL")
    return text


def _below_headline(level: int) -> int:
    # The page has one h1, and it is the headline.
    return max(level, 2)


WebUrl = Annotated[
    str, Field(max_length=urls.MAX_CHARACTERS, json_schema_extra={"format": "uri"}), AfterValidator(_web_url)
]
Level = Annotated[int, Field(ge=1, le=6), AfterValidator(_below_headline)]
Pixels = Annotated[int, Field(ge=1, le=100_000)]


class _Block(BaseModel):
    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, json_schema_serialization_defaults_required=True
    )


class ParagraphBlock(_Block):
    """Running text."""

    type: Literal["paragraph"]
    html: str


class HeadingBlock(_Block):
    """A heading inside the article, below its headline: level 1 is kept as 2."""

    type: Literal["heading"]
    level: Level
    html: str


class ListBlock(_Block):
    """A list, numbered when `ordered`."""

    type: Literal["list"]
    ordered: bool
    items: list[str]


class QuoteBlock(_Block):
    """Somebody's words set apart; `cite` is the plain name of who said them, or where."""

    type: Literal["quote"]
    html: str
    cite: str | None = None


class ImageBlock(_Block):
    """A picture; `alt` replaces it for those who cannot see it, and is empty when it only decorates."""

    type: Literal["image"]
    url: WebUrl
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None
    width: Pixels | None = None
    height: Pixels | None = None


class EmbedBlock(_Block):
    """Something that another site shows, such as a video or a post: `provider` is that site's short name."""

    type: Literal["embed"]
    provider: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    url: WebUrl
    title: str | None = None


class SeparatorBlock(_Block):
    """A break between two parts of the text."""

    type: Literal["separator"]


Block = Annotated[
    ParagraphBlock | HeadingBlock | ListBlock | QuoteBlock | ImageBlock | EmbedBlock | SeparatorBlock,
    Field(discriminator="type"),
]
