"""What the service acts on of an article's rights, how many articles each month has, and withdrawals in their order."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.db.base import Instant, Uid

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MONTH = {"sqlite": "substr(published_at, 1, 7)", "postgresql": "to_char(published_at AT TIME ZONE 'UTC', 'YYYY-MM')"}


def upgrade() -> None:
    op.create_table(
        "article_rights",
        sa.Column("article_id", Uid(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.Column("train", sa.Boolean(), nullable=True),
        sa.Column("ground", sa.Boolean(), nullable=True),
        sa.Column("summarise", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_rights_article_id_articles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_rights")),
    )
    op.create_index("ix_article_rights_expires_at", "article_rights", ["expires_at", "article_id"])
    op.create_index("ix_article_rights_order", "article_rights", ["published_at", "article_id"])
    op.create_table(
        "article_months",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("article_count", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_article_months")),
    )
    month = _MONTH[op.get_bind().dialect.name]
    op.execute(
        "INSERT INTO article_months (month, article_count, changed_at, seq) "
        f"SELECT {month}, count(*), max(modified_at), max(seq) FROM articles GROUP BY 1"
    )
    op.create_index(op.f("ix_tombstones_seq"), "tombstones", ["seq"])


def downgrade() -> None:
    op.drop_index(op.f("ix_tombstones_seq"), "tombstones")
    op.drop_table("article_months")
    op.drop_table("article_rights")
