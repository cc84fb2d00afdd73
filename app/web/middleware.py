"""The layers around every route, and the order that makes each see what it must.

What a layer does is told in the file that is named for it.
"""

from collections.abc import Callable

from fastapi import FastAPI

from app.web.cdn import Cdn
from app.web.compression import Compression
from app.web.cors import Options, opened
from app.web.failures import Failures
from app.web.fields import Fields
from app.web.heads import Heads
from app.web.limits import Limits
from app.web.plain import Plain, Read
from app.web.requests import RequestLog
from app.web.security import Security


def install(
    app: FastAPI,
    *,
    api_url: str,
    cdn_service: str = "",
    format_of: Callable[[str], str] = lambda _: "",
    find: Callable[[str], Read | None] = lambda _: None,
) -> None:
    """Put the layers around `app`; the last one added is the outermost. What `find` finds is answered without `app`."""
    # Innermost, so that a 500 gets the fields of every other answer.
    app.add_middleware(Failures, api_url=api_url)
    app.add_middleware(Limits, api_url=api_url)
    app.add_middleware(Compression)
    # Outside compression, so that a HEAD has the length of what a GET would send.
    app.add_middleware(Heads)
    # Outside whatever looks at requests that a plain read has no need of.
    app.add_middleware(Plain, find=find)
    app.add_middleware(Options)
    # Outside whatever answers by itself, and inside the edge, so that what is kept there has them.
    cdn = Cdn(service=cdn_service, format_of=format_of)
    app.add_middleware(Fields, makers=(cdn, opened, Security(api_url=api_url)))
    # Outermost, to see every answer as the client gets it, and HEAD as HEAD.
    app.add_middleware(RequestLog)
