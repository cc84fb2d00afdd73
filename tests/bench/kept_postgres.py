"""A PostgreSQL server whose data stays in a folder when it stops, for archives that take hours to make."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from tests import postgres
from tests.bench.places import SERVED


class KeptServer(postgres.PostgresServer):
    """A server on the data of this folder, which are made first where there are none."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._user = postgres._unprivileged_user(folder)
        self._programs = postgres._reachable_programs(folder) if self._user else postgres.PROGRAMS
        self._data = folder / "data"
        self._port = postgres._free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self._port}/postgres"
        if not (self._data / "postmaster.opts").exists():  # which is there once it has run
            self._initialise()
        self._process = self._start()

    def stop(self) -> None:
        """Ends the server in good order."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait()


@contextmanager
def kept_server(folder: Path) -> Iterator[str]:
    """The URL of the maintenance database of a server on this folder, while it runs."""
    with patch.dict(postgres.SETTINGS, SERVED):
        server = KeptServer(folder)
    try:
        yield server.url
    finally:
        server.stop()
