"""The ground floor."""

from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from app.db.base import Instant, Uid

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    op.create_table(
        "aliases",
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("article_id", Uid(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_aliases")),
    )
    with op.batch_alter_table("aliases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aliases_article_id"), ["article_id"], unique=False)

    op.create_table(
        "changes",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("article_id", Uid(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("previous_slug", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_changes")),
    )
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.create_index("ix_changes_article_id_seq", ["article_id", "seq"], unique=False)

    op.create_table(
        "contributors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column(
            "slug",
            sa.String(length=200).with_variant(sa.VARCHAR(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("article_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributors")),
        sa.UniqueConstraint("key", name=op.f("uq_contributors_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_contributors_slug")),
    )
    with op.batch_alter_table("contributors", schema=None) as batch_op:
        batch_op.create_index(
            "ix_contributors_listed",
            ["slug"],
            unique=False,
            sqlite_where=sa.text("article_count > 0"),
            postgresql_where=sa.text("article_count > 0"),
        )

    op.create_table(
        "drafts",
        sa.Column("id", Uid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("public_digest", sa.String(length=64), nullable=True),
        sa.Column("received", sa.String(length=64), nullable=True),
        sa.Column("released", sa.String(length=64), nullable=True),
        sa.Column("scheduled_at", Instant(), nullable=True),
        sa.Column("scheduled_minor", sa.Boolean(), nullable=False),
        sa.Column("first_published_at", Instant(), nullable=True),
        sa.Column("withdrawal_reason", sa.String(length=20), nullable=True),
        sa.Column("withdrawal_text", sa.Text(), nullable=True),
        sa.Column("withdrawal_note", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("modified_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("external_id", name=op.f("uq_drafts_external_id")),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drafts_received"), ["received"], unique=False)
        batch_op.create_index(
            "ix_drafts_scheduled_at",
            ["scheduled_at", "id"],
            unique=False,
            sqlite_where=sa.text("scheduled_at IS NOT NULL"),
            postgresql_where=sa.text("scheduled_at IS NOT NULL"),
        )

    op.create_table(
        "keys",
        sa.Column("id", Uid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("secret_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scopes", sa.String(length=400), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keys")),
        sa.UniqueConstraint("prefix", name=op.f("uq_keys_prefix")),
    )
    op.create_table(
        "log_head",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_log_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_head")),
    )
    op.create_table(
        "renderings",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("document_format", sa.Integer(), nullable=False),
        sa.Column("site_url", sa.String(length=2048), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_renderings_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renderings")),
    )
    op.create_table(
        "sections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column(
            "slug",
            sa.String(length=200).with_variant(sa.VARCHAR(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("article_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sections")),
        sa.UniqueConstraint("key", name=op.f("uq_sections_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_sections_slug")),
    )
    with op.batch_alter_table("sections", schema=None) as batch_op:
        batch_op.create_index(
            "ix_sections_listed",
            ["slug"],
            unique=False,
            sqlite_where=sa.text("article_count > 0"),
            postgresql_where=sa.text("article_count > 0"),
        )

    op.create_table(
        "tags",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column(
            "slug",
            sa.String(length=200).with_variant(sa.VARCHAR(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("article_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("key", name=op.f("uq_tags_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_tags_slug")),
    )
    with op.batch_alter_table("tags", schema=None) as batch_op:
        batch_op.create_index(
            "ix_tags_listed",
            ["slug"],
            unique=False,
            sqlite_where=sa.text("article_count > 0"),
            postgresql_where=sa.text("article_count > 0"),
        )

    op.create_table(
        "tombstones",
        sa.Column("article_id", Uid(), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("original", sa.String(length=240), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", Instant(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_tombstones")),
        sa.UniqueConstraint("external_id", name=op.f("uq_tombstones_external_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_tombstones_slug")),
    )
    op.create_table(
        "versions",
        sa.Column("article_id", Uid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", "number", name=op.f("pk_versions")),
    )
    op.create_table(
        "articles",
        sa.Column("id", Uid(), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("original", sa.String(length=240), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("primary_language", sa.String(length=8), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("breaking", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("first_published_at", Instant(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("modified_at", Instant(), nullable=False),
        sa.Column("document_format", sa.Integer(), nullable=False),
        sa.Column("site_url", sa.String(length=2048), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["section_id"], ["sections.id"], name=op.f("fk_articles_section_id_sections")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("external_id", name=op.f("uq_articles_external_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_articles_slug")),
    )
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.create_index(
            "ix_articles_breaking",
            ["published_at", "id"],
            unique=False,
            sqlite_where=sa.text("breaking = 1"),
            postgresql_where=sa.text("breaking"),
        )
        batch_op.create_index(
            "ix_articles_language", ["primary_language", "published_at", "id", "language"], unique=False
        )
        batch_op.create_index("ix_articles_order", ["published_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_articles_original"), ["original"], unique=False)
        batch_op.create_index("ix_articles_section", ["section_id", "published_at", "id"], unique=False)
        batch_op.create_index(
            "ix_articles_section_language", ["section_id", "primary_language", "published_at", "id"], unique=False
        )

    op.create_table(
        "article_contributors",
        sa.Column("article_id", Uid(), nullable=False),
        sa.Column("contributor_id", sa.Integer(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_article_contributors_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["contributor_id"], ["contributors.id"], name=op.f("fk_article_contributors_contributor_id_contributors")
        ),
        sa.PrimaryKeyConstraint("article_id", "contributor_id", name=op.f("pk_article_contributors")),
    )
    with op.batch_alter_table("article_contributors", schema=None) as batch_op:
        batch_op.create_index(
            "ix_article_contributors_order", ["contributor_id", "published_at", "article_id"], unique=False
        )

    op.create_table(
        "article_tags",
        sa.Column("article_id", Uid(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_tags_article_id_articles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_article_tags_tag_id_tags")),
        sa.PrimaryKeyConstraint("article_id", "tag_id", name=op.f("pk_article_tags")),
    )
    with op.batch_alter_table("article_tags", schema=None) as batch_op:
        batch_op.create_index("ix_article_tags_order", ["tag_id", "published_at", "article_id"], unique=False)

    _add_first_rows()


def _add_first_rows() -> None:
    op.bulk_insert(
        sa.table(
            "log_head",
            sa.column("id", sa.SmallInteger()),
            sa.column("seq", sa.BigInteger()),
            sa.column("at", Instant()),
            sa.column("published_at", Instant()),
        ),
        [{"id": 1, "seq": 0, "at": EPOCH, "published_at": EPOCH}],
    )
    op.bulk_insert(
        sa.table(
            "renderings",
            sa.column("id", sa.SmallInteger()),
            sa.column("document_format", sa.Integer()),
            sa.column("site_url", sa.String()),
        ),
        [{"id": 1, "document_format": 0, "site_url": ""}],
    )


def downgrade() -> None:
    with op.batch_alter_table("article_tags", schema=None) as batch_op:
        batch_op.drop_index("ix_article_tags_order")

    op.drop_table("article_tags")
    with op.batch_alter_table("article_contributors", schema=None) as batch_op:
        batch_op.drop_index("ix_article_contributors_order")

    op.drop_table("article_contributors")
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.drop_index("ix_articles_section_language")
        batch_op.drop_index("ix_articles_section")
        batch_op.drop_index(batch_op.f("ix_articles_original"))
        batch_op.drop_index("ix_articles_order")
        batch_op.drop_index("ix_articles_language")
        batch_op.drop_index(
            "ix_articles_breaking", sqlite_where=sa.text("breaking = 1"), postgresql_where=sa.text("breaking")
        )

    op.drop_table("articles")
    op.drop_table("versions")
    op.drop_table("tombstones")
    with op.batch_alter_table("tags", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_tags_listed", sqlite_where=sa.text("article_count > 0"), postgresql_where=sa.text("article_count > 0")
        )

    op.drop_table("tags")
    with op.batch_alter_table("sections", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_sections_listed",
            sqlite_where=sa.text("article_count > 0"),
            postgresql_where=sa.text("article_count > 0"),
        )

    op.drop_table("sections")
    op.drop_table("renderings")
    op.drop_table("log_head")
    op.drop_table("keys")
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_drafts_scheduled_at",
            sqlite_where=sa.text("scheduled_at IS NOT NULL"),
            postgresql_where=sa.text("scheduled_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_drafts_received"))

    op.drop_table("drafts")
    with op.batch_alter_table("contributors", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_contributors_listed",
            sqlite_where=sa.text("article_count > 0"),
            postgresql_where=sa.text("article_count > 0"),
        )

    op.drop_table("contributors")
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.drop_index("ix_changes_article_id_seq")

    op.drop_table("changes")
    with op.batch_alter_table("aliases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aliases_article_id"))

    op.drop_table("aliases")
