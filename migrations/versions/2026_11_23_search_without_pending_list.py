"""The index of full text without a list of what is still to be sorted into it, which every search has to read."""

from collections.abc import Sequence

from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX ix_search_index_tokens SET (fastupdate = off)")
        op.execute("SELECT gin_clean_pending_list('ix_search_index_tokens')")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX ix_search_index_tokens RESET (fastupdate)")
