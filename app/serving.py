"""Starting and stopping: the sample newsroom, the addresses worth opening, and uvicorn as we run it."""

import asyncio
import signal
import socket
import sys
from contextlib import suppress

import structlog
import uvicorn
from uvicorn.supervisors import Multiprocess

from app import logs, worker
from app.articles.listing import article_id, page
from app.core.clock import utc_now
from app.db import Database, open_database
from app.newsroom.sample import load
from app.settings import Settings
from app.web.stopping import STOP_SIGNALS

KEEP_ALIVE_SECONDS = 75
"""Longer than load balancers keep an idle connection, or they would send requests into one that we just closed."""

BACKLOG = 2048

log = structlog.get_logger("dateline.serving")


class CannotListen(Exception):  # noqa: N818
    """Nobody can connect there; the text is one line for whoever starts the service."""


def address(host: str, port: int) -> str:
    """Where clients on this machine reach a server that listens there."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"


def serve(settings: Settings, *, host: str, port: int, workers: int, with_sample: bool) -> None:
    """Listen, print the addresses worth opening, and answer until told to stop.

    With the sample, an empty database is filled first. Each process reads its settings from the environment and opens
    its own database. Raises CannotListen.
    """
    with listening(host, port) as listener:
        for told in STOP_SIGNALS:
            # uvicorn raises the signal again once all is closed; stopping when told to is no failure.
            signal.signal(told, lambda _number, _frame: sys.exit(0))
        logs.configure(settings)
        introduce(settings, with_sample=with_sample)
        _answer(settings, listener, workers=workers)


def listening(host: str, port: int) -> socket.socket:
    """A socket that clients can connect to; they wait until somebody accepts. Raises CannotListen in one line."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        reason = str(error.strerror or error).partition(" (while")[0]  # what follows repeats the address
        raise CannotListen(f"cannot listen on port {port} of {host}: {reason}") from error
    listener.set_inheritable(True)
    return listener


def introduce(settings: Settings, *, with_sample: bool) -> None:
    """Print the addresses worth opening; fill an empty database with the sample newsroom first, if asked to."""
    ref = asyncio.run(_newest(settings, with_sample=with_sample))
    api = settings.api_url
    page = f"the page   {api}/v1/articles/{ref}?include=related,timeline"
    print(page if ref else f"articles   {api}/v1/articles")
    print(f"latest     {api}/v1/timeline")
    print(f"the docs   {api}/docs", flush=True)


async def work(settings: Settings) -> None:
    """Run the background loops until told to stop."""
    database = open_database(settings.database_url)
    loops = asyncio.create_task(worker.run(database, settings))
    for told in STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(told, loops.cancel)
    log.info("background loops started")
    try:
        with suppress(asyncio.CancelledError):
            await loops
    finally:
        await database.close()


def _answer(settings: Settings, listener: socket.socket, *, workers: int) -> None:
    config = uvicorn.Config(
        "app.main:application",
        factory=True,
        workers=workers,
        backlog=BACKLOG,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )
    if workers > 1:
        Multiprocess(config, sockets=[listener]).run()
    else:
        uvicorn.Server(config).run(sockets=[listener])


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
