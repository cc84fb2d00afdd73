"""The page that each problem's `type` leads to: what the cause is, and what to do about it.

The words are those of the causes themselves, wherever in the house they are defined.
"""

from base64 import b64encode
from hashlib import sha256
from html import escape

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.clock import utc_now
from app.core.errors import NotFound, Problem, causes
from app.web.conditional import DOCUMENTATION, respond

STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1.05rem/1.6 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}"
    "code{font-family:ui-monospace,monospace;font-size:.95em}dt{font-weight:600}dd{margin:0 0 1rem}"
)
POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

router = APIRouter(include_in_schema=False)


@router.get("/problems")
async def list_problems(request: Request) -> Response:
    """Every cause of failure, as a page."""
    entries = "".join(
        f'<dt><a href="problems/{escape(slug)}"><code>{escape(slug)}</code></a></dt>'
        f"<dd>{cause.status}: {escape(cause.title)}</dd>"
        for slug, cause in causes().items()
    )
    return _page(request, "Problems", f"<h1>Problems</h1><p>What can go wrong, and why.</p><dl>{entries}</dl>")


@router.get("/problems/{slug}")
async def get_problem(request: Request, slug: str) -> Response:
    """One cause of failure, as a page. Raises NotFound for an unknown slug."""
    cause = causes().get(slug)
    if cause is None:
        raise NotFound("There is no problem of this name. All of them are listed at /problems.")
    return _page(request, cause.title, _explained(cause))


def _explained(cause: type[Problem]) -> str:
    paragraphs = "".join(f"<p>{_marked(text)}</p>" for text in cause.explanation.split("\n\n"))
    return (
        f"<h1>{escape(cause.title)}</h1>"
        f"<p><code>{escape(cause.slug)}</code>, HTTP status {cause.status}</p>{paragraphs}"
        f"<h2>For example</h2><p>{escape(cause.example_detail)}</p>"
        '<p><a href="../problems">All problems</a></p>'
    )


def _marked(text: str) -> str:
    # Explanations set names between backticks, as the documentation does.
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts))


def _page(request: Request, title: str, content: str) -> Response:
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><main>{content}</main></body></html>\n"
    )
    return respond(
        request,
        page.encode(),
        seq=None,
        last_modified=None,
        lifetime=DOCUMENTATION,
        media_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": POLICY},
        now=utc_now(),
    )
