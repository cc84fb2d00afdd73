from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import (
    even_day,
    format_instant,
    http_date,
    local_parts,
    parse_day,
    parse_http_date,
    parse_instant,
    start_of_day,
    utc_now,
    zone,
)

INSTANTS = st.datetimes(
    parse_instant("1000-01-02T00:00:00Z").replace(tzinfo=None),
    parse_instant("9998-12-30T00:00:00Z").replace(tzinfo=None),
    timezones=st.just(UTC),
)
ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Paris",
        "Africa/Casablanca",
        "Africa/Cairo",
        "America/Havana",
        "America/St_Johns",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "Pacific/Kiritimati",
        "America/Los_Angeles",
        "Australia/Lord_Howe",
        "America/Toronto",
    ]
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-05-18T14:08:00Z", "2025-05-18T14:08:00"),
        ("2025-05-18t14:08:00z", "2025-05-18T14:08:00"),
        ("2025-05-18T15:08:00+01:00", "2025-05-18T14:08:00"),
        ("2025-05-18T00:08:00-23:59", "2025-05-19T00:07:00"),
        ("2025-05-18T14:08:00-00:00", "2025-05-18T14:08:00"),
        ("2025-05-18T14:08:00.5Z", "2025-05-18T14:08:00.500000"),
        ("2025-05-18T14:08:00.123456789Z", "2025-05-18T14:08:00.123456"),
        ("1000-01-01T00:00:00Z", "1000-01-01T00:00:00"),
        ("9998-12-31T23:59:59.999999Z", "9998-12-31T23:59:59.999999"),
        ("9999-01-01T00:30:00+01:00", "9998-12-31T23:30:00"),
    ],
)
def test_instant_is_read_in_utc(text: str, instant: str) -> None:
    assert parse_instant(text) == utc(instant)
    assert parse_instant(text).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("2025-05-18T14:08:00", "no offset"),
        ("2025-05-18T14:08:00.5", "no offset"),
        ("2025-05-18", "RFC 3339"),
        ("2025-05-18T14:08Z", "RFC 3339"),
        ("2025-05-18 14:08:00Z", "RFC 3339"),
        ("20250518T140800Z", "RFC 3339"),
        ("2025-05-18T14:08:00+0100", "RFC 3339"),
        ("2025-05-18T14:08:00,5Z", "RFC 3339"),
        ("2025-05-18T14:08:00.Z", "RFC 3339"),
        ("2025-05-18T14:08:00.1234567890Z", "RFC 3339"),
        ("2025-05-18T14:08:00Z\n", "RFC 3339"),
        (" 2025-05-18T14:08:00Z", "RFC 3339"),
        ("٢٠٢٥-05-18T14:08:00Z", "RFC 3339"),
        ("2025-W20-7T14:08:00Z", "RFC 3339"),
        ("", "RFC 3339"),
        ("2025-06-30T23:59:60Z", "leap second"),
        ("2025-02-29T00:00:00Z", "not a day that exists"),
        ("2025-13-01T00:00:00Z", "not a day that exists"),
        ("0000-01-01T00:00:00Z", "not a day that exists"),
        ("2025-05-18T24:00:00Z", "not a time that exists"),
        ("2025-05-18T14:60:00Z", "not a time that exists"),
        ("2025-05-18T14:08:61Z", "not a time that exists"),
        ("2025-05-18T14:08:00+24:00", "offset must be"),
        ("2025-05-18T14:08:00+01:60", "offset must be"),
        ("0999-12-31T23:59:59Z", "1000 to 9998"),
        ("1000-01-01T00:30:00+01:00", "1000 to 9998"),
        ("0001-01-01T00:00:00+01:00", "1000 to 9998"),
        ("9999-12-31T23:59:59-01:00", "1000 to 9998"),
        ("9999-01-01T00:00:00Z", "1000 to 9998"),
    ],
)
def test_anything_else_is_refused_with_its_reason(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_instant(text)


@given(INSTANTS)
def test_instant_survives_writing_and_reading(at: datetime) -> None:
    assert parse_instant(format_instant(at)) == at


@given(st.text())
def test_any_text_is_an_instant_or_a_value_error(text: str) -> None:
    with suppress(ValueError):
        assert parse_instant(text).tzinfo is UTC


def test_fraction_is_written_only_when_there_is_one() -> None:
    assert format_instant(utc("2025-05-18T14:08:00")) == "2025-05-18T14:08:00Z"
    assert format_instant(utc("2025-05-18T14:08:00.000001")) == "2025-05-18T14:08:00.000001Z"
    assert format_instant(datetime(2025, 5, 18, 15, 8, tzinfo=timezone(timedelta(hours=1)))) == "2025-05-18T14:08:00Z"


def test_now_is_aware() -> None:
    assert utc_now().tzinfo is UTC


@pytest.mark.parametrize("text", ["2025-5-18", "20250518", "2025-05-18T00:00:00Z", "2025-02-30", "", "٢٠٢٥-05-18"])
def test_day_is_written_one_way_only(text: str) -> None:
    assert parse_day("2025-05-18") == date(2025, 5, 18)
    with pytest.raises(ValueError, match=r"is not a da"):
        parse_day(text)


@pytest.mark.parametrize(
    "text",
    ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"],
)
def test_http_dates_of_rfc_9110_are_read(text: str) -> None:
    assert parse_http_date(text) == utc("1994-11-06T08:49:37")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 0000 08:49:37 GMT",
        "2025-05-18T14:08:00Z",
        "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun Nov xx 08:49:37 1994",
    ],
)
def test_what_is_no_http_date_is_none(text: str) -> None:
    assert parse_http_date(text) is None


def test_two_digit_year_is_never_far_in_the_future() -> None:
    this_year = utc_now().year
    for digits in range(100):
        read = parse_http_date(f"Sunday, 06-Nov-{digits:02} 08:49:37 GMT")
        assert read is not None
        assert this_year - 50 <= read.year <= this_year + 50


@given(INSTANTS)
def test_http_date_is_read_back_to_the_second(at: datetime) -> None:
    assert parse_http_date(http_date(at)) == at.replace(microsecond=0)


@pytest.mark.parametrize(
    "name", ["", "localtime", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "europe/paris", "Europe", "\0"]
)
def test_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="IANA"):
        zone(name)


@pytest.mark.parametrize(
    ("name", "day", "start"),
    [
        ("UTC", "2025-05-18", "2025-05-18T00:00:00"),
        ("Europe/Paris", "2025-03-30", "2025-03-29T23:00:00"),
        ("Europe/Paris", "2025-10-27", "2025-10-26T23:00:00"),
        # Clocks went from 00:00 to 01:00.
        ("Africa/Cairo", "2023-04-28", "2023-04-27T22:00:00"),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00"),
        # From 23:30 to 00:30.
        ("America/Toronto", "1919-03-31", "1919-03-31T04:30:00"),
        # From 01:00 back to 00:00: the first of two midnights.
        ("America/Havana", "2023-11-05", "2023-11-05T04:00:00"),
        # From 00:00 back to 23:00 the day before.
        ("America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00"),
        # A Friday that never was.
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00"),
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00"),
        ("Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00"),
    ],
)
def test_day_starts_at_its_first_instant(name: str, day: str, start: str) -> None:
    assert start_of_day(date.fromisoformat(day), zone(name)) == utc(start)


@given(st.dates(date(1001, 1, 1), date(9998, 12, 30)), ZONES)
def test_no_instant_just_before_a_day_belongs_to_it(day: date, name: str) -> None:
    start = start_of_day(day, zone(name))
    assert start.astimezone(zone(name)).date() >= day
    assert (start - timedelta(seconds=1)).astimezone(zone(name)).date() < day
    assert start <= start_of_day(day + timedelta(days=1), zone(name))


@pytest.mark.parametrize("day", [date(1, 1, 1), date(999, 12, 31)])
def test_day_before_our_time_is_refused(day: date) -> None:
    with pytest.raises(ValueError, match="1000 to 9998"):
        start_of_day(day, zone("Pacific/Kiritimati"))


@pytest.mark.parametrize(
    ("instant", "name", "parts"),
    [
        ("2025-05-18T15:39:00", "Africa/Casablanca", ("2025-05-18", "16:39", "+01:00")),
        ("2025-05-18T15:39:59.999999", "UTC", ("2025-05-18", "15:39", "+00:00")),
        ("2025-05-18T23:39:00", "Asia/Kathmandu", ("2025-05-19", "05:24", "+05:45")),
        ("2025-05-18T02:39:00", "America/St_Johns", ("2025-05-18", "00:09", "-02:30")),
        ("1000-01-01T00:00:00", "America/Los_Angeles", ("0999-12-31", "16:07", "-07:52")),
        ("9998-12-31T23:59:59", "Pacific/Kiritimati", ("9999-01-01", "13:59", "+14:00")),
    ],
)
def test_local_parts_are_what_a_clock_there_shows(instant: str, name: str, parts: tuple[str, str, str]) -> None:
    assert local_parts(utc(instant), zone(name)) == parts


@given(ZONES, st.integers(-3_000_000_000, 4_000_000_000))
def test_even_days_show_what_a_clock_there_shows(name: str, second: int) -> None:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    text = format_instant(at)
    if day := even_day(text[:10], zone(name)):
        nearby, time = day.at(text[11:16])
        assert (day.dates[nearby], time, day.offset) == local_parts(at, zone(name))
