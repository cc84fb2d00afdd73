"""What tests of storylines begin with."""

import pytest

from app.db import Database
from tests.articles.storylines.events import Events


@pytest.fixture
def events(database: Database) -> Events:
    """A press without articles; the test runs on each database."""
    return Events(database)
