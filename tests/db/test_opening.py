"""Which database URLs are ours, and what is said about the others."""

from pathlib import Path

import pytest

from app.db import open_database
from app.db.errors import CannotOpen
from app.db.opening import parse_url


@pytest.mark.parametrize(
    ("url", "driver", "database"),
    [
        ("sqlite:///relative.db", "sqlite", "relative.db"),
        ("sqlite:////var/lib/dateline.db", "sqlite", "/var/lib/dateline.db"),
        ("sqlite:///a folder/100%25.db", "sqlite", "a folder/100%.db"),
        ("postgresql://user:secret@db.example/dateline", "postgresql+psycopg", "dateline"),
        ("postgres://user:secret@db.example:5433/dateline", "postgresql+psycopg", "dateline"),
        ("postgresql+psycopg://db.example/dateline", "postgresql+psycopg", "dateline"),
        ("postgresql:///dateline?host=/run/postgresql", "postgresql+psycopg", "dateline"),
    ],
)
def test_url_names_a_driver_and_a_database(url: str, driver: str, database: str) -> None:
    parsed = parse_url(url)
    assert (parsed.drivername, parsed.database) == (driver, database)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "dateline.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite://relative.db",
        "sqlite:///dateline.db?mode=ro",
        "sqlite+aiosqlite:///dateline.db",
        "postgresql+asyncpg://user:secret@db.example/dateline",
        "postgresql://user:secret@db.example:port/dateline",
        "mysql://user:secret@db.example/dateline",
        "user:secret@db.example",
    ],
)
def test_other_url_is_refused_in_one_line_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="URL") as caught:
        open_database(url)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match=f"folder {tmp_path / 'missing'} .* does not exist"):
        open_database(f"sqlite:///{tmp_path / 'missing' / 'dateline.db'}")


def test_file_of_another_kind_is_named(tmp_path: Path) -> None:
    path = tmp_path / "dateline.db"
    path.write_text("not a database, and long enough to be sure of it" * 100)
    with pytest.raises(CannotOpen, match="not a database"):
        open_database(f"sqlite:///{path}")
