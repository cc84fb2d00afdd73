"""From the one setting that names the database to an open one.

What the doors do is for `sqlite` and `postgres`.
"""

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.db.database import Database

EXPECTED = "must be like sqlite:///dateline.db or postgresql://user:password@host/name"
POSTGRES_NAMES = ("postgresql", "postgres", "postgresql+psycopg")


def open_database(url: str) -> Database:
    """The database at `url`. Open it where it is used, after any fork, and close it there.

    Raises ValueError when the URL is not one of ours, and CannotOpen when no SQLite database can be there.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        from app.db.sqlite import SqliteDatabase

        return SqliteDatabase(parsed.database or "")
    from app.db.postgres import PostgresDatabase

    return PostgresDatabase(parsed)


def parse_url(url: str) -> URL:
    """The URL, of a SQLite file or with PostgreSQL's driver. Raises ValueError in one line that repeats no password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError(f"the database URL {EXPECTED}") from None
    if parsed.drivername in POSTGRES_NAMES:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername != "sqlite":
        raise ValueError(f"the database URL {EXPECTED}, not {parsed.drivername}://")
    if parsed.host or parsed.query or parsed.database in (None, "", ":memory:"):
        raise ValueError("a SQLite URL is sqlite:/// and the path of a file, nothing else: sqlite:///dateline.db")
    return parsed
