"""The envelope of a list: `data`, `links` to its neighbours and `meta`, joined from texts that are JSON already."""

from collections.abc import Iterable
from typing import Any

from fastapi import Request
from pydantic_core import to_json

from app.web.paging import Cursor, page_url


def page_links(request: Request, api_url: str, *, older: Cursor | None, newer: Cursor) -> dict[str, str | None]:
    """This page, the older one (null at the end) and the newer one (always there, to be polled)."""
    base = api_url + request.scope["path"]
    params = request.query_params.multi_items() if request.scope["query_string"] else []
    return {
        "self": page_url(base, params),
        "older": page_url(base, params, cursor=older.encode()) if older else None,
        "newer": page_url(base, params, cursor=newer.encode()),
    }


def link_relations(links: dict[str, str | None]) -> dict[str, str | None]:
    """The same as RFC 8288 relations: what is older comes next."""
    return {"next": links["older"], "prev": links["newer"]}


def envelope(data: Iterable[str], *, links: dict[str, Any], meta: dict[str, Any]) -> str:
    """The JSON text of a list whose items are JSON texts."""
    return f'{{"data":[{",".join(data)}],"links":{dumps(links)},"meta":{dumps(meta)}}}'


def dumps(value: Any) -> str:
    """Compact JSON, with every alphabet as it is."""
    return to_json(value).decode()
