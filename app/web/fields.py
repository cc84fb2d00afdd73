"""Header fields that every answer gets, whoever gives it, in one layer: each layer costs a request as much as a route.

Which fields these are is told in the file of each maker.
"""

from collections.abc import Callable, Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.conditional import RawHeaders

Maker = Callable[[Scope, RawHeaders], RawHeaders]
"""The fields that an answer to this request gets, made of those it has."""


class Fields:
    """Sends every answer with what the makers make of its fields, one after the other."""

    def __init__(self, app: ASGIApp, *, makers: Sequence[Maker]) -> None:
        self.app, self.makers = app, makers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, as ASGI has it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_whole(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                for make in self.makers:
                    headers = make(scope, headers)
                message = {**message, "headers": headers}
            await send(message)

        await self.app(scope, receive, send_whole)
