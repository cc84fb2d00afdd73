"""How far each CDN was told."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Instant


class CdnPosition(Base):
    """What one CDN was told: everything up to `seq` of the log, written at `at`, and up to the purge numbered `purged`.

    All three are null until it was told to forget everything. What it was told a second time ends at `repeated_seq` and
    `repeated_purged`, null until that was everything. Who sends is `holder`, until `held_until`.
    """

    __tablename__ = "cdn_positions"

    target: Mapped[str] = mapped_column(String(80), primary_key=True)
    seq: Mapped[int | None] = mapped_column(BigInteger)
    purged: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime | None] = mapped_column(Instant)
    repeated_seq: Mapped[int | None] = mapped_column(BigInteger)
    repeated_purged: Mapped[int | None] = mapped_column(BigInteger)
    holder: Mapped[str] = mapped_column(String(32))
    held_until: Mapped[datetime] = mapped_column(Instant)
