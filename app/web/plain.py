"""Plain GETs of the busiest addresses, straight to the functions of their routes.

Matching routes and solving dependencies takes the framework longer than the answer itself. It keeps whatever is not
plain, and the documentation of everything.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from fastapi import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.compression import Compression
from app.web.limits import refusal
from app.web.query import read_pairs

Pairs = list[tuple[str, str]]
Read = Callable[[Request, Pairs], Awaitable[Response]]
Handler = Callable[[Request, Exception], Awaitable[Response]]

LONGEST_QUERY: Final = 1024
_ANSWER: Final = "dateline.answer"


class NotPlain(Exception):  # noqa: N818 - it is no failure
    """The framework has to look at this request."""


class Plain:
    """Answers a GET by what `find` gives for its path, as its route would; all else is for `app`."""

    def __init__(self, app: ASGIApp, *, find: Callable[[str], Read | None]) -> None:
        self.app, self._find = app, find
        self._coded = Compression(_send)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, as ASGI has it."""
        answer = await self._answer(scope, receive) if scope["type"] == "http" else None
        if answer is None:
            await self.app(scope, receive, send)
        elif _names_codings(scope) or answer.status_code not in (200, 304):
            await self._coded({**scope, _ANSWER: answer}, receive, send)
        else:
            await answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response | None:
        query: bytes = scope["query_string"]
        if scope["method"] != "GET" or len(query) > LONGEST_QUERY or (read := self._find(scope["path"])) is None:
            return None
        if refusal(scope) is not None:
            return None
        request = Request(scope, receive)
        try:
            return await read(request, list(read_pairs(query)) if query else [])
        except NotPlain:
            return None
        except Exception as error:
            handler = _handler(scope["app"].exception_handlers, error)
            # What nobody expected happens again where it is logged.
            return None if handler is None else await handler(request, error)


def _handler(handlers: Mapping[Any, Any], error: Exception) -> Handler | None:
    return next((handlers[kind] for kind in type(error).__mro__ if kind in handlers), None)


def _names_codings(scope: Scope) -> bool:
    return any(name == b"accept-encoding" for name, _ in scope["headers"])


async def _send(scope: Scope, receive: Receive, send: Send) -> None:
    await scope[_ANSWER](scope, receive, send)
