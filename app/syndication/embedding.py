"""The headline list that any page can show: one script, given to every origin.

What it shows it reads from the timeline and the stream, as every other client does.
"""

import re
from importlib.resources import files

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.clock import utc_now
from app.web.conditional import Lifetime, respond

# A mended script is everywhere within minutes; an old one still works, and says nothing that can be withdrawn.
SCRIPT = Lifetime(max_age_seconds=600, stale_while_revalidate_seconds=3600)

_COMMENT = re.compile(r"^ *(?://[^\n]*|/\*.*?\*/)\n", re.MULTILINE | re.DOTALL)

router = APIRouter(include_in_schema=False)


def without_comments(source: str) -> str:
    """The script without the comments that have lines of their own: they would be a fifth of what is sent."""
    return _COMMENT.sub("", source)


HEADLINES = without_comments((files(__package__) / "embed" / "headlines.js").read_text("utf-8")).encode()


@router.get("/embed/headlines.js")
async def headlines_script(request: Request) -> Response:
    """The custom element `<dateline-headlines>`, as a classic script."""
    return respond(
        request,
        HEADLINES,
        seq=None,
        last_modified=None,
        lifetime=SCRIPT,
        media_type="text/javascript; charset=utf-8",
        now=utc_now(),
    )
