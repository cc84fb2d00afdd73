"""The database: a declarative base, and four doors through which all code reaches it.

Store functions are plain synchronous functions of a Session; `read`, `snapshot`, `scan` and `write` decide how they
run: SQLite's short reads inline on the event loop, its other work in threads, PostgreSQL in greenlets over an async
driver. There is one way to write SQL, and it costs less than an async session. May import `core` only.

What the busiest reads, and publishing, pay for around their statements is kept instead of made: the session
(`sqlite_kept`, `postgres_desks`) and the text of a statement with its conversions (`prepared`). Writes that wait for
SQLite share a transaction (`sqlite_writer`). A publication sends its writes to PostgreSQL without waiting for each
(`unawaited`).
"""

from app.db.base import Base
from app.db.database import Database
from app.db.errors import Overloaded
from app.db.opening import open_database

__all__ = ["Base", "Database", "Overloaded", "open_database"]
