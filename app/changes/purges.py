"""What is not in the log and changes answers all the same: rankings made anew, and what editors choose for them.

Whoever writes it says so here in the same transaction, by surrogate keys. Caches that followed the log alone would keep
again, after the change, the list that was made before the follower had come to it.
"""

from collections.abc import Iterable
from typing import cast

from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import Session

from app.changes.tables import Purge
from app.db.dialect import claim, ring

PURGES = cast(Table, Purge.__table__)
NEWEST = select(func.coalesce(func.max(PURGES.c.number), 0)).scalar_subquery()

_TELL = text(
    "INSERT INTO purges (key, number) SELECT :key, coalesce(max(number), 0) + 1 FROM purges WHERE true "
    "ON CONFLICT (key) DO UPDATE SET number = excluded.number"
)


def purge(session: Session, keys: Iterable[str]) -> None:
    """Have caches forget what carries these keys, once this transaction is committed. The last thing that it does."""
    # One lock for all: the numbers are in the order of the commits, or whoever follows them skips.
    claim(session, "purges", ["number"])
    for key in sorted(set(keys)):
        session.connection().execute(_TELL, {"key": key})
    ring(session)
