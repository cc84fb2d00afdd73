"""What a CDN in front is told of lifetimes: its own field, CDN-Cache-Control (RFC 9213), on public answers.

That the CDN is told what to forget is for `purging`; without that, its copies live no longer than those of browsers.
"""

from collections.abc import Callable
from typing import Final

from starlette.types import Scope

from app.web.conditional import CDN_FIELD, RawHeaders

# A constant, and the same for all: every answer with surrogate keys is purged when what it shows changes. After a
# purge nothing stale is left to be shown; `stale-if-error` stays short for when the purge itself did not arrive.
PURGED: Final = b"public, max-age=3600, stale-while-revalidate=60, stale-if-error=60"
# Cloudflare keeps one copy for each address, whatever Vary says beside Accept-Encoding.
NOT_KEPT: Final = b"no-store"


class Cdn:
    """The field of whatever carries surrogate keys and may be shared; where it is purged, for an hour.

    `format_of` says in a word what an Accept field decides of any answer.
    """

    def __init__(self, *, service: str, format_of: Callable[[str], str]) -> None:
        self._format_of = format_of
        self._is_purged = service != ""
        self._heeds_accept = service != "cloudflare"
        # Fastly reads its own older field, and takes it away before anybody sees it.
        self._names = (CDN_FIELD, b"surrogate-control") if service == "fastly" else (CDN_FIELD,)

    def __call__(self, scope: Scope, headers: RawHeaders) -> RawHeaders:
        """See Maker."""
        given = dict(headers)
        told = given.get(b"cache-control", b"")
        if b"surrogate-key" not in given or not told.startswith(b"public"):
            return headers
        # What says a lifetime of its own, changes without being purged.
        value = PURGED if self._is_purged and CDN_FIELD not in given else told
        if not self._heeds_accept and self._is_chosen(scope, given.get(b"vary", b"")):
            value = NOT_KEPT
        return [*(field for field in headers if field[0] != CDN_FIELD), *((name, value) for name in self._names)]

    def _is_chosen(self, scope: Scope, vary: bytes) -> bool:
        """Whether the answer is in a format that its address alone would not have."""
        if b"accept" not in {name.strip() for name in vary.lower().split(b",")}:
            return False
        accept = b", ".join(value for name, value in scope["headers"] if name == b"accept")
        return self._format_of(accept.decode("latin-1")) != self._format_of("")
