"""How often the memory of answers was of use: counted for monitoring, and logged a few lines a minute.

A line for each request would cost more than the answer.
"""

from collections import Counter
from typing import Final

import structlog

TOLD_EVERY_SECONDS: Final = 10.0
MOST_NAMED: Final = 20

RESULTS: Final = ("hit", "collapsed", "stored", "missed", "bypassed")

log = structlog.get_logger("dateline.edge")


class Tally:
    """Counts since the start, by RESULTS (but for hits not told yet), and by path since the last lines."""

    def __init__(self) -> None:
        self.results: Counter[str] = Counter()
        self._asked: dict[str, int] = {}
        self._unchanged = self._bytes = 0
        self._tell_at = 0.0

    def hit(self, path: str, size: int, now: float) -> None:
        """An answer of this many bytes came from memory; 0 for a 304 and for the head of an answer."""
        self._asked[path] = self._asked.get(path, 0) + 1
        self._bytes += size
        self._unchanged += not size
        if now >= self._tell_at:
            self.tell(now)

    def tell(self, now: float) -> None:
        """Log what was answered since the last time."""
        self._tell_at = now + TOLD_EVERY_SECONDS
        if not self._asked:
            return
        hits = sum(self._asked.values())
        self.results["hit"] += hits
        # Never the query: searches are the reader's own affair.
        busiest = dict(Counter(self._asked).most_common(MOST_NAMED))
        log.info("answered from memory", hits=hits, without_content=self._unchanged, bytes=self._bytes, paths=busiest)
        self._asked, self._unchanged, self._bytes = {}, 0, 0

    def counted(self) -> Counter[str]:
        """Requests by what became of them."""
        return self.results + Counter(hit=sum(self._asked.values()))
