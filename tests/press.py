"""The newsroom's verbs at the level of the store, at times of a test's choosing, and what they left in the tables.

The same over HTTP is `newsroom_client`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.articles.rendering import parse
from app.articles.schemas import ArticleOut
from app.articles.store import ALIASES, ARTICLES, TOMBSTONES, VERSIONS
from app.articles.tables import ArticleContributor, ArticleTag
from app.changes.tables import Change
from app.db import Base, Database
from app.newsroom import desk as desks
from app.newsroom import publishing, store
from app.newsroom.copy import prepare
from app.newsroom.desk import Desk
from app.newsroom.inputs import read_article
from app.newsroom.lifecycle import Publish
from app.newsroom.receiving import Received, receive
from app.newsroom.schemas import WithdrawIn
from app.newsroom.tables import Draft
from app.taxonomy.tables import Contributor, Section, Tag
from tests.newsroom_client import article

SITE = "https://www.newsroom.example"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TABLES: tuple[type[Base], ...] = (Draft, Change, ArticleTag, ArticleContributor, Section, Tag, Contributor)


def after(minutes: float) -> datetime:
    """A time so long after noon."""
    return NOON + timedelta(minutes=minutes)


@dataclass(frozen=True, slots=True)
class Press:
    """A newsroom without HTTP; `now` is always said."""

    database: Database
    site_url: str = SITE

    async def receive(self, *articles: dict[str, Any], publish: bool = True, now: datetime = NOON) -> list[Received]:
        """What came of these inputs, taken in together."""
        copies = [prepare(read_article(article(**fields)), site_url=self.site_url) for fields in articles]
        return await self.database.write(receive, copies, publish=publish, now=now, site_url=self.site_url)

    async def put(self, external_id: str, /, *, publish: bool = True, now: datetime = NOON, **fields: Any) -> Received:
        """What came of this one input."""
        (taken,) = await self.receive({"external_id": external_id} | fields, publish=publish, now=now)
        return taken

    async def publish(self, ref: str, *, at: datetime | None = None, minor: bool = False, now: datetime = NOON) -> None:
        """Publish the draft now or at a time."""
        await self._on_draft(ref, publishing.publish, Publish(at=at, is_minor=minor), now=now, site_url=self.site_url)

    async def edit(self, ref: str, *, now: datetime = NOON, **changes: Any) -> None:
        """PATCH the draft."""
        desk = Desk(site_url=self.site_url, api_url="https://api.newsroom.example", clock=lambda: now)
        base = await self.database.read(desks.base, ref)
        copy = prepare(desks.patched(base, changes), site_url=self.site_url)
        await self.database.write(desks.patch, desk, ref, copy, revision=base.revision, if_match="*")

    async def unschedule(self, ref: str, *, now: datetime = NOON) -> None:
        """Do not publish it at the time that was set."""
        await self._on_draft(ref, publishing.unschedule, now=now)

    async def withdraw(self, ref: str, *, now: datetime = NOON, **why: Any) -> None:
        """Take it back."""
        reason = WithdrawIn(**({"reason": "error"} | why))
        await self._on_draft(ref, publishing.withdraw, reason, now=now, site_url=self.site_url)

    async def release_due(self, now: datetime, *, limit: int = 50) -> int:
        """Publish what is due."""
        return await self.database.write(publishing.release_due, now=now, site_url=self.site_url, limit=limit)

    async def withdraw_expired(self, now: datetime, *, limit: int = 50) -> int:
        """Take back what its rights allow no longer."""
        return await self.database.write(publishing.withdraw_expired, now=now, site_url=self.site_url, limit=limit)

    async def _on_draft(self, ref: str, verb: Callable[..., Any], *arguments: Any, **options: Any) -> None:
        def act(session: Session) -> None:
            verb(session, store.lock(session, ref), *arguments, **options)

        await self.database.write(act)

    async def draft(self, ref: str) -> Draft:
        """The draft as it is."""
        return await self.database.scan(lambda session: store.get(session, ref))

    async def document(self, ref: str) -> ArticleOut | None:
        """The public document of this external id, id or slug; None when there is none."""
        names = [ARTICLES.c.external_id == ref, ARTICLES.c.slug == ref]

        def look(session: Session) -> str | None:
            rows = session.execute(select(ARTICLES.c.document).where(names[0] | names[1]))
            return rows.scalar_one_or_none()

        text = await self.database.scan(look)
        return None if text is None else parse(text)

    async def public(self, ref: str) -> ArticleOut:
        """The public document, which must be there."""
        document = await self.document(ref)
        assert document is not None, f"{ref} is not public"
        return document

    async def log(self, *, about: UUID | None = None) -> list[str]:
        """The log in words: kinds in order, with the version and the previous slug where there are any."""
        return [_told(line) for line in await self.lines() if about in (None, line.article_id)]

    async def lines(self) -> list[Change]:
        """The log, line by line."""
        return await self.database.scan(lambda session: list(session.scalars(select(Change).order_by(Change.seq))))

    async def rows(self) -> dict[str, int]:
        """How many rows each table has that publishing may write to."""
        tables = [ARTICLES, ALIASES, TOMBSTONES, VERSIONS, *(table.__table__ for table in TABLES)]

        def count(session: Session) -> dict[str, int]:
            return {
                str(table): session.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
            }

        return await self.database.scan(count)


def _told(line: Change) -> str:
    parts = [line.kind.removeprefix("article.")]
    parts += [str(line.version)] if line.version is not None else []
    parts += [f"from {line.previous_slug}"] if line.previous_slug else []
    return " ".join(parts + ([line.reason] if line.reason else []))
