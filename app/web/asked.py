"""What a request asks of the memory of answers: under which key, and which answers its client has already.

What is at an address is for the routes; what is kept, for `kept`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from starlette.types import Scope

from app.web.compression import coding_of
from app.web.conditional import RawHeaders, holds
from app.web.kept import Kept
from app.web.targets import Target, target_of

MOST_TARGETS: Final = 4096
LONGEST_TARGET, LONGEST_FIELD = 1024, 512

_READ = frozenset((b"accept", b"accept-encoding", b"if-none-match", b"if-modified-since", b"x-request-id"))
# What a request with one of these gets is for nobody else, or depends on more than the memory knows.
_APART = frozenset(
    (b"authorization", b"if-match", b"if-unmodified-since", b"range", b"content-length", b"transfer-encoding")
)

Key = tuple[str, str, str]


@dataclass(slots=True)
class Reply:
    """What is sent of an answer that is kept."""

    code: int
    headers: RawHeaders
    body: bytes


@dataclass(slots=True)
class Asked:
    """What a request asks for. All that may have the same answer have the same `key`: target, format and coding."""

    target: Target
    key: Key
    known: bytes | None
    since: bytes | None
    is_head: bool
    request_id: bytes | None

    def reply(self, kept: Kept) -> Reply | None:
        """What this client gets of it; None where no more is kept than validators, and they are not the client's."""
        if self._holds(kept):
            return Reply(304, kept.unchanged, b"")
        if kept.body is None:
            return None
        return Reply(200, kept.headers, b"" if self.is_head else kept.body)

    def _holds(self, kept: Kept) -> bool:
        if self.known is None and self.since is None:
            return False
        return self.known == kept.etag or holds(self.known, self.since, kept.etag, kept.last_modified)


class Asking:
    """Reads requests. `format_of` reduces an Accept field to what decides an answer.

    `own_parameters` are those of the addresses outside the API, which ignore all others. `lasting` are the paths and
    parameters of answers that take as long as they take.
    """

    def __init__(
        self,
        *,
        format_of: Callable[[str], str],
        own_parameters: Callable[[], Collection[str]],
        lasting: Collection[str],
    ) -> None:
        self._own_parameters, self._lasting = own_parameters, lasting
        self._format = lru_cache(lambda field: format_of(field.decode("latin-1")))
        self._targets: dict[tuple[bytes, bytes], Target | None] = {}

    def read(self, scope: Scope) -> Asked | None:
        """What is asked for; None where the memory has nothing to say to it."""
        method = scope["method"]
        if method != "GET" and method != "HEAD":
            return None
        fields: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            if name in _READ:
                fields[name] = value if name not in fields else fields[name] + b", " + value
            elif name in _APART:
                return None
        accept, encoding = fields.get(b"accept", b""), fields.get(b"accept-encoding", b"")
        if len(accept) > LONGEST_FIELD or len(encoding) > LONGEST_FIELD:
            return None
        target = self._target(scope)
        if target is None:
            return None
        return Asked(
            target,
            (target.name, self._format(accept), coding_of(encoding)),
            fields.get(b"if-none-match"),
            fields.get(b"if-modified-since"),
            method == "HEAD",
            fields.get(b"x-request-id"),
        )

    def _target(self, scope: Scope) -> Target | None:
        spelt = scope.get("raw_path") or scope["path"].encode(), scope["query_string"]
        if spelt in self._targets:
            return self._targets[spelt]
        if sum(map(len, spelt)) > LONGEST_TARGET:
            return None
        if len(self._targets) >= MOST_TARGETS:
            self._targets.clear()
        found = target_of(scope["path"], spelt[1], own=self._own_parameters(), lasting=self._lasting)
        self._targets[spelt] = found
        return found
