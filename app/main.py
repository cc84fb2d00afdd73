"""The application: its routes in the order of how busy they are, the layers around them, and what opens and closes."""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

import app.articles.history.routes
import app.articles.routes
import app.articles.storylines.routes
import app.newsroom.grouping_routes
import app.newsroom.preview_routes
import app.newsroom.routes
import app.related.routes
import app.resolver.routes
import app.search.routes
import app.syndication.article_routes
import app.syndication.embedding
import app.syndication.feed_routes
import app.syndication.oembed_routes
import app.syndication.sitemap_routes
import app.syndication.terms_routes
import app.taxonomy.routes
import app.timeline.routes
import app.wire.routes
from app import exactness, logs, metrics, page, pinning, plain, search_feed, worker
from app.changes.following import Follower
from app.changes.news import News
from app.core.errors import BadParameter, InternalError, Unavailable, UnknownParameter, UriTooLong
from app.core.heap import keep_giving_back
from app.db import open_database
from app.newsroom import examples
from app.settings import Settings
from app.syndication.negotiation import representation
from app.web import docs, health, middleware, moved, openapi, problem_pages, problems
from app.web.asked import Asking
from app.web.edge import Edge
from app.web.kept import Memory
from app.web.openapi import About
from app.web.query import parameters_outside
from app.web.stopping import when_told_to_stop
from app.web.targets import API_PREFIX
from app.wire.slots import Slots
from app.wire.ticker import Ticker

OBJECTS_BETWEEN_COLLECTIONS = 50_000

ABOUT = About(
    title="Dateline",
    version=version("dateline"),
    summary="A headless news delivery service.",
    description=(
        "Publish an article once; read it everywhere. Public reads need no key. Lists are newest first, with cursors "
        "that stay true while news arrives and have no depth limit. Every answer says how new it is (`Dateline-Seq`), "
        "carries an `ETag`, and every failure is a problem (RFC 9457) whose `type` leads to a page that explains it."
    ),
    tags=(
        ("timeline", "The latest news, for screens: local times, days, both directions."),
        ("articles", "What is public: one article with what stands around it, and lists."),
        ("related", "What to read next, and why."),
        ("search", "Full text in every language of the archive, and any name of an article; exact at once."),
        ("storylines", "Developing stories, each with its articles."),
        ("history", "What was said when: versions, and what changed between two."),
        ("syndication", "The same for systems of others: feeds, sitemaps, linked data, and what may be done with it."),
        ("taxonomy", "The sections, tags and contributors that public articles carry."),
        ("log", "Every change of what is public, in order: poll it, stream it, and the whole to start from."),
        ("newsroom", "Drafts: write, publish, withdraw. Needs a key with the scope `newsroom`."),
        ("operations", "For the people who run the service."),
    ),
    common_problems=(BadParameter, UnknownParameter, UriTooLong, InternalError, Unavailable),
    inputs={"ArticleIn": examples.ARTICLE},
    partial=frozenset({"ArticleAnswer", "Included"}),
)


class Service(FastAPI):
    """The application within its edge, which answers what it can before the framework sees it."""

    def __init__(self, *, edge_bytes: int, **options: Any) -> None:
        super().__init__(**options)
        self.edge = Edge(
            super().__call__,
            Memory(edge_bytes),
            Asking(
                format_of=representation,
                own_parameters=self._own_parameters,
                lasting=("/v1/stream", "/v1/export", "wait"),
            ),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection, as ASGI has it."""
        await self.edge(scope, receive, send)

    def _own_parameters(self) -> frozenset[str]:
        return parameters_outside(self, API_PREFIX)


def create_app(settings: Settings | None = None) -> Service:
    """The service over these settings, by default those of the environment. Its lifespan opens the database."""
    settings = settings or Settings.load()
    logs.configure(settings)
    exactness.register()
    made = Service(
        edge_bytes=settings.edge_mebibytes * 1024 * 1024,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        # Nobody would see whole traces: most reads are answered before the framework. /metrics counts them all.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    made.state.settings = settings
    for router in (
        # Before the article's own, which would take a suffix for a part of the slug.
        app.syndication.article_routes.router,
        page.router,
        app.timeline.routes.router,
        app.articles.routes.router,
        app.related.routes.router,
        app.search.routes.router,
        app.resolver.routes.router,
        app.articles.history.routes.router,
        app.articles.storylines.routes.router,
        app.taxonomy.routes.router,
        app.wire.routes.router,
        app.newsroom.routes.router,
        app.newsroom.preview_routes.router,
        app.newsroom.grouping_routes.router,
        app.syndication.feed_routes.router,
        search_feed.router,
        app.syndication.sitemap_routes.router,
        app.syndication.terms_routes.router,
        app.syndication.oembed_routes.router,
        app.syndication.embedding.router,
        pinning.router,
        health.router,
        metrics.router,
        problem_pages.router,
        docs.documentation(api_url=settings.api_url, data=_index(), links=_links(settings.api_url)),
    ):
        made.include_router(router)
    problems.install(made, api_url=settings.api_url)
    moved.install(made, api_url=settings.api_url)
    openapi.install(made, api_url=settings.api_url, about=ABOUT)
    middleware.install(
        made,
        api_url=settings.api_url,
        cdn_service=settings.cdn_service,
        format_of=representation,
        find=plain.find,
    )
    return made


def application() -> Service:
    """The same for a server process that does nothing else."""
    made = create_app()
    # What starting loads stays: looking through it for garbage again and again would hold up requests.
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    return made


@asynccontextmanager
async def _lifespan(app: Service) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    # A thread that computes may hold the interpreter no longer than a short read takes.
    sys.setswitchinterval(0.0005)
    # Opened here and never before a fork: neither database's connections survive one.
    app.state.database = database = open_database(settings.database_url)
    app.state.follower = follower = Follower(database)
    app.state.ticker = Ticker(database, follower)
    app.state.slots = Slots(per_client=settings.streams_per_client, overall=settings.streams_overall)
    app.edge.open(News(database, follower))
    tasks = [asyncio.create_task(follower.run()), asyncio.create_task(keep_giving_back())]
    if settings.worker_inside:
        tasks.append(asyncio.create_task(worker.run(database, settings)))
    try:
        with when_told_to_stop(follower.close):
            yield
    finally:
        follower.close()
        await app.edge.close()
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await database.close()


def _index() -> dict[str, str]:
    return {"name": ABOUT.title, "version": ABOUT.version, "summary": ABOUT.summary}


def _links(api_url: str) -> dict[str, str]:
    paths = {
        "timeline": "/v1/timeline",
        "articles": "/v1/articles",
        "search": "/v1/search",
        "resolve": "/v1/resolve",
        "storylines": "/v1/storylines",
        "sections": "/v1/sections",
        "tags": "/v1/tags",
        "contributors": "/v1/contributors",
        "feeds": "/feeds/atom",
        "sitemap": "/sitemap.xml",
        "license": "/license.xml",
        "changes": "/v1/changes",
        "stream": "/v1/stream",
        "export": "/v1/export",
        "docs": "/docs",
        "openapi": "/openapi.json",
        "problems": "/problems",
        "health": "/healthz",
        "readiness": "/readyz",
        "metrics": "/metrics",
    }
    return {"self": f"{api_url}/"} | {name: api_url + path for name, path in paths.items()}
