"""What was touched since the last look, for the memory of one process: `web.hearing` asks, this reads the database."""

from app.changes.following import Follower
from app.changes.touching import MOST_AT_ONCE, Standing, standing, touched
from app.db import Database


class News:
    """A place in the log, `seq`, and among the purges, and what has happened since. One asks at a time."""

    def __init__(self, database: Database, follower: Follower) -> None:
        self._database, self._follower = database, follower
        self._standing: Standing | None = None
        self._written = -1
        self.seq = -1

    @property
    def is_behind(self) -> bool:
        """Whether this process has written since, or heard of more."""
        return self._database.written != self._written or self._follower.head > self.seq

    async def hear(self) -> frozenset[str] | None:
        """The surrogate keys of what was touched since the last call; None for everything. Raises Overloaded."""
        written, known = self._database.written, self._standing
        found = await self._database.read(standing)
        keys: frozenset[str] | None = frozenset()
        if known is None or found.is_of_other_history_than(known) or _is_far(found, known):
            keys = None
        elif (found.seq, found.purged) != (known.seq, known.purged):
            news = await self._database.snapshot(touched, known)
            keys, found = news.keys, news.until
        self._standing, self._written, self.seq = found, written, found.seq
        self._follower.hear_of(found.seq)
        return keys


def _is_far(found: Standing, known: Standing) -> bool:
    return found.seq - known.seq > MOST_AT_ONCE or found.purged - known.purged > MOST_AT_ONCE
