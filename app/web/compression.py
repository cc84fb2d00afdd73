"""Public answers compressed as the client accepts: zstd, br or gzip.

The newsroom's are not: they mix secrets with what a client chose, and their ETags are strong. Live streams are not
either: each event would be a block of its own.
"""

from functools import lru_cache

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type, remove_compress_type
from starlette_compress._utils import parse_accept_encoding

from app.web.conditional import RawHeaders
from app.web.paths import is_private

MINIMUM_BYTES = 500
PREFERRED = ("zstd", "br", "gzip")
"""In the order of the library."""
OWN_TYPES = (
    "application/problem+json",
    "application/feed+json",
    "application/vnd.iptc.ninjs+json",
    "application/rsl+xml",
    "application/jsonl",
    "application/x-ndjson",
)

for own_type in OWN_TYPES:
    add_compress_type(own_type)
remove_compress_type("text/event-stream")


@lru_cache(maxsize=1024)
def coding_of(accept_encoding: bytes) -> str:
    """What an answer is coded with for a client that accepts this, a field of no great length; empty for not at all."""
    accepted = parse_accept_encoding(accept_encoding.decode("latin-1")) if accept_encoding else frozenset()
    return next((coding for coding in PREFERRED if coding in accepted), "")


class Compression:
    """Compresses public answers, and says of each that it depends on Accept-Encoding, 304 and short ones included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.compressed = CompressMiddleware(app, minimum_size=MINIMUM_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, as ASGI has it."""
        if scope["type"] != "http" or is_private(scope["path"]):
            await self.app(scope, receive, send)
            return

        async def send_varying(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _varying(message["headers"])}
            await send(message)

        await self.compressed(scope, receive, send_varying)


def _varying(headers: RawHeaders) -> RawHeaders:
    # The library adds its Vary without looking for ours, and none at all to what it leaves as it is.
    given = tuple(value for name, value in headers if name == b"vary")
    return [*(field for field in headers if field[0] != b"vary"), (b"vary", _joined(given))]


@lru_cache(maxsize=64)
def _joined(given: tuple[bytes, ...]) -> bytes:
    names = [name.strip() for value in (*given, b"Accept-Encoding") for name in value.split(b",")]
    return b", ".join({name.lower(): name for name in names}.values())
