"""Commands that are carried out once, however often their POST is sent: the Idempotency-Key of the newsroom's routes.

What a key is, is told in `web.attempts`; the SQL is in `kept`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Concatenate, ParamSpec, TypeVar

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.orm import Session

from app.core.clock import utc_now
from app.core.errors import Problem
from app.db import Database
from app.db.dialect import try_claim
from app.newsroom.kept import Kept, find_kept, forget_expired, keep
from app.partners.keys import Holder
from app.web.attempts import REPLAYED_FIELD, Attempt, IdempotencyKey, RequestInFlight, read_attempt, under_way
from app.web.bodies import Handler
from app.web.dependencies import Db

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Posting:
    """What a POST needs to be carried out once; without an `attempt`, it is carried out whenever it is sent."""

    database: Database
    attempt: Attempt | None


async def _posting(request: Request, database: Db, idempotency_key: IdempotencyKey = None) -> Posting:
    attempt: Attempt | None = request.state.attempt  # the field was read by `repeatable`; here it is only documented
    return Posting(database, attempt)


Post = Annotated[Posting, Depends(_posting)]


async def repeatable(request: Request, holder: Holder, handle: Handler) -> Response:
    """The kept answer to an attempt that was carried out before; else what `handle` answers.

    For the route class: it comes after the API key, and before anything else of the request is looked at. Raises
    BadParameter, IdempotencyKeyReused or RequestInFlight.
    """
    request.state.attempt = attempt = await read_attempt(request, caller=holder.prefix)
    if attempt is None:
        return await handle(request)
    database: Database = request.app.state.database
    if kept := await database.read(find_kept, attempt, now=utc_now()):
        return _replayed(kept)
    try:
        with under_way(request.app, attempt):
            return await handle(request)
    except (Problem, RequestValidationError):
        # Refused, perhaps, because the first attempt has changed everything since we looked.
        if kept := await database.read(find_kept, attempt, now=utc_now()):
            return _replayed(kept)
        raise


async def carry_out(
    post: Posting,
    answer: Callable[[T], Response],
    fn: Callable[Concatenate[Session, P], T],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> Response:
    """What `answer` makes of what `fn(session, ...)` returns, in one write that keeps the answer for repetitions.

    Every POST of the newsroom ends here. Raises RequestInFlight.
    """
    attempt = post.attempt
    if attempt is None:
        return answer(await post.database.write(fn, *args, **kwargs))

    def act(session: Session) -> Response:
        return answer(fn(session, *args, **kwargs))

    return await post.database.write(_once, attempt, act, now=utc_now())


def _once(session: Session, attempt: Attempt, act: Callable[[Session], Response], *, now: datetime) -> Response:
    # Two may have found nothing kept, in two processes: only here is it certain.
    if not try_claim(session, "idempotency_key", f"{attempt.caller} {attempt.key}"):
        raise RequestInFlight
    if kept := find_kept(session, attempt, now=now):
        return _replayed(kept)
    forget_expired(session, attempt, now=now)
    response = act(session)
    keep(session, attempt, _kept(response), now=now)
    return response


def _kept(response: Response) -> Kept:
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    return Kept(response.status_code, headers, bytes(response.body).decode())


def _replayed(kept: Kept) -> Response:
    return Response(kept.body, kept.status, {**kept.headers, REPLAYED_FIELD: "true"})
