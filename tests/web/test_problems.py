"""Problems on the wire, and the pages that explain them."""

import re
from html import unescape

import httpx
import pytest
from structlog.testing import capture_logs

from app.core.errors import Conflict, Problem, causes
from tests.web.lint import lint
from tests.web.sample import API_URL

pytestmark = pytest.mark.anyio


async def test_problem_document(client: httpx.AsyncClient) -> None:
    response = lint(await client.get("/v1/things/missing?size=1"))
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    assert response.json() == {
        "type": f"{API_URL}/problems/not-found",
        "title": "Nothing is here",
        "status": 404,
        "detail": "There is no thing of this name.",
        "instance": "/v1/things/missing",
    }


@pytest.mark.parametrize("path", ["/nope", "/v1/nope", "/v1/things/", "/v1/newsroom/nope", "/V1/things"])
async def test_unknown_address_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    response = lint(await client.get(path))
    assert (response.status_code, response.json()["instance"]) == (404, path)


@pytest.mark.parametrize(
    ("path", "instance"), [("/été", "/%C3%A9t%C3%A9"), ("/a b", "/a%20b"), ("/%3Cb%3E", "/%3Cb%3E")]
)
async def test_instance_is_percent_encoded(client: httpx.AsyncClient, path: str, instance: str) -> None:
    assert (await client.get(path)).json()["instance"] == instance


@pytest.mark.parametrize("path", ["/v1/things/a%00b", "/v1/things/a%0Ab", "/v1/things/%C2%85", "/v1/things/%EF%BF%BD"])
async def test_unnameable_address_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    assert lint(await client.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("POST", "/v1/things", "GET, HEAD"),
        ("DELETE", "/v1/things/x", "GET, HEAD, PUT"),
        ("GET", "/v1/newsroom/things", "POST"),
        ("HEAD", "/v1/newsroom/things", "POST"),
        ("OPTIONS", "/v1/newsroom/things", "POST"),
    ],
)
async def test_wrong_method_is_told_the_right_ones(
    client: httpx.AsyncClient, method: str, path: str, allow: str
) -> None:
    response = lint(await client.request(method, path))
    assert (response.status_code, response.headers["allow"]) == (405, allow)
    assert response.headers["content-type"] == "application/problem+json"


async def test_overload_asks_to_come_back(client: httpx.AsyncClient) -> None:
    response = lint(await client.get("/v1/things/busy"))
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert response.json()["type"] == f"{API_URL}/problems/unavailable"


async def test_unexpected_failure_tells_its_id_and_nothing_else(client: httpx.AsyncClient) -> None:
    with capture_logs() as logs:
        response = await client.get("/v1/things/boom", headers={"X-Request-Id": "abc-1"})
    assert response.status_code == 500
    assert response.json() == {
        "type": f"{API_URL}/problems/internal-error",
        "title": "The service failed",
        "status": 500,
        "detail": "The request could not be completed.",
        "instance": "/v1/things/boom",
        "request_id": "abc-1",
    }
    assert "secret" not in response.text
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["x-content-type-options"] == "nosniff"
    failures = [entry for entry in logs if entry["event"] == "request failed"]
    assert [entry["exc_info"] for entry in failures] == [True]


def test_every_cause_explains_itself() -> None:
    for slug, cause in causes().items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", slug)
        assert 400 <= cause.status <= 599
        assert all((cause.title, cause.explanation, cause.example_detail))
        assert not cause.title.endswith(".")


def test_causes_of_the_contract_are_there() -> None:
    statuses = {cause.status for cause in causes().values()}
    assert statuses >= {400, 401, 403, 404, 405, 409, 412, 413, 414, 415, 422, 428, 429, 500, 503}


def test_slug_given_twice_is_refused() -> None:
    def clash() -> type[Problem]:
        return type("Clash", (Conflict,), {"slug": "not-found"})

    twin = clash()
    with pytest.raises(ValueError, match="Clash"):
        causes()
    del twin.slug


def test_subclass_without_a_slug_is_a_variant() -> None:
    variant = type("Variant", (Conflict,), {})
    assert causes()["conflict"] is Conflict
    assert issubclass(variant, Conflict)


async def test_every_cause_has_its_page(client: httpx.AsyncClient) -> None:
    listed = lint(await client.get("/problems")).text
    for slug, cause in causes().items():
        assert f'href="problems/{slug}"' in listed
        page = lint(await client.get(f"/problems/{slug}"))
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert f"<title>{cause.title}</title>" in unescape(page.text)
        assert '<html lang="en">' in page.text


async def test_page_allows_its_own_style_and_nothing_else(client: httpx.AsyncClient) -> None:
    policy = (await client.get("/problems")).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


@pytest.mark.parametrize("slug", ["nope", "%3Cscript%3E", "not-found/x"])
async def test_unknown_cause_has_no_page(client: httpx.AsyncClient, slug: str) -> None:
    response = lint(await client.get(f"/problems/{slug}"))
    assert response.status_code == 404
    assert "<script>" not in response.text
