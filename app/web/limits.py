"""How much of a request is read: long addresses and large bodies are refused with a problem that the client receives.

How much of it makes sense is for the types that a route declares.
"""

import re

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import BodyTooLarge, NotFound, Problem, UriTooLong
from app.web.problems import problem_response

MAX_BODY_BYTES = 2 * 1024 * 1024
MAX_URI_BYTES = 32 * 1024
# Control characters, and what servers put for bytes that are not UTF-8: no address of ours has them.
UNNAMEABLE = re.compile("[\x00-\x1f\x7f-\x9f\ufffd]")


class Limits:
    """Refuses what is too long before it is looked at, and counts bodies that do not say how long they are."""

    def __init__(self, app: ASGIApp, *, api_url: str) -> None:
        self.app = app
        self.api_url = api_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, as ASGI has it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if problem := refusal(scope):
            await problem_response(problem, path=scope["path"][:MAX_URI_BYTES], api_url=self.api_url)(
                scope, receive, send
            )
            return
        received = 0

        async def count() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MAX_BODY_BYTES:
                # The framework lets this one exception out of its reading of bodies unchanged.
                raise HTTPException(413)
            return message

        await self.app(scope, count, send)


def refusal(scope: Scope) -> Problem | None:
    """The problem of a request that its head alone shows to be too large, or to name nothing; None for all others."""
    path = scope.get("raw_path") or scope["path"].encode()
    if len(path) + len(scope["query_string"]) > MAX_URI_BYTES:
        return UriTooLong(UriTooLong.example_detail)
    if UNNAMEABLE.search(scope["path"]):
        return NotFound("There is nothing at this address.")
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length[:20]) > MAX_BODY_BYTES:
        # Who waits for 100 Continue has sent nothing, and may take the connection for free or for half used: close it.
        # Who is already sending must not be cut off, or the answer is lost: the server reads the rest and drops it.
        close = {"Connection": "close"} if b"expect" in headers else {}
        return BodyTooLarge(BodyTooLarge.example_detail, headers=close)
    return None
