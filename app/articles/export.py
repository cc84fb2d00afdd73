"""The whole of what is public, in short batches: a line may be newer than the position that an export starts with."""

from collections.abc import AsyncIterator, Iterator
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
_MOST_AT_ONCE = 16
_ENOUGH_CHARACTERS = 500_000


@dataclass(frozen=True, slots=True)
class Batch:
    """Some documents, as stored, in the order of their ids; `last` is where the next batch goes on."""

    documents: list[str]
    last: UUID


def portions() -> Iterator[int]:
    """How many documents to read at a time, until there are enough.

    One may have some megabytes, so that the first tells whether more would be too much.
    """
    size = 1
    while True:
        yield size
        size = min(2 * size, _MOST_AT_ONCE)


def batch(session: Session, *, after: UUID = _START, limit: int = 200) -> Batch:
    """At most `limit` public documents with ids above `after`, or fewer long ones; none means that all were given."""
    documents: list[str] = []
    for portion in portions():
        asked = min(portion, limit - len(documents))
        rows = session.connection().execute(_BATCH, {"after": after, "limit": asked}).all()
        documents += [row.document for row in rows]
        after = rows[-1].id if rows else after
        if len(rows) < asked or len(documents) == limit or sum(map(len, documents)) >= _ENOUGH_CHARACTERS:
            break
    return Batch(documents, after)


async def lines(database: Database, *, api_url: str, seq: int | None = None) -> AsyncIterator[bytes]:
    """JSON Lines: first `{"seq": N}`, then every public document. Following the log from N converges.

    N is `seq`, a position that the log has come to, or its newest.
    """
    yield b'{"seq":%d}\n' % (await database.read(head_seq) if seq is None else seq)
    after = _START
    while documents := (found := await database.scan(batch, after=after)).documents:
        yield "".join(f"{complete(document, api_url)}\n" for document in documents).encode()
        after = found.last
