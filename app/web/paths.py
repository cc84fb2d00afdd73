"""Which addresses are for everybody, and which speak about where we are.

What is at an address is for the routes.
"""

PRIVATE_PREFIX = "/v1/newsroom"
HEALTH_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})


def is_private(path: str) -> bool:
    """Whether the path is of the newsroom: no CORS, no compression, never in a shared cache."""
    return path.startswith(PRIVATE_PREFIX) and path[len(PRIVATE_PREFIX) :][:1] in ("", "/")
