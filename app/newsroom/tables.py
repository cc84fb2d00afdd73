"""The drafts. Nothing in here is public."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Instant, Uid

_SCHEDULED = text("scheduled_at IS NOT NULL")


class Draft(Base):
    """The working copy of one article; the article, once public, has the same id.

    `content` is the cleaned article input. `received` is the digest of the last input under its external id,
    `released` the `received` that was last published or scheduled, `digest` that of the content and `public_digest`
    that of what readers see, which is kept whole as `public_content` while the draft says something else. `version` is
    the last one published, 0 before the first. `archive_date` is the `published_at` of the content where that was past
    when it was given: one that was yet to come then is no archive's, however late the article goes out.
    `answered_slug` is the slug that was asked for when a clash gave the article a number instead.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        Index("ix_drafts_scheduled_at", "scheduled_at", "id", sqlite_where=_SCHEDULED, postgresql_where=_SCHEDULED),
    )

    id: Mapped[UUID] = mapped_column(Uid, primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    revision: Mapped[int]
    status: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    public_digest: Mapped[str | None] = mapped_column(String(64))
    public_content: Mapped[str | None] = mapped_column(Text)
    received: Mapped[str | None] = mapped_column(String(64), index=True)
    released: Mapped[str | None] = mapped_column(String(64))
    answered_slug: Mapped[str | None] = mapped_column(String(200))
    archive_date: Mapped[datetime | None] = mapped_column(Instant)
    scheduled_at: Mapped[datetime | None] = mapped_column(Instant)
    scheduled_minor: Mapped[bool]
    first_published_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawal_reason: Mapped[str | None] = mapped_column(String(20))
    withdrawal_text: Mapped[str | None] = mapped_column(Text)
    withdrawal_note: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    modified_at: Mapped[datetime] = mapped_column(Instant)


class KeptAnswer(Base):
    """The answer to a POST with an Idempotency-Key: who sent it (the prefix of the API key), and a digest of it all."""

    __tablename__ = "kept_answers"

    caller: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    headers: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant, index=True)


class PreviewSecret(Base):
    """One row: what preview links are signed with. Another secret ends every link that was given out."""

    __tablename__ = "preview_secrets"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    secret: Mapped[bytes] = mapped_column(LargeBinary(32))
