"""POSTs that may be sent again: what an Idempotency-Key is, which request it stands for, which are under way here.

After draft-ietf-httpapi-idempotency-key-header. The answers are kept by the package whose commands they tell of.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any

from fastapi import FastAPI, Header, Request

from app.core.errors import BadParameter, Conflict, Fault, Problem
from app.web.validation import summary

KEY_FIELD, REPLAYED_FIELD = "Idempotency-Key", "Idempotency-Replayed"
MAX_KEY_LENGTH = 255
RETRY_SECONDS = 1

# Read from the request before anything else is looked at; a route declares it to have it documented.
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias=KEY_FIELD,
        description=(
            "Any text that you make up for this one command, such as a UUID, in double quotes or without. Sent again "
            "within 24 hours, the same request then gets the first answer again, with `Idempotency-Replayed: true`, "
            "and nothing is done twice. Keys of other API keys are other keys. A refused command is not remembered: "
            "correct it, and send it with the same key or a new one."
        ),
        min_length=1,
        max_length=MAX_KEY_LENGTH,
        pattern="^[!-~]+$",
        examples=["8e03978e-40d5-43dd-bc93-6894a57f9324"],
    ),
]


class IdempotencyKeyReused(Problem):
    """The key stands for another request of the same caller."""

    slug = "idempotency-key-reused"
    status = 422
    title = "The Idempotency-Key belongs to another request"
    explanation = (
        "In the last 24 hours the same API key sent this `Idempotency-Key` with another request: with another path, "
        "another query or another body, byte for byte. That one was carried out, and this one was not.\n\n"
        "Make up a new key for every command, and use it again only to repeat that command as it was. A command that "
        "was refused is not remembered: it may be corrected and sent with the same key."
    )
    example_detail = "Idempotency-Key: was sent before with another path, query or body; a new command needs a new key"
    example_errors = (
        Fault("was sent before with another path, query or body; a new command needs a new key", parameter=KEY_FIELD),
    )


class RequestInFlight(Conflict):
    """The first request with the key is not answered yet."""

    slug = "request-in-flight"
    title = "The first request with this key is under way"
    explanation = (
        "A request with the same `Idempotency-Key` is being carried out at this moment, and nothing can be said of "
        "its outcome. `Retry-After` says how many seconds to wait before asking again: the answer is then that of the "
        "first request or, when that one was refused, the command is carried out."
    )
    example_detail = "A request with this Idempotency-Key is under way. Try again in a second."

    def __init__(self, detail: str = example_detail, **members: Any) -> None:
        super().__init__(detail, headers={"Retry-After": str(RETRY_SECONDS)}, **members)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sending of a POST: by which caller, under which Idempotency-Key, and a digest of all that was asked."""

    caller: str
    key: str
    request: str


async def read_attempt(request: Request, *, caller: str) -> Attempt | None:
    """The attempt that this request is; None for one that is no POST, or has no key. Raises BadParameter."""
    given = request.headers.getlist(KEY_FIELD)
    if request.method != "POST" or not given:
        return None
    return Attempt(caller, key_of(given), _digest(request, await request.body()))


def key_of(given: Sequence[str]) -> str:
    """The key in the lines of the field, without the quotes of a structured field's string. Raises BadParameter."""
    if len(given) > 1:
        raise _bad("may be given only once")
    (value,) = given
    is_quoted = len(value) > 1 and value[0] == value[-1] == '"'
    key = value[1:-1] if is_quoted else value
    if not key or len(value) > MAX_KEY_LENGTH or not all("!" <= character <= "~" for character in key):
        raise _bad(f"must be 1 to {MAX_KEY_LENGTH} visible ASCII characters")
    return key


@contextmanager
def under_way(app: FastAPI, attempt: Attempt) -> Iterator[None]:
    """Holds the attempt's key while it is carried out. Raises RequestInFlight while another of this process does."""
    held: set[tuple[str, str]] = app.state.__dict__.setdefault("attempts_under_way", set())
    name = (attempt.caller, attempt.key)
    if name in held:
        raise RequestInFlight
    held.add(name)
    try:
        yield
    finally:
        held.discard(name)


def reused() -> IdempotencyKeyReused:
    """The problem of a key that stands for another request."""
    return IdempotencyKeyReused(IdempotencyKeyReused.example_detail, errors=IdempotencyKeyReused.example_errors)


def _digest(request: Request, body: bytes) -> str:
    # No method, path or query has a NUL in it.
    parts = (request.method.encode(), request.scope["path"].encode(), request.scope["query_string"], body)
    return sha256(b"\0".join(parts)).hexdigest()


def _bad(reason: str) -> BadParameter:
    fault = Fault(reason, parameter=KEY_FIELD)
    return BadParameter(summary([fault]), errors=[fault])
