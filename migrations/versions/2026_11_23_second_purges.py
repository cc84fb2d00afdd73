"""How far a CDN was told a second time to forget."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


# Null until then, as on the first day: nobody knows what was told twice, so everything is told once more.
def upgrade() -> None:
    op.add_column("cdn_positions", sa.Column("repeated_seq", sa.BigInteger(), nullable=True))
    op.add_column("cdn_positions", sa.Column("repeated_purged", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("cdn_positions", "repeated_purged")
    op.drop_column("cdn_positions", "repeated_seq")
