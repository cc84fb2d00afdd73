"""Why two articles are related, in words that readers know: made once, when a list is, and sent as stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.web.pages import dumps

MOST_WORDS, MOST_TAGS = 5, 5
LEAST_SHARE = 0.02
RECENT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Shared:
    """A word or a name that both articles hold, as one of them writes it, and its share of the likeness."""

    surface: str
    share: float


def tell(tags: Sequence[str], words: Sequence[Shared], apart: timedelta) -> str:
    """The reasons as JSON: shared tags, rarest first; the words that carried most; how far apart, if it is not far."""
    carrying = [one for one in words if one.share >= LEAST_SHARE][:MOST_WORDS]
    found = (
        _reason("tag", tags[:MOST_TAGS]),
        _reason("words", [one.surface for one in carrying], [round(one.share, 2) for one in carrying]),
        _reason("time", [f"published {_told(abs(apart))} apart"] if abs(apart) <= RECENT else []),
    )
    return dumps([reason for reason in found if reason["values"]])


def _reason(kind: str, values: Sequence[str], shares: Sequence[float] | None = None) -> Mapping[str, Any]:
    return {"kind": kind, "values": list(values), "shares": shares}


def _told(apart: timedelta) -> str:
    for unit, name in ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute")):
        if number := apart // unit:
            return f"{number} {name}{'s' if number > 1 else ''}"
    return "less than a minute"
