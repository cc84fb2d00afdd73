"""The whole of what is public, in short batches: a line may be newer than the position that an export starts with."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.articles.rendering import complete
from app.articles.store import ARTICLES
from app.changes.log import head_seq
from app.db import Database
from app.db.base import Uid

_BATCH = (
    select(ARTICLES.c.id, ARTICLES.c.document)
    .where(ARTICLES.c.id > bindparam("after", type_=Uid))
    .order_by(ARTICLES.c.id)
    .limit(bindparam("limit"))
)
_START = UUID(int=0)
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Batch:
    """Some documents, as stored, in the order of their ids; `last` is where the next batch goes on."""

    documents: list[str]
    last: UUID


def batch(session: Session, *, after: UUID = _START, limit: int) -> Batch:
    """At most `limit` public documents with ids above `after`; none means that all were given."""
    rows = session.connection().execute(_BATCH, {"after": after, "limit": limit}).all()
    return Batch([row.document for row in rows], rows[-1].id if rows else after)


async def lines(database: Database, *, api_url: str) -> AsyncIterator[bytes]:
    """JSON Lines: first `{"seq": N}`, then every public document. Following the log from N converges."""
    yield b'{"seq":%d}\n' % await database.read(head_seq)
    after = _START
    while documents := (found := await database.scan(batch, after=after, limit=_AT_ONCE)).documents:
        yield "".join(f"{complete(document, api_url)}\n" for document in documents).encode()
        after = found.last
