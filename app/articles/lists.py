"""What answers that list articles have in common: links, surrogate key, lifetime. What they list is for the routes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel, Field

from app.articles.listing import Page
from app.articles.rendering import complete
from app.changes.surrogates import LISTS
from app.core.clock import utc_now
from app.web.conditional import LIST, respond

COLLAPSED = "With `collapse`: the cards that stand for others, and for how many; null without."


class PageLinks(BaseModel):
    """This page and its neighbours. `newer` is always there, to be polled; `older` is null at the end."""

    self: str
    older: str | None
    newer: str


class CollapsedOut(BaseModel):
    """A card that stands for other articles of its storyline."""

    article_id: UUID
    storyline_id: UUID
    count: int = Field(description="How many others match, counted to 1,000.")


def told(page: Page) -> list[dict[str, object]] | None:
    """What of a page is collapsed, as it is sent."""
    if page.collapsed is None:
        return None
    return [
        {"article_id": str(one.article_id), "storyline_id": str(one.storyline_id), "count": one.count}
        for one in page.collapsed
    ]


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
