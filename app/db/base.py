"""The declarative base: constraint names and the column types that both databases share.

What tables there are is for the packages that own them.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, DateTime, Dialect, MetaData, TypeDecorator, Uuid
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeEngine

from app.core.clock import even_instant

# Every constraint has a name on both databases, or a later migration could not drop it.
NAMING = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment: aware UTC in Python, timestamptz on PostgreSQL, 27 sortable characters on SQLite.

    The text is RFC 3339 with six decimals and Z, so its order is that of time. A naive value is a ValueError.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """CHAR(27) on SQLite, which has no type of its own for time."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(CHAR(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """The moment as the database stores it."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"a moment needs its offset from UTC: {value!r}")
        return even_instant(value) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """The moment as aware UTC, whatever zone the session has."""
        if value is None:
            return None
        return datetime.fromisoformat(value) if dialect.name == "sqlite" else value.astimezone(UTC)


class Uid(Uuid[UUID]):
    """A UUID: native on PostgreSQL, 32 hexadecimal digits on SQLite."""

    cache_ok = True


class Base(DeclarativeBase):
    """What every table inherits."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Instant(), UUID: Uid()}  # noqa: RUF012 - SQLAlchemy's own protocol
