"""The index of related stories, what editors chose for them, and how far followers of the log have come."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.db.base import Instant, Uid

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "log_positions",
        sa.Column("follower", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("rebuilt_to", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("follower", name=op.f("pk_log_positions")),
    )
    op.create_table(
        "related_languages",
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("language", name=op.f("pk_related_languages")),
    )
    op.create_table(
        "related_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("term", sa.String(length=64), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_related_terms")),
    )
    op.create_index("uq_related_terms_language_term", "related_terms", ["language", "term"], unique=True)
    op.create_table(
        "related_signatures",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", Uid(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("copies", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("norm", sa.Float(precision=53), nullable=False),
        sa.Column("names_norm", sa.Float(precision=53), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("names", sa.LargeBinary(), nullable=False),
        sa.Column("shingles", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_related_signatures")),
        sa.UniqueConstraint("article_id", name=op.f("uq_related_signatures_article_id")),
    )
    op.create_table(
        "related_postings",
        sa.Column("term_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tf", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("term_id", "day", "number", name=op.f("pk_related_postings")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "related_articles",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("other", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("score", sa.Float(precision=53), nullable=False),
        sa.Column("likeness", sa.Float(precision=53), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", "other", name=op.f("pk_related_articles")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_related_articles_other", "related_articles", ["other"])
    op.create_table(
        "related_choices",
        sa.Column("article_id", Uid(), nullable=False),
        sa.Column("pinned", sa.Text(), nullable=False),
        sa.Column("blocked", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_related_choices")),
    )


def downgrade() -> None:
    for table in (
        "related_choices",
        "related_articles",
        "related_postings",
        "related_signatures",
        "related_terms",
        "related_languages",
        "log_positions",
    ):
        op.drop_table(table)
