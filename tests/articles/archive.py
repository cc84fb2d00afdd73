"""Articles put straight into a database by the newsroom's own verbs, and what is known of them, for brute force.

For tests that need many; those of the newsroom itself go over HTTP.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.articles.facets import Facets
from app.articles.filters import Filters, Group
from app.articles.store import ARTICLES
from app.articles.storylines.verbs import found
from app.core.clock import format_instant, utc_now
from app.db import Database
from app.newsroom.copy import prepare
from app.newsroom.inputs import read_article
from app.newsroom.publishing import withdraw
from app.newsroom.receiving import receive
from app.newsroom.schemas import WithdrawIn
from app.newsroom.store import lock_received

SITE = "https://www.newsroom.example"


@dataclass(frozen=True, slots=True)
class Known:
    """A public article as far as filters and order go; sections, tags and contributors by their slugs."""

    id: UUID
    published_at: datetime
    external_id: str
    language: str
    section: str | None
    tags: frozenset[str]
    contributors: frozenset[str]
    breaking: bool
    storyline: UUID | None = None

    def matches(self, filters: Filters) -> bool:
        """Whether it is listed under these filters, by the rule that the log's filters go by."""
        return Facets(
            language=self.language,
            section=self.section,
            tags=tuple(self.tags),
            contributors=tuple(self.contributors),
            breaking=self.breaking,
            published_at=format_instant(self.published_at),
            storyline=None if self.storyline is None else str(self.storyline),
        ).match(filters)


@dataclass
class Archive:
    """A database of articles and a memory of which are public."""

    database: Database
    public: dict[UUID, Known] = field(default_factory=dict)
    _count: int = 0

    async def publish(
        self,
        *,
        at: datetime | None = None,
        language: str = "en",
        section: str | None = None,
        tags: Group = (),
        by: Group = (),
        breaking: bool = False,
        **fields: Any,
    ) -> Known:
        """One article, of the present moment or back-dated; names are given as slugs."""
        (known,) = await self.publish_all(
            [
                {"language": language, "section": section, "breaking": breaking}
                | {"tags": [{"name": name} for name in tags], "contributors": [{"name": name} for name in by]}
                | {"published_at": at and format_instant(at)}
                | fields
            ]
        )
        return known

    async def publish_all(self, inputs: Sequence[dict[str, Any]]) -> list[Known]:
        """Many articles in one transaction; each gets a headline and an external id where it has none."""
        filled = []
        for fields in inputs:
            self._count += 1
            filled.append(
                {"external_id": f"a{self._count}", "language": "en", "headline": f"Report {self._count}"} | fields
            )
        copies = [prepare(read_article(one), site_url=SITE) for one in filled]

        def save(session: Session) -> list[tuple[UUID, datetime]]:
            taken = receive(session, copies, publish=True, now=utc_now(), site_url=SITE)
            ids = [one.draft.id for one in taken]
            rows = session.execute(select(ARTICLES.c.id, ARTICLES.c.published_at).where(ARTICLES.c.id.in_(ids)))
            stamps = {row.id: row.published_at for row in rows}
            return [(id, stamps[id]) for id in ids]

        made = [
            Known(
                id,
                at,
                one["external_id"],
                one.get("language", "en"),
                one.get("section"),
                frozenset(tag["name"] for tag in one.get("tags", ())),
                frozenset(credit["name"] for credit in one.get("contributors", ())),
                one.get("breaking", False),
            )
            for (id, at), one in zip(await self.database.write(save), filled, strict=True)
        ]
        self.public |= {known.id: known for known in made}
        return made

    async def withdraw(self, known: Known) -> None:
        """Take an article back."""

        def take_back(session: Session) -> None:
            draft = lock_received(session, {known.external_id})[known.external_id]
            withdraw(session, draft, WithdrawIn(reason="error"), now=utc_now(), site_url=SITE)

        await self.database.write(take_back)
        del self.public[known.id]

    async def group(self, ids: Sequence[UUID]) -> UUID:
        """A storyline of these articles."""
        storyline = await self.database.write(found, ids, now=utc_now())
        assert storyline is not None
        self.public |= {id: replace(self.public[id], storyline=storyline) for id in ids}
        return storyline

    def newest_first(self, filters: Filters) -> list[UUID]:
        """What a list under these filters shows, by brute force."""
        matching = [known for known in self.public.values() if known.matches(filters)]
        return [known.id for known in sorted(matching, key=lambda one: (one.published_at, one.id), reverse=True)]

    def collapsed(self, filters: Filters) -> dict[UUID, int]:
        """The same with one article of each storyline, its newest; and for how many others each of them stands."""
        shown: dict[UUID, int] = {}
        standing: dict[UUID, UUID] = {}
        for id in self.newest_first(filters):
            storyline = self.public[id].storyline
            if storyline in standing:
                shown[standing[storyline]] += 1
                continue
            shown[id] = 0
            if storyline is not None:
                standing[storyline] = id
        return shown
