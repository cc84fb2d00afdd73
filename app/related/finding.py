"""Related stories of an article, ready to be sent: the one function that routes and pages call."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.db import Database
from app.related.neighbours import cards, neighbourhood
from app.related.ranking import Related, rank
from app.web.pages import dumps


@dataclass(frozen=True, slots=True)
class Answer:
    """Entries as JSON texts, best first, and how new they are."""

    seq: int
    changed_at: datetime
    entries: list[str]


async def related(database: Database, id: UUID, *, limit: int, exclude: Collection[UUID] = ()) -> Answer | None:
    """The stories worth reading after this one; None when it is not public (any more)."""
    near = await database.snapshot(neighbourhood, id)
    if near is None:
        return None
    ranked = await asyncio.to_thread(rank, near, limit=limit, exclude=exclude)
    shown = {one for entry in ranked for one in (entry.id, *entry.variants)}
    stored = await database.read(cards, shown)
    entries = [_entry(entry, stored) for entry in ranked if entry.id in stored]
    return Answer(near.seq, near.changed_at, entries)


def _entry(entry: Related, cards: dict[UUID, str]) -> str:
    reasons = dumps([{"kind": reason.kind, "values": reason.values} for reason in entry.reasons])
    variants = ",".join(cards[id] for id in entry.variants if id in cards)
    return f'{{"article":{cards[entry.id]},"score":{entry.score},"reasons":{reasons},"variants":[{variants}]}}'
