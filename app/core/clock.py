"""Instants and local days: read, write, and place them in a time zone.

Who may choose a time, and what follows from it, is decided by the packages that hold the rows.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import format_datetime
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

# A day short of what datetime can hold on either side, so that no offset overflows; four digits, so that text sorts.
FIRST_YEAR = 1000
LAST_YEAR = 9998

_INSTANT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
    r"(?:\.(?P<fraction>[0-9]{1,9}))?(?P<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})?"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = "|".join(_MONTHS)
_TIME = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
# RFC 9110, section 5.6.7: IMF-fixdate, then the obsolete RFC 850 and asctime forms that a recipient must still read.
_HTTP_DATES = (
    re.compile(rf"[A-Z][a-z]{{2}}, (?P<day>[0-9]{{2}}) (?P<month>{_MONTH}) (?P<year>[0-9]{{4}}) {_TIME} GMT"),
    re.compile(rf"[A-Z][a-z]{{5,8}}, (?P<day>[0-9]{{2}})-(?P<month>{_MONTH})-(?P<year>[0-9]{{2}}) {_TIME} GMT"),
    re.compile(rf"[A-Z][a-z]{{2}} (?P<month>{_MONTH}) (?P<day>[ 0-9][0-9]) {_TIME} (?P<year>[0-9]{{4}})"),
)


class LocalTime(NamedTuple):
    """An instant as a reader's clock shows it: '2025-05-18', '16:39', '+01:00'."""

    date: str
    time: str
    offset: str


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def parse_instant(text: str) -> datetime:
    """The instant written in `text`, in UTC, digits beyond microseconds cut off.

    RFC 3339 to the letter: seconds and an offset are required, leap seconds refused. Raises ValueError with a message
    for the person who wrote it.
    """
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise ValueError("is not an RFC 3339 date and time such as 2025-05-18T14:08:00Z")
    if match["offset"] is None:
        raise ValueError("has no offset from UTC: end it with Z or an offset such as +01:00")
    if match["second"] == "60":
        raise ValueError("has a leap second (:60), which is not supported")
    day = parse_day(match["day"])
    try:
        clock = time(int(match["hour"]), int(match["minute"]), int(match["second"]), _microseconds(match["fraction"]))
        instant = datetime.combine(day, clock, _fixed_zone(match["offset"])).astimezone(UTC)
    except ValueError as error:
        raise ValueError(f"is not a time that exists: {error}") from None
    except OverflowError:
        raise ValueError(f"is outside the years {FIRST_YEAR} to {LAST_YEAR}") from None
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise ValueError(f"is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return instant


def parse_day(text: str) -> date:
    """The calendar day written as YYYY-MM-DD; ValueError when there is no such day."""
    if not _DAY.fullmatch(text):
        raise ValueError("is not a date such as 2025-05-18")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"is not a day that exists: {error}") from None


def format_instant(at: datetime) -> str:
    """RFC 3339 in UTC with `Z`; six digits of fraction, or none when it is zero."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def even_instant(at: datetime) -> str:
    """As `format_instant`, with six digits of fraction always: 27 characters, whose order is that of time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def http_date(at: datetime) -> str:
    """The IMF-fixdate of RFC 9110, cut to whole seconds."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


def parse_http_date(text: str) -> datetime | None:
    """The instant of an HTTP date in any of its three formats; None when it is none of them."""
    for number, pattern in enumerate(_HTTP_DATES):
        if match := pattern.fullmatch(text):
            year = _full_year(int(match["year"])) if number == 1 else int(match["year"])
            month = _MONTHS.index(match["month"]) + 1
            clock = (int(match["hour"]), int(match["minute"]), int(match["second"]))
            try:
                return datetime(year, month, int(match["day"]), *clock, tzinfo=UTC)
            except ValueError:
                return None
    return None


@cache
def zone(name: str) -> ZoneInfo:
    """The IANA time zone of that exact name; ValueError when there is none."""
    # Asked first of a list made once: ZoneInfo would look for a file of the caller's choosing.
    if name not in _zone_names():
        raise ValueError(f"{name[:64]!r} is not an IANA time zone")
    return ZoneInfo(name)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which clocks in `zone` show `day` or later.

    A day that a zone skipped is thus empty: it starts where the next one does. Raises ValueError for years that no
    instant of ours can have.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR + 1:
        raise ValueError(f"is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    midnight = datetime.combine(day, time(), zone)
    start = midnight.astimezone(UTC)
    if start.astimezone(zone).replace(tzinfo=None) == midnight.replace(tzinfo=None):
        return start
    # Midnight falls in a gap: the day starts at the transition, between its two readings.
    return _first_showing(day, zone, after=midnight.replace(fold=1).astimezone(UTC), until=start)


def local_parts(at: datetime, zone: ZoneInfo) -> LocalTime:
    """What clocks in `zone` show at `at`; the offset is cut to whole minutes."""
    text = at.astimezone(zone).isoformat(timespec="minutes")
    return LocalTime(text[:10], text[11:16], text[16:22])


_MINUTES_A_DAY = 24 * 60
_CLOCKS = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(_MINUTES_A_DAY))
_MINUTES = {clock: minute for minute, clock in enumerate(_CLOCKS)}


class EvenDay(NamedTuple):
    """A day in UTC during which a zone has one offset, and the dates of the days before, on and after it.

    To read local times off a table, where many are wanted.
    """

    shift_minutes: int
    offset: str
    dates: tuple[str, str, str]

    def at(self, time: str) -> tuple[int, str]:
        """At this time of UTC, which of the three dates it is in the zone, and what its clocks show."""
        days, minute = divmod(_MINUTES[time] + self.shift_minutes, _MINUTES_A_DAY)
        return days + 1, _CLOCKS[minute]


@lru_cache(maxsize=8192)
def even_day(day: str, zone: ZoneInfo) -> EvenDay | None:
    """What there is to know of a date in UTC, such as 2025-05-18; None where the clocks are moved on it."""
    midnight = datetime.fromisoformat(day).replace(tzinfo=UTC)
    shifts = {(midnight + timedelta(hours=hour)).astimezone(zone).utcoffset() for hour in range(25)}
    shift = shifts.pop()
    if shifts or shift is None or shift % timedelta(minutes=1):
        return None
    dates = [(midnight + timedelta(days=days)).date().isoformat() for days in (-1, 0, 1)]
    return EvenDay(shift // timedelta(minutes=1), local_parts(midnight, zone).offset, (dates[0], dates[1], dates[2]))


def _first_showing(day: date, zone: ZoneInfo, *, after: datetime, until: datetime) -> datetime:
    early, late = 0, int((until - after).total_seconds())
    while early < late:
        middle = (early + late) // 2
        if (after + timedelta(seconds=middle)).astimezone(zone).date() >= day:
            late = middle
        else:
            early = middle + 1
    return after + timedelta(seconds=early)


def _microseconds(fraction: str | None) -> int:
    return int(fraction[:6].ljust(6, "0")) if fraction else 0


def _fixed_zone(offset: str) -> timezone:
    if offset in "Zz":
        return UTC
    hours, minutes = int(offset[1:3]), int(offset[4:6])
    if hours > 23 or minutes > 59:
        raise ValueError("the offset must be between -23:59 and +23:59")
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(-span if offset[0] == "-" else span)


def _full_year(two_digits: int) -> int:
    # RFC 9110, section 5.6.7: more than 50 years ahead means the most recent past year with these digits.
    this_year = utc_now().year
    year = this_year - this_year % 100 + two_digits
    return year - 100 if year > this_year + 50 else year


@cache
def _zone_names() -> frozenset[str]:
    # Files beside the zones that are none, or another one on every machine.
    return frozenset(available_timezones() - {"Factory", "localtime", "posixrules"})
