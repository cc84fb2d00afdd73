"""A fresh, migrated database for every test that asks for one, on SQLite and on a real PostgreSQL.

The server itself is for `postgres`.
"""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from app import exactness
from app.db import Database, open_database
from app.db.migrating import migrate
from app.settings import Settings
from tests.newsroom_client import Newsroom, open_newsroom
from tests.postgres import PostgresServer

SERVER = "postgres_server_url"


def pytest_configure(config: pytest.Config) -> None:
    exactness.register()
    # Under xdist the controller owns the server (see below), and tells each worker where it is.
    if hasattr(config, "workerinput"):
        setattr(config, SERVER, config.workerinput[SERVER])


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput[SERVER] = _server_url(node.config)


def _server_url(config: pytest.Config) -> str:
    """Where the one server of this run listens; started by the first to ask, stopped when pytest ends."""
    url: str | None = getattr(config, SERVER, None)
    if url is None:
        server = PostgresServer()
        config.add_cleanup(server.stop)
        url = server.url
        setattr(config, SERVER, url)
    return url


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio alone, as the service does."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Iterator[psycopg.Connection]:
    """A connection to the server's maintenance database."""
    with psycopg.connect(_server_url(pytestconfig), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def postgres_template(postgres: psycopg.Connection) -> str:
    """The name of a migrated database to copy, one per worker."""
    name = f"template_{uuid4().hex}"
    postgres.execute(f"CREATE DATABASE {name}")
    migrate(url_of(postgres, name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy, one per worker; its log is folded into it."""
    path = tmp_path_factory.mktemp("template") / "dateline.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite database."""
    path = tmp_path / "dateline.db"
    if sqlite_template.exists():
        shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres: psycopg.Connection, postgres_template: str) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database."""
    name = f"test_{uuid4().hex}"
    postgres.execute(f"CREATE DATABASE {name} TEMPLATE {postgres_template} STRATEGY file_copy")
    yield url_of(postgres, name)
    postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")


def url_of(postgres: psycopg.Connection, name: str) -> str:
    """The URL of another database on the same server."""
    return f"postgresql://postgres@127.0.0.1:{postgres.info.port}/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database: the test runs on each."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
async def database(database_url: str, anyio_backend: str) -> AsyncIterator[Database]:
    """An open database: the test runs on each."""
    opened = open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite(sqlite_url: str, anyio_backend: str) -> AsyncIterator[Database]:
    """An open SQLite database, for what is true of it alone."""
    opened = open_database(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture
async def postgresql(postgres_url: str, anyio_backend: str) -> AsyncIterator[Database]:
    """An open PostgreSQL database, for what is true of it alone."""
    opened = open_database(postgres_url)
    yield opened
    await opened.close()


@pytest.fixture
def settings(database_url: str, request: pytest.FixtureRequest) -> Settings:
    """Settings of a service over a fresh database; the test runs on each. No background loops."""
    is_bare = request.node.get_closest_marker("without_edge") is not None
    return Settings(
        database_url=database_url,
        api_url="https://api.newsroom.example",
        site_url="https://www.newsroom.example",
        worker_inside=False,
        edge_mebibytes=0 if is_bare else 32,
    )


@pytest.fixture
async def newsroom(settings: Settings, anyio_backend: str) -> AsyncIterator[Newsroom]:
    """The whole service, in process, with a key of its newsroom; the test runs on each database."""
    async with open_newsroom(settings) as opened:
        yield opened
