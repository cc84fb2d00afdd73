"""Opaque cursors for lists ordered by (`published_at`, `id`), newest first, and the links that carry them.

Reading a page from a position is for the package that owns the list.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from struct import Struct
from typing import Literal, Self
from urllib.parse import quote
from uuid import UUID

from app.core.clock import FIRST_YEAR, LAST_YEAR
from app.core.errors import BadCursor, Fault

Direction = Literal["older", "newer", "from"]

VERSION = 1
CODES: dict[Direction, int] = {"older": 0, "newer": 1, "from": 2}
DIRECTIONS: dict[int, Direction] = {code: direction for direction, code in CODES.items()}
# Version, direction, microseconds since 1970, id: 26 bytes. With four of check they are 40 characters of base64
# exactly, so that no spare bits could spell the same cursor in two ways.
LAYOUT = Struct(">BBq16s")
CHECK_SIZE = 4
ENCODED_LENGTH = 40
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
QUERY_SAFE = ":,/@"
UNRESERVED = re.compile(r"[\w.~-]*", re.ASCII)
NEVER_ECHOED = "min_seq"


@dataclass(frozen=True, slots=True)
class Cursor:
    """A position in the list, and which way to read from it: strictly `older`, strictly `newer`, or `from` it on."""

    direction: Direction
    at: datetime
    id: UUID

    @classmethod
    def beginning(cls) -> Self:
        """Newer than everything that ever was: what the end of an empty list polls."""
        return cls("newer", datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), UUID(int=0))

    @classmethod
    def end(cls) -> Self:
        """Newer than everything that may ever be, read backwards: the newest first."""
        return cls("older", datetime(LAST_YEAR, 12, 31, tzinfo=UTC), UUID(int=0))

    def encode(self) -> str:
        """The cursor as clients carry it: 40 characters that need no escaping in a URL."""
        packed = LAYOUT.pack(VERSION, CODES[self.direction], (self.at - EPOCH) // MICROSECOND, self.id.bytes)
        return urlsafe_b64encode(packed + _check(packed)).decode()

    @classmethod
    def decode(cls, text: str) -> Self:
        """The cursor that `encode` made `text` of. Raises BadCursor for any other text."""
        try:
            raw = urlsafe_b64decode(text.encode("ascii"))
        except ValueError:
            raise _bad() from None
        # The decoder skips what is not in its alphabet; only encoding again shows that nothing was skipped.
        if len(text) != ENCODED_LENGTH or urlsafe_b64encode(raw).decode() != text:
            raise _bad()
        packed, check = raw[: LAYOUT.size], raw[LAYOUT.size :]
        version, code, microseconds, identity = LAYOUT.unpack(packed)
        if check != _check(packed) or version != VERSION or code not in DIRECTIONS:
            raise _bad()
        try:
            at = EPOCH + microseconds * MICROSECOND
        except OverflowError:
            raise _bad() from None
        if not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise _bad()
        return cls(DIRECTIONS[code], at, UUID(bytes=identity))


def page_url(base: str, params: Sequence[tuple[str, str]], **replace: str | None) -> str:
    """The absolute URL of another page: `params` in order, those in `replace` exchanged, added, or dropped (None).

    `min_seq` is never repeated: it was a demand of one moment.
    """
    pairs: list[tuple[str, str]] = []
    pending: dict[str, str | None] = dict(replace)
    for name, value in params:
        if name not in replace:
            if name != NEVER_ECHOED:
                pairs.append((name, value))
        elif (new := pending.pop(name, None)) is not None:
            pairs.append((name, new))
    pairs += [(name, value) for name, value in pending.items() if value is not None]
    if not pairs:
        return base
    return base + "?" + "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)


def _quoted(text: str) -> str:
    if UNRESERVED.fullmatch(text):
        return text  # as names, cursors and most values are
    # RFC 3986 lets a query keep these readable; `+` is not among them, as forms read it as a space.
    return quote(text, safe=QUERY_SAFE, errors="replace")


def _check(packed: bytes) -> bytes:
    return blake2b(packed, digest_size=CHECK_SIZE, person=b"cursor").digest()


def _bad() -> BadCursor:
    return BadCursor(BadCursor.example_detail, errors=[Fault("not a cursor of this service", parameter="cursor")])
