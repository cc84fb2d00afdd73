"""Fields that keep browsers and caches from doing more with an answer than it says.

Who may read what is decided by keys and by the newsroom, not here.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.conditional import RawHeaders
from app.web.paths import is_private

# What a route does not say may be kept, nobody keeps: caches would otherwise guess.
UNLESS_GIVEN: RawHeaders = [
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
]
ALWAYS: RawHeaders = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
]
# Two years, as browsers' preload lists ask for.
TRANSPORT = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")


class Security:
    """Adds the fields to every answer; its own Content-Security-Policy and Cache-Control stay."""

    def __init__(self, app: ASGIApp, *, api_url: str) -> None:
        self.app = app
        self.fields = [*ALWAYS, TRANSPORT] if api_url.startswith("https://") else ALWAYS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, as ASGI has it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        reach = b"same-origin" if is_private(scope["path"]) else b"cross-origin"
        fields = [*self.fields, (b"cross-origin-resource-policy", reach)]

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message["headers"], *fields]
                given = {name for name, _ in headers}
                headers += [field for field in UNLESS_GIVEN if field[0] not in given]
                message = {**message, "headers": headers}
            await send(message)

        await self.app(scope, receive, send_secured)
