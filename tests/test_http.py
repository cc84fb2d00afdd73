"""HTTP as every public address speaks it: validators, HEAD, CORS, security, lifetimes, and where nothing is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.changes.log import HEAD_AT
from app.core.clock import http_date, utc_now
from tests.newsroom_client import Newsroom
from tests.web.lint import lint

API = "https://api.newsroom.example"


@pytest.fixture
async def paths(newsroom: Newsroom) -> dict[str, str]:
    """Every public read of data, by what it is."""
    await newsroom.publish("one", section="world", tags=[{"name": "Oil"}], contributors=[{"name": "Inès"}])
    await newsroom.publish("two", section="world", tags=[{"name": "Oil"}])
    card = (await newsroom.data("/v1/articles"))[0]
    cursor = (await newsroom.get("/v1/timeline")).json()["links"]["newer"].rpartition("=")[2]
    return {
        "article": f"/v1/articles/{card['slug']}",
        "page": f"/v1/articles/{card['id']}?include=related,timeline",
        "related": f"/v1/articles/{card['id']}/related",
        "articles": "/v1/articles?tag=oil",
        "timeline": "/v1/timeline?tz=Asia/Kathmandu",
        "new": f"/v1/timeline/new?after={cursor}",
        "sections": "/v1/sections",
        "tags": "/v1/tags",
        "contributors": "/v1/contributors",
    }


async def stop_clocks(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, *, after_change: timedelta) -> None:
    """Let the routes read a clock that stands still, so long after the newest change."""
    changed_at = await newsroom.app.state.database.read(lambda session: session.execute(select(HEAD_AT)).scalar_one())
    for module in ("app.page", "app.articles.lists", "app.taxonomy.routes"):
        monkeypatch.setattr(f"{module}.utc_now", lambda: changed_at + after_change)


async def test_every_read_says_how_new_it_is_and_how_long_it_lasts(newsroom: Newsroom, paths: dict[str, str]) -> None:
    for name, path in paths.items():
        response = await newsroom.get(path)

        assert response.status_code == 200, name
        assert response.headers["dateline-seq"] == "2", name
        assert response.headers["etag"].startswith('W/"')
        assert response.headers["content-type"] == "application/json"
        directives = response.headers["cache-control"].split(", ")
        assert directives[0] == "public"
        assert {one.partition("=")[0] for one in directives[1:]} == {
            "max-age",
            "stale-while-revalidate",
            "stale-if-error",
        }
        assert int(directives[-1].partition("=")[2]) <= 60
        assert "accept-encoding" in response.headers["vary"].lower()
        assert response.headers["surrogate-key"].split(" ") == response.headers["cache-tag"].split(",")


async def test_lists_are_fresh_for_ten_seconds_at_most(newsroom: Newsroom, paths: dict[str, str]) -> None:
    for name in ("articles", "timeline", "new", "related", "page"):
        directives = (await newsroom.get(paths[name])).headers["cache-control"]
        assert int(directives.partition("max-age=")[2].partition(",")[0]) <= 10


async def test_client_that_has_it_gets_304(newsroom: Newsroom, paths: dict[str, str]) -> None:
    for name, path in paths.items():
        first = await newsroom.get(path)
        etag = first.headers["etag"]
        for known in (etag, etag.removeprefix("W/"), "*", f'"other", {etag}', f'W/"x",{etag}'):
            response = await newsroom.get(path, headers={"If-None-Match": known})

            assert (response.status_code, response.content) == (304, b""), (name, known)
            for field in ("etag", "cache-control", "vary", "dateline-seq", "surrogate-key"):
                assert response.headers[field] == first.headers[field], (name, field)
        for other in ('"other"', 'W/"other"', etag.strip('W/"'), ""):
            assert (await newsroom.get(path, headers={"If-None-Match": other})).status_code == 200, (name, other)


async def test_publication_changes_what_lists_are(newsroom: Newsroom, paths: dict[str, str]) -> None:
    before = {name: (await newsroom.get(path)).headers["etag"] for name, path in paths.items()}

    await newsroom.publish("three", section="world", tags=[{"name": "Oil"}], contributors=[{"name": "Inès"}])

    unchanged = {
        name
        for name, path in paths.items()
        if (await newsroom.get(path, headers={"If-None-Match": before[name]})).status_code == 304
    }
    assert unchanged == {"article"}


@pytest.mark.without_edge
async def test_date_of_the_last_change_waits_until_it_is_settled(
    newsroom: Newsroom, paths: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await stop_clocks(newsroom, monkeypatch, after_change=timedelta(seconds=1.9))
    for path in (paths[name] for name in paths if name != "article"):
        assert "last-modified" not in (await newsroom.get(path)).headers

    await stop_clocks(newsroom, monkeypatch, after_change=timedelta(seconds=2))
    for name, path in paths.items():
        response = await newsroom.get(path)
        stamp = response.headers["last-modified"]
        at = datetime.strptime(stamp, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
        assert timedelta(0) <= utc_now() - at < timedelta(minutes=5), name
        for since, status in {
            stamp: 304,
            http_date(at + timedelta(days=1)): 304,
            http_date(at - timedelta(seconds=1)): 200,
            "yesterday": 200,
        }.items():
            asked = await newsroom.get(path, headers={"If-Modified-Since": since})
            assert asked.status_code == status, (name, since)
        # RFC 9110, 13.1.3: If-None-Match decides where both are given.
        both = {"If-Modified-Since": stamp, "If-None-Match": '"other"'}
        assert (await newsroom.get(path, headers=both)).status_code == 200


async def test_head_answers_as_get_does_without_content(
    newsroom: Newsroom, paths: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await stop_clocks(newsroom, monkeypatch, after_change=timedelta(minutes=1))
    others = {
        "missing": "/v1/articles/never-was",
        "bad": "/v1/timeline?limit=0",
        "docs": "/docs",
        "openapi": "/openapi.json",
        "index": "/",
        "health": "/healthz",
        "ready": "/readyz",
        "problems": "/problems",
    }
    for name, path in (paths | others).items():
        get = await newsroom.get(path)
        head = lint(await newsroom.client.head(path))

        assert (head.status_code, head.content) == (get.status_code, b""), name
        volatile = {"x-request-id", "date", "cache-status"}
        assert {k: v for k, v in head.headers.items() if k not in volatile} == {
            k: v for k, v in get.headers.items() if k not in volatile
        }, name


async def test_pages_of_any_origin_may_read(newsroom: Newsroom, paths: dict[str, str]) -> None:
    for path in (*paths.values(), "/v1/articles/never-was", "/v1/timeline?limit=0", "/healthz"):
        response = await newsroom.get(path, headers={"Origin": "https://partner.example"})
        assert response.headers["access-control-allow-origin"] == "*"
        exposed = response.headers["access-control-expose-headers"].lower()
        assert {"etag", "link", "dateline-seq", "location", "x-request-id"} <= set(exposed.split(", "))

    asked = {"Origin": "https://partner.example", "Access-Control-Request-Method": "GET"}
    preflight = await newsroom.client.options(paths["timeline"], headers=asked)
    assert preflight.status_code == 204
    assert "GET" in preflight.headers["access-control-allow-methods"]
    newsroom_preflight = await newsroom.client.options("/v1/newsroom/articles/one", headers=asked)
    assert "access-control-allow-origin" not in newsroom_preflight.headers


async def test_answers_carry_security_fields_and_a_request_id(newsroom: Newsroom, paths: dict[str, str]) -> None:
    for path in (*paths.values(), "/v1/articles/never-was", "/nowhere", "/docs", "/healthz"):
        response = await newsroom.get(path)
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert response.headers["strict-transport-security"].startswith("max-age=")
        assert "default-src" in response.headers["content-security-policy"]
        assert response.headers["x-request-id"]

    given = await newsroom.get("/v1/timeline", headers={"X-Request-Id": "abc-123"})
    refused = await newsroom.get("/v1/timeline", headers={"X-Request-Id": "a b"})
    assert given.headers["x-request-id"] == "abc-123"
    assert refused.headers["x-request-id"] != "a b"


async def test_answers_to_any_key_are_private(newsroom: Newsroom, paths: dict[str, str]) -> None:
    for key in (newsroom.authorization, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp5"}):
        for name, path in paths.items():
            response = await newsroom.get(path, headers=key)
            assert response.status_code == 200, name
            assert response.headers["cache-control"].startswith("private, "), name
            assert "authorization" in response.headers["vary"].lower(), name


async def test_addresses_that_are_not_there(newsroom: Newsroom) -> None:
    for path in ("/nowhere", "/v1", "/v1/", "/v1/timeline/", "/v1/articles/", "/v1/articles/a/b", "/v2/timeline"):
        response = await newsroom.get(path)
        problem: dict[str, Any] = response.json()
        assert response.status_code == 404, path
        assert response.headers["content-type"] == "application/problem+json"
        assert (problem["status"], problem["instance"]) == (404, path)
        assert (await newsroom.get(problem["type"])).status_code == 200


async def test_methods_that_are_not_allowed(newsroom: Newsroom, paths: dict[str, str]) -> None:
    for path in (*paths.values(), "/healthz", "/openapi.json"):
        for method in ("POST", "PUT", "PATCH", "DELETE", "BREW"):
            response = await newsroom.client.request(method, path)
            assert response.status_code == 405, (method, path)
            assert response.headers["allow"] == "GET, HEAD"
            assert response.json()["type"] == f"{API}/problems/method-not-allowed"


async def test_unknown_parameters_are_refused_under_v1_only(newsroom: Newsroom, paths: dict[str, str]) -> None:
    for path in paths.values():
        response = await newsroom.get(path + ("&" if "?" in path else "?") + "utm_source=mail")
        assert response.status_code == 400, path
        assert [fault["parameter"] for fault in response.json()["errors"]] == ["utm_source"]
    for path in ("/healthz", "/readyz", "/docs", "/openapi.json", "/"):
        assert (await newsroom.get(f"{path}?utm_source=mail")).status_code == 200


async def test_links_never_come_from_the_host_field(newsroom: Newsroom, paths: dict[str, str]) -> None:
    for path in (*paths.values(), "/v1/articles/never-was"):
        response = await newsroom.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert "evil.example" not in response.text + str(response.headers)


async def test_service_is_alive_and_ready(newsroom: Newsroom) -> None:
    for path in ("/healthz", "/readyz"):
        response = await newsroom.get(path)
        assert (response.status_code, response.json()) == (200, {"status": "ok"})
        assert response.headers["cache-control"] == "no-store"


async def test_service_with_another_schema_is_alive_and_not_ready(newsroom: Newsroom) -> None:
    def age(session: Session) -> None:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    await newsroom.app.state.database.write(age)

    response = await newsroom.get("/readyz")
    assert response.status_code == 503
    assert response.json()["type"] == f"{API}/problems/unavailable"
    assert int(response.headers["retry-after"]) >= 1
    assert (await newsroom.get("/healthz")).status_code == 200
