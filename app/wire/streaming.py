"""The log as server-sent events, for as long as a client stays.

Who may open how many streams is for `slots`; reading together for `ticker`.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import lru_cache

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from app.articles.filters import Filters
from app.articles.reading import View
from app.articles.rendering import complete
from app.changes.following import Follower
from app.wire.errors import SeqAhead
from app.wire.sifting import passes
from app.wire.store import Line, Page
from app.wire.ticker import Reading, Ticker

HEARTBEAT_SECONDS = 15.0
RETRY_MILLISECONDS = 2000
TOLD_EVERY = 500
"""After so many lines that did not pass, a client is told how far it is, to resume from there."""

_AT_ONCE = 50


@dataclass(slots=True)
class _Place:
    """How far a stream has looked, and how far its client knows that it has."""

    looked: int
    told: int

    def sign(self) -> bytes:
        """A sign of life, with the position where that is news."""
        news, self.told = self.looked > self.told, self.looked
        return format_sse_event(id=str(self.looked)) if news else KEEPALIVE_COMMENT


async def events(ticker: Ticker, filters: Filters, start: int, *, view: View, api_url: str) -> AsyncIterator[bytes]:
    """What comes after `start`, until the process ends: changes that pass, and signs of life between them.

    Bytes flow at once, and with them the position: a client that is cut off before its first change resumes here.
    """
    follower, reading, place = ticker.follower, Reading(view=view, limit=_AT_ONCE), _Place(start, start)
    yield format_sse_event(id=str(start), retry=RETRY_MILLISECONDS)
    page, went_back = await ticker.page(reading, start), follower.went_back
    while not follower.is_closing and follower.went_back == went_back:
        for line in _current(page, follower):
            place.looked = line.seq
            if passes(line.before, line.after, filters):
                yield _event(line, api_url)
                place.told = line.seq
        if place.looked - place.told >= TOLD_EVERY:
            yield place.sign()
        if place.looked >= page.head.seq and not await follower.hear(
            place.looked + 1, within_seconds=HEARTBEAT_SECONDS
        ):
            if follower.is_closing or follower.went_back != went_back:
                return  # restored from a backup meanwhile: the client is told so when it comes back
            yield place.sign()
        try:
            page = await ticker.shared(reading, place.looked)
        except SeqAhead:
            return


def _current(page: Page, follower: Follower) -> Iterator[Line]:
    """The lines of a page until the log has moved on: what was public then may since have been withdrawn."""
    for line in page.lines:
        yield line
        if follower.head > page.head.seq or follower.is_closing:
            return


# Kept, because thousands of streams tell the same line at the same time.
@lru_cache(maxsize=_AT_ONCE)
def _event(line: Line, api_url: str) -> bytes:
    return format_sse_event(id=str(line.seq), event=line.kind, data_str=complete(line.text, api_url))
