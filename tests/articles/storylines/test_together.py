"""Several who write at once to the same few articles and storylines: nothing is lost or contradicts itself."""

import asyncio
from random import Random
from uuid import UUID

import pytest

from app.articles.storylines import verbs
from app.articles.storylines.store import pin, unpin
from app.core.errors import Problem
from app.db import Database
from tests.articles.storylines.events import Events
from tests.press import after

ARTICLES = [f"wire-{n}" for n in range(10)]
WRITERS, STEPS = 6, 25


class Hand:
    """One who does what comes to mind; `random` decides everything."""

    def __init__(self, events: Events, seed: int) -> None:
        self.events, self.random = events, Random(seed)

    async def work(self) -> None:
        """Some steps; what the state of things does not allow is left."""
        for step in range(STEPS):
            try:
                await self.random.choice(
                    [self.publish, self.publish, self.withdraw, self.group, self.group, self.order]
                )(step)
            except (Problem, LookupError):
                continue

    async def publish(self, step: int) -> None:
        """A version with one of few headlines, of a group of translations."""
        name, now = self.random.choice(ARTICLES), after(step)
        original = self.random.choice([None, None, self.random.choice(ARTICLES)])
        headline = f"Story {self.random.randrange(4)}"
        await self.events.press.put(name, headline=headline, translation_of=original, now=now)

    async def withdraw(self, step: int) -> None:
        """Take one back, and bring it back as often as not."""
        name = self.random.choice(ARTICLES)
        await self.events.press.withdraw(name, now=after(step))
        if self.random.random() < 0.5:
            await self.events.press.publish(name, now=after(step))

    async def group(self, step: int) -> None:
        """What the rule might find."""
        ids = await self.events.ids(*self.random.sample(ARTICLES, 3))
        lines = await self.lines()
        database, now = self.events.database, after(step)
        if not lines or self.random.random() < 0.2:
            await database.write(verbs.found, ids, now=now)
        elif self.random.random() < 0.7:
            await database.write(verbs.join, self.random.choice(lines), ids, now=now)
        else:
            await database.write(verbs.leave, ids, now=now)

    async def order(self, step: int) -> None:
        """What editors might do."""
        (id,) = await self.events.ids(self.random.choice(ARTICLES))
        lines, database, now = await self.lines(), self.events.database, after(step)
        if len(lines) < 2:
            return
        one, other = self.random.sample(lines, 2)
        match self.random.randrange(5):
            case 0:
                await database.write(verbs.merge, [one], other, now=now)
            case 1:
                await database.write(verbs.split, one, [id], now=now)
            case 2:
                await database.write(verbs.retitle, one, f"Title {self.random.randrange(3)}", now=now)
            case 3:
                await database.write(unpin, [id])
            case _:
                await database.write(pin, [id], None)

    async def lines(self) -> list[UUID]:
        """The storylines as they may still be."""
        return sorted(line.id for line in (await self.events.lines()).values())


@pytest.mark.parametrize("seed", [1, 2])
async def test_many_hands_leave_nothing_that_contradicts_itself(database: Database, seed: int) -> None:
    events = Events(database)
    await events.publish(*ARTICLES)

    async with asyncio.TaskGroup() as hands:
        for number in range(WRITERS):
            hands.create_task(Hand(events, 100 * seed + number).work())

    await events.audit()
    assert await events.lines()
