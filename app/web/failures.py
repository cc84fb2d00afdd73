"""What nobody expected: logged once with its traceback, told to the client as a bare 500 with the request's id.

Expected failures are problems, and are answered long before they come here.
"""

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import InternalError
from app.web.problems import problem_response

log = structlog.get_logger("dateline.failures")


class Failures:
    """Turns an exception into a 500; stands inside the other middleware, so that the 500 has their fields too."""

    def __init__(self, app: ASGIApp, *, api_url: str) -> None:
        self.app = app
        self.api_url = api_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, as ASGI has it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_started = False

        async def note_start(message: Message) -> None:
            nonlocal has_started
            has_started = has_started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, note_start)
        except ClientDisconnect:
            # Nobody is left to be told.
            return
        except Exception:
            log.exception("request failed", method=scope["method"], path=scope["path"])
            # An answer that has begun cannot be taken back: left incomplete, it makes the server cut the connection.
            if not has_started:
                await self._tell(scope, receive, send)

    async def _tell(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = scope.get("state", {}).get("request_id")
        problem = InternalError(InternalError.example_detail, request_id=request_id)
        await problem_response(problem, path=scope["path"], api_url=self.api_url)(scope, receive, send)
