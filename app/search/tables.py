"""What search keeps of every public article beside the index itself, and the dictionary of openings.

The index is `search_index`, which no ORM class can describe: a virtual table of SQLite (FTS5), a tsvector with a GIN
index on PostgreSQL.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, SmallInteger, String, Text
from sqlalchemy.dialects.postgresql import VARCHAR
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Uid

# Both databases compare by code points, whatever the PostgreSQL database's own collation.
_TOKEN = String(80).with_variant(VARCHAR(80, collation="C"), "postgresql")
_SHOWN = String(64).with_variant(VARCHAR(64, collation="C"), "postgresql")


class SearchDocument(Base):
    """An article as the index knows it, and what facets count: its tags are their ids, with commas."""

    __tablename__ = "search_documents"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    article_id: Mapped[UUID] = mapped_column(Uid, unique=True)
    published_at: Mapped[datetime]
    format: Mapped[int] = mapped_column(SmallInteger)
    section_id: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(35))
    primary_language: Mapped[str] = mapped_column(String(8))
    tags: Mapped[str] = mapped_column(Text)


class SearchProfile(Base):
    """How much an article is about each of its tokens: four bytes of digest and one of weight, for each.

    `opening` is what it counts for in the dictionary: a line for each token, with how it is written after a tab.
    """

    __tablename__ = "search_profiles"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    weights: Mapped[bytes] = mapped_column(LargeBinary)
    opening: Mapped[str] = mapped_column(Text)


class SearchTerm(Base):
    """How many articles hold a token in their opening, written like this where it first stands."""

    __tablename__ = "search_terms"
    __table_args__ = (Index("ix_search_terms_shown", "shown"), {"sqlite_with_rowid": False})

    token: Mapped[str] = mapped_column(_TOKEN, primary_key=True)
    shown: Mapped[str] = mapped_column(_SHOWN, primary_key=True)
    articles: Mapped[int]


class SearchLanguage(Base):
    """How many articles of a language the index holds."""

    __tablename__ = "search_languages"

    language: Mapped[str] = mapped_column(String(35), primary_key=True)
    articles: Mapped[int]


class SearchState(Base):
    """One row: the format in which every public article is known to be in the index; 0 while some may not be."""

    __tablename__ = "search_states"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    format: Mapped[int] = mapped_column(SmallInteger)
