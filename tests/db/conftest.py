"""Databases with the table of `notes`."""

import pytest

from app.db import Database
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
