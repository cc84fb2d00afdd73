"""The words of a query marked where they stand: safe HTML, in which only `<mark>` is an element."""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from app.core.text import Placed, places

SNIPPET: Final = 240
"""About how many characters of a body are shown."""
MOST_CHARACTERS: Final = 20_000
"""Of a body: later words are found, but not shown."""
_ELLIPSIS: Final = "…"
_MARGIN: Final = 60
_MOST_PLACES: Final = 500

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Highlight:
    """HTML of the headline, the summary and the part of the body that says most; null where there is none."""

    headline: str
    summary: str | None
    body: str | None


def highlight(headline: str, summary: str | None, body: str, *, language: str, stems: Collection[str]) -> Highlight:
    """The article's texts with every word marked that has one of the stems, and what of the body is worth showing."""
    return Highlight(
        _marked(headline, _spans(headline, language, stems)),
        None if summary is None else _marked(summary, _spans(summary, language, stems)),
        _snippet(body[:MOST_CHARACTERS], language, stems),
    )


def _spans(text: str, language: str, stems: Collection[str]) -> list[Span]:
    return [(placed.start, placed.end) for placed in places(text, language, stems)]


def _marked(text: str, spans: Sequence[Span]) -> str:
    parts, at = [], 0
    for start, end in _merged(spans):
        parts += [escape(text[at:start], quote=False), "<mark>", escape(text[start:end], quote=False), "</mark>"]
        at = end
    return "".join([*parts, escape(text[at:], quote=False)])


def _merged(spans: Sequence[Span]) -> list[Span]:
    """The spans without overlaps: pairs of characters share theirs."""
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _snippet(body: str, language: str, stems: Collection[str]) -> str | None:
    """What stands around the place with most different words of the query; the beginning, where none stands."""
    if not body:
        return None
    found = places(body, language, stems)
    best = _densest(found)
    start, end = _window(body, found[best].start if found else 0)
    inside = [(one.start - start, one.end - start) for one in found if start <= one.start and one.end <= end]
    shown = _marked(body[start:end].replace("\n", " "), inside)
    return f"{_ELLIPSIS if start else ''}{shown}{_ELLIPSIS if end < len(body) else ''}"


def _densest(found: Sequence[Placed]) -> int:
    """Which place begins the stretch with most different words; of equals, the first."""
    starts = [one.start for one in found[:_MOST_PLACES]]

    def variety(n: int) -> int:
        until = bisect_left(starts, starts[n] + SNIPPET - _MARGIN)
        return len({one.stem for one in found[n:until]})

    return max(range(len(starts)), key=lambda n: (variety(n), -n), default=0)


def _window(body: str, place: int) -> Span:
    """From where to where to show the body: the place is in it, and no word is cut, as far as there are words."""
    start = max(0, min(place - _MARGIN, len(body) - SNIPPET))
    if start:
        blank = body.find(" ", start, start + _MARGIN)
        start = blank + 1 if 0 <= blank < place else start
    end = min(len(body), start + SNIPPET)
    if end < len(body):
        blank = body.rfind(" ", max(start, place) + 1, end)
        end = blank if blank > 0 else end
    return start, end
