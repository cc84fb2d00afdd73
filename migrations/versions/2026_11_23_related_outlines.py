"""Lists of related stories in short: one row each, for readers to begin with."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# What a follower would have told of each article that is listed.
_SQLITE = """
INSERT INTO related_outlines (number, lines)
SELECT l.number, group_concat(
  l.score || char(9) || l.other || char(9) || s.copies || char(9) || s.article_id || char(9) || s.published_at
  || char(9) || s.version || char(9) || s.language || char(9) || s.original,
  char(10) ORDER BY l.score DESC, l.other DESC)
FROM related_articles l CROSS JOIN related_signatures s ON s.number = l.other GROUP BY l.number
"""
_POSTGRESQL = """
INSERT INTO related_outlines (number, lines)
SELECT l.number, string_agg(concat_ws(chr(9),
  l.score, l.other, s.copies, replace(CAST(s.article_id AS text), '-', ''),
  to_char(s.published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), s.version, s.language, s.original),
  chr(10) ORDER BY l.score DESC, l.other DESC)
FROM related_articles l JOIN related_signatures s ON s.number = l.other GROUP BY l.number
"""
_ORIGINALS = """
UPDATE related_signatures SET original = coalesce(
  (SELECT a.original FROM articles a WHERE a.id = related_signatures.article_id), '')
"""


# Processes of before leave an index of this format alone: they would not keep its outlines. One that is at it just now
# goes on only from where it stood, so the index stands a line further back, which is followed once more.
_FORWARD = """
UPDATE log_positions SET format = 2, seq = CASE WHEN seq > 0 THEN seq - 1 ELSE 0 END
WHERE follower = 'related' AND format = 1
"""
_BACK = "UPDATE log_positions SET format = 1 WHERE follower = 'related' AND format = 2"


def upgrade() -> None:
    op.add_column("related_signatures", sa.Column("original", sa.String(240), nullable=False, server_default=""))
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "related_outlines",
        sa.Column("number", number, autoincrement=False, nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_related_outlines"),
    )
    op.execute(_ORIGINALS)
    op.execute(_FORWARD)
    op.execute(_SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL)


def downgrade() -> None:
    op.execute(_BACK)
    op.drop_table("related_outlines")
    op.drop_column("related_signatures", "original")
