"""HEAD wherever GET is (RFC 9110, 9.3.2): the same fields, and no content.

What GET answers is for the routes, which never see a HEAD.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """Asks the inner application for GET and passes on the head of its answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, as ASGI has it."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                # At once, and not when the content ends: that of a live stream never does. Servers report the client
                # gone once an answer is complete, and so the stream stops.
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        await self.app({**scope, "method": "GET"}, receive, send_head)
