"""Local times of stored cards: every zone, its odd offsets, and the days on which clocks are moved."""

import json
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

import pytest

from app.core.clock import format_instant
from app.timeline.local import localised


def card(at: str) -> str:
    """A stored card, as far as local times go, with a headline that would mislead a careless reader."""
    published = format_instant(datetime.fromisoformat(at))
    told = json.dumps(
        {"id": str(UUID(int=1)), "headline": ',"published_at":"2001-01-01T00:00:00Z"'}, ensure_ascii=False
    )
    return f'{told[:-1]},"published_at":"{published}","links":{{}}}}'.replace('": "', '":"')


@pytest.mark.parametrize(
    ("zone", "at", "date", "time", "offset"),
    [
        ("UTC", "2025-05-18T14:39:59.999999Z", "2025-05-18", "14:39", "+00:00"),
        ("Africa/Casablanca", "2025-05-18T15:39:00Z", "2025-05-18", "16:39", "+01:00"),
        ("Asia/Kathmandu", "2025-05-18T18:14:59Z", "2025-05-18", "23:59", "+05:45"),
        ("Asia/Kathmandu", "2025-05-18T18:15:00Z", "2025-05-19", "00:00", "+05:45"),
        ("Australia/Eucla", "2025-05-18T12:00:00Z", "2025-05-18", "20:45", "+08:45"),
        ("America/St_Johns", "2025-01-01T03:00:00Z", "2024-12-31", "23:30", "-03:30"),
        # The hour that New York has twice, and the one that it has not.
        ("America/New_York", "2025-11-02T05:30:00Z", "2025-11-02", "01:30", "-04:00"),
        ("America/New_York", "2025-11-02T06:30:00Z", "2025-11-02", "01:30", "-05:00"),
        ("America/New_York", "2025-03-09T07:00:00Z", "2025-03-09", "03:00", "-04:00"),
        # Cairo and Havana move their clocks at midnight.
        ("Africa/Cairo", "2024-04-25T21:59:59Z", "2024-04-25", "23:59", "+02:00"),
        ("Africa/Cairo", "2024-04-25T22:00:00Z", "2024-04-26", "01:00", "+03:00"),
        ("America/Havana", "2025-11-02T05:00:00Z", "2025-11-02", "00:00", "-05:00"),
        # Samoa went from the 29th to the 31st.
        ("Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29", "23:59", "-10:00"),
        ("Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31", "00:00", "+14:00"),
        # Half an hour of summer time, offsets before zones, and the ends of what we can date.
        ("Australia/Lord_Howe", "2025-01-01T12:00:00Z", "2025-01-01", "23:00", "+11:00"),
        ("Australia/Lord_Howe", "2025-07-01T12:00:00Z", "2025-07-01", "22:30", "+10:30"),
        ("Europe/Paris", "1900-01-01T12:00:00Z", "1900-01-01", "12:09", "+00:09"),
        ("Pacific/Pago_Pago", "1000-01-01T00:00:00Z", "1000-01-01", "12:37", "+12:37"),
        ("Pacific/Kiritimati", "9998-12-31T23:59:59Z", "9999-01-01", "13:59", "+14:00"),
    ],
)
def test_clocks_of_the_zone_are_shown(zone: str, at: str, date: str, time: str, offset: str) -> None:
    told = localised([card(at)], ZoneInfo(zone))

    (shown,) = map(json.loads, told.cards)
    assert shown["local"] == {"date": date, "time": time, "offset": offset}
    assert told.days == {date: 1}
    assert {name: value for name, value in shown.items() if name != "local"} == json.loads(card(at))


def test_days_are_counted_in_the_order_of_the_cards() -> None:
    cards = [card(f"2025-05-{day}:00:00Z") for day in ("19T00", "18T23", "18T22", "18T21", "17T12")]

    assert list(localised(cards, ZoneInfo("UTC")).days.items()) == [
        ("2025-05-19", 1),
        ("2025-05-18", 3),
        ("2025-05-17", 1),
    ]
    assert list(localised(cards, ZoneInfo("Asia/Tokyo")).days.items()) == [("2025-05-19", 4), ("2025-05-17", 1)]
    assert localised([], ZoneInfo("UTC")).days == {}


def test_every_zone_can_be_told_in() -> None:
    cards = [card("2025-05-18T14:39:00Z")]
    for name in sorted(available_timezones()):
        (shown,) = map(json.loads, localised(cards, ZoneInfo(name)).cards)
        at = datetime.fromisoformat("{date}T{time}:00{offset}".format(**shown["local"]))
        assert at == datetime.fromisoformat("2025-05-18T14:39:00Z"), name
