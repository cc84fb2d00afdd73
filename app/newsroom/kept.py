"""The SQL of kept answers: what a POST with an Idempotency-Key was answered, for 24 hours.

When an answer is looked for, and when it is kept, is decided in `repeating`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, delete, insert, select, tuple_
from sqlalchemy.orm import Session

from app.db.base import Instant
from app.newsroom.tables import KeptAnswer
from app.web.attempts import Attempt, reused

KEPT_FOR = timedelta(hours=24)

_KEPT = cast(Table, KeptAnswer.__table__)
_NAMED = (_KEPT.c.caller == bindparam("caller"), _KEPT.c.key == bindparam("name"))
_IS_OLD = _KEPT.c.at <= bindparam("before", type_=Instant)

_FIND = select(_KEPT.c.request, _KEPT.c.status, _KEPT.c.headers, _KEPT.c.body).where(*_NAMED, ~_IS_OLD)
_FORGET_ONE = delete(_KEPT).where(*_NAMED, _IS_OLD)
_FIND_OLD = select(_KEPT.c.at).where(_IS_OLD).limit(1)
_OLDEST = select(_KEPT.c.caller, _KEPT.c.key).where(_IS_OLD).order_by(_KEPT.c.at).limit(bindparam("limit"))
_FORGET_OLDEST = delete(_KEPT).where(
    tuple_(_KEPT.c.caller, _KEPT.c.key).in_(_OLDEST.with_for_update(skip_locked=True)),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was answered: everything but what belongs to the one exchange."""

    status: int
    headers: Mapping[str, str]
    body: str


def find_kept(session: Session, attempt: Attempt, *, now: datetime) -> Kept | None:
    """The answer to an earlier attempt like this one, in one statement.

    Raises IdempotencyKeyReused where the key stands for another request.
    """
    row = session.connection().execute(_FIND, _named(attempt, now)).first()
    if row is None:
        return None
    if row.request != attempt.request:
        raise reused()
    return Kept(row.status, json.loads(row.headers), row.body)


def keep(session: Session, attempt: Attempt, answer: Kept, *, now: datetime) -> None:
    """Remember the answer, in the transaction that it tells of."""
    values = {
        "caller": attempt.caller,
        "key": attempt.key,
        "request": attempt.request,
        "status": answer.status,
        "headers": json.dumps(dict(answer.headers)),
        "body": answer.body,
        "at": now,
    }
    session.connection().execute(insert(_KEPT), values)


def forget_expired(session: Session, attempt: Attempt, *, now: datetime) -> None:
    """Make room for the answer to this attempt, where one of more than 24 hours ago is still in its place."""
    session.connection().execute(_FORGET_ONE, _named(attempt, now))


def has_expired(session: Session, *, now: datetime) -> bool:
    """Whether there is anything to forget."""
    return session.connection().execute(_FIND_OLD, {"before": now - KEPT_FOR}).first() is not None


def forget(session: Session, *, now: datetime, limit: int) -> int:
    """Delete the oldest answers of more than 24 hours ago, at most `limit`; how many that were.

    Those that another worker is deleting are left to it.
    """
    return session.connection().execute(_FORGET_OLDEST, {"before": now - KEPT_FOR, "limit": limit}).rowcount


def _named(attempt: Attempt, now: datetime) -> dict[str, object]:
    return {"caller": attempt.caller, "name": attempt.key, "before": now - KEPT_FOR}
