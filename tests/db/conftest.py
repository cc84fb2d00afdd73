"""Databases with the table of `notes`, and databases with nothing in them."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from app.db import Database
from tests.conftest import url_of
from tests.db import notes


@pytest.fixture
async def notebook(database: Database) -> Database:
    await database.write(notes.create)
    return database


@pytest.fixture
async def sqlite_notebook(sqlite: Database) -> Database:
    await sqlite.write(notes.create)
    return sqlite


@pytest.fixture
async def postgres_notebook(postgresql: Database) -> Database:
    await postgresql.write(notes.create)
    return postgresql


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a schema; on SQLite, not even a file."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    postgres: psycopg.Connection = request.getfixturevalue("postgres")
    name = f"empty_{uuid4().hex}"
    postgres.execute(f"CREATE DATABASE {name}")
    yield url_of(postgres, name)
    postgres.execute(f"DROP DATABASE {name} WITH (FORCE)")
