"""The addresses that articles had on sites before this one."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.db.base import Uid

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "legacy_urls",
        sa.Column("page", sa.String(length=64), nullable=False),
        sa.Column("article_id", Uid(), nullable=False),
        sa.PrimaryKeyConstraint("page", name=op.f("pk_legacy_urls")),
    )
    op.create_index(op.f("ix_legacy_urls_article_id"), "legacy_urls", ["article_id"])


def downgrade() -> None:
    op.drop_table("legacy_urls")
