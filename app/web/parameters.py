"""Types of query parameters that several packages share, strict about how a value is written.

Which parameters a route has, and what their values do, is for the routes.
"""

import re
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Query
from pydantic import BeforeValidator, PlainValidator

from app.core.clock import parse_day, parse_instant, zone
from app.core.errors import BadParameter, Fault

WHOLE_NUMBER = re.compile(r"[0-9]{1,18}")
# A plus that was not escaped reaches us as a space: worth a hint of its own.
LOST_PLUS = re.compile(r".*T.* [0-9]{2}:[0-9]{2}")


def whole_number(value: object) -> object:
    """The number that a text of plain digits spells: no sign, space, underscore or decimal point."""
    if not isinstance(value, str):
        return value
    if not WHOLE_NUMBER.fullmatch(value):
        raise ValueError("Input should be a whole number in plain digits")
    return int(value)


def true_or_false(value: object) -> object:
    """The boolean that exactly `true` or `false` spells."""
    if not isinstance(value, str):
        return value
    if value not in ("true", "false"):
        raise ValueError("Input should be true or false")
    return value == "true"


def instant_or_date(value: object) -> datetime | date:
    """The instant (RFC 3339, in UTC) or the bare day (YYYY-MM-DD) that a text spells."""
    if isinstance(value, datetime | date):
        return value
    text = str(value)
    return parse_day(text) if len(text) == len("2025-05-18") else instant(text)


def instant(value: object) -> datetime:
    """The instant (RFC 3339, in UTC) that a text spells."""
    if isinstance(value, datetime):
        return value
    text = str(value)
    if LOST_PLUS.fullmatch(text):
        raise ValueError("has a space where an offset begins: write the plus sign as %2B")
    return parse_instant(text)


def time_zone(value: object) -> ZoneInfo:
    """The time zone of an IANA name such as Europe/Paris."""
    return value if isinstance(value, ZoneInfo) else zone(str(value))


def comma_separated(value: str, *, parameter: str) -> tuple[str, ...]:
    """The items of a list written with commas. Raises BadParameter for an empty one."""
    items = tuple(value.split(","))
    if not all(item.strip() for item in items):
        reason = "has an empty item between its commas" if len(items) > 1 else "must not be empty"
        raise BadParameter(f"{parameter}: {reason}", errors=[Fault(reason, parameter=parameter)])
    return items


WholeNumber = Annotated[int, BeforeValidator(whole_number)]
Flag = Annotated[bool, BeforeValidator(true_or_false)]
InstantOrDate = Annotated[datetime | date, PlainValidator(instant_or_date, json_schema_input_type=str)]
Instant = Annotated[datetime, PlainValidator(instant, json_schema_input_type=datetime)]
Tz = Annotated[ZoneInfo, PlainValidator(time_zone, json_schema_input_type=str)]


def Limit(default: int, maximum: int) -> Any:  # noqa: N802 - reads like the framework's own Query
    """How many to answer with: `limit: Annotated[WholeNumber, Limit(20, 100)] = 20`.

    The framework takes the default from the signature only, and drops the strictness of a `limit: int = Query(...)`.
    """
    return Query(ge=1, le=maximum, description=f"How many at most: 1 to {maximum}, {default} if not given.")
