"""`min_seq`: who was told of a change reads nothing older, from any process.

How far the log has come, `following` knows; that no link repeats the demand is for `web.paging`.
"""

from typing import Annotated

from fastapi import Query

from app.changes.dependencies import Follows
from app.core.errors import Unavailable
from app.web.parameters import WholeNumber

WAIT_SECONDS = 2.0


async def fresh_enough(
    follower: Follows,
    min_seq: Annotated[
        WholeNumber | None,
        Query(
            description="Answer nothing older than this `Dateline-Seq`: waits up to 2 s for it, then 503.",
            examples=[4711],
        ),
    ] = None,
) -> None:
    """A dependency for routers of public reads: holds a request until the log has come to its `min_seq`.

    Raises Unavailable when it has not in time.
    """
    if min_seq is None or await follower.reach(min_seq, within_seconds=WAIT_SECONDS):
        return
    raise Unavailable(f"min_seq asks for {min_seq}, and the log has come to {follower.head}. Try again.")
