"""The documentation that the service serves of itself, whole and from this host: /, /docs and /openapi.json.

What there is to document is declared with the routes.
"""

import json
from collections.abc import Mapping
from hashlib import blake2b
from html import escape
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.clock import utc_now
from app.core.errors import NotFound
from app.web.conditional import DOCUMENTATION, Lifetime, ReadyResponse, respond

SWAGGER = files("fastapi_swagger.resources")
# No validator, which would send the document to somebody else's server.
START = b"""\
"use strict";
window.addEventListener("DOMContentLoaded", () => {
  SwaggerUIBundle({
    url: document.getElementById("documentation").dataset.document,
    dom_id: "#documentation",
    deepLinking: true,
    displayRequestDuration: true,
    filter: true,
    tryItOutEnabled: true,
    validatorUrl: null,
  });
});
"""
ASSETS: dict[str, tuple[str, bytes]] = {
    "swagger-ui.css": ("text/css; charset=utf-8", SWAGGER.joinpath("swagger-ui.css").read_bytes()),
    "swagger-ui-bundle.js": ("text/javascript; charset=utf-8", SWAGGER.joinpath("swagger-ui-bundle.js").read_bytes()),
    "start.js": ("text/javascript; charset=utf-8", START),
    "favicon.png": ("image/png", SWAGGER.joinpath("favicon-32x32.png").read_bytes()),
}
# Part of the assets' address, so that they can be kept for a year and still change with a release.
EDITION = blake2b(b"".join(content for _, content in ASSETS.values()), digest_size=8).hexdigest()
YEAR = 31_536_000
UNCHANGING = {"Cache-Control": f"public, max-age={YEAR}, immutable"}


def documentation(*, api_url: str, data: Mapping[str, Any], links: Mapping[str, str]) -> APIRouter:
    """The routes of the documentation; `data` and `links` are what the index at / answers with."""
    router = APIRouter(include_in_schema=False)
    index_body = _json({"data": data, "links": links})
    page_body = _page(str(data.get("name", "API"))).encode()
    page_fields = {"Content-Security-Policy": _policy(api_url)}

    @router.get("/")
    async def index(request: Request) -> Response:
        if prefers_html(", ".join(request.headers.getlist("accept"))):
            return ReadyResponse(b"", 303, [(b"location", b"docs"), (b"vary", b"Accept"), (b"content-length", b"0")])
        return _document(request, index_body, vary="Accept")

    @router.get("/docs")
    async def docs(request: Request) -> Response:
        return _document(request, page_body, media_type="text/html; charset=utf-8", headers=page_fields)

    @router.get("/openapi.json")
    async def openapi(request: Request) -> Response:
        return _document(request, _openapi_body(request))

    @router.get(f"/docs/{EDITION}/{{name}}")
    async def asset(request: Request, name: str) -> Response:
        return _asset(request, name)

    return router


def prefers_html(accept: str) -> bool:
    """Whether an Accept field asks for text/html rather than for JSON; wildcards ask for neither (RFC 9110, 12.5.1)."""
    weights: dict[str, float] = {}
    for item in accept.split(","):
        media_type, *parameters = (part.strip().lower() for part in item.split(";"))
        weight = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        weights[media_type] = float(weight) if weight.replace(".", "", 1).isdecimal() else 0.0
    html = max(weights.get("text/html", 0.0), weights.get("application/xhtml+xml", 0.0))
    return html > weights.get("application/json", 0.0)


def _document(
    request: Request,
    body: bytes,
    *,
    media_type: str = "application/json",
    lifetime: Lifetime = DOCUMENTATION,
    headers: Mapping[str, str] | None = None,
    vary: str | None = None,
) -> Response:
    return respond(
        request,
        body,
        seq=None,
        last_modified=None,
        lifetime=lifetime,
        media_type=media_type,
        headers=headers,
        vary=vary,
        now=utc_now(),
    )


def _openapi_body(request: Request) -> bytes:
    state = request.app.state
    if not hasattr(state, "openapi_body"):
        state.openapi_body = _json(request.app.openapi())
    body: bytes = state.openapi_body
    return body


def _asset(request: Request, name: str) -> Response:
    if name not in ASSETS:
        raise NotFound("There is nothing at this address.")
    media_type, content = ASSETS[name]
    return _document(request, content, media_type=media_type, headers=UNCHANGING)


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _page(name: str) -> str:
    # Relative addresses, so that the page also works where a proxy puts the service below a path.
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(name)}: the API</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="docs/{EDITION}/favicon.png">'
        f'<link rel="stylesheet" href="docs/{EDITION}/swagger-ui.css">'
        f'<script src="docs/{EDITION}/swagger-ui-bundle.js" defer></script>'
        f'<script src="docs/{EDITION}/start.js" defer></script></head>'
        '<body><div id="documentation" data-document="openapi.json"></div>'
        '<noscript><p>This page needs JavaScript. <a href="openapi.json">What it shows</a> does not.</p></noscript>'
        "</body></html>\n"
    )


def _policy(api_url: str) -> str:
    # The page's "Try it out" calls the API under its own address, which need not be the one the page was read from.
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(api_url))
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' {origin}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
