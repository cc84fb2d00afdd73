"""A PostgreSQL server whose data stay in a folder when it stops, for archives that take hours to make."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from tests import postgres
from tests.bench.places import SERVED


@contextmanager
def kept_server(folder: Path) -> Iterator[str]:
    """The URL of the maintenance database of a server on this folder, while it runs."""
    folder.mkdir(parents=True, exist_ok=True)
    with patch.dict(postgres.SETTINGS, SERVED):
        server = postgres.PostgresServer(folder)
    try:
        yield server.url
    finally:
        server.rest()
