"""Who is asking: the Bearer key of a request, and the scope it must carry."""

from collections.abc import Awaitable, Callable

from fastapi import Request

from app.core.errors import Forbidden, Unauthorized
from app.db import Database
from app.partners.keys import Holder, find_holder


def requires(scope: str) -> Callable[[Request], Awaitable[Holder]]:
    """A check that the request's key carries `scope`. Raises Unauthorized without a good key, Forbidden without it."""

    async def check(request: Request) -> Holder:
        token = _bearer(request)
        database: Database = request.app.state.database
        holder = await database.read(find_holder, token)
        if holder is None:
            raise Unauthorized("This key is unknown or has been revoked.")
        request.state.key = holder.name
        if scope not in holder.scopes:
            raise Forbidden(f"This key does not carry the scope {scope!r}.")
        return holder

    return check


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized("Send a key: Authorization: Bearer <key>.")
    return token.strip()
