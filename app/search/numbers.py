"""The numbers by which the index knows articles: in the order of `published_at`, but for what falls within 256 ms.

Both indexes give matches in the order of their numbers, and neither can sort by anything else without reading all. So
a number is made of the millisecond, and of bits of the id that keep articles of one millisecond apart.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import count
from typing import Final
from uuid import UUID

from app.core.clock import FIRST_YEAR

SPREAD_BITS: Final = 17
WINDOW: Final = 1 << SPREAD_BITS
"""Numbers of later articles may be lower by less than this."""
_SHIFT = 9
_BEGINNING = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_TRIED = 64


def floor(at: datetime) -> int:
    """The lowest number that an article published at this moment may have; the highest is less than WINDOW above."""
    return ((at - _BEGINNING) // _MILLISECOND) << _SHIFT


def candidates(id: UUID, at: datetime) -> Iterator[int]:
    """The numbers that the article may have, first choice first, without end."""
    lowest = floor(at)
    for attempt in range(_TRIED):
        bits = int.from_bytes(blake2b(id.bytes + bytes((attempt,)), digest_size=8).digest())
        yield lowest + bits % WINDOW
    # An archive that dates everything alike: the order within that one moment is lost to the index.
    yield from count(lowest + WINDOW)
