"""The outermost layer: recent public answers, and their 304s, from memory, before anything else looks at a request.

What is asked for is for `asked`; how new the memory is, for `hearing`; what is kept, for `kept` and `collecting`. No
request with a key gets anything from here.
"""

import asyncio
from time import monotonic
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.ids import new_id
from app.web.asked import Asked, Asking, Reply
from app.web.collecting import Collected, marking
from app.web.flights import Flights
from app.web.hearing import Hearing, News
from app.web.kept import Kept, Memory
from app.web.requests import GIVEN_ID
from app.web.tally import Tally

FLIGHT_SECONDS: Final = 5.0
"""So long a request waits for others that ask for the same; then it asks for itself. Only searches may take longer."""
LOOK_SECONDS: Final = 1.0
"""So long it waits for a look at the log; then it is for the application, which knows what to say of a database that
does not answer."""

# Cache-Status (RFC 9211)
HIT: Final = b"dateline; hit"
COLLAPSED: Final = b"dateline; fwd=uri-miss; collapsed"
STORED: Final = b"dateline; fwd=uri-miss; stored"
MISSED: Final = b"dateline; fwd=uri-miss"
BYPASSED: Final = b"dateline; fwd=bypass"
OTHER_METHOD: Final = b"dateline; fwd=method"

_RESULTS = {COLLAPSED: "collapsed", STORED: "stored", MISSED: "missed", BYPASSED: "bypassed", OTHER_METHOD: "bypassed"}


class Edge:
    """Answers from `memory` what it can, and keeps there what `app` answers. Passes all on while it is not open."""

    def __init__(self, app: ASGIApp, memory: Memory, asking: Asking) -> None:
        self.memory, self.tally = memory, Tally()
        self._app, self._asking = app, asking
        self._hearing: Hearing | None = None
        self._flights = Flights()
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
            await hearing.close(seconds=LOOK_SECONDS)
            self.tally.tell(monotonic())
            self.memory.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, as ASGI has it."""
        hearing = self._hearing
        if hearing is None or scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = self._asking.read(scope)
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
        reply = None if kept is None else asked.reply(kept)
        if kept is None or reply is None:
            await self._fetch(asked, hearing, scope, receive, send)
            return
        self.tally.hit(kept.path, len(reply.body), now)
        await self._send(reply, send, HIT, seq=self._seq_of(kept, hearing), request_id=self._request_id(asked))

    @staticmethod
    async def _catch_up(hearing: Hearing, asked: Asked) -> bool:
        """Whether the memory is new enough for this request once the log was looked at."""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await hearing.catch_up()
        except Exception:
            return False  # nothing that may be old is given out; the routes meet the same, and tell
        return asked.target.min_seq <= hearing.seq

    async def _fetch(self, asked: Asked, hearing: Hearing, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is not in memory: of all who ask for the same at one time, one asks the application."""
        asked_at = monotonic()
        while (flight := self._flights.find(asked.key)) is not None:
            landed = await flight.wait(asked_at + FLIGHT_SECONDS - monotonic())
            if landed is None or not await self._catch_up(hearing, asked):
                await self._pass(scope, receive, send, MISSED)
                return
            if (kept := self.memory.find(asked.key, now=monotonic())) is not None:
                seq = self._seq_of(kept, hearing)
            elif flight.began_at >= asked_at:  # overtaken since, and yet as new as if this client's own
                kept, seq = landed, landed.seq_field
            else:
                continue
            if (reply := asked.reply(kept)) is not None:
                self.tally.results["collapsed"] += 1
                await self._send(reply, send, COLLAPSED, seq=seq, request_id=self._request_id(asked))
                return
        if asked.is_head:
            await self._pass(scope, receive, send, MISSED)
        else:
            await self._lead(asked, scope, receive, send)

    async def _lead(self, asked: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask the application, and keep what it answers if that may be kept."""
        flight, moment = self._flights.begin(asked.key), self.memory.moment

        async def keep() -> None:
            kept = collected.kept(moment=moment, now=monotonic())
            status = STORED if self.memory.keep(asked.key, kept) else MISSED
            self._flights.land(asked.key, flight, kept)
            self.tally.results[_RESULTS[status]] += 1
            reply = asked.reply(kept) or Reply(304, kept.unchanged, b"")
            await self._send(reply, send, status, seq=kept.seq_field, request_id=collected.request_id)

        def refuse() -> None:
            self.tally.results["missed"] += 1
            self._flights.land(asked.key, flight, None)

        collected = Collected(scope, marking(send, MISSED), refuse=refuse, complete=keep)
        try:
            await self._app(_with_coding(scope, asked.key[2]), receive, collected.take)
        finally:
            self._flights.land(asked.key, flight, None)
            await collected.pass_on()

    async def _pass(self, scope: Scope, receive: Receive, send: Send, status: bytes) -> None:
        self.tally.results[_RESULTS[status]] += 1
        await self._app(scope, receive, marking(send, status))

    @staticmethod
    async def _send(reply: Reply, send: Send, status: bytes, *, seq: tuple[bytes, bytes], request_id: bytes) -> None:
        own = [seq, (b"cache-status", status), (b"x-request-id", request_id)]
        await send({"type": "http.response.start", "status": reply.code, "headers": reply.headers + own})
        await send({"type": "http.response.body", "body": reply.body})

    def _seq_of(self, kept: Kept, hearing: Hearing) -> tuple[bytes, bytes]:
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


def _with_coding(scope: Scope, coding: str) -> Scope:
    """The same request, of a client that accepts no other coding: all who share an answer can read it."""
    headers = [field for field in scope["headers"] if field[0] != b"accept-encoding"]
    return {**scope, "headers": [*headers, (b"accept-encoding", coding.encode())] if coding else headers}
