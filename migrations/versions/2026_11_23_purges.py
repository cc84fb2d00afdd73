"""What followers of the log tell caches to forget."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.db.base import Instant

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "purges",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_purges")),
        sa.UniqueConstraint("number", name=op.f("uq_purges_number")),
    )
    op.create_table(
        "cdn_positions",
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("purged", sa.BigInteger(), nullable=True),
        sa.Column("at", Instant(), nullable=True),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("held_until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("target", name=op.f("pk_cdn_positions")),
    )


def downgrade() -> None:
    op.drop_table("cdn_positions")
    op.drop_table("purges")
