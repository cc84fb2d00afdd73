"""Fields that keep browsers and caches from doing more with an answer than it says.

Who may read what is decided by keys and by the newsroom, not here.
"""

from starlette.types import Scope

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
    """The fields of every answer; its own Content-Security-Policy and Cache-Control stay."""

    def __init__(self, *, api_url: str) -> None:
        always = [*ALWAYS, TRANSPORT] if api_url.startswith("https://") else ALWAYS
        self._public = [*always, (b"cross-origin-resource-policy", b"cross-origin")]
        self._private = [*always, (b"cross-origin-resource-policy", b"same-origin")]

    def __call__(self, scope: Scope, headers: RawHeaders) -> RawHeaders:
        """See Maker."""
        headers = [*headers, *(self._private if is_private(scope["path"]) else self._public)]
        given = {name for name, _ in headers}
        headers += [field for field in UNLESS_GIVEN if field[0] not in given]
        return headers
