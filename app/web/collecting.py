"""One answer of the application, collected whole where it may be kept, and passed on as it comes where not.

Where it is kept is for `edge`.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.types import Message, Scope, Send

from app.core.clock import parse_http_date
from app.web.conditional import RawHeaders
from app.web.kept import Kept

KEPT_SECONDS: Final = 60.0
"""No answer is kept for longer, touched or not: of some, a part depends on the time of day."""
UNSETTLED_SECONDS: Final = 2.0
"""An answer that does not say when it changed will say so once its newest change is that old (`conditional`)."""
LARGEST_BYTES: Final = 2 * 1024 * 1024

_OF_ONE_EXCHANGE = {b"x-request-id", b"dateline-seq"}
_VARYING = {b"accept", b"accept-encoding", b"authorization"}


class Collected:
    """What was sent so far, until it proves not to be kept or too large: then all of it goes to `send`.

    `refuse` is called at that moment; `complete`, when there is a whole answer to be kept.
    """

    def __init__(
        self, scope: Scope, send: Send, *, refuse: Callable[[], None], complete: Callable[[], Awaitable[None]]
    ) -> None:
        self._scope, self._send, self._refuse, self._complete = scope, send, refuse, complete
        self._start: Message | None = None
        self._parts: list[bytes] = []
        self._size = 0
        self._is_whole = self._is_passing = False

    async def take(self, message: Message) -> None:
        """What the application sends, as ASGI has it."""
        if self._is_passing:
            await self._send(message)
        elif message["type"] == "http.response.start":
            self._start = message
            if not _may_be_kept(message):
                await self.pass_on()
        elif message["type"] == "http.response.body":
            self._parts.append(message.get("body", b""))
            self._size += len(self._parts[-1])
            if not message.get("more_body", False):
                self._is_whole = True
                await self._complete()
            elif self._size > LARGEST_BYTES:
                await self.pass_on()

    async def pass_on(self) -> None:
        """Send what was held back, and from now on whatever comes. Nothing, where the answer was whole."""
        if self._is_passing or self._is_whole:
            return
        self._is_passing = True
        self._refuse()
        if self._start is not None:
            await self._send(self._start)
        if self._parts:
            await self._send({"type": "http.response.body", "body": b"".join(self._parts), "more_body": True})

    @property
    def request_id(self) -> bytes:
        """What the exchange is called in the log."""
        given = dict(self._start["headers"]) if self._start else {}
        return bytes(given.get(b"x-request-id", b""))

    def kept(self, *, moment: int, now: float) -> Kept:
        """The whole answer; of a 304, its validators."""
        assert self._start is not None
        body = None if self._start["status"] == 304 else b"".join(self._parts)
        given = dict(self._start["headers"])
        headers: RawHeaders = [field for field in self._start["headers"] if field[0] not in _OF_ONE_EXCHANGE]
        if body is not None and b"content-length" not in given:
            headers.append((b"content-length", b"%d" % len(body)))
        dated = given.get(b"last-modified")
        return Kept(
            path=self._scope["path"],
            headers=headers,
            body=body,
            etag=given[b"etag"],
            last_modified=parse_http_date(dated.decode()) if dated else None,
            keys=tuple(given[b"surrogate-key"].split(b" ")),
            seq=int(given[b"dateline-seq"]),
            moment=moment,
            ends_at=now + (KEPT_SECONDS if dated else UNSETTLED_SECONDS),
        )


def marking(send: Send, cache_status: bytes) -> Send:
    """The same `send`, with a Cache-Status (RFC 9211) on the answer."""

    async def send_marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], (b"cache-status", cache_status)]}
        await send(message)

    return send_marked


def _may_be_kept(start: Message) -> bool:
    """Whether the answer is for everybody, and says what is to be touched for it to be forgotten."""
    # A redirect repeats the query of who asked, and a problem the address.
    if start["status"] not in (200, 304):
        return False
    given = dict(start["headers"])
    varying = {name.strip().lower() for name in given.get(b"vary", b"").split(b",") if name.strip()}
    is_public = given.get(b"cache-control", b"").startswith(b"public") and b"set-cookie" not in given
    return is_public and given.keys() >= {b"etag", b"surrogate-key", b"dateline-seq"} and varying <= _VARYING
