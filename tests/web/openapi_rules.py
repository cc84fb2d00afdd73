"""What our OpenAPI document promises its readers, as rules: `violations(document)` names every breach."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.web.openapi import operations
from app.web.problems import MEDIA_TYPE

FUNCTION_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
EXPECTED_OF_BODIES = {"400", "415", "422"}


def violations(document: Mapping[str, Any]) -> list[str]:
    """Each way in which the document falls short; empty for a good one."""
    found = [f"not OpenAPI 3.1: {error.message}" for error in OpenAPIV31SpecValidator(document).iter_errors()]
    found += _of_the_whole(document)
    for path, method, operation in operations(document):
        where = f"{method.upper()} {path}"
        found += [f"{where}: {breach}" for breach in _of_operation(operation, document)]
    return found


def _of_the_whole(document: Mapping[str, Any]) -> Iterator[str]:
    if document["openapi"] != "3.1.0":
        yield f"version {document['openapi']}"
    if missing := {"title", "version", "summary", "description", "license"} - document["info"].keys():
        yield f"info lacks {sorted(missing)}"
    if not all(server["url"].startswith("http") for server in document["servers"]):
        yield "a server has no absolute URL"
    if not all(tag.get("description") for tag in document["tags"]):
        yield "a tag has no description"
    names = Counter(operation["operationId"] for _, _, operation in operations(document))
    yield from (f"operationId {name} is used {count} times" for name, count in names.items() if count > 1)
    used = {tag for _, _, operation in operations(document) for tag in operation.get("tags", ())}
    declared = {tag["name"] for tag in document["tags"]}
    yield from (f"tag {tag} is used or declared alone" for tag in sorted(used ^ declared))
    leftover = {"HTTPValidationError", "ValidationError"} & document["components"]["schemas"].keys()
    yield from (f"the framework's {name} is left" for name in sorted(leftover))


def _of_operation(operation: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"no {name}" for name in ("summary", "description", "tags") if not operation.get(name))
    if operation.get("summary", "").endswith("."):
        yield "the summary is a title, and ends with a full stop"
    if not FUNCTION_NAME.fullmatch(operation["operationId"]):
        yield f"operationId {operation['operationId']} is no function name"
    for parameter in operation.get("parameters", ()):
        if not parameter.get("description"):
            yield f"parameter {parameter['name']} has no description"
    if body := operation.get("requestBody"):
        for media_type, content in body["content"].items():
            yield from _of_examples(f"body {media_type}", content, document)
        if lacking := EXPECTED_OF_BODIES - operation["responses"].keys():
            yield f"takes a body, and documents no {sorted(lacking)}"
    for status, response in operation["responses"].items():
        yield from _of_response(status, response, document)


def _of_response(status: str, response: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    if response["description"] in ("", "Successful Response", "Validation Error"):
        yield f"{status} has no description of ours"
    content = response.get("content", {})
    if status[0] in "45" and set(content) != {MEDIA_TYPE}:
        yield f"{status} is not {MEDIA_TYPE}"
    for media_type, described in content.items():
        yield from _of_examples(f"{status} {media_type}", described, document)
    for name in response.get("headers", {}):
        if name not in document["components"]["headers"]:
            yield f"{status} has an undescribed field {name}"


def _of_examples(where: str, content: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    examples = (
        [content["example"]] if "example" in content else [e["value"] for e in content.get("examples", {}).values()]
    )
    if not examples:
        yield f"{where} has no example"
    if not content.get("schema") and "itemSchema" not in content:
        yield f"{where} has no schema"
        return
    # The components go along, so that references into the document lead somewhere.
    schema = {**content.get("schema", {}), "components": document["components"]}
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    for example in examples:
        for error in validator.iter_errors(example):
            yield f"{where}: the example at {error.json_path} is not valid: {error.message[:200]}"
