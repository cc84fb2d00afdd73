"""An archive over a fresh database; tests that use it run on each."""

import pytest

from app.db import Database
from tests.articles.archive import Archive


@pytest.fixture
def archive(database: Database) -> Archive:
    return Archive(database)
