"""The causes of failure that a client can meet, each with its status, its words and its stable name.

Domain packages add theirs as subclasses; how a problem is put on the wire is for `web`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input: in the body at `pointer` (RFC 6901), or in the parameter or header named."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """A failure to tell the client about, as RFC 9457 problem details.

    `slug` names the cause for ever: `/problems/{slug}` is its page, with `explanation` as its paragraphs. `fields` are
    the header fields that an answer with it may have beside those of its status.
    """

    slug: ClassVar[str]
    status: ClassVar[int]
    title: ClassVar[str]
    explanation: ClassVar[str]
    example_detail: ClassVar[str]
    example_errors: ClassVar[tuple[Fault, ...]] = ()
    example_members: ClassVar[Mapping[str, object]] = {}
    fields: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
        **members: object,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.members = members


class BadParameter(Problem):
    """A known query, path or header parameter has a value that cannot be used."""

    slug = "bad-parameter"
    status = 400
    title = "A parameter has an unusable value"
    explanation = (
        "A parameter of the request has a value that this address does not take: of the wrong type, outside its "
        "range, repeated where only one is allowed, or not correctly encoded. Each is named in `errors`. "
        "Values are never clamped or guessed.\n\n"
        "In a URL a plus sign means a space: write the plus of an offset such as +02:00 as %2B."
    )
    example_detail = "limit: Input should be less than or equal to 100"
    example_errors = (Fault("Input should be less than or equal to 100", parameter="limit"),)


class UnknownParameter(Problem):
    """A query parameter that the address does not have."""

    slug = "unknown-parameter"
    status = 400
    title = "A query parameter is unknown"
    explanation = (
        "The query holds a parameter that this address does not have. It is refused rather than ignored, because a "
        "misspelt filter that is ignored answers with the wrong articles. `errors` names each, and the closest known "
        "parameter where there is one."
    )
    example_detail = "langage: unknown query parameter; did you mean language?"
    example_errors = (Fault("unknown query parameter; did you mean language?", parameter="langage"),)


class MalformedBody(Problem):
    """The body is not JSON that can be read."""

    slug = "malformed-body"
    status = 400
    title = "The body is not readable JSON"
    explanation = (
        "The body must be one JSON text in UTF-8 (RFC 8259), with no name twice in an object, no NaN or Infinity, "
        "no unpaired surrogates and no more than 100 levels of nesting. Where it stops being readable is given by "
        "`line` and `column`, counted from 1, when that is known."
    )
    example_detail = "The body is not JSON: Expecting ',' delimiter at line 3, column 14."
    example_members: ClassVar[Mapping[str, object]] = {"line": 3, "column": 14}


class BadCursor(Problem):
    """A paging cursor that this service did not make."""

    slug = "bad-cursor"
    status = 400
    title = "The cursor is not one of ours"
    explanation = (
        "Cursors are opaque: take them whole from `links` or from the `Link` field of an earlier answer. "
        "They never expire; a bad one was cut short or changed on its way. Start again without a cursor."
    )
    example_detail = "The cursor is damaged or was not made by this service."
    example_errors = (Fault("not a cursor of this service", parameter="cursor"),)


class Unauthorized(Problem):
    """No key was given, or one that is not valid."""

    slug = "unauthorized"
    status = 401
    title = "A valid key is needed"
    explanation = "Send a key of this service as `Authorization: Bearer <key>`. Keys are made by whoever runs it."
    example_detail = "Send a key: Authorization: Bearer <key>."

    def __init__(self, detail: str, **members: Any) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": 'Bearer realm="Dateline"'}, **members)


class Forbidden(Problem):
    """The key is valid, and does not allow this."""

    slug = "forbidden"
    status = 403
    title = "The key does not allow this"
    explanation = "The key is valid but lacks the scope that this operation needs. Ask whoever runs the service."
    example_detail = "This key does not carry the scope 'newsroom'."


class NotFound(Problem):
    """Nothing is at this address."""

    slug = "not-found"
    status = 404
    title = "Nothing is here"
    explanation = "No resource has this address. The addresses of the service are listed at / and explained at /docs."
    example_detail = "There is nothing at this address."


class MethodNotAllowed(Problem):
    """The address exists, and does not know the method."""

    slug = "method-not-allowed"
    status = 405
    title = "The method is not allowed here"
    explanation = "The address exists but does not take this method. `Allow` in the answer lists those it takes."
    example_detail = "POST is not allowed here."

    def __init__(self, detail: str, *, allow: Iterable[str], **members: Any) -> None:
        super().__init__(detail, headers={"Allow": ", ".join(allow)}, **members)


class Conflict(Problem):
    """The request is good, and the present state does not let it happen."""

    slug = "conflict"
    status = 409
    title = "The present state does not allow this"
    explanation = "The request contradicts the present state of the resource. Read it again, decide, and repeat."
    example_detail = "The article is not in a state that allows this."


class PreconditionFailed(Problem):
    """`If-Match` names another state than the present one."""

    slug = "precondition-failed"
    status = 412
    title = "It has changed since you read it"
    explanation = (
        "`If-Match` holds the ETag of a state that is no longer the present one: somebody else was faster. "
        "Read the resource again, merge your change into it, and repeat with the new ETag. "
        "The comparison is strong: a weak ETag (`W/`) never matches."
    )
    example_detail = "If-Match does not name the present state."
    fields = ("ETag",)


class BodyTooLarge(Problem):
    """The body exceeds what the service reads."""

    slug = "body-too-large"
    status = 413
    title = "The body is too large"
    explanation = "Bodies may have at most 2 MiB (2,097,152 bytes). To bring in an archive, use `dateline import`."
    example_detail = "The body may have at most 2,097,152 bytes."


class UriTooLong(Problem):
    """Path and query exceed what the service reads."""

    slug = "uri-too-long"
    status = 414
    title = "The address is too long"
    explanation = "Path and query together may have at most 8,192 bytes."
    example_detail = "Path and query may have at most 8,192 bytes."


class UnsupportedMediaType(Problem):
    """The body is not declared as a type that the address reads."""

    slug = "unsupported-media-type"
    status = 415
    title = "The type of the body is not supported"
    explanation = (
        "Declare the body's type with `Content-Type`. The service reads `application/json`, and where the "
        "documentation says so another JSON type; always in UTF-8 and without `Content-Encoding`. "
        "The `Accept` field of the answer lists the types."
    )
    example_detail = "Send the body as application/json."


class InvalidBody(Problem):
    """The body is well-formed JSON and not what the address takes."""

    slug = "invalid-body"
    status = 422
    title = "The body is not valid"
    explanation = (
        "The body is readable JSON, but its content is not acceptable. Each entry of `errors` has a JSON pointer "
        "(RFC 6901) to the place, and says what is wrong there. Nothing was written."
    )
    example_detail = "/language: Field required"
    example_errors = (Fault("Field required", pointer="/language"),)


class PreconditionRequired(Problem):
    """The operation needs `If-Match`."""

    slug = "precondition-required"
    status = 428
    title = "If-Match is required"
    explanation = (
        "This operation changes something that others may be changing too. Send the ETag that you read as `If-Match`, "
        "so that nobody's work is overwritten unseen (RFC 6585)."
    )
    example_detail = "Send the ETag of the state you read as If-Match."


class TooManyRequests(Problem):
    """The caller asked more often than it may."""

    slug = "too-many-requests"
    status = 429
    title = "Too many requests"
    explanation = "The caller exceeded its rate. `Retry-After` says how many seconds to wait."
    example_detail = "Wait 2 seconds."

    def __init__(self, detail: str, *, retry_after_seconds: int, **members: Any) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_seconds)}, **members)


class InternalError(Problem):
    """A fault of the service."""

    slug = "internal-error"
    status = 500
    title = "The service failed"
    explanation = (
        "The fault is ours, and has been logged under `request_id`. Reading again is safe at any time; a write was "
        "either done whole or not at all, so read before repeating it."
    )
    example_detail = "The request could not be completed."
    example_members: ClassVar[Mapping[str, object]] = {"request_id": "019a2f4e-7b1c-7d3e-9f00-5a6b7c8d9e0f"}


class Unavailable(Problem):
    """The service cannot answer now, and soon will."""

    slug = "unavailable"
    status = 503
    title = "Not available for the moment"
    explanation = (
        "The service is busy, or has not yet reached the state that was asked for. Nothing was written. "
        "`Retry-After` says how many seconds to wait."
    )
    example_detail = "The service is busy."

    def __init__(self, detail: str, *, retry_after_seconds: int = 1, **members: Any) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_seconds)}, **members)


def causes() -> dict[str, type[Problem]]:
    """Every cause that is defined so far, by slug and in alphabetical order.

    A subclass without a slug of its own is a variant of its parent's cause. Raises ValueError for a slug given twice.
    """
    found: dict[str, type[Problem]] = {}
    for cause in _descendants(Problem):
        if "slug" not in vars(cause):
            continue
        if cause.slug in found:
            raise ValueError(
                f"two causes share the slug {cause.slug!r}: {found[cause.slug].__name__}, {cause.__name__}"
            )
        found[cause.slug] = cause
    return dict(sorted(found.items()))


def _descendants(cause: type[Problem]) -> Iterator[type[Problem]]:
    for child in cause.__subclasses__():
        yield child
        yield from _descendants(child)
