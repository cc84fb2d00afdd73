"""The outermost layer: recent public answers, and their 304s, from memory, before anything else looks at a request.

How new they are is for `hearing`; what is kept of them, for `kept` and `collecting`. No request with a key gets one.
"""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.ids import new_id
from app.web.collecting import Collected, marking
from app.web.compression import coding_of
from app.web.conditional import RawHeaders, holds
from app.web.hearing import Hearing, News
from app.web.kept import Kept, Memory
from app.web.requests import GIVEN_ID
from app.web.tally import Tally
from app.web.targets import Target, target_of

FLIGHT_SECONDS: Final = 2.0
"""So long a request waits while another that asks for the same is answered; then it asks for itself."""
MOST_TARGETS: Final = 4096
LONGEST_TARGET, LONGEST_FIELD = 1024, 512

# Cache-Status (RFC 9211)
HIT: Final = b"dateline; hit"
COLLAPSED: Final = b"dateline; fwd=uri-miss; collapsed"
STORED: Final = b"dateline; fwd=uri-miss; stored"
MISSED: Final = b"dateline; fwd=uri-miss"
BYPASSED: Final = b"dateline; fwd=bypass"
OTHER_METHOD: Final = b"dateline; fwd=method"

_RESULTS = {COLLAPSED: "collapsed", STORED: "stored", MISSED: "missed", BYPASSED: "bypassed", OTHER_METHOD: "bypassed"}
_READ = frozenset((b"accept", b"accept-encoding", b"if-none-match", b"if-modified-since", b"x-request-id"))
# What a request with one of these gets is for nobody else, or depends on more than the memory knows.
_APART = frozenset(
    (b"authorization", b"if-match", b"if-unmodified-since", b"range", b"content-length", b"transfer-encoding")
)

Key = tuple[str, str, str]


@dataclass(slots=True)
class Asked:
    """What a request asks for. All that may have the same answer have the same `key`."""

    target: Target
    key: Key
    known: bytes | None
    since: bytes | None
    is_head: bool
    request_id: bytes | None

    def holds(self, kept: Kept) -> bool:
        """Whether the client has this answer already."""
        if self.known is None and self.since is None:
            return False
        return self.known == kept.etag or holds(self.known, self.since, kept.etag, kept.last_modified)


class Edge:
    """Answers from `memory` what it can, and keeps there what `app` answers. Passes all on while it is not open.

    `format_of` reduces an Accept field to what decides an answer. `own_parameters` are those of the addresses outside
    the API, which ignore all others. `lasting` are the paths and parameters of answers that take as long as they take.
    """

    def __init__(
        self,
        app: ASGIApp,
        memory: Memory,
        *,
        format_of: Callable[[str], str],
        own_parameters: Callable[[], Collection[str]],
        lasting: Collection[str],
    ) -> None:
        self.memory, self.tally = memory, Tally()
        self._app, self._own_parameters, self._lasting = app, own_parameters, lasting
        self._hearing: Hearing | None = None
        self._format = lru_cache(lambda field: format_of(field.decode("latin-1")))
        self._targets: dict[tuple[bytes, bytes], Target | None] = {}
        self._flights: dict[Key, asyncio.Future[bool]] = {}
        self._ids, self._answered = new_id().hex.encode(), 0
        self._seq, self._seq_field = -1, (b"dateline-seq", b"-1")

    def open(self, news: News) -> None:
        """Keep answers from now on, and forget them as the news tell."""
        if self.memory.most_bytes:
            self._hearing = Hearing(self.memory, news)

    async def close(self) -> None:
        """Keep nothing any more."""
        if self._hearing is not None:
            hearing, self._hearing = self._hearing, None
            await hearing.close()
            self.tally.tell(monotonic())
            self.memory.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, as ASGI has it."""
        hearing = self._hearing
        if hearing is None or scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = self._read(scope)
        if asked is None:
            is_read = scope["method"] in ("GET", "HEAD")
            await self._pass(scope, receive, send, BYPASSED if is_read else OTHER_METHOD)
            return
        now = monotonic()
        is_current = hearing.is_current(now) and asked.target.min_seq <= hearing.seq
        if not is_current and not await self._catch_up(hearing, asked):
            await self._pass(scope, receive, send, BYPASSED)
            return
        kept = self.memory.find(asked.key, now=now)
        if kept is None or not await self._answer(kept, asked, hearing, send, HIT, now=now):
            await self._fetch(asked, hearing, scope, receive, send)

    def _read(self, scope: Scope) -> Asked | None:
        """What is asked for; None where the memory has nothing to say to it."""
        method = scope["method"]
        if method != "GET" and method != "HEAD":
            return None
        fields: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            if name in _READ:
                fields[name] = value if name not in fields else fields[name] + b", " + value
            elif name in _APART:
                return None
        accept, encoding = fields.get(b"accept", b""), fields.get(b"accept-encoding", b"")
        if len(accept) > LONGEST_FIELD or len(encoding) > LONGEST_FIELD:
            return None
        target = self._target(scope)
        if target is None:
            return None
        return Asked(
            target,
            (target.name, self._format(accept), coding_of(encoding)),
            fields.get(b"if-none-match"),
            fields.get(b"if-modified-since"),
            method == "HEAD",
            fields.get(b"x-request-id"),
        )

    def _target(self, scope: Scope) -> Target | None:
        spelt = scope.get("raw_path") or scope["path"].encode(), scope["query_string"]
        if spelt in self._targets:
            return self._targets[spelt]
        if sum(map(len, spelt)) > LONGEST_TARGET:
            return None
        if len(self._targets) >= MOST_TARGETS:
            self._targets.clear()
        found = target_of(scope["path"], spelt[1], own=self._own_parameters(), lasting=self._lasting)
        self._targets[spelt] = found
        return found

    @staticmethod
    async def _catch_up(hearing: Hearing, asked: Asked) -> bool:
        """Whether the memory is new enough for this request once the log was looked at."""
        try:
            await hearing.catch_up()
        except Exception:
            return False  # nothing that may be old is given out; the routes meet the same, and tell
        return asked.target.min_seq <= hearing.seq

    async def _answer(
        self,
        kept: Kept,
        asked: Asked,
        hearing: Hearing,
        send: Send,
        status: bytes,
        *,
        now: float,
        request_id: bytes = b"",
    ) -> bool:
        """Answer with what is kept; False where that is no more than validators, and not the client's."""
        headers: RawHeaders
        if kept.status == 200 and asked.holds(kept):
            code, headers, body = 304, kept.unchanged, b""
        elif kept.body is None:
            return False
        else:
            code, headers, body = kept.status, kept.headers, b"" if asked.is_head else kept.body
        if status is HIT:
            self.tally.hit(kept.path, len(body), now)
        else:
            self.tally.results[_RESULTS[status]] += 1
        seq = kept.seq_field if status is MISSED else self._dateline_seq(kept, hearing)
        own = [seq, (b"cache-status", status), (b"x-request-id", request_id or self._request_id(asked))]
        await send({"type": "http.response.start", "status": code, "headers": headers + own})
        await send({"type": "http.response.body", "body": body})
        return True

    def _dateline_seq(self, kept: Kept, hearing: Hearing) -> tuple[bytes, bytes]:
        """How new the answer is: nothing that it shows has changed since it was made, up to where the log was read."""
        seq = hearing.seq
        if kept.seq > seq:
            return kept.seq_field
        if seq != self._seq:
            self._seq, self._seq_field = seq, (b"dateline-seq", b"%d" % seq)
        return self._seq_field

    def _request_id(self, asked: Asked) -> bytes:
        if asked.request_id is not None and GIVEN_ID.fullmatch(asked.request_id):
            return asked.request_id
        self._answered += 1
        return b"%s-%d" % (self._ids, self._answered)

    async def _fetch(self, asked: Asked, hearing: Hearing, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is not in memory: of all who ask for the same at one time, one asks the application."""
        while (flight := self._flights.get(asked.key)) is not None:
            await asyncio.wait({flight}, timeout=FLIGHT_SECONDS)
            if not flight.done() or not flight.result() or not await self._catch_up(hearing, asked):
                await self._pass(scope, receive, send, MISSED)
                return
            now = monotonic()
            kept = self.memory.find(asked.key, now=now)
            if kept is not None and await self._answer(kept, asked, hearing, send, COLLAPSED, now=now):
                return
        if asked.is_head:
            await self._pass(scope, receive, send, MISSED)
        else:
            await self._lead(asked, hearing, scope, receive, send)

    async def _lead(self, asked: Asked, hearing: Hearing, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask the application, and keep what it answers if that may be kept."""
        flight: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._flights[asked.key] = flight
        moment = self.memory.moment

        def land(is_kept: bool) -> None:
            if not flight.done():
                del self._flights[asked.key]
                flight.set_result(is_kept)

        async def keep() -> None:
            now = monotonic()
            kept = collected.kept(moment=moment, now=now)
            is_kept = self.memory.keep(asked.key, kept)
            land(is_kept)
            status, request_id = STORED if is_kept else MISSED, collected.request_id
            if not await self._answer(kept, asked, hearing, send, status, now=now, request_id=request_id):
                await collected.pass_on()

        def refuse() -> None:
            self.tally.results["missed"] += 1
            land(False)

        collected = Collected(scope, marking(send, MISSED), refuse=refuse, complete=keep)
        try:
            await self._app(_with_coding(scope, asked.key[2]), receive, collected.take)
        finally:
            land(False)
            await collected.pass_on()

    async def _pass(self, scope: Scope, receive: Receive, send: Send, status: bytes) -> None:
        self.tally.results[_RESULTS[status]] += 1
        await self._app(scope, receive, marking(send, status))


def _with_coding(scope: Scope, coding: str) -> Scope:
    """The same request, of a client that accepts no other coding: all who share an answer can read it."""
    headers = [field for field in scope["headers"] if field[0] != b"accept-encoding"]
    return {**scope, "headers": [*headers, (b"accept-encoding", coding.encode())] if coding else headers}
