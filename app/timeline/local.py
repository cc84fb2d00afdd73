"""Stored cards with the local times of one zone, spliced in as text: nothing is parsed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.articles.listing import published_at_text
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
        date, told = _told(published_at_text(card), zone)
        days[date] = days.get(date, 0) + 1
        shown.append(card[:-1] + told)
    return LocalCards(shown, days)


def _told(at: str, zone: ZoneInfo) -> tuple[str, str]:
    """The date of an instant, and the end of a card that tells of it."""
    day = even_day(at[:10], zone)
    if day is None:
        date, time, offset = local_parts(datetime.fromisoformat(at), zone)
        return date, _opening(date) + time + _closing(offset)
    nearby, time = day.at(at[11:16])
    date = day.dates[nearby]
    return date, _opening(date) + time + _closing(day.offset)


@lru_cache(maxsize=8192)
def _opening(date: str) -> str:
    return f',"local":{{"date":"{date}","time":"'


@lru_cache(maxsize=1024)
def _closing(offset: str) -> str:
    return f'","offset":"{offset}"}}}}'
