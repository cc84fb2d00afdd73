"""Articles to be grouped, and what the tables then say, for tests of storylines."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.articles.store import ARTICLES
from app.articles.storylines import store, verbs
from app.articles.tables import Storyline, StorylineName
from app.db import Database
from tests import audit
from tests.press import Press, after


@dataclass
class Events:
    """A press and its storylines, with articles by their external ids; every step is audited."""

    database: Database
    press: Press = field(init=False)
    minutes: int = 0

    def __post_init__(self) -> None:
        self.press = Press(self.database)

    def now(self) -> datetime:
        """A minute later each time."""
        self.minutes += 1
        return after(self.minutes)

    async def publish(self, *names: str, **fields: Any) -> list[UUID]:
        """Articles called by their external ids, one after the other."""
        drafts = [(await self.press.put(name, now=self.now(), **({"headline": name} | fields))).draft for name in names]
        await self.audit()
        return [draft.id for draft in drafts]

    async def withdraw(self, name: str) -> None:
        """Take it back."""
        await self.press.withdraw(name, now=self.now())
        await self.audit()

    async def republish(self, name: str) -> None:
        """Bring it back."""
        await self.press.publish(name, now=self.now())
        await self.audit()

    async def do(self, verb: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """What comes of a verb that needs a time."""
        made = await self.database.write(verb, *arguments, now=self.now(), **options)
        await self.audit()
        return made

    async def found(self, *names: str) -> UUID:
        """A storyline of these articles."""
        id = await self.do(verbs.found, await self.ids(*names))
        assert isinstance(id, UUID)
        return id

    async def pin(self, name: str, storyline_id: UUID | None) -> None:
        """Where editors put it."""
        await self.database.write(store.pin, await self.ids(name), storyline_id)

    async def ids(self, *names: str) -> list[UUID]:
        """The ids of articles, public or not."""
        return [(await self.press.draft(name)).id for name in names]

    async def lines(self) -> dict[str, Storyline]:
        """Every storyline by its slug."""
        rows = await self.database.scan(lambda session: list(session.scalars(select(Storyline))))
        return {row.slug: row for row in rows}

    async def titles(self) -> dict[str, tuple[str, list[str]]]:
        """What is public: by slug the title, and the headlines of the articles in order."""
        shown = await self.shown()
        found: dict[str, tuple[str, list[str]]] = {}
        for headline, ref in shown:
            if ref is not None:
                found.setdefault(ref["slug"], (ref["title"], []))[1].append(headline)
        return found

    async def shown(self) -> list[tuple[str, Any]]:
        """The storyline that each public article shows, in order of publication."""
        order = ARTICLES.c.published_at, ARTICLES.c.id
        cards = await self.database.scan(lambda s: list(s.scalars(select(ARTICLES.c.card).order_by(*order))))
        return [(card["headline"], card["storyline"]) for card in map(json.loads, cards)]

    async def names(self) -> dict[str, UUID]:
        """What is called how, ids apart."""
        rows = await self.database.scan(lambda session: list(session.scalars(select(StorylineName))))
        return {row.name: row.storyline_id for row in rows if len(row.name) != 36}

    async def news(self, seq: int) -> list[str]:
        """What the log tells after a position: kinds, with the number of the article."""
        return [
            f"{line.kind.partition('.')[0]} {line.kind.partition('.')[2]}"
            for line in await self.press.lines()
            if line.seq > seq
        ]

    async def head(self) -> int:
        """The newest position."""
        return max((line.seq for line in await self.press.lines()), default=0)

    async def audit(self) -> None:
        """Nothing contradicts itself."""
        assert await self.database.scan(audit.faults) == []
