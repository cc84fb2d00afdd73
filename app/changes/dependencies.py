"""What routes that wait for the log are handed: the follower of this process."""

from typing import Annotated

from fastapi import Depends, Request

from app.changes.following import Follower


async def _follower(request: Request) -> Follower:
    follower: Follower = request.app.state.follower
    return follower


Follows = Annotated[Follower, Depends(_follower)]
