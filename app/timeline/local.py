"""Stored cards with the local times of one zone, spliced in as text: nothing is parsed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.articles.listing import published_at_text
from app.core.clock import local_parts_of


@dataclass(frozen=True, slots=True)
class LocalCards:
    """Cards with `local`, and how many there are of each local day, in the order of the cards."""

    cards: list[str]
    days: dict[str, int]


def localised(cards: Sequence[str], zone: ZoneInfo) -> LocalCards:
    """These cards, each with its date, time and offset in `zone`."""
    days: Counter[str] = Counter()
    shown = []
    for card in cards:
        local = local_parts_of(published_at_text(card), zone)
        days[local.date] += 1
        told = f'"local":{{"date":"{local.date}","time":"{local.time}","offset":"{local.offset}"}}'
        shown.append(f"{card[:-1]},{told}}}")
    return LocalCards(shown, dict(days))
