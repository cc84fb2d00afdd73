"""What a format of feeds is: how it begins, how it writes an article, and what its media type is.

A feed is `opening`, then articles and removals with the `separator` between them, then `closing`: it can be streamed.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app.syndication.entry import Channel, Entry, Removal


@dataclass(frozen=True, slots=True)
class Format:
    """One format of feeds.

    `removal` is None where the format has no word for what was taken back, and `alone` where it has none for an article
    without a feed around it.
    """

    name: str
    media_type: str
    opening: Callable[[Channel], bytes]
    entry: Callable[[Entry], bytes]
    closing: bytes
    separator: bytes = b""
    removal: Callable[[Removal], bytes] | None = None
    alone: Callable[[Entry], bytes] | None = None
