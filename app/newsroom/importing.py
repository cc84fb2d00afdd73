"""Importing files of article input: JSON Lines, plain or gzipped, in short batches and bounded memory.

Every line stands for itself: a bad one is reported and the rest go in. What a line does is decided in `receiving`.
"""

import gc
import gzip
import io
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from sqlalchemy.orm import Session

from app.core.clock import utc_now
from app.core.errors import MalformedBody, Problem
from app.db import Database
from app.newsroom.copy import Copy, prepare
from app.newsroom.inputs import read_article
from app.newsroom.receiving import Outcome, receive
from app.newsroom.rehearsing import Rehearsal, identity
from app.web.bodies import parse_json

LINES_AT_ONCE = 200
BYTES_AT_ONCE = 1_000_000
"""Whoever else writes waits for one batch. There is no pause between two: others have their turn while the lines of the
next are read and cleaned, which holds no lock and takes longer than the pause that a short one would need."""
LONGEST_LINE_BYTES = 2 * 1024 * 1024
OBJECTS_BETWEEN_COLLECTIONS = 20_000


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that did not go in."""

    file: str
    line: int
    reason: str


@dataclass(slots=True)
class Report:
    """What an import did so far."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    refused: int = 0


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    copy: Copy
    size: int

    @property
    def identity(self) -> str:
        """Which article this is."""
        return identity(self.copy)


class _Batch:
    """Lines to be written in one transaction, no two of them of one article."""

    def __init__(self) -> None:
        self.lines: list[_Line] = []
        self._identities: set[str] = set()
        self._size = 0

    def has_room_for(self, line: _Line) -> bool:
        """Whether the line may still come with the others."""
        fits = len(self.lines) < LINES_AT_ONCE and self._size + line.size <= BYTES_AT_ONCE
        return not self.lines or (fits and line.identity not in self._identities)

    def add(self, line: _Line) -> None:
        """Take the line in."""
        self.lines.append(line)
        self._identities.add(line.identity)
        self._size += line.size


@dataclass(frozen=True, slots=True)
class Import:
    """One run: where it writes, unless it is rehearsed, and whom it tells of refusals and of bytes read."""

    database: Database
    site_url: str
    rehearsal: Rehearsal | None
    on_refusal: Callable[[Refusal], None]
    on_bytes: Callable[[int], None]
    report: Report = field(default_factory=Report)

    async def read(self, name: str) -> None:
        """Take in one file, or standard input for `-`. What cannot be read is refused, not raised."""
        batch, number = _Batch(), 0
        try:
            with _seldom_collected(), _opened(name, self.on_bytes) as stream:
                for number, text in enumerate(_lines(stream), 1):
                    line = self._prepared(name, number, text)
                    if line is None:
                        continue
                    if not batch.has_room_for(line):
                        await self._take_in(name, batch.lines)
                        batch = _Batch()
                    batch.add(line)
        except (OSError, EOFError, zlib.error) as error:
            self._refuse(name, number + 1, f"cannot be read: {getattr(error, 'strerror', None) or error}")
        await self._take_in(name, batch.lines)

    def _prepared(self, name: str, number: int, text: bytes) -> _Line | None:
        if not text.strip():
            return None
        if len(text.rstrip(b"\r\n")) > LONGEST_LINE_BYTES:
            self._refuse(name, number, f"is longer than {LONGEST_LINE_BYTES:,} bytes")
            return None
        try:
            copy = prepare(read_article(_parsed(text)), site_url=self.site_url)
        except Problem as problem:
            self._refuse(name, number, _told(problem))
            return None
        return _Line(number, copy, len(text))

    async def _take_in(self, name: str, batch: list[_Line]) -> None:
        """Write a batch in one transaction; when anything in it is refused, in halves until that is found."""
        if not batch:
            return
        try:
            self.report.outcomes.update(await self._write(batch))
        except Problem as problem:
            if len(batch) == 1:
                self._refuse(name, batch[0].number, _told(problem))
                return
            middle = len(batch) // 2
            await self._take_in(name, batch[:middle])
            await self._take_in(name, batch[middle:])

    async def _write(self, batch: list[_Line]) -> list[Outcome]:
        copies = [line.copy for line in batch]
        if self.rehearsal is None:
            return await self.database.write(_received, copies, site_url=self.site_url)
        return await self.database.rehearse(self.rehearsal.receive, copies, now=utc_now(), site_url=self.site_url)

    def _refuse(self, name: str, number: int, reason: str) -> None:
        self.report.refused += 1
        self.on_refusal(Refusal(name, number, reason))


def _received(session: Session, copies: list[Copy], *, site_url: str) -> list[Outcome]:
    # What time it is, is asked in the transaction: its turn may have been long in coming.
    return [one.outcome for one in receive(session, copies, publish=True, now=utc_now(), site_url=site_url)]


def _parsed(text: bytes) -> Any:
    """The JSON value of a line. Raises MalformedBody, which speaks of a line where a request has a body."""
    try:
        return parse_json(text.rstrip())
    except MalformedBody as problem:
        detail = problem.detail.replace("body", "line").replace("line 1, column", "column")
        raise MalformedBody(detail) from None


def _told(problem: Problem) -> str:
    """The reason in one line, with every fault in its place."""
    faults = [
        f"{fault.pointer or fault.parameter or ''}: {fault.detail}".removeprefix(": ") for fault in problem.errors
    ]
    return "; ".join(faults) or problem.detail


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of a stream; of one that is too long, its beginning only, one byte longer than is allowed."""
    while text := stream.readline(LONGEST_LINE_BYTES + 1):
        rest = text
        while rest and not rest.endswith(b"\n") and len(rest) > LONGEST_LINE_BYTES:
            rest = stream.readline(LONGEST_LINE_BYTES + 1)
        yield text


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Lets Python look for cycles less often: an import makes few, and looking took a seventh of its time."""
    usual = gc.get_threshold()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, usual[1], usual[2])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def _opened(name: str, on_bytes: Callable[[int], None]) -> Iterator[IO[bytes]]:
    if name == "-":
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as raw:
        counted = io.BufferedReader(_Counted(raw, on_bytes))
        yield cast("IO[bytes]", gzip.GzipFile(fileobj=counted)) if name.endswith(".gz") else counted


class _Counted(io.RawIOBase):
    """A file that tells how much of it has been read."""

    def __init__(self, raw: IO[bytes], on_bytes: Callable[[int], None]) -> None:
        self._raw, self._on_bytes = raw, on_bytes

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read on, and tell how far."""
        data = self._raw.read(len(buffer))
        buffer[: len(data)] = data
        self._on_bytes(len(data))
        return len(data)
