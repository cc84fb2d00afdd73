"""Article input as newsrooms and imports send it. What they are answered is in `answers`."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

from app.articles.content import TagKind
from app.articles.schemas import Severity
from app.core.clock import parse_instant
from app.core.countries import is_country
from app.core.ids import is_id
from app.core.languages import canonical_language, is_language_tag
from app.core.markup import Block, clean_line, clean_text
from app.core.slugs import is_slug
from app.core.urls import is_web_url

MOST_BLOCKS = 10_000
"""How many blocks a body may have, in whatever form it comes."""


def _parse_instant(value: Any) -> Any:
    return parse_instant(value) if isinstance(value, str) else value


def _blank_is_null(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _null_is_empty(value: Any) -> Any:
    return {} if value is None else value


def _must(holds: Callable[[str], bool], rule: str) -> AfterValidator:
    def check(value: str) -> str:
        if not holds(value):
            raise ValueError(rule)
        return value

    return AfterValidator(check)


def _is_plain(value: str) -> bool:
    return bool(value) and clean_line(value) == value


_FILLED = _must(lambda value: bool(value.strip()), "must not be empty")
_PLAIN = _must(_is_plain, "must have no control characters and no space around it or doubled in it")

Line = Annotated[str, Field(max_length=500), AfterValidator(clean_line), _FILLED]
Name = Annotated[str, Field(max_length=200), AfterValidator(clean_line), _FILLED]
Prose = Annotated[str, Field(max_length=5000), AfterValidator(clean_text), _FILLED]
NameOrNull = Annotated[Name | None, BeforeValidator(_blank_is_null)]
LineOrNull = Annotated[Line | None, BeforeValidator(_blank_is_null)]
ProseOrNull = Annotated[Prose | None, BeforeValidator(_blank_is_null)]
WebUrl = Annotated[str, _must(is_web_url, "is not an absolute http or https URL")]
Instant = Annotated[datetime, BeforeValidator(_parse_instant)]
Language = Annotated[
    str,
    Field(max_length=35),  # RFC 5646, 4.4.1: enough for every registered tag
    _must(is_language_tag, "must be a BCP 47 language tag, such as en, fr-CA or zh-Hant"),
    AfterValidator(canonical_language),
]
Slug = Annotated[
    str,
    _must(
        is_slug,
        "must be lower-case words joined by single hyphens, at most 200 characters, without dots, "
        "and not shaped like an id",
    ),
]
ExternalId = Annotated[
    str,
    Field(min_length=1, max_length=200),
    _PLAIN,
    _must(lambda value: not is_id(value), "must not be shaped like an id of ours (a UUID)"),
]
ArticleName = Annotated[str, Field(min_length=1, max_length=200), _PLAIN]
Country = Annotated[
    str, AfterValidator(str.upper), _must(is_country, "must be a two-letter code of ISO 3166-1, such as FR")
]
Fraction = Annotated[float, Field(ge=0, le=1)]
Pixels = Annotated[int, Field(ge=1, le=100_000)]


class Input(BaseModel):
    """Something a newsroom sends: exact types, and no field that we do not know."""

    model_config = ConfigDict(strict=True, extra="forbid")


class TagIn(Input):
    """A tag by its name; made when an article with it is first published."""

    name: Name
    kind: TagKind = "topic"


class ContributorIn(Input):
    """Somebody's part in the article."""

    name: Name
    role: Annotated[str, Field(max_length=50), AfterValidator(clean_line), _FILLED] = "author"


class ImageIn(Input):
    """The picture that stands for the article; `focal_point` is x and y from the top left, each 0 to 1."""

    url: WebUrl
    alt: ProseOrNull = None
    caption: ProseOrNull = None
    credit: LineOrNull = None
    width: Pixels | None = None
    height: Pixels | None = None
    focal_point: Annotated[list[Fraction], Field(min_length=2, max_length=2)] | None = None


class SourceIn(Input):
    """Where the article came from."""

    name: Name
    url: WebUrl | None = None


class AiUseIn(Input):
    """What machines may do with the article; null is what the site says of all its articles."""

    train: bool | None = Field(None, description="Train models on it.")
    ground: bool | None = Field(None, description="Ground answers in it.")
    summarise: bool | None = Field(None, description="Summarise it.")


class RightsIn(Input):
    """Who owns the article, and how, where, how long and by which machines it may be used."""

    usage_terms: ProseOrNull = None
    copyright_holder: LineOrNull = None
    copyright_notice: ProseOrNull = None
    territories: Annotated[list[Country], Field(max_length=250)] = Field(
        [], description="ISO 3166-1 alpha-2 codes of the countries where it may be shown; none means everywhere."
    )
    expires_at: Instant | None = Field(
        None, description="The article is withdrawn then, for the reason `expired`; it cannot be published later."
    )
    ai: Annotated[AiUseIn, BeforeValidator(_null_is_empty)] = AiUseIn()


class ArticleIn(Input):
    """An article as the newsroom sends it. The body comes in one of three forms: blocks, HTML or text."""

    external_id: ExternalId | None = Field(None, description="The newsroom's own key; upserts go by it.")
    language: Language = Field(description="BCP 47.", examples=["en"])
    headline: Line = Field(examples=["Harbour reopens after nine-day strike"])
    short_headline: LineOrNull = None
    summary: ProseOrNull = None
    body: Annotated[list[Block], Field(max_length=MOST_BLOCKS)] | None = None
    body_html: str | None = Field(None, description="HTML; sanitised and made into blocks.")
    body_text: str | None = Field(None, description="Plain text; blank lines part paragraphs.")
    section: NameOrNull = Field(None, description="A section by its slug or name.")
    tags: Annotated[list[TagIn], Field(max_length=100)] = []
    contributors: Annotated[list[ContributorIn], Field(max_length=100)] = []
    image: ImageIn | None = None
    place: LineOrNull = None
    source: SourceIn | None = None
    slug: Slug | None = Field(None, description="Null keeps the public slug, or makes one from the headline.")
    legacy_urls: Annotated[list[WebUrl], Field(max_length=20)] = Field(
        [],
        description="Addresses that the article had on a former site, to be found by `/v1/resolve`; none of them may "
        "be another article's.",
        examples=[["https://old.newsroom.example/story.php?id=17"]],
    )
    breaking: bool = False
    translation_of: ArticleName | None = Field(None, description="Id or external id of the article this translates.")
    published_at: Instant | None = Field(
        None, description="In the past: kept, for an archive. In the future: schedules. Null: when it is published."
    )
    updated_at: Instant | None = Field(
        None, description="When readers should notice; never shown as before its publication or in the future."
    )
    rights: RightsIn | None = None

    @field_validator("body_html", "body_text")
    @classmethod
    def _one_form(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value and (info.data.get("body") or info.data.get("body_html")):
            raise ValueError("the body may come in one form only: body, body_html or body_text")
        return value


class PublishIn(Input):
    """When and how to publish."""

    at: Instant | None = Field(None, description="Null or past: now. Future: then, within a second.")
    minor: bool = Field(False, description="Leaves `updated_at` alone: readers need not notice.")


class CorrectIn(Input):
    """What was wrong, and what is right instead."""

    severity: Severity = Field(description="`major` where readers were misled, `minor` for a slip.")
    text: Annotated[Prose, Field(description="For readers: public for ever, in the article and on its card.")]
    changes: dict[str, Any] = Field(
        default={},
        description="Fields of the article input, as a merge patch (RFC 7396), for what is public and for the draft.",
    )


class WithdrawIn(Input):
    """Why an article is taken back."""

    reason: Literal["legal", "error", "duplicate", "expired", "other"]
    text: ProseOrNull = Field(None, description="For readers: public for ever.")
    note: ProseOrNull = Field(None, description="For the newsroom only: never public.")
