"""The log and its head. What an article is stands in `articles`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Instant, Uid


class Change(Base):
    """One line of the log; kept for ever. A withdrawal takes the former slugs out of the lines of its article.

    `storyline_id` is there where the line tells of a storyline, by the article that came, left or changed. `before` and
    `after` are what filters look at, as the article was before the change and after it: never shown, and none of the
    log's own affair.
    """

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_article_id_seq", "article_id", "seq"),)

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(40))
    article_id: Mapped[UUID] = mapped_column(Uid)
    storyline_id: Mapped[UUID | None] = mapped_column(Uid)
    at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(20))
    previous_slug: Mapped[str | None] = mapped_column(String(200))
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)


class LogHead(Base):
    """The one counter row: who holds it writes the next lines. It also keeps the last `published_at`."""

    __tablename__ = "log_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Instant)
    published_at: Mapped[datetime] = mapped_column(Instant)


class LogPosition(Base):
    """How far a follower of the log has come: everything up to `seq` is in what it computes, since `at`.

    `format` numbers the shape of that; `rebuilt_to` is the seq at which a rebuilding under way will be complete.
    """

    __tablename__ = "log_positions"

    follower: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Instant)
    format: Mapped[int]
    rebuilt_to: Mapped[int | None] = mapped_column(BigInteger)


class Purge(Base):
    """A surrogate key that was touched beside the log, and the number of the last time: a log, compacted by key."""

    __tablename__ = "purges"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, unique=True)
