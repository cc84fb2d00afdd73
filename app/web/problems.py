"""Problem details (RFC 9457) on the wire: rendering, the handlers that turn exceptions into them, their documentation.

The causes are defined in `core.errors` and by the packages that raise them; their pages are in `problem_pages`.
"""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.core.errors import (
    BodyTooLarge,
    Fault,
    MalformedBody,
    MethodNotAllowed,
    NotFound,
    Problem,
    Unavailable,
    UnsupportedMediaType,
)
from app.db.errors import Overloaded
from app.web.methods import allowed_methods
from app.web.nulls import kept
from app.web.validation import problem_of

MEDIA_TYPE = "application/problem+json"
PATH_SAFE = "/:@!$&'()*+,;=~"


def _may_be_absent(schema: dict[str, Any]) -> None:
    schema.pop("default")


class FaultOut(BaseModel):
    """One thing wrong with the input, with the place as `pointer` (in the body) or as `parameter`."""

    pointer: str = Field(
        default="",
        json_schema_extra=_may_be_absent,
        description="JSON pointer (RFC 6901) into the body; empty for the whole body",
    )
    parameter: str = Field(
        default="", json_schema_extra=_may_be_absent, description="Name of the query, path or header parameter"
    )
    detail: str = Field(description="What is wrong there")


class ProblemOut(BaseModel):
    """A failure, explained (RFC 9457). Causes may add members of their own."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(json_schema_extra={"format": "uri"}, description="One stable address per cause: a page about it")
    title: str = Field(description="The cause in a few words; the same for every occurrence")
    status: int = Field(description="The HTTP status, repeated")
    detail: str = Field(description="What happened this time")
    instance: str = Field(json_schema_extra={"format": "uri-reference"}, description="The path that was asked for")
    errors: list[FaultOut] = Field(
        default=[], json_schema_extra=_may_be_absent, description="Each thing wrong with the input; only for bad input"
    )


def install(app: FastAPI, *, api_url: str) -> None:
    """Have `app` answer its exceptions as problems, whose `type` starts with `api_url`.

    What no handler expects is for the `failures` middleware: the framework would answer it outside all middleware.
    """

    async def on_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return problem_response(error, path=request.url.path, api_url=api_url)

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return _http_response(request, error, api_url=api_url)

    async def on_validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return problem_response(problem_of(error), path=request.url.path, api_url=api_url)

    async def on_overload(request: Request, error: Exception) -> Response:
        problem = Unavailable("The database had no turn for this request. Try again.", retry_after_seconds=1)
        return problem_response(problem, path=request.url.path, api_url=api_url)

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(Overloaded, on_overload)


def problem_response(problem: Problem, *, path: str, api_url: str) -> Response:
    """The answer that tells the client about `problem`, never stored by caches unless the problem says so."""
    content = document(problem, instance=quote(path, safe=PATH_SAFE, errors="replace"), api_url=api_url)
    return _response(content, problem.status, problem.headers)


def document(problem: Problem, *, instance: str, api_url: str) -> dict[str, Any]:
    """The members of the problem document, in the order in which people read them."""
    content: dict[str, Any] = {
        "type": f"{api_url}/problems/{problem.slug}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": instance,
    }
    if problem.errors:
        content["errors"] = [_fault(fault) for fault in problem.errors]
    return content | problem.members


def problem_responses(*causes: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """OpenAPI responses for the causes that an operation can meet: one per status, an example for each cause."""
    responses: dict[int | str, dict[str, Any]] = {}
    for cause in causes:
        response = responses.setdefault(cause.status, {"description": "", "content": {MEDIA_TYPE: {"examples": {}}}})
        response["description"] = "; ".join(filter(None, [response["description"], cause.title]))
        if cause.fields:
            response.setdefault("headers", {}).update(references(cause.fields))
        content = response["content"][MEDIA_TYPE]
        content["schema"] = {"$ref": "#/components/schemas/ProblemOut"}
        content["examples"][cause.slug] = {"summary": cause.title, "value": kept(example(cause))}
    return responses


def references(fields: Iterable[str]) -> dict[str, Any]:
    """Header fields of a documented response, each described once among the components."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in fields}


def example(cause: type[Problem]) -> dict[str, Any]:
    """The document of a typical occurrence; its `type` is relative until the API's address is known."""
    content: dict[str, Any] = {
        "type": f"/problems/{cause.slug}",
        "title": cause.title,
        "status": cause.status,
        "detail": cause.example_detail,
        "instance": "/v1/articles",
    }
    if cause.example_errors:
        content["errors"] = [_fault(fault) for fault in cause.example_errors]
    return content | dict(cause.example_members)


def _http_response(request: Request, error: HTTPException, *, api_url: str) -> Response:
    path = request.url.path
    problem = _problem_of_status(request, error)
    if problem is not None:
        problem.headers.update(error.headers or {} if error.status_code != HTTPStatus.METHOD_NOT_ALLOWED else {})
        return problem_response(problem, path=path, api_url=api_url)
    # RFC 9457, 4.2.1: "about:blank" says that the status is all there is to say.
    content = {
        "type": "about:blank",
        "title": HTTPStatus(error.status_code).phrase,
        "status": error.status_code,
        "detail": error.detail,
        "instance": quote(path, safe=PATH_SAFE, errors="replace"),
    }
    return _response(content, error.status_code, error.headers or {})


def _problem_of_status(request: Request, error: HTTPException) -> Problem | None:
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return NotFound("There is nothing at this address.")
        case HTTPStatus.METHOD_NOT_ALLOWED:
            path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
            return MethodNotAllowed(f"{request.method} is not allowed here.", allow=allowed_methods(request.app, path))
        case HTTPStatus.BAD_REQUEST:
            # The framework raises it only for a body that it could not parse.
            return MalformedBody("The body could not be read as JSON.")
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return BodyTooLarge(BodyTooLarge.example_detail)
        case HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
            return UnsupportedMediaType(error.detail)
    return None


def _response(content: Mapping[str, Any], status: int, headers: Mapping[str, str]) -> Response:
    # "replace", because what a client sent may hold a lone surrogate, which UTF-8 cannot.
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Response(body, status, {"Cache-Control": "no-store", **headers}, MEDIA_TYPE)


def _fault(fault: Fault) -> dict[str, str]:
    place = {"pointer": fault.pointer, "parameter": fault.parameter}
    return {name: value for name, value in place.items() if value is not None} | {"detail": fault.detail}
