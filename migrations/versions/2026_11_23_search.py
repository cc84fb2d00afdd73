"""The index of full text, what ranks its matches, and the dictionary of how articles open."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import VARCHAR

from app.db.base import Instant, Uid

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_FIRST_FORMAT = 1
_TOKEN = sa.String(length=80).with_variant(VARCHAR(80, collation="C"), "postgresql")
_SHOWN = sa.String(length=64).with_variant(VARCHAR(64, collation="C"), "postgresql")
_INDEX = {
    # Without content of its own. The tokenizer takes all but ASCII for letters: what comes is cut already.
    "sqlite": (
        "CREATE VIRTUAL TABLE search_index USING fts5(tokens, content='', contentless_delete=1, "
        "tokenize=\"ascii tokenchars '_:=''-'\")",
    ),
    "postgresql": (
        "CREATE TABLE search_index (number bigint CONSTRAINT pk_search_index PRIMARY KEY, tokens tsvector NOT NULL)",
        "CREATE INDEX ix_search_index_tokens ON search_index USING gin (tokens)",
    ),
}


def upgrade() -> None:
    op.create_table(
        "search_documents",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", Uid(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.Column("format", sa.SmallInteger(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("primary_language", sa.String(length=8), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_documents")),
        sa.UniqueConstraint("article_id", name=op.f("uq_search_documents_article_id")),
    )
    op.create_table(
        "search_profiles",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("weights", sa.LargeBinary(), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_profiles")),
    )
    op.create_table(
        "search_terms",
        sa.Column("token", _TOKEN, nullable=False),
        sa.Column("shown", _SHOWN, nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("token", "shown", name=op.f("pk_search_terms")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_terms_shown", "search_terms", ["shown"])
    op.create_table(
        "search_languages",
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("language", name=op.f("pk_search_languages")),
    )
    op.create_table(
        "search_states",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("format", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_states")),
    )
    for statement in _INDEX[op.get_bind().dialect.name]:
        op.execute(statement)
    # What was published before is read by the worker, or by `dateline reindex search`: it would take this too long.
    op.execute(
        "INSERT INTO search_states (id, format) "
        f"SELECT 1, CASE WHEN EXISTS (SELECT 1 FROM articles) THEN 0 ELSE {_FIRST_FORMAT} END"
    )


def downgrade() -> None:
    op.execute("DROP TABLE search_index")
    op.drop_index("ix_search_terms_shown", "search_terms")
    for table in ("search_states", "search_languages", "search_terms", "search_profiles", "search_documents"):
        op.drop_table(table)
