"""Starting the server: the sample newsroom, the addresses worth opening, and uvicorn as we run it."""

import asyncio

import uvicorn

from app.articles.listing import article_id, page
from app.core.clock import utc_now
from app.db import Database, open_database
from app.newsroom.sample import load
from app.settings import Settings

KEEP_ALIVE_SECONDS = 75
"""Longer than load balancers keep an idle connection, or they would send requests into one that we just closed."""


def address(host: str, port: int) -> str:
    """Where clients on this machine reach a server that listens there."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"


def introduce(settings: Settings, *, with_sample: bool) -> None:
    """Print the addresses worth opening; fill an empty database with the sample newsroom first, if asked to."""
    ref = asyncio.run(_newest(settings, with_sample=with_sample))
    api = settings.api_url
    print(f"the page   {api}/v1/articles/{ref or '{slug}'}?include=related,timeline")
    print(f"latest     {api}/v1/timeline")
    print(f"the docs   {api}/docs", flush=True)


def serve(settings: Settings, *, host: str, port: int, workers: int) -> None:
    """Serve until told to stop. Each process reads its settings from the environment and opens its own database."""
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )


async def _newest(settings: Settings, *, with_sample: bool) -> str | None:
    database = open_database(settings.database_url)
    try:
        if with_sample:
            await database.write(load, now=utc_now(), site_url=settings.site_url)
        return await _newest_id(database)
    finally:
        await database.close()


async def _newest_id(database: Database) -> str | None:
    cards = (await database.read(page, limit=1)).cards
    return str(article_id(cards[0])) if cards else None
