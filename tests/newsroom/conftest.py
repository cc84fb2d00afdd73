"""A newsroom at the level of the store; tests that use it run on each database."""

import pytest

from app.db import Database
from tests.press import Press


@pytest.fixture
def press(database: Database) -> Press:
    return Press(database)
