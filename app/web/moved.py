"""Permanent redirects (308): the same resource under another address of this API, subpath and query kept."""

from urllib.parse import quote

from fastapi import FastAPI, Request
from starlette.responses import Response

from app.core.clock import utc_now
from app.web.conditional import ARTICLE, respond

# All that may stand in a query (RFC 3986, 3.4), and what is escaped already: nothing that was sent well is changed.
AS_SENT = "%!$&'()*+,;=:@/?"


class MovedTo(Exception):  # noqa: N818 - where to, not what went wrong
    """What was asked for is at another path, for good. `seq` is the position of the log that says so."""

    def __init__(self, path: str, *, seq: int, keys: tuple[str, ...]) -> None:
        super().__init__(path)
        self.path, self.seq, self.keys = path, seq, keys


def install(app: FastAPI, *, api_url: str) -> None:
    """Have `app` answer MovedTo with 308."""

    async def on_moved(request: Request, moved: Exception) -> Response:
        assert isinstance(moved, MovedTo)
        query = quote(request.scope["query_string"], safe=AS_SENT)
        return respond(
            request,
            b"",
            status=308,
            seq=moved.seq,
            last_modified=None,
            lifetime=ARTICLE,
            keys=moved.keys,
            headers={"Location": f"{api_url}{moved.path}" + (f"?{query}" if query else "")},
            now=utc_now(),
        )

    app.add_exception_handler(MovedTo, on_moved)
