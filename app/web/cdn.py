"""What a CDN in front is told of lifetimes: its own field, CDN-Cache-Control (RFC 9213), on public answers.

That the CDN is told what to forget is for `purging`; without that, its copies live no longer than those of browsers.
"""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A constant, and the same for all: every answer with surrogate keys is purged when what it shows changes. After a
# purge nothing stale is left to be shown; `stale-if-error` stays short for when the purge itself did not arrive.
PURGED: Final = b"public, max-age=3600, stale-while-revalidate=60, stale-if-error=60"


class Cdn:
    """Adds the field to whatever carries surrogate keys and may be shared; with `is_purged`, for an hour."""

    def __init__(self, app: ASGIApp, *, service: str) -> None:
        self.app = app
        self.is_purged = service != ""
        # Fastly reads its own older field, and takes it away before anybody sees it.
        self.names = (b"cdn-cache-control", b"surrogate-control") if service == "fastly" else (b"cdn-cache-control",)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, as ASGI has it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = dict(message["headers"])
                told = given.get(b"cache-control", b"")
                if b"surrogate-key" in given and told.startswith(b"public"):
                    value = PURGED if self.is_purged else told
                    message = {**message, "headers": [*message["headers"], *((name, value) for name in self.names)]}
            await send(message)

        await self.app(scope, receive, send_told)
