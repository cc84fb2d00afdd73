"""The documentation that is served: whole, from this host, and under a strict policy."""

import re

import httpx
import pytest

from app.web.docs import ASSETS, prefers_html
from tests.web.lint import lint
from tests.web.sample import API_URL

pytestmark = pytest.mark.anyio

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


async def test_index_lists_links(client: httpx.AsyncClient) -> None:
    response = lint(await client.get("/"))
    assert response.json() == {"data": {"name": "Sample"}, "links": {"things": f"{API_URL}/v1/things"}}
    assert response.headers["vary"] == "Accept, Accept-Encoding"


async def test_browsers_are_sent_to_the_documentation(client: httpx.AsyncClient) -> None:
    response = lint(await client.get("/", headers={"Accept": BROWSER}))
    assert (response.status_code, response.headers["location"]) == (303, "docs")
    assert response.headers["vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize(
    ("accept", "is_html"),
    [
        (BROWSER, True),
        ("text/html", True),
        ("TEXT/HTML;q=0.9, application/json;q=0.1", True),
        ("application/json, text/html;q=0.9", False),
        ("application/json, text/html", False),
        ("text/html;q=0", False),
        ("text/html;q=x", False),
        ("*/*", False),
        ("text/*", False),
        ("", False),
        (",;,q=", False),
    ],
)
def test_prefers_html(accept: str, is_html: bool) -> None:
    assert prefers_html(accept) is is_html


async def test_page_needs_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    page = lint(await client.get("/docs"))
    assert "http:" not in page.text
    assert "https:" not in page.text
    assert "<style" not in page.text
    assert not re.search(r"<script(?![^>]* src=)", page.text)
    assert not re.search(r"\son\w+=", page.text)
    assert page.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"connect-src 'self' {API_URL}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


async def test_everything_the_page_names_is_served(client: httpx.AsyncClient) -> None:
    page = (await client.get("/docs")).text
    named = re.findall(r'(?:src|href|data-document)="([^"]+)"', page)
    assert len(set(named)) == len(ASSETS) + 1
    for address in named:
        response = lint(await client.get(f"/{address}"))
        assert response.status_code == 200
        etag = response.headers["etag"]
        assert (await client.get(f"/{address}", headers={"If-None-Match": etag})).status_code == 304


async def test_assets_are_kept_for_a_year(client: httpx.AsyncClient) -> None:
    found = re.search(r'src="(docs/\w+)/start.js"', (await client.get("/docs")).text)
    assert found is not None
    response = await client.get(f"/{found[1]}/swagger-ui-bundle.js")
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert (await client.get(f"/{found[1]}/nope.js")).status_code == 404
    assert (await client.get("/docs/old/start.js")).status_code == 404


async def test_document_is_open_and_conditional(client: httpx.AsyncClient) -> None:
    response = lint(await client.get("/openapi.json", headers={"Origin": "https://partner.example"}))
    assert response.json()["servers"] == [{"url": API_URL}]
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["cache-control"].startswith("public, max-age=")
    headers = {"If-None-Match": response.headers["etag"]}
    assert lint(await client.get("/openapi.json", headers=headers)).status_code == 304
