"""The OpenAPI document: what the framework derives from the routes, made fit to be read and to generate clients from.

What each operation does, and its examples, are declared with its route.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from app.core.errors import NotFound, Problem
from app.web.nulls import kept, restored
from app.web.openapi_repairs import (
    FRAMEWORK_ERRORS,
    SCHEMA_PREFIX,
    Document,
    with_body_examples,
    with_complete_answers,
    with_complete_problems,
    with_moves,
    with_plain_fields,
    with_plain_parameters,
    with_preconditions,
    with_problems,
    with_repetitions,
    without_caching,
    without_framework_answers,
)
from app.web.paths import is_private
from app.web.problems import ProblemOut, references

Responses = dict[int | str, dict[str, Any]]

METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})

PUBLIC_FIELDS = ("ETag", "Last-Modified", "Cache-Control", "Dateline-Seq", "Link")
NOT_MODIFIED = "The copy you have is still good."

FIELDS: dict[str, tuple[str, str]] = {
    "ETag": (
        "Names these bytes; send it back as If-None-Match, or in the newsroom as If-Match.",
        'W/"5d41402abc4b2a76"',
    ),
    "Last-Modified": (
        "When what is shown last changed; left out in the first two seconds.",
        "Sun, 18 May 2025 14:08:00 GMT",
    ),
    "Cache-Control": (
        "How long the answer may be kept.",
        "public, max-age=5, stale-while-revalidate=10, stale-if-error=60",
    ),
    "Dateline-Seq": ("How new the answer is: a position in the change log.", "4711"),
    "Link": (
        "Related addresses (RFC 8288): `next` is older, `prev` is newer.",
        '<https://api.example.com/v1/>; rel="next"',
    ),
    "Location": ("Where it is.", "https://api.example.com/v1/articles/harbour-reopens"),
    "Idempotency-Replayed": ("The answer to an earlier sending of this request; nothing was done now.", "true"),
    "Retry-After": ("How many seconds to wait.", "1"),
    "WWW-Authenticate": ("How to authenticate.", 'Bearer realm="Dateline"'),
    "Allow": ("The methods that are allowed.", "GET, HEAD"),
}
BEARER = {"type": "http", "scheme": "bearer", "description": "A key of this service: `dateline key create`."}


@dataclass(frozen=True, slots=True)
class About:
    """What the document says of the service as a whole, and of all its operations alike.

    The order of `tags` is that of the documentation; `common_problems` are those that every operation can meet;
    `inputs` are realistic examples of what is sent, by the names of their types; `partial` names the types of answers
    whose optional fields may be left out.
    """

    title: str
    version: str
    summary: str
    description: str
    tags: Sequence[tuple[str, str]]
    license_name: str = "Apache-2.0"
    common_problems: Sequence[type[Problem]] = ()
    inputs: Mapping[str, Any] = field(default_factory=dict)
    partial: frozenset[str] = frozenset()


def documented(
    model: Any,
    example: object,
    *,
    status: int = 200,
    description: str = "As asked.",
    media_type: str = "application/json",
    fields: Sequence[str] = PUBLIC_FIELDS,
) -> Responses:
    """The `responses` of a route that answers with ready bytes: their type, a realistic example, the header fields.

    A public GET gets its 304 too. What only public GETs have is left out of the document elsewhere.
    """
    responses: Responses = {
        status: {
            "model": model,
            "description": description,
            "headers": references(fields),
            "content": {media_type: {"example": kept(example)}},
        }
    }
    if status == 200 and "ETag" in fields:
        responses[304] = {"description": NOT_MODIFIED, "headers": references(fields)}
    return responses


def written(examples: Mapping[str, str], *, fields: Sequence[str] = PUBLIC_FIELDS) -> Responses:
    """The `responses` of a route that answers with text in one of several media types, each with an example."""
    content = {media_type.partition(";")[0]: _written(media_type, example) for media_type, example in examples.items()}
    return {
        200: {"description": "As asked.", "headers": references(fields), "content": content},
        304: {"description": NOT_MODIFIED, "headers": references(fields)},
    }


def _written(media_type: str, example: str) -> dict[str, Any]:
    if "json" not in media_type:
        return {"schema": {"type": "string"}, "example": example}
    value = json.loads(example)
    return {"schema": {"type": "array" if isinstance(value, list) else "object"}, "example": kept(value)}


def install(app: FastAPI, *, api_url: str, about: About) -> None:
    """Have `app.openapi()` answer with our document, made once, when first asked for."""
    made: Document = {}

    def openapi() -> Document:
        if not made:
            made.update(build(app, api_url=api_url, about=about))
        return made

    app.openapi = openapi  # type: ignore[method-assign]


def build(app: FastAPI, *, api_url: str, about: About) -> Document:
    """The whole document of the routes that `app` has now."""
    document: Document = get_openapi(
        title=about.title,
        version=about.version,
        summary=about.summary,
        description=about.description,
        routes=app.routes,
        tags=[{"name": name, "description": description} for name, description in about.tags],
        servers=[{"url": api_url}],
        license_info={"name": about.license_name, "identifier": about.license_name},
    )
    document = restored(document)
    names = _function_names(app)
    for path, method, operation in operations(document):
        operation["operationId"] = names[path, method]
        without_framework_answers(operation)
        with_plain_parameters(operation)
        if method != "get" or is_private(path):
            without_caching(operation)
        # A name with control characters is nobody's, and is not even asked for: see `limits`.
        with_problems(operation, [*about.common_problems, *([NotFound] if "{" in path else [])])
        with_repetitions(operation)
        with_complete_problems(operation, api_url=api_url)
        with_moves(operation)
        with_preconditions(operation)
        with_body_examples(operation, about.inputs)
    with_complete_answers(document, about.partial)
    with_plain_fields(document)
    _add_components(document)
    return document


def operations(document: Mapping[str, Any]) -> list[tuple[str, str, Document]]:
    """Every operation of the document with its path and method, in order."""
    return [
        (path, method, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def _function_names(app: FastAPI) -> dict[tuple[str, str], str]:
    # The name of the route's function makes a good name for the function of a generated client.
    return {
        (route.path_format or "", method.lower()): route.name or ""
        for route in iter_route_contexts(app.routes)
        for method in route.methods or ()
    }


def _add_components(document: Document) -> None:
    components: Document = document.setdefault("components", {})
    schemas: Document = components.setdefault("schemas", {})
    for name in FRAMEWORK_ERRORS:
        schemas.pop(name, None)
    problem = ProblemOut.model_json_schema(ref_template=SCHEMA_PREFIX + "{model}", mode="serialization")
    schemas.update(problem.pop("$defs"))
    schemas["ProblemOut"] = problem
    components["schemas"] = dict(sorted(schemas.items()))
    components["headers"] = {
        name: {
            "description": description,
            "schema": {"type": "integer" if example.isdigit() else "string"},
            "example": example,
        }
        for name, (description, example) in FIELDS.items()
    }
    components.setdefault("securitySchemes", {}).setdefault("bearer", BEARER)
