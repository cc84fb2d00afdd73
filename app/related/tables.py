"""The index of what is alike, a fold of the log that can be made anew from it, and what editors chose themselves.

Articles stand here under a number, the `seq` of the change that brought them: small, and in the order of the log.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Float, Index, Integer, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Uid


class RelatedLanguage(Base):
    """How many articles of a language the index holds; `*` is all of them."""

    __tablename__ = "related_languages"

    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    articles: Mapped[int]


class RelatedTerm(Base):
    """The dictionary: a stem of a language, or under `*` a name that is the same in all; how many articles hold it."""

    __tablename__ = "related_terms"
    __table_args__ = (Index("uq_related_terms_language_term", "language", "term", unique=True),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    language: Mapped[str] = mapped_column(String(8))
    term: Mapped[str] = mapped_column(String(64))
    articles: Mapped[int]


class RelatedSignature(Base):
    """What an article is compared by: its strongest terms, packed (see `packing`).

    `group` is the number of the first article that it is a near-copy of, or its own, `original` that of its
    translations, as the lists that it stands in tell it.
    """

    __tablename__ = "related_signatures"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    article_id: Mapped[UUID] = mapped_column(Uid, unique=True)
    published_at: Mapped[datetime]
    version: Mapped[int]
    group: Mapped[int] = mapped_column("copies", BigInteger)
    language: Mapped[str] = mapped_column(String(8))
    norm: Mapped[float] = mapped_column(Float(53))
    names_norm: Mapped[float] = mapped_column(Float(53))
    words: Mapped[bytes] = mapped_column(LargeBinary)
    names: Mapped[bytes] = mapped_column(LargeBinary)
    shingles: Mapped[bytes] = mapped_column(LargeBinary)
    original: Mapped[str] = mapped_column(String(240))


class RelatedPosting(Base):
    """That an article's signature holds a term, in order of time. `day` counts from 1970."""

    __tablename__ = "related_postings"
    __table_args__ = ({"sqlite_with_rowid": False},)

    term_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    day: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    tf: Mapped[int] = mapped_column(SmallInteger)


class RelatedArticle(Base):
    """That `other` is worth reading after `number`: how alike they are, the score that time leaves of it, and why.

    `reasons` is JSON as it is sent.
    """

    __tablename__ = "related_articles"
    __table_args__ = (Index("ix_related_articles_other", "other"), {"sqlite_with_rowid": False})

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    other: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    score: Mapped[float] = mapped_column(Float(53))
    likeness: Mapped[float] = mapped_column(Float(53))
    reasons: Mapped[str] = mapped_column(Text)


class RelatedOutline(Base):
    """The list of an article in short: a line for each that stands in it (see `outline`). An empty one has no row."""

    __tablename__ = "related_outlines"

    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    lines: Mapped[str] = mapped_column(Text)


class RelatedChoice(Base):
    """What editors chose for the list of an article: ids, with spaces: what leads it, in order, and what it lacks.

    `at` is when readers may last have seen a difference: null while nothing that was chosen is public. The row stays
    when nothing is chosen any more, or its time would be forgotten.
    """

    __tablename__ = "related_choices"

    article_id: Mapped[UUID] = mapped_column(Uid, primary_key=True)
    pinned: Mapped[str] = mapped_column(Text)
    blocked: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime | None]
