"""The keys we have given out. The secrets themselves are kept nowhere."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Instant, Uid


class Key(Base):
    """One API key: who holds it, what it allows (scopes, space-separated as in RFC 6749), since when, until when."""

    __tablename__ = "keys"

    id: Mapped[UUID] = mapped_column(Uid, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    prefix: Mapped[str] = mapped_column(String(16), unique=True)
    secret_sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    scopes: Mapped[str] = mapped_column(String(400))
    created_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
