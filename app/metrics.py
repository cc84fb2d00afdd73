"""What monitoring asks of this process, in the Prometheus text format: the log, how far its followers are, the process.

What comes from the database is the same whichever process answers.
"""

from collections.abc import Iterable
from typing import Any

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry, Metric, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from app.changes.log import head_seq
from app.changes.positions import positions
from app.core.errors import Unavailable
from app.db import Overloaded
from app.purging import store as purging
from app.purging.services import Service, service_of
from app.related import following, storytelling
from app.web.dependencies import Db
from app.web.edge import Edge
from app.web.problems import problem_responses
from app.web.tally import RESULTS

router = APIRouter(tags=["operations"])

log = structlog.get_logger("dateline.metrics")

FOLLOWERS = (following.FOLLOWER, storytelling.FOLLOWER)
_EXAMPLE = (
    "# HELP dateline_follower_lag_changes Changes that a follower has yet to follow.\n"
    "# TYPE dateline_follower_lag_changes gauge\n"
    'dateline_follower_lag_changes{follower="related"} 0.0\n'
)

_TOLD: dict[str, Any] = {
    "description": "As Prometheus scrapes it.",
    "content": {"text/plain": {"schema": {"type": "string"}, "example": _EXAMPLE}},
}


class Log(Collector):
    """The position of the log, and how far its followers are behind it."""

    def __init__(self, head: int, lags: dict[str, int]) -> None:
        self.head = head
        self.lags = lags

    def collect(self) -> Iterable[Metric]:
        """One gauge for the log, one with a line for every follower."""
        yield GaugeMetricFamily("dateline_log_seq", "The seq of the newest change.", value=self.head)
        lag = GaugeMetricFamily(
            "dateline_follower_lag_changes",
            "Changes that a follower of the log has yet to follow.",
            labels=["follower"],
        )
        for follower, behind in self.lags.items():
            lag.add_metric([follower], behind)
        yield lag


class Kept(Collector):
    """What the memory of answers of this process was good for, and how large it is."""

    def __init__(self, edge: Edge) -> None:
        self.edge = edge

    def collect(self) -> Iterable[Metric]:
        """A counter by what became of requests, and three gauges."""
        asked = CounterMetricFamily(
            "dateline_edge_requests",
            "Requests: hit (from memory), collapsed (with another), stored, missed (not to be kept), bypassed.",
            labels=["result"],
        )
        counted = self.edge.tally.counted()
        for result in RESULTS:
            asked.add_metric([result], counted[result])
        yield asked
        memory = self.edge.memory
        yield GaugeMetricFamily("dateline_edge_bytes", "How large the kept answers are.", value=memory.bytes)
        yield GaugeMetricFamily("dateline_edge_max_bytes", "How large they may become.", value=memory.most_bytes)
        yield GaugeMetricFamily("dateline_edge_answers", "How many answers are kept.", value=len(memory))


@router.get(
    "/metrics",
    summary="Read the metrics",
    response_class=PlainTextResponse,
    responses=problem_responses(Unavailable) | {200: _TOLD},
)
async def get_metrics(request: Request, database: Db) -> Response:
    """Prometheus text: `dateline_log_seq`, `dateline_follower_lag_changes` for every follower, and `process_*`.

    `dateline_edge_requests_total` by `result` says how many requests this process answered from memory (`hit`), and
    `dateline_edge_bytes` how much it keeps. A follower that has caught up lags by 0: what it computes then speaks of
    everything that is public.
    """
    try:
        standing = await database.snapshot(_log, service_of(request.app.state.settings))
    except Overloaded as error:
        log.warning("no metrics", reason=str(error))
        raise Unavailable("The database does not answer.", retry_after_seconds=1) from error
    registry = CollectorRegistry()
    registry.register(standing)
    registry.register(Kept(request.app.edge))
    ProcessCollector(registry=registry)
    return Response(generate_latest(registry), 200, {"Cache-Control": "no-store"}, CONTENT_TYPE_PLAIN_0_0_4)


def _log(session: Session, cdn: Service | None) -> Log:
    head = head_seq(session)
    known = {one.follower: one.lag for one in positions(session)}
    lags = {follower: known.get(follower, head) for follower in FOLLOWERS}
    return Log(head, lags if cdn is None else lags | {"cdn": purging.lag(session, cdn.target)})
