"""The work that is measured: the newsroom's verbs on generated news, one step of the index, a read over ASGI."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from fastapi import FastAPI
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.changes.tables import LogHead
from app.core.clock import utc_now
from app.db import Database
from app.newsroom import publishing, store
from app.newsroom.copy import Copy, prepare
from app.newsroom.inputs import read_article
from app.newsroom.receiving import receive
from app.newsroom.schemas import WithdrawIn
from app.related import storytelling
from app.related.store import SIGNATURES
from tests.bench.news import Json

SITE = "https://www.newsroom.example"
FIRST_NUMBER = 1_000_000_000
"""What the log begins with: the numbers before it are for copies into the past."""
IMPORTED_AT_ONCE = 100


async def begin(database: Database) -> None:
    """Leave the numbers before the first free."""
    await database.write(_begin)


async def publish(database: Database, articles: Iterable[Json]) -> None:
    """Make these public, in order, some at a time."""
    rest = iter(articles)
    while some := list(islice(rest, IMPORTED_AT_ONCE)):
        await database.write(_receive, [prepare(read_article(one), site_url=SITE) for one in some])


async def publish_now(database: Database, article: Json) -> None:
    """Make one public at this moment."""
    await publish(database, [article | {"published_at": None}])


async def withdraw(database: Database, article: Json) -> None:
    """Take one back."""
    await database.write(_withdraw, article["external_id"])


async def tell_storylines(database: Database) -> None:
    """Follow with storylines as far as the index has come."""
    await storytelling.catch_up(database)


async def indexed(database: Database, most: int) -> Sequence[str]:
    """The ids of so many articles, the oldest of those that are public."""
    return await database.scan(_indexed, most)


async def get(app: FastAPI, target: str) -> None:
    """Ask for it in process, with nothing of a client around it; it must be there."""
    path, _, query = target.partition("?")
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query.encode()}
    rest = {"headers": [(b"host", b"localhost")], "http_version": "1.1", "scheme": "http", "root_path": ""}
    peers = {"client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "asgi": {"version": "3.0"}, "extensions": {}}
    answers: list[Any] = []

    async def asked() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def answered(message: Any) -> None:
        answers.append(message)

    await app(scope | rest | peers, asked, answered)
    assert answers[0]["status"] == 200, answers


def _begin(session: Session) -> None:
    session.execute(update(LogHead).values(seq=FIRST_NUMBER))


def _receive(session: Session, copies: list[Copy]) -> None:
    receive(session, copies, publish=True, now=utc_now(), site_url=SITE)


def _withdraw(session: Session, external_id: str) -> None:
    draft = store.lock(session, external_id)
    publishing.withdraw(session, draft, WithdrawIn(reason="error"), now=utc_now(), site_url=SITE)


def _indexed(session: Session, most: int) -> list[str]:
    numbered = select(SIGNATURES.c.article_id).where(SIGNATURES.c.number > FIRST_NUMBER)
    return [str(id) for id in session.execute(numbered.order_by(SIGNATURES.c.number).limit(most)).scalars()]
