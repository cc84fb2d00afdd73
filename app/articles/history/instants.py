"""The instant that a reader asks about, as a query parameter: any that has come.

What was public then, `store` and `front` find.
"""

from datetime import datetime
from typing import Annotated

from fastapi import Query

from app.core.errors import BadParameter, Fault
from app.web.parameters import Instant

AsOf = Annotated[
    Instant | None,
    Query(
        description="As it was at this instant: RFC 3339 with an offset, not in the future.",
        examples=["2026-11-20T05:55:00Z"],
    ),
]


def check_past(as_of: datetime, *, now: datetime, head_at: datetime) -> None:
    """Raises BadParameter for an instant that has not come, neither here nor in the log."""
    if as_of > max(now, head_at):
        detail = "is in the future: what will be public then is not known"
        raise BadParameter(f"as_of: {detail}", errors=[Fault(detail, parameter="as_of")])
