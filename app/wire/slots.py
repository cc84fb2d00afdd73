"""How many streams are open at once, for each client and overall; each process counts its own."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from app.core.errors import TooManyRequests, Unavailable

RETRY_AFTER_SECONDS = 10


class Slots:
    """Places for streams: taken when one opens, given back whatever ends it."""

    def __init__(self, *, per_client: int, overall: int) -> None:
        self._per_client, self._overall = per_client, overall
        self._taken: Counter[str] = Counter()

    @contextmanager
    def held(self, client: str) -> Iterator[None]:
        """A place until the block ends. Raises TooManyRequests or Unavailable when there is none."""
        if self._taken[client] >= self._per_client:
            detail = f"You have {self._per_client} streams open, as many as one client may. Close one first."
            raise TooManyRequests(detail, retry_after_seconds=RETRY_AFTER_SECONDS)
        if self._taken.total() >= self._overall:
            detail = f"{self._overall} streams are open, as many as there may be. Try again, or poll /v1/changes."
            raise Unavailable(detail, retry_after_seconds=RETRY_AFTER_SECONDS)
        self._taken[client] += 1
        try:
            yield
        finally:
            self._taken[client] -= 1
            if not self._taken[client]:
                del self._taken[client]
