"""Which methods an address takes, for `Allow`.

Choosing the route of a request is left to the framework.
"""

import re

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

ORDER = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def allowed_methods(app: FastAPI, path: str) -> list[str]:
    """The methods that some route takes at `path`, HEAD wherever GET is; empty when nothing is there.

    The framework's own `Allow` names those of the first route alone, which is wrong where GET and PUT are two routes.
    """
    found: set[str] = set()
    # The routes are a tree; only this iterator sees them with the prefixes of their routers.
    for route in iter_route_contexts(app.routes):
        pattern: re.Pattern[str] | None = getattr(route, "path_regex", None)
        if pattern is not None and pattern.match(path):
            found |= route.methods or set()
    if "GET" in found:
        found.add("HEAD")
    return sorted(found, key=lambda method: ORDER.index(method) if method in ORDER else len(ORDER))
