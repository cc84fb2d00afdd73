"""Answers that caches can keep: validators, lifetimes, surrogate keys and links, and the 304 that spares the bytes.

What the bytes are and how new they are is decided by whoever calls.
"""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response, StreamingResponse

from app.core.clock import http_date, parse_http_date
from app.web.etags import matches_weakly, parse_etags

RawHeaders = list[tuple[bytes, bytes]]

CDN_FIELD = b"cdn-cache-control"

# A second write within the same second would leave a date unchanged that was already given away.
SETTLED_AFTER = timedelta(seconds=2)
KEY_SAFE = "/:@!$+;="
SAFE_KEYS = re.compile(r"[\w/:@!$+;=.~-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long copies are good for, in seconds: fresh, then usable while a new one is fetched, or while we are down.

    `by_clock` is for what changes without a line of the log, too: no purge would reach a copy that is kept for longer.
    """

    max_age_seconds: int
    stale_while_revalidate_seconds: int
    stale_if_error_seconds: int = 60
    by_clock: bool = False

    def directives(self, *, shared: bool) -> bytes:
        """The value of Cache-Control; `shared` is whether a cache may give the copy to somebody else."""
        return _directives(self, shared)


@lru_cache(maxsize=64)
def _directives(lifetime: Lifetime, shared: bool) -> bytes:
    return (
        f"{'public' if shared else 'private'}, max-age={lifetime.max_age_seconds}, "
        f"stale-while-revalidate={lifetime.stale_while_revalidate_seconds}, "
        f"stale-if-error={lifetime.stale_if_error_seconds}"
    ).encode()


# Constants, because a lifetime that depended on what is scheduled would announce the embargo. `stale-if-error` stays
# within a minute: a withdrawn article must not outlive its withdrawal in a cache that cannot reach us.
ARTICLE = Lifetime(max_age_seconds=30, stale_while_revalidate_seconds=30)
LIST = Lifetime(max_age_seconds=5, stale_while_revalidate_seconds=10)
LIST_BY_CLOCK = Lifetime(max_age_seconds=5, stale_while_revalidate_seconds=10, by_clock=True)
DOCUMENTATION = Lifetime(max_age_seconds=300, stale_while_revalidate_seconds=300)


class ReadyResponse(Response):
    """A response whose header fields are already bytes: nothing is left to be worked out."""

    def __init__(self, body: bytes, status: int, raw_headers: RawHeaders) -> None:
        self.status_code = status
        self.body = body
        self.raw_headers = raw_headers
        self.background = None


class ReadyStream(StreamingResponse):
    """As ReadyResponse, of content that is made while it is sent; it stops when the client goes away."""

    def __init__(self, content: AsyncIterator[bytes], raw_headers: RawHeaders) -> None:
        self.status_code = 200
        self.body_iterator = content
        self.raw_headers = raw_headers
        self.background = None


def respond(
    request: Request,
    body: bytes,
    *,
    seq: int | None,
    last_modified: datetime | None,
    lifetime: Lifetime,
    etag: bytes | None = None,
    keys: Sequence[str] = (),
    links: Mapping[str, str | None] | None = None,
    media_type: str = "application/json",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    vary: str | None = None,
    now: datetime,
) -> Response:
    """`body` with its validators and its lifetime, or 304 without it where the client already has it.

    `etag` names the state that the body shows, where that is known without it. `links` are absolute URLs by relation;
    `headers` replace what would be sent under the same names; `vary` names what else of the request decided the answer.
    """
    etag = etag or etag_of(body)
    dated = _settled(last_modified, now=now)
    caching = _caching(request, lifetime, vary)
    raw = _fields(etag, dated, caching, seq=seq, keys=keys, links=links, headers=headers)
    if status == 200 and is_unchanged(request, etag.decode(), dated):
        return ReadyResponse(b"", 304, raw)
    raw += (b"content-length", b"%d" % len(body)), (b"content-type", media_type.encode())
    return ReadyResponse(body, status, raw)


def respond_with_stream(
    request: Request,
    content: AsyncIterator[bytes],
    *,
    etag: str,
    seq: int,
    last_modified: datetime,
    lifetime: Lifetime,
    keys: Sequence[str],
    links: Mapping[str, str | None] | None = None,
    media_type: str,
    headers: Mapping[str, str] | None = None,
    vary: str | None = None,
    now: datetime,
) -> Response:
    """As `respond`, of content that is too large to be held: `etag` names the state that it is made from."""
    dated = _settled(last_modified, now=now)
    caching = _caching(request, lifetime, vary)
    raw = _fields(etag.encode(), dated, caching, seq=seq, keys=keys, links=links, headers=headers)
    if is_unchanged(request, etag, dated):
        return ReadyResponse(b"", 304, raw)
    return ReadyStream(content, [*raw, (b"content-type", media_type.encode())])


def etag_of(body: bytes) -> bytes:
    """A weak entity tag of these bytes; weak, because a compressed copy of them carries it too."""
    # Processors have instructions for it: a third of the time of any other hash that is as sure.
    return b'W/"%s"' % sha256(body).hexdigest()[:24].encode()


def is_unchanged(request: Request, etag: str, last_modified: datetime | None) -> bool:
    """Whether the client holds the present state: If-None-Match decides, and only without it If-Modified-Since.

    RFC 9110, 13.2.2.
    """
    known = b", ".join(value for name, value in request.scope["headers"] if name == b"if-none-match") or None
    since = next((value for name, value in request.scope["headers"] if name == b"if-modified-since"), None)
    return holds(known, since, etag.encode(), last_modified)


def holds(known: bytes | None, since: bytes | None, etag: bytes, last_modified: datetime | None) -> bool:
    """The same, of the values of the two fields."""
    if known is not None:
        return matches_weakly(parse_etags(known.decode("latin-1")), etag.decode())
    if since is None or last_modified is None:
        return False
    known_at = parse_http_date(since.decode("latin-1"))
    return known_at is not None and last_modified <= known_at


def link_value(links: Mapping[str, str | None]) -> str:
    """The value of a Link field (RFC 8288); relations without a URL are left out."""
    return ", ".join(f'<{url}>; rel="{relation}"' for relation, url in links.items() if url is not None)


def _fields(
    etag: bytes,
    dated: datetime | None,
    caching: RawHeaders,
    *,
    seq: int | None,
    keys: Sequence[str],
    links: Mapping[str, str | None] | None,
    headers: Mapping[str, str] | None,
) -> RawHeaders:
    raw: RawHeaders = [(b"etag", etag), *caching]
    if dated is not None:
        raw.append((b"last-modified", _date(dated)))
    if seq is not None:
        raw.append((b"dateline-seq", b"%d" % seq))
    if keys:
        raw += _tags(keys)
    if links and (link := link_value(links)):
        raw.append((b"link", link.encode()))
    return _replaced(raw, headers) if headers else raw


def _caching(request: Request, lifetime: Lifetime, vary: str | None) -> RawHeaders:
    is_shared = "authorization" not in request.headers
    # What a key unlocks must not be shown by the same browser to somebody without it.
    names = b"Accept-Encoding" if is_shared else b"Accept-Encoding, Authorization"
    if vary is not None:
        names = vary.encode() + b", " + names
    told = lifetime.directives(shared=is_shared)
    caching = [(b"cache-control", told), (b"vary", names)]
    return [*caching, (CDN_FIELD, told)] if lifetime.by_clock and is_shared else caching


def _settled(last_modified: datetime | None, *, now: datetime) -> datetime | None:
    if last_modified is None or now - last_modified < SETTLED_AFTER:
        return None
    return last_modified.replace(microsecond=0)


@lru_cache(maxsize=4096)
def _date(at: datetime) -> bytes:
    return http_date(at).encode()


def _tags(keys: Sequence[str]) -> RawHeaders:
    if not SAFE_KEYS.fullmatch("".join(keys)):
        # Both fields are lists, with a space or a comma between: neither may stand in a key.
        keys = [quote(key, safe=KEY_SAFE) for key in keys]
    return [(b"surrogate-key", " ".join(keys).encode()), (b"cache-tag", ",".join(keys).encode())]


def _replaced(raw: RawHeaders, headers: Mapping[str, str]) -> RawHeaders:
    ours = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    names = {name for name, _ in ours}
    return [field for field in raw if field[0] not in names] + ours
