"""Long polls: a page of the log that waits until there is something on it."""

import asyncio

from app.wire.feed import Feed, Reading
from app.wire.store import Page


async def news(feed: Feed, reading: Reading, after: int, *, within_seconds: float) -> Page:
    """The first page with a line that passes, or the last empty one when the time is up or the process ends.

    What did not pass is not read again. Raises SeqAhead.
    """
    clock = asyncio.get_running_loop().time
    until = clock() + within_seconds
    found = await feed.page(reading, after)
    while within_seconds and found.is_last and not found.lines:
        # The newest of what was read is behind us: only what comes after it is news.
        if not await feed.follower.hear(found.next_after + 1, within_seconds=until - clock()):
            break
        found = await feed.shared(reading, found.next_after)
    return found
