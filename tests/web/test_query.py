"""Query parameters: only those that are declared, once, and well written."""

import re
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from app.core.errors import BadParameter
from app.web.parameters import comma_separated, instant_or_date
from tests.web.lint import lint

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "query",
    [
        "",
        "limit=1",
        "limit=100&tag=a&tag=b&tz=Europe/Paris&from=2026-05-18&breaking=true",
        "from=2026-05-18T14:08:00%2B02:00",
        "tag=%C3%A9t%C3%A9&tag=un+deux",
        "&&limit=5&",
    ],
)
async def test_declared_parameters_pass(client: httpx.AsyncClient, query: str) -> None:
    assert lint(await client.get(f"/v1/things?{query}")).status_code == 200


@pytest.mark.parametrize(
    ("query", "parameter", "detail"),
    [
        ("limit=0", "limit", "greater than or equal to 1"),
        ("limit=101", "limit", "less than or equal to 100"),
        ("limit=1_0", "limit", "plain digits"),
        ("limit=+5", "limit", "plain digits"),
        ("limit=5.0", "limit", "plain digits"),
        ("limit=٥", "limit", "plain digits"),
        ("limit=" + "9" * 40, "limit", "plain digits"),
        ("limit=", "limit", "plain digits"),
        ("limit=5&limit=6", "limit", "only once"),
        ("tz=Mars/Olympus", "tz", "not an IANA time zone"),
        ("tz=../../etc/passwd", "tz", "not an IANA time zone"),
        ("from=2026-05-18T14:08:00", "from", "offset"),
        ("from=2026-05-18T14:08:00+02:00", "from", "%2B"),
        ("from=2026-02-30", "from", "not a day that exists"),
        ("breaking=1", "breaking", "true or false"),
        ("breaking=True", "breaking", "true or false"),
        ("tag=%00", "tag", "control character"),
        ("tag=a%0Ab", "tag", "control character"),
        ("tag=%C2%85", "tag", "control character"),
        ("tag=%FF", "tag", "UTF-8"),
        ("tag=%ED%A0%80", "tag", "UTF-8"),
        ("tag=100%", "tag", "percent sign"),
        ("tag=%zz", "tag", "percent sign"),
    ],
)
async def test_bad_value_is_named(client: httpx.AsyncClient, query: str, parameter: str, detail: str) -> None:
    response = lint(await client.get(f"/v1/things?{query}"))
    problem = response.json()
    assert (response.status_code, problem["type"].rpartition("/")[2]) == (400, "bad-parameter")
    assert problem["errors"][0]["parameter"] == parameter
    assert detail in problem["errors"][0]["detail"]
    assert parameter in problem["detail"]


async def test_unknown_parameters_are_named_with_what_was_meant(client: httpx.AsyncClient) -> None:
    response = lint(await client.get("/v1/things?limti=5&zzz=1&limit=3&zzz=2"))
    problem = response.json()
    assert (response.status_code, problem["type"].rpartition("/")[2]) == (400, "unknown-parameter")
    assert problem["errors"] == [
        {"parameter": "limti", "detail": "unknown query parameter; did you mean limit?"},
        {"parameter": "zzz", "detail": "unknown query parameter"},
    ]


async def test_parameters_of_dependencies_are_known(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/things/x?order=new&size=2")).status_code == 200
    assert (await client.get("/v1/things/x?limit=2")).json()["errors"][0]["parameter"] == "limit"


async def test_thousands_of_unknown_parameters_get_a_short_answer(client: httpx.AsyncClient) -> None:
    query = "&".join(f"p{n}=" for n in range(1000))
    response = await client.get(f"/v1/things?{query}")
    assert response.status_code == 400
    assert len(response.json()["errors"]) == 20


async def test_hostile_name_is_shown_harmlessly(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/things?" + "%E2%80%AE" + "x" * 500 + "=1")
    shown = response.json()["errors"][0]["parameter"]
    assert len(shown) == 100
    assert re.fullmatch("\ufffdx+…", shown)


async def test_undeclared_query_is_ignored_outside_the_api(client: httpx.AsyncClient) -> None:
    assert (await client.get("/problems?utm_source=mail")).status_code == 200


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-18", date(2026, 5, 18)),
        ("2026-05-18T14:08:00Z", datetime(2026, 5, 18, 14, 8, tzinfo=UTC)),
        ("2026-05-18T14:08:00+02:00", datetime(2026, 5, 18, 12, 8, tzinfo=UTC)),
    ],
)
def test_instant_or_date(text: str, expected: Any) -> None:
    assert instant_or_date(text) == expected


@pytest.mark.parametrize(("text", "items"), [("a", ("a",)), ("a,b", ("a", "b")), ("a b,c", ("a b", "c"))])
def test_comma_separated(text: str, items: tuple[str, ...]) -> None:
    assert comma_separated(text, parameter="tag") == items


@pytest.mark.parametrize("text", ["", ",", "a,", ",a", "a,,b", "a, ,b"])
def test_empty_item_is_refused(text: str) -> None:
    with pytest.raises(BadParameter) as caught:
        comma_separated(text, parameter="tag")
    assert caught.value.errors[0].parameter == "tag"
