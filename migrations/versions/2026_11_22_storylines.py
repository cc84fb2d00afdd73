"""Storylines: which article belongs to which, what they are called, and what editors said of that."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.db.base import Instant, Uid

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "storylines",
        sa.Column("id", Uid(), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("titled_by", Uid(), nullable=True),
        sa.Column("founded_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("article_count", sa.Integer(), nullable=False),
        sa.Column("first_published_at", Instant(), nullable=True),
        sa.Column("last_published_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_storylines")),
    )
    op.create_index("ix_storylines_order", "storylines", ["last_published_at", "id"])
    for table, key, kind in (
        ("storyline_names", "name", sa.String(length=200)),
        ("storyline_pins", "article_id", Uid()),
    ):
        is_name = table == "storyline_names"
        op.create_table(
            table,
            sa.Column(key, kind, nullable=False),
            sa.Column("storyline_id", Uid(), nullable=not is_name),
            *([sa.Column("made_from", Uid(), nullable=True)] if is_name else []),
            sa.ForeignKeyConstraint(
                ["storyline_id"], ["storylines.id"], name=op.f(f"fk_{table}_storyline_id_storylines")
            ),
            sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_storyline_id"), table, ["storyline_id"])
    op.create_index(op.f("ix_storyline_names_made_from"), "storyline_names", ["made_from"])
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    # SQLite reads a row from its beginning, and the texts at its end are long: the column comes before them.
    place = "section_id" if is_sqlite else None
    with op.batch_alter_table("articles", recreate="always" if is_sqlite else "never") as batch_op:
        batch_op.add_column(sa.Column("storyline_id", Uid(), nullable=True), insert_after=place)
        batch_op.create_foreign_key(op.f("fk_articles_storyline_id_storylines"), "storylines", ["storyline_id"], ["id"])
    op.create_index("ix_articles_storyline", "articles", ["storyline_id", "published_at", "id"])
    with op.batch_alter_table("changes") as batch_op:
        batch_op.add_column(sa.Column("storyline_id", Uid(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("changes") as batch_op:
        batch_op.drop_column("storyline_id")
    op.drop_index("ix_articles_storyline", "articles")
    with op.batch_alter_table("articles") as batch_op:
        batch_op.drop_constraint(op.f("fk_articles_storyline_id_storylines"), type_="foreignkey")
        batch_op.drop_column("storyline_id")
    for table in ("storyline_pins", "storyline_names", "storylines"):
        op.drop_table(table)
