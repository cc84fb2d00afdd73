"""httplint on an httpx response: `lint(response)` fails on what is bad or warned of, save what is argued for here."""

from datetime import UTC, datetime

import httpx
from httplint import HttpRequestLinter, HttpResponseLinter, Note, levels

from app.core.clock import http_date

# Each with the reason why it stands.
ALLOWED = {
    "STORE_PUBLIC_UNNECESSARY": "the contract says public, so that nobody has to know what caches assume without it",
    "STATUS_BAD_REQUEST": "describes the status itself, which is what the test asked for",
}


def lint(response: httpx.Response) -> httpx.Response:
    """The response, when there is nothing wrong with it."""
    told = [f"{type(note).__name__} ({note.subject}): {note.summary}" for note in faults(response)]
    assert not told, f"{response.request.method} {response.request.url} {response.status_code}: " + "; ".join(told)
    return response


def faults(response: httpx.Response) -> list[Note]:
    """The notes of httplint that are bad or a warning, and not allowed."""
    linter = HttpResponseLinter(no_content="content-encoding" in response.headers)
    linter.request = _request(response.request)
    linter.is_head_response = response.request.method == "HEAD"
    linter.process_response_topline(b"1.1", str(response.status_code).encode())
    linter.process_headers(_fields(response))
    if not linter.is_head_response:
        linter.feed_content(response.content)
    linter.finish_content(True)
    found = [*linter.notes, *(child for note in linter.notes for child in note.subnotes)]
    return [n for n in found if n.level in (levels.BAD, levels.WARN) and type(n).__name__ not in ALLOWED]


def _request(request: httpx.Request) -> HttpRequestLinter:
    linter = HttpRequestLinter(no_content=True)
    linter.process_request_topline(request.method.encode(), str(request.url).encode(), b"1.1")
    linter.process_headers([(name, value) for name, value in request.headers.raw])
    return linter


def _fields(response: httpx.Response) -> list[tuple[bytes, bytes]]:
    # In a 415, Accept says what would be read (RFC 9110, 12.5.1), which httplint does not know.
    fields = [field for field in response.headers.raw if response.status_code != 415 or field[0].lower() != b"accept"]
    if "date" not in response.headers:
        # The server adds it, and the in-process transport has none.
        fields.append((b"date", http_date(datetime.now(UTC)).encode()))
    return fields
