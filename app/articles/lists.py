"""What answers that list articles have in common: links, surrogate key, lifetime. What they list is for the routes."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from fastapi import Request, Response
from pydantic import BaseModel

from app.articles.rendering import complete
from app.core.clock import utc_now
from app.web.conditional import LIST, respond

LISTS = "articles"
"""The surrogate key of every list: any publication may change it."""


class PageLinks(BaseModel):
    """This page and its neighbours. `newer` is always there, to be polled; `older` is null at the end."""

    self: str
    older: str | None
    newer: str


def send_list(
    request: Request,
    text: str,
    *,
    api_url: str,
    seq: int,
    changed_at: datetime,
    keys: Sequence[str] = (LISTS,),
    links: Mapping[str, str | None] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The JSON `text`, its stored links completed, with the fields of a list that last changed at `changed_at`."""
    return respond(
        request,
        complete(text, api_url).encode(),
        seq=seq,
        last_modified=changed_at,
        lifetime=LIST,
        keys=keys,
        links=links,
        headers=headers,
        now=utc_now(),
    )
