"""The OpenAPI document of the sample application."""

from copy import deepcopy
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.web.openapi_rules import violations
from tests.web.sample import API_URL

pytestmark = pytest.mark.anyio


def test_document_keeps_every_rule(app: FastAPI) -> None:
    assert violations(app.openapi()) == []


def test_rules_find_what_is_missing(app: FastAPI) -> None:
    broken = deepcopy(app.openapi())
    operation = broken["paths"]["/v1/things"]["get"]
    del operation["summary"]
    operation["operationId"] = "listThings"
    del operation["parameters"][0]["description"]
    operation["responses"]["200"]["content"]["application/json"]["example"] = {"data": {}}
    found = violations(broken)
    assert [breach for breach in found if "no summary" in breach]
    assert [breach for breach in found if "listThings is no function name" in breach]
    assert [breach for breach in found if "limit has no description" in breach]
    assert [breach for breach in found if "'name' is a required property" in breach]


def test_nulls_of_examples_survive(app: FastAPI) -> None:
    content = app.openapi()["paths"]["/v1/things/{name}"]["get"]["responses"]["200"]["content"]["application/json"]
    assert content["example"] == {"data": {"name": "harbour", "note": None}}


def test_problems_of_one_status_are_examples_side_by_side(app: FastAPI) -> None:
    bad = app.openapi()["paths"]["/v1/things"]["get"]["responses"]["400"]
    assert set(bad["content"]) == {"application/problem+json"}
    examples = bad["content"]["application/problem+json"]["examples"]
    assert list(examples) == ["bad-cursor", "bad-parameter", "unknown-parameter"]
    assert examples["bad-cursor"]["value"]["type"] == f"{API_URL}/problems/bad-cursor"


def test_only_public_reads_promise_what_caches_use(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    assert "304" in paths["/v1/things"]["get"]["responses"]
    assert set(paths["/v1/things"]["get"]["responses"]["200"]["headers"]) >= {"ETag", "Link", "Cache-Control"}
    made = paths["/v1/newsroom/things"]["post"]["responses"]
    assert set(made) == {"201", "400", "401", "403", "415", "422", "500", "503"}
    assert set(made["201"]["headers"]) == {"ETag", "Dateline-Seq"}
    assert set(made["401"]["headers"]) == {"WWW-Authenticate"}


def test_parameters_are_never_null(app: FastAPI) -> None:
    parameters: list[dict[str, Any]] = app.openapi()["paths"]["/v1/things"]["get"]["parameters"]
    assert {p["name"]: p["schema"] for p in parameters} == {
        "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
        "tag": {"type": "array", "items": {"type": "string"}},
        "tz": {"type": "string"},
        "from": {"type": "string"},
        "breaking": {"type": "boolean"},
        "cursor": {"type": "string"},
    }


def test_guarded_operations_need_the_key(app: FastAPI) -> None:
    document = app.openapi()
    assert document["paths"]["/v1/newsroom/things"]["post"]["security"] == [{"bearer": []}]
    assert "security" not in document["paths"]["/v1/things"]["get"]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


async def test_document_is_served_as_made(app: FastAPI, client: httpx.AsyncClient) -> None:
    assert (await client.get("/openapi.json")).json() == app.openapi()
