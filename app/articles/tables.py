"""The public snapshot of each article, and what hangs from it: versions, aliases, tombstones, storylines and such."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Instant, Uid


class Article(Base):
    """One public article. `document` and `card` are its JSON as served, with API links relative (see `rendering`).

    `original` groups translations: the id of the article that all of them translate, or `external:` and an external id
    that nobody has published yet.
    """

    __tablename__ = "articles"
    __table_args__ = (
        Index("ix_articles_order", "published_at", "id"),
        Index("ix_articles_section", "section_id", "published_at", "id"),
        Index("ix_articles_language", "primary_language", "published_at", "id", "language"),
        Index("ix_articles_section_language", "section_id", "primary_language", "published_at", "id"),
        Index("ix_articles_storyline", "storyline_id", "published_at", "id"),
        Index(
            "ix_articles_breaking",
            "published_at",
            "id",
            sqlite_where=text("breaking = 1"),
            postgresql_where=text("breaking"),
        ),
    )

    id: Mapped[UUID] = mapped_column(Uid, primary_key=True)
    slug: Mapped[str] = mapped_column(String(200), unique=True)
    external_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    original: Mapped[str] = mapped_column(String(240), index=True)
    language: Mapped[str] = mapped_column(String(35))
    primary_language: Mapped[str] = mapped_column(String(8))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"))
    storyline_id: Mapped[UUID | None] = mapped_column(ForeignKey("storylines.id"))
    breaking: Mapped[bool]
    version: Mapped[int]
    seq: Mapped[int] = mapped_column(BigInteger)
    first_published_at: Mapped[datetime] = mapped_column(Instant)
    published_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    modified_at: Mapped[datetime] = mapped_column(Instant)
    document_format: Mapped[int]
    site_url: Mapped[str] = mapped_column(String(2048))
    headline: Mapped[str] = mapped_column(Text)
    summary: Mapped[str | None] = mapped_column(Text)
    # The card before the document: SQLite then reads it without walking the document's overflow pages.
    card: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)


class Rendering(Base):
    """One row: the format and the site that every article is known to be rendered for."""

    __tablename__ = "renderings"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    document_format: Mapped[int]
    site_url: Mapped[str] = mapped_column(String(2048))


class ArticleTag(Base):
    """That an article carries a tag, in timeline order: a page of one tag costs the same at any depth."""

    __tablename__ = "article_tags"
    __table_args__ = (Index("ix_article_tags_order", "tag_id", "published_at", "article_id"),)

    article_id: Mapped[UUID] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id"), primary_key=True)
    published_at: Mapped[datetime] = mapped_column(Instant)


class ArticleContributor(Base):
    """That somebody contributed to an article, in timeline order."""

    __tablename__ = "article_contributors"
    __table_args__ = (Index("ix_article_contributors_order", "contributor_id", "published_at", "article_id"),)

    article_id: Mapped[UUID] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True)
    contributor_id: Mapped[int] = mapped_column(ForeignKey("contributors.id"), primary_key=True)
    published_at: Mapped[datetime] = mapped_column(Instant)


class ArticleRights(Base):
    """What of an article's rights the service acts on; only where they say something of it.

    `expires_at` is when the article is withdrawn; the others are what machines may do, null where the site decides.
    """

    __tablename__ = "article_rights"
    __table_args__ = (
        Index("ix_article_rights_expires_at", "expires_at", "article_id"),
        Index("ix_article_rights_order", "published_at", "article_id"),
    )

    article_id: Mapped[UUID] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True)
    published_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    train: Mapped[bool | None]
    ground: Mapped[bool | None]
    summarise: Mapped[bool | None]


class ArticleMonth(Base):
    """How many public articles bear a date of this month (UTC, as 2025-05), and when one came, moved, changed or went.

    What readers need not notice, such as a minor edit, is no change. `seq` is the position of the log at that time: two
    changes can bear one time.
    """

    __tablename__ = "article_months"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    article_count: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(Instant)
    seq: Mapped[int] = mapped_column(BigInteger)


class Version(Base):
    """One publication, as it was: what it said never changes. It outlives the article's row.

    It was what readers saw from `at` to `until` (null: it is). `card` is as it was published, with links relative. A
    withdrawal takes back every version so far, for ever: `withdrawn_at`, with what was given as its reason.
    """

    __tablename__ = "versions"
    __table_args__ = (Index("ix_versions_order", "published_at", "article_id", "number"),)

    article_id: Mapped[UUID] = mapped_column(Uid, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)
    published_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawal_reason: Mapped[str | None] = mapped_column(String(20))
    withdrawal_text: Mapped[str | None] = mapped_column(Text)
    slug: Mapped[str] = mapped_column(String(200))
    card: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)


class Correction(Base):
    """A public note on a version: what was wrong. A withdrawal takes `previous_headline` away: it was withdrawn too."""

    __tablename__ = "corrections"

    article_id: Mapped[UUID] = mapped_column(Uid, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    severity: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    previous_headline: Mapped[str | None] = mapped_column(Text)


class Alias(Base):
    """A slug that an article used to have. No foreign key: it answers 410 after the article's row is gone."""

    __tablename__ = "aliases"

    slug: Mapped[str] = mapped_column(String(200), primary_key=True)
    article_id: Mapped[UUID] = mapped_column(Uid, index=True)
    at: Mapped[datetime] = mapped_column(Instant)


class LegacyUrl(Base):
    """A page of a site before this one that an article was (`urls.page_key`). As an alias, it outlives the row."""

    __tablename__ = "legacy_urls"

    page: Mapped[str] = mapped_column(String(64), primary_key=True)
    article_id: Mapped[UUID] = mapped_column(Uid, index=True)


class Tombstone(Base):
    """What stays of a withdrawn article: why, when, its translations' group, and the slug, which nobody else gets."""

    __tablename__ = "tombstones"

    article_id: Mapped[UUID] = mapped_column(Uid, primary_key=True)
    slug: Mapped[str] = mapped_column(String(200), unique=True)
    external_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    original: Mapped[str] = mapped_column(String(240))
    reason: Mapped[str] = mapped_column(String(20))
    text: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime] = mapped_column(Instant)
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class Storyline(Base):
    """The articles about one developing event. Without public articles it is not public, and has no dates.

    `titled_by` is the article whose headline the title is; none when editors wrote it, or when there is no title.
    """

    __tablename__ = "storylines"
    __table_args__ = (Index("ix_storylines_order", "last_published_at", "id"),)

    id: Mapped[UUID] = mapped_column(Uid, primary_key=True)
    slug: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(Text)
    titled_by: Mapped[UUID | None] = mapped_column(Uid)
    founded_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    article_count: Mapped[int]
    first_published_at: Mapped[datetime | None] = mapped_column(Instant)
    last_published_at: Mapped[datetime | None] = mapped_column(Instant)


class StorylineName(Base):
    """What a storyline is or was called: its slug, former ones, its id, and the names of those merged into it.

    `made_from` is the article whose headline made this slug: withdrawn, it takes the name along.
    """

    __tablename__ = "storyline_names"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    storyline_id: Mapped[UUID] = mapped_column(ForeignKey("storylines.id"), index=True)
    made_from: Mapped[UUID | None] = mapped_column(Uid, index=True)


class StorylinePin(Base):
    """The editors' word on where an article belongs: in this storyline, or, without one, in none."""

    __tablename__ = "storyline_pins"

    article_id: Mapped[UUID] = mapped_column(Uid, primary_key=True)
    storyline_id: Mapped[UUID | None] = mapped_column(ForeignKey("storylines.id"), index=True)
