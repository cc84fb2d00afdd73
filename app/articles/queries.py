"""The query parameters that every list of articles takes, read into filters."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import Depends, Query

from app.articles.filters import Filters, Group
from app.articles.storylines.naming import name_of
from app.core.clock import start_of_day, zone
from app.core.errors import BadCursor, BadParameter, Fault
from app.core.languages import canonical_language, is_language_tag
from app.core.slugs import composed
from app.web.dependencies import Config
from app.web.paging import Cursor
from app.web.parameters import Flag, InstantOrDate, Tz, comma_separated

TzQuery = Annotated[
    Tz | None,
    Query(
        description="IANA time zone of bare dates and local times; default: the service's.", examples=["Europe/Paris"]
    ),
]
CursorQuery = Annotated[str | None, Query(description="A position, from `links` of another page.")]

CollapseQuery = Annotated[
    Literal["storyline"] | None,
    Query(description="`storyline`: of each storyline only the newest article that matches."),
]

_ANY = "Commas mean any of them."


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request for a list asks for, with the time zone it is to be read and answered in."""

    filters: Filters
    zone: ZoneInfo


async def time_zone(settings: Config, tz: TzQuery = None) -> ZoneInfo:
    """The zone asked for, else the service's own."""
    return tz or zone(settings.timezone)


async def asked(
    zone: Annotated[ZoneInfo, Depends(time_zone)],
    section: Annotated[str | None, Query(description=f"Slug of a section. {_ANY}", examples=["world"])] = None,
    tag: Annotated[
        list[str], Query(description=f"Slug of a tag. {_ANY} Repeated, all must match.", examples=[["ceasefire"]])
    ] = [],  # noqa: B006 - the framework copies it
    contributor: Annotated[
        list[str], Query(description=f"Slug of a contributor. {_ANY} Repeated, all must match.")
    ] = [],  # noqa: B006 - as above
    storyline: Annotated[str | None, Query(description=f"Id or slug of a storyline, also a former one. {_ANY}")] = None,
    language: Annotated[
        str | None, Query(description=f"BCP 47; `en` takes in `en-GB`. {_ANY}", examples=["en"])
    ] = None,
    since: Annotated[
        InstantOrDate | None,
        Query(alias="from", description="Published at or after: an RFC 3339 instant, or a bare date in `tz`."),
    ] = None,
    until: Annotated[
        InstantOrDate | None,
        Query(alias="to", description="Published before: an RFC 3339 instant, or a bare date in `tz`."),
    ] = None,
    breaking: Annotated[Flag | None, Query(description="Only breaking news, or only other.")] = None,
) -> Asked:
    """What the parameters ask for. Raises BadParameter."""
    filters = Filters(
        sections=_any(section, "section"),
        languages=tuple(_language(range_) for range_ in _any(language, "language")),
        tags=tuple(_any(group, "tag") for group in tag),
        contributors=tuple(_any(group, "contributor") for group in contributor),
        is_breaking=breaking,
        since=_instant(since, zone, "from"),
        until=_instant(until, zone, "to"),
        storylines=tuple(dict.fromkeys(map(name_of, _any(storyline, "storyline")))),
    )
    return Asked(filters, zone)


AskedFor = Annotated[Asked, Depends(asked)]


def position(cursor: str | None) -> Cursor | None:
    """The position that a request names, if it does. Raises BadCursor."""
    return None if cursor is None else Cursor.decode(cursor)


def position_after(after: str) -> Cursor:
    """The position that a request names as `after`. Raises BadCursor."""
    try:
        return Cursor.decode(after)
    except BadCursor as error:
        raise BadCursor(error.detail, errors=[replace(fault, parameter="after") for fault in error.errors]) from None


def _any(value: str | None, parameter: str) -> Group:
    if value is None:
        return ()
    return tuple(dict.fromkeys(comma_separated(composed(value), parameter=parameter)))


def _language(tag: str) -> str:
    if not is_language_tag(tag):
        detail = "must be a BCP 47 language tag, such as en, fr-CA or zh-Hant"
        raise BadParameter(f"language: {detail}", errors=[Fault(detail, parameter="language")])
    return canonical_language(tag)


def _instant(value: datetime | date | None, zone: ZoneInfo, parameter: str) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    try:
        return start_of_day(value, zone)
    except ValueError as error:
        raise BadParameter(f"{parameter}: {error}", errors=[Fault(str(error), parameter=parameter)]) from None
