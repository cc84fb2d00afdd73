"""Long polls: a page of the log that waits until there is something on it."""

import asyncio

from app.wire.store import Page
from app.wire.ticker import Reading, Ticker


async def news(ticker: Ticker, reading: Reading, after: int, *, within_seconds: float) -> Page:
    """The first page with a line that passes, or the last empty one when the time is up or the process ends.

    What did not pass is not read again. Raises SeqAhead.
    """
    clock = asyncio.get_running_loop().time
    until = clock() + within_seconds
    found = await ticker.page(reading, after)
    while within_seconds and found.is_last and not found.lines:
        # The newest of what was read is behind us: only what comes after it is news.
        went_back = ticker.follower.went_back
        is_news = await ticker.follower.hear(found.next_after + 1, within_seconds=until - clock())
        if not is_news and ticker.follower.went_back == went_back:
            break
        found = await ticker.shared(reading, found.next_after)
    return found
