"""Who may read answers from a page of another origin: everybody, wherever everybody may read at all.

The newsroom gets no such fields: browsers then keep other sites away from it.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.conditional import RawHeaders, ReadyResponse
from app.web.methods import allowed_methods
from app.web.paths import is_private

METHODS = "GET, HEAD, OPTIONS"
REQUEST_FIELDS = (
    "Accept, Accept-Language, Authorization, Cache-Control, Content-Type, If-Modified-Since, If-None-Match, "
    "Last-Event-ID, X-Request-Id"
)
EXPOSED_FIELDS = "ETag, Last-Modified, Link, Dateline-Seq, Retry-After, X-Request-Id, Location"
PREFLIGHT_SECONDS = 86_400

# Always, also where the request has no Origin: a shared cache must not keep a copy that lacks them.
PUBLIC: RawHeaders = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", EXPOSED_FIELDS.encode()),
]
PREFLIGHT: RawHeaders = [
    (b"access-control-allow-methods", METHODS.encode()),
    (b"access-control-allow-headers", REQUEST_FIELDS.encode()),
    (b"access-control-max-age", b"%d" % PREFLIGHT_SECONDS),
]


def opened(scope: Scope, headers: RawHeaders) -> RawHeaders:
    """The fields of every public answer. See Maker."""
    return headers if is_private(scope["path"]) else [*headers, *PUBLIC]


class Options:
    """Answers OPTIONS for public addresses."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, as ASGI has it."""
        is_asked = scope["type"] == "http" and scope["method"] == "OPTIONS" and not is_private(scope["path"])
        answer = (is_asked and _options(scope)) or self.app
        await answer(scope, receive, send)


def _options(scope: Scope) -> ReadyResponse | None:
    if any(name == b"access-control-request-method" for name, _ in scope["headers"]):
        return ReadyResponse(b"", 204, PREFLIGHT)
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    methods = METHODS if path == "*" else ", ".join([*allowed_methods(scope["app"], path), "OPTIONS"])
    if methods == "OPTIONS":
        return None
    return ReadyResponse(b"", 204, [(b"allow", methods.encode())])
