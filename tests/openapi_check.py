"""Holding responses against the service's own OpenAPI document: the status is documented, and so is the body."""

from functools import cache
from typing import Any

import httpx
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from starlette.routing import compile_path

from app.main import create_app
from app.settings import Settings

DOCUMENT = "urn:dateline:openapi"


def check(api_url: str, response: httpx.Response) -> None:
    """Nothing, where the response is one that the document promises; other paths are not its business."""
    document = _document(api_url)
    template = _template(tuple(document["paths"]), response.request.url.path)
    method = {"HEAD": "get"}.get(response.request.method, response.request.method.lower())
    operation = document["paths"].get(template, {}).get(method)
    if operation is None or response.status_code == 405:
        return
    told = f"{response.request.method} {response.request.url} answered {response.status_code}: {response.text[:500]}"
    promised = operation["responses"].get(str(response.status_code))
    assert promised is not None, f"undocumented: {told}"
    media_type = response.headers.get("content-type", "").partition(";")[0]
    schema = promised.get("content", {}).get(media_type, {}).get("schema")
    if schema is None or response.request.method == "HEAD" or "$ref" not in schema:
        return
    if {"fields", "view"} & set(response.request.url.params):
        return  # parts of a document; it is documented whole
    errors = [error.message for error in _validator(api_url, str(schema["$ref"])).iter_errors(response.json())]
    assert not errors, f"{errors[:3]}: {told}"


@cache
def _template(paths: tuple[str, ...], path: str) -> str | None:
    exact = [one for one in paths if one == path]
    matching = [one for one in paths if compile_path(one)[0].match(path)]
    return next(iter(exact or matching), None)


@cache
def _document(api_url: str) -> Any:
    """The document of a service at this address; the same for every app, and slow to make."""
    return create_app(Settings(api_url=api_url)).openapi()


@cache
def _validator(api_url: str, ref: str) -> Any:
    registry = Registry().with_resource(DOCUMENT, DRAFT202012.create_resource(_document(api_url)))
    return Draft202012Validator({"$ref": f"{DOCUMENT}{ref}"}, registry=registry)
