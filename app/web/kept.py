"""Answers kept in memory: bounded in bytes, the longest unasked forgotten first, and all that shows what was touched.

Which answers may be kept, and who may have them, is for `edge`.
"""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from app.web.conditional import RawHeaders

MOST_TOUCHED: Final = 10_000
"""How many keys are remembered as touched; with more, all is forgotten."""

_OVERHEAD_BYTES = 1_200
"""Of an answer beside its body and header fields: measured with tracemalloc, rounded up."""
_FIELD_BYTES = 170

_OF_CONTENT = {b"content-length", b"content-type", b"content-encoding"}


@dataclass(slots=True, eq=False)
class Kept:
    """A 200 as every client gets it; without a `body` where only its validators are known.

    `keys` are the surrogate keys of what it shows, `seq` the position of the log that it was made at, `moment` when
    it was asked for by the memory's own count. It is good until `ends_at`, in seconds of the memory's clock.
    """

    path: str
    headers: RawHeaders
    body: bytes | None
    etag: bytes
    last_modified: datetime | None
    keys: tuple[bytes, ...]
    seq: int
    moment: int
    ends_at: float
    unchanged: RawHeaders = field(init=False)
    seq_field: tuple[bytes, bytes] = field(init=False)
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.unchanged = [each for each in self.headers if each[0] not in _OF_CONTENT]
        self.seq_field = (b"dateline-seq", b"%d" % self.seq)
        values = sum(len(value) + _FIELD_BYTES for _, value in self.headers)
        self.size = len(self.body or b"") + values + _OVERHEAD_BYTES


class Memory:
    """The answers by what was asked. `moment` counts what was touched: it goes into every answer that is kept."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self.moment = 0
        self._kept: OrderedDict[object, Kept] = OrderedDict()
        self._touched: dict[bytes, int] = {}
        self._forgotten = 0

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, asked: object, *, now: float) -> Kept | None:
        """The answer, where nothing that it shows was touched since it was asked for."""
        kept = self._kept.get(asked)
        if kept is None:
            return None
        if kept.ends_at <= now or self._is_old(kept):
            self._forget(asked)
            return None
        self._kept.move_to_end(asked)
        return kept

    def keep(self, asked: object, answer: Kept) -> bool:
        """Whether the answer is kept: not one whose making was overtaken, nor one that would push out many others."""
        if self._is_old(answer) or answer.size > self.most_bytes // 8:
            return False
        if asked in self._kept:
            self._forget(asked)
        self._kept[asked] = answer
        self.bytes += answer.size
        while self.bytes > self.most_bytes:
            self._forget(next(iter(self._kept)))
        return True

    def touch(self, keys: Collection[str]) -> None:
        """Answers that carry one of these keys are old from now on, those that are being made included."""
        if len(self._touched) + len(keys) > MOST_TOUCHED:
            self.clear()
            return
        self.moment += 1
        for key in keys:
            self._touched[key.encode()] = self.moment

    def clear(self) -> None:
        """Every answer is old from now on."""
        self.moment += 1
        self._forgotten = self.moment
        self._kept.clear()
        self._touched.clear()
        self.bytes = 0

    def _is_old(self, answer: Kept) -> bool:
        moment, touched = answer.moment, self._touched
        if moment < self._forgotten:
            return True
        for key in answer.keys:  # no generator: this is asked for every answer  # noqa: SIM110
            if touched.get(key, 0) > moment:
                return True
        return False

    def _forget(self, asked: object) -> None:
        self.bytes -= self._kept.pop(asked).size
