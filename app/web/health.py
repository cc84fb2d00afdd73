"""Whether the process is alive, and whether it can serve: for load balancers and for people at three in the morning."""

from typing import Literal

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.core.errors import Unavailable
from app.db import Overloaded
from app.db.migrating import schema_is_current
from app.web.dependencies import Db
from app.web.openapi import documented
from app.web.problems import problem_responses

router = APIRouter(tags=["operations"])

log = structlog.get_logger("dateline.health")

_FRESH = {"Cache-Control": "no-store"}


class Health(BaseModel):
    """All is well."""

    status: Literal["ok"]


@router.get("/healthz", summary="Is the process alive?", responses=documented(Health, {"status": "ok"}, fields=()))
async def check_health(request: Request) -> Response:
    """Always 200 while the process answers. Asks nothing of the database: restarting would not mend that."""
    return _ok()


@router.get(
    "/readyz",
    summary="Can it serve?",
    responses=documented(Health, {"status": "ok"}, fields=()) | problem_responses(Unavailable),
)
async def check_readiness(request: Request, database: Db) -> Response:
    """200 when the database answers and its schema is the one this version was made for; else 503 with the reason."""
    try:
        is_current = await database.read(schema_is_current)
    except Overloaded as error:
        log.warning("not ready", reason=str(error))  # with addresses that are nobody else's affair
        raise Unavailable("The database does not answer.", retry_after_seconds=1) from error
    if not is_current:
        raise Unavailable("The database's schema is not the one of this version.", retry_after_seconds=1)
    return _ok()


def _ok() -> Response:
    return Response(b'{"status":"ok"}', 200, _FRESH, "application/json")
