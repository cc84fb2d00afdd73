"""One id and one log line for every request, however it ends.

How lines look and where they go is configured by whoever starts the service.
"""

import re
from dataclasses import dataclass
from time import perf_counter

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.ids import new_id_text
from app.logs import request_id as id_of_request
from app.web.paths import HEALTH_PATHS

GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{1,128}")
# Not a status of HTTP: what nginx logs for a client that did not wait for its answer.
CLIENT_GONE = 499
FAILED = 500


@dataclass(slots=True)
class _Exchange:
    """What became of one request so far."""

    status: int = 0
    bytes_sent: int = 0
    is_complete: bool = False
    is_client_gone: bool = False

    def outcome(self) -> int:
        """The status to log: what the client got, or why it got nothing whole."""
        if self.is_complete:
            return self.status
        return CLIENT_GONE if self.is_client_gone else FAILED


class RequestLog:
    """Names each request, answers with the name as X-Request-Id, and logs the exchange when it is over."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        # Bound once, as the lines are configured when the service is made.
        self._log = structlog.get_logger("dateline.requests").bind()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, as ASGI has it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started_at = perf_counter()
        exchange = _Exchange()
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        field = (b"x-request-id", request_id.encode())

        async def note_received() -> Message:
            message = await receive()
            if message["type"] == "http.disconnect" and not exchange.is_complete:
                exchange.is_client_gone = True
            return message

        async def note_sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                message = {**message, "headers": [*message["headers"], field]}
            elif message["type"] == "http.response.body":
                exchange.bytes_sent += len(message.get("body", b""))
                exchange.is_complete = not message.get("more_body", False)
            await send(message)

        token = id_of_request.set(request_id)
        try:
            await self.app(scope, note_received, note_sent)
        finally:
            id_of_request.reset(token)
            self._tell(scope, exchange, request_id, perf_counter() - started_at)

    def _tell(self, scope: Scope, exchange: _Exchange, request_id: str, seconds: float) -> None:
        # Never the query: searches are the reader's own affair, and signed links hold their secret there.
        fields = {
            "method": scope["method"],
            "path": scope["path"],
            "status": exchange.outcome(),
            "duration_ms": round(seconds * 1000, 2),
            "bytes": exchange.bytes_sent,
            "request_id": request_id,
            "client": scope["client"][0] if scope.get("client") else None,
        }
        if (key := scope["state"].get("key")) is not None:
            fields["key"] = key
        if scope["path"] in HEALTH_PATHS:
            self._log.debug("request", **fields)
        else:
            self._log.info("request", **fields)


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and GIVEN_ID.fullmatch(value):
            return str(value, "ascii")
    return new_id_text()
