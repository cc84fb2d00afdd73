"""Stored cards with the local times of one zone, spliced in as text: nothing is parsed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.articles.listing import published_at, published_at_starts
from app.core.clock import even_day, local_parts


@dataclass(frozen=True, slots=True)
class LocalCards:
    """Cards with `local`, and how many there are of each local day, in the order of the cards."""

    cards: list[str]
    days: dict[str, int]


def localised(cards: Sequence[str], zone: ZoneInfo) -> LocalCards:
    """These cards, each with its date, time and offset in `zone`."""
    days: dict[str, int] = {}
    shown = []
    for card in cards:
        start = published_at_starts(card)
        date, told = _in_minute(card[start : start + 16], zone) or _exactly(published_at(card), zone)
        days[date] = days.get(date, 0) + 1
        shown.append(card[:-1] + told)
    return LocalCards(shown, days)


@lru_cache(maxsize=4096)
def _in_minute(minute: str, zone: ZoneInfo) -> tuple[str, str] | None:
    """The date of any instant in a minute of UTC, such as 2025-05-18T14:39, and the end of a card that tells of it.

    None on days when the clocks are moved, or show odd seconds.
    """
    day = even_day(minute[:10], zone)
    if day is None:
        return None
    nearby, time = day.at(minute[11:])
    return _told(day.dates[nearby], time, day.offset)


def _exactly(at: datetime, zone: ZoneInfo) -> tuple[str, str]:
    return _told(*local_parts(at, zone))


def _told(date: str, time: str, offset: str) -> tuple[str, str]:
    return date, f',"local":{{"date":"{date}","time":"{time}","offset":"{offset}"}}}}'
