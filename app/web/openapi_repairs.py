"""What the framework writes into an OpenAPI operation that is not true of ours, and what it leaves out.

The document as a whole is made in `openapi`.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from typing import Any

from app.core.errors import Problem
from app.web.attempts import KEY_FIELD, REPLAYED_FIELD, IdempotencyKeyReused, RequestInFlight
from app.web.problems import MEDIA_TYPE, problem_responses, references

Document = dict[str, Any]

SCHEMA_PREFIX = "#/components/schemas/"
FRAMEWORK_ERRORS = ("HTTPValidationError", "ValidationError")
CACHING_FIELDS = ("Last-Modified", "Cache-Control", "Link")
MOVED = "The article is called otherwise now."
BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
FIELDS_OF_STATUS = {401: ("WWW-Authenticate",), 405: ("Allow",), 429: ("Retry-After",), 503: ("Retry-After",)}


def without_framework_answers(operation: Document) -> None:
    """Drops the answers that the framework promises and that never come."""
    responses = operation["responses"]
    # The framework promises a 422 of its own shape wherever there is a parameter. It never comes.
    invalid = responses.get("422", {}).get("content", {}).get("application/json", {}).get("schema", {})
    if invalid.get("$ref", "").removeprefix(SCHEMA_PREFIX) in FRAMEWORK_ERRORS:
        del responses["422"]
    # And a 200 of no shape where a route declares another success.
    is_undeclared = responses.get("200", {}).get("description") == "Successful Response"
    if is_undeclared and any(status[0] in "23" for status in responses if status != "200"):
        del responses["200"]


def with_plain_parameters(operation: Document) -> None:
    """Makes the schema of each parameter say what its value is, and nothing twice."""
    for parameter in operation.get("parameters", ()):
        schema = parameter["schema"]
        # A parameter is absent or has a value: it cannot be null. And its name and description stand beside.
        choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
        if len(choices) == 1:
            del schema["anyOf"]
            schema.update(choices[0])
        # Behind a validator of ours, Pydantic writes bounds under its own names.
        for ours, name in BOUNDS.items():
            if ours in schema:
                schema[name] = schema.pop(ours)
        schema.pop("title", None)
        schema.pop("description", None)


def without_caching(operation: Document) -> None:
    """Drops what only public GETs have: the 304, and the fields that caches read."""
    operation["responses"].pop("304", None)
    for response in operation["responses"].values():
        for name in CACHING_FIELDS:
            response.get("headers", {}).pop(name, None)


def with_problems(operation: Document, common: Sequence[type[Problem]]) -> None:
    """Adds the problems that every operation can meet to those that the route declares."""
    # Here, because the framework lets the responses of a route replace those of its router, status by status.
    for status, added in problem_responses(*common).items():
        response = operation["responses"].setdefault(str(status), added)
        examples = response["content"][MEDIA_TYPE]["examples"]
        for slug, example in added["content"][MEDIA_TYPE]["examples"].items():
            if slug not in examples:
                examples[slug] = example
                response["description"] += "; " + example["summary"]


def with_moves(operation: Document) -> None:
    """Adds the 308 wherever an article may have been taken back: it may as well have moved."""
    if "410" in operation["responses"]:
        fields = references(("Location", "Dateline-Seq", "Cache-Control"))
        operation["responses"].setdefault("308", {"description": MOVED, "headers": fields})


def with_repetitions(operation: Document) -> None:
    """Adds what comes of an Idempotency-Key wherever one is taken."""
    if not any(parameter["name"] == KEY_FIELD for parameter in operation.get("parameters", ())):
        return
    with_problems(operation, [IdempotencyKeyReused, RequestInFlight])
    for status, response in operation["responses"].items():
        if status == "409" or status[0] == "2":
            field = "Retry-After" if status == "409" else REPLAYED_FIELD
            response.setdefault("headers", {}).update(references([field]))


def with_preconditions(operation: Document) -> None:
    """Marks If-Match as required wherever its absence is answered with 428."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "If-Match" and "428" in operation["responses"]:
            parameter["required"] = True


def with_body_examples(operation: Document, inputs: Mapping[str, Any]) -> None:
    """Puts the examples of a body where readers and tools look for them: beside its schema, not inside."""
    for content in operation.get("requestBody", {}).get("content", {}).values():
        examples = content["schema"].pop("examples", [])
        name = content["schema"].get("$ref", "").removeprefix(SCHEMA_PREFIX).removesuffix("-Input")
        if examples or name in inputs:
            content["example"] = examples[0] if examples else inputs[name]


def with_complete_answers(document: Document, partial: Collection[str]) -> None:
    """Says of every field of an answer that it is there, default or not; only `partial` types leave theirs out."""
    sent = _sent_types(document)
    for name, schema in _types(document).items():
        if "properties" in schema and name not in sent and name not in partial:
            schema["required"] = list(schema["properties"])


def with_plain_fields(document: Document) -> None:
    """Writes fields so that generators of clients agree on what they mean."""
    for schema in _types(document).values():
        for described in schema.get("properties", {}).values():
            # Some take a field with a default for one that is always there, in what is sent too.
            default = described.pop("default", None)
            if isinstance(default, str | bool):
                told = f"Default: {json.dumps(default)}."
                described["description"] = f"{described.get('description', '')} {told}".strip()
            # And some make a list of a tuple, others not.
            for choice in (described, *described.get("anyOf", ())):
                first, *others = choice.get("prefixItems", [None])
                if first is not None and all(other == first for other in others):
                    choice["items"] = choice.pop("prefixItems")[0]


def with_complete_problems(operation: Document, *, api_url: str) -> None:
    """Gives problems the fields of their status, and their examples the address of the API."""
    for status, response in operation["responses"].items():
        content = response.get("content", {}).get(MEDIA_TYPE)
        if content is None:
            continue
        if fields := FIELDS_OF_STATUS.get(int(status)):
            response.setdefault("headers", {}).update(references(fields))
        for example in content["examples"].values():
            example["value"] = deepcopy(example["value"])
            example["value"]["type"] = api_url + example["value"]["type"]


def _types(document: Document) -> Document:
    types: Document = document.get("components", {}).get("schemas", {})
    return types


def _sent_types(document: Document) -> set[str]:
    """The names of all types that a body can hold, at any depth."""
    sent: set[str] = set()
    for item in document["paths"].values():
        for operation in item.values():
            _gather(operation.get("requestBody"), _types(document), sent)
    return sent


def _gather(part: Any, schemas: Document, found: set[str]) -> None:
    """Adds the names of all types that a part of the document refers to, through any number of others."""
    if isinstance(part, list):
        for item in part:
            _gather(item, schemas, found)
    elif isinstance(part, dict):
        name = str(part.get("$ref", "")).removeprefix(SCHEMA_PREFIX)
        if name in schemas and name not in found:
            found.add(name)
            _gather(schemas[name], schemas, found)
        _gather(list(part.values()), schemas, found)
