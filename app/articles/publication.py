"""What the newsroom hands over to be made public or taken back, and what it is told. How that is done: `publishing`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.articles.content import Content
from app.articles.schemas import Severity


@dataclass(frozen=True, slots=True)
class Note:
    """What readers are told of a correction."""

    severity: Severity
    text: str


@dataclass(frozen=True, slots=True)
class Publication:
    """What the newsroom makes public.

    `number` is the version; `is_strict` says that a name which another article has is refused, rather than left to it;
    `back_dated` is the date of an archive article's first publication; `updated_at` what the newsroom gave, if it did,
    and `is_edit` that it may have given it for an earlier version; `translation_of` an id or external id, public or
    not; `correction` is there where this version corrects the one before it; `legacy_urls` are its addresses on a site
    before this one, and `former_legacy_urls` those that the version before asked for.
    """

    id: UUID
    external_id: str | None
    number: int
    content: Content
    wanted_slug: str | None
    is_strict: bool
    legacy_urls: tuple[str, ...] = ()
    former_legacy_urls: tuple[str, ...] = ()
    translation_of: str | None = None
    first_published_at: datetime | None = None
    back_dated: datetime | None = None
    updated_at: datetime | None = None
    is_minor: bool = False
    is_edit: bool = False
    correction: Note | None = None

    @property
    def is_first(self) -> bool:
        """The article was never public: no row of what is or was public is about it."""
        return self.number == 1


@dataclass(frozen=True, slots=True)
class Published:
    """What became public."""

    id: UUID
    slug: str
    seq: int
    first_published_at: datetime


@dataclass(frozen=True, slots=True)
class Removal:
    """What the newsroom takes back; `text` is for readers."""

    id: UUID
    external_id: str | None
    reason: str
    text: str | None
