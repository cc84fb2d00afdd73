"""Where the measured databases are: fresh ones, and copies of one to be changed, on SQLite and PostgreSQL."""

import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from unittest.mock import patch

import psycopg

from app.db.migrating import migrate
from tests import postgres

# Without autovacuum nothing would tell the planner that tables have grown since it first saw them, empty.
SERVED = {"shared_buffers": "1GB", "autovacuum": "on", "autovacuum_naptime": "5s"}
"""What a server for this much would be given; the rest is the tests' own: nothing is forced to disk."""

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
"""As in production."""


class Place(ABC):
    """Databases of one kind, gone when the measuring ends."""

    @abstractmethod
    def fresh(self) -> str:
        """The URL of a migrated database."""

    @abstractmethod
    def copied(self, url: str) -> str:
        """The URL of a copy of this one, which nobody has open."""

    @abstractmethod
    def drop(self, url: str) -> None:
        """Give its disk back."""


class SqlitePlace(Place):
    """Files of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, count(1)

    def fresh(self) -> str:
        """See Place."""
        url = f"sqlite:///{self._next()}"
        migrate(url)
        return url

    def copied(self, url: str) -> str:
        """See Place."""
        shutil.copyfile(url.removeprefix("sqlite:///"), path := self._next())
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        """See Place."""
        Path(url.removeprefix("sqlite:///")).unlink()

    def _next(self) -> Path:
        return self._folder / f"bench-{next(self._numbers)}.db"


class PostgresPlace(Place):
    """Databases of a server."""

    def __init__(self, url: str) -> None:
        self._url, self._numbers = url, count(1)

    def fresh(self) -> str:
        """See Place."""
        name = f"bench_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name}")
        migrate(url := self._named(name))
        return url

    def copied(self, url: str) -> str:
        """See Place."""
        name = f"bench_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {url.rpartition('/')[2]} STRATEGY file_copy")
        return self._named(name)

    def drop(self, url: str) -> None:
        """See Place."""
        self._run(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def _named(self, name: str) -> str:
        return f"{self._url.rpartition('/')[0]}/{name}"

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def place(kind: str, *, is_durable: bool = False) -> Iterator[Place]:
    """A place for databases of this kind: `sqlite` or `postgresql`. A durable one has every commit on the disk."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
            yield SqlitePlace(Path(folder))
        return
    with patch.dict(postgres.SETTINGS, SERVED | (DURABLE if is_durable else {})):
        server = postgres.PostgresServer()
    try:
        yield PostgresPlace(server.url)
    finally:
        server.stop()
