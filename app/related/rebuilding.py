"""Making the index anew from the log: begun once, gone on with after an interruption, together with whoever follows."""

import asyncio
from collections.abc import Callable

from sqlalchemy.orm import Session

from app.changes import positions
from app.changes.log import head_seq
from app.changes.positions import Position
from app.core.clock import utc_now
from app.db import Database
from app.related import following
from app.related.following import FOLLOWER, FORMAT
from app.related.storytelling import keep_up

WAIT_SECONDS = 0.2


async def rebuild(database: Database, *, tell: Callable[[Position], None]) -> None:
    """Make every list anew, or finish what an earlier call began; `tell` hears of the steps, its own and others'.

    What is read meanwhile comes from as much of the log as was followed.
    """
    goal = await database.write(_begin)
    while (position := await database.read(positions.position, FOLLOWER)) is not None:
        tell(position)
        if position.seq >= goal:
            return
        await keep_up(database, tell=tell)
        await asyncio.sleep(WAIT_SECONDS)  # another process may be at it


def _begin(session: Session) -> int:
    """The seq at which the rebuilding is complete."""
    standing = positions.position(session, FOLLOWER)
    if standing is not None and standing.format == FORMAT and standing.rebuilt_to is not None:
        return standing.rebuilt_to
    head = head_seq(session)
    following.restart(session, rebuilt_to=head, now=utc_now())
    return head
