"""The front of an instant: against a remembered history of random commands, and what its pages promise."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest

from app.articles.filters import EVERYTHING, Filters
from app.articles.history import front as fronts
from app.articles.history.front import Front, Question, front
from app.articles.listing import article_id
from app.core.clock import format_instant, utc_now
from app.core.errors import BadParameter
from app.db import Database
from app.web.paging import Cursor
from tests.newsroom_client import Newsroom
from tests.press import Press, after

LIMIT = 4
FILTERS = [
    EVERYTHING,
    Filters(sections=("world",)),
    Filters(tags=(("oil", "gas"),), languages=("en",)),
    Filters(is_breaking=True),
    Filters(since=after(3), until=after(60)),
    Filters(sections=("nowhere",)),
]


@dataclass(frozen=True, slots=True)
class Said:
    """One version as the test remembers it."""

    id: UUID
    version: int
    published_at: datetime
    at: datetime
    until: datetime | None
    is_withdrawn: bool
    fields: dict[str, Any]

    def was_in_force(self, instant: datetime, *, first_at: datetime) -> bool:
        if instant < first_at:
            return self.version == 1 and self.published_at <= instant
        return self.at <= instant and (self.until is None or instant < self.until)

    def matches(self, filters: Filters) -> bool:
        tags = {tag["name"].lower() for tag in self.fields["tags"]}
        return (
            (not filters.sections or self.fields["section"].lower() in filters.sections)
            and (not filters.languages or self.fields["language"] in filters.languages)
            and all(tags & set(group) for group in filters.tags)
            and filters.is_breaking in (None, self.fields["breaking"])
        )


@dataclass
class Memory:
    """A newsroom at random times, and all that it ever said."""

    press: Press
    random: Random
    said: list[Said] = field(default_factory=list)
    withdrawn: set[str] = field(default_factory=set)

    async def command(self, now: datetime) -> None:
        """Something that a newsroom does."""
        name = f"a{self.random.randrange(12)}"
        document = await self.press.document(name)
        if document is not None and self.random.random() < 0.25:
            await self.press.withdraw(name, now=now)
            self.withdrawn.add(name)
            self._take_back(document.id, now)
        elif name in self.withdrawn:
            await self.press.publish(name, now=now)
            self.withdrawn.discard(name)
            await self._remember(name, now, self._newest((await self.press.public(name)).id).fields)
        else:
            await self._publish(name, now)

    async def _publish(self, name: str, now: datetime) -> None:
        fields: dict[str, Any] = {
            "headline": f"{name} at {now}",
            "language": self.random.choice(["en", "fr"]),
            "section": self.random.choice(["World", "Sport"]),
            "tags": [{"name": tag} for tag in ("Oil", "Gas", "Rain") if self.random.random() < 0.4],
            "breaking": self.random.random() < 0.3,
        }
        dated: dict[str, Any] = {"published_at": "2020-01-01T00:00:00Z"} if self.random.random() < 0.2 else {}
        await self.press.put(name, now=now, **fields, **dated)
        await self._remember(name, now, fields)

    async def _remember(self, name: str, now: datetime, fields: dict[str, Any]) -> None:
        document = await self.press.public(name)
        self.said = [self._ended(one, now) if one.id == document.id else one for one in self.said]
        self.said.append(Said(document.id, document.version, document.published_at, now, None, False, fields))

    def _take_back(self, id: UUID, now: datetime) -> None:
        ended = [self._ended(one, now) if one.id == id else one for one in self.said]
        self.said = [replace(one, is_withdrawn=True) if one.id == id else one for one in ended]

    def _ended(self, one: Said, now: datetime) -> Said:
        return replace(one, until=one.until or now)

    def _newest(self, id: UUID) -> Said:
        return [one for one in self.said if one.id == id][-1]

    def front(self, filters: Filters, as_of: datetime) -> tuple[list[tuple[UUID, str]], int]:
        """What was public, newest first, and how much was withdrawn since."""
        first_at = self.said[0].at
        there = [one for one in self.said if one.was_in_force(as_of, first_at=first_at)]
        since, until = filters.since, filters.until
        there = [one for one in there if since is None or until is None or since <= one.published_at < until]
        there.sort(key=lambda one: (one.published_at, one.id), reverse=True)
        shown = [one for one in there if not one.is_withdrawn and one.matches(filters)]
        return [(one.id, one.fields["headline"]) for one in shown], sum(one.is_withdrawn for one in there)


@pytest.fixture
async def memory(database: Database) -> Memory:
    memory = Memory(Press(database), Random(1))
    for minute in range(60):
        await memory.command(after(minute))
    return memory


async def every_page(database: Database, question: Question, *, way: str) -> list[Front]:
    """All pages from the newest on, or from the oldest."""
    cursor = None if way == "older" else Cursor.beginning()
    pages: list[Front] = []
    while True:
        found = await front(database, question, cursor=cursor, limit=LIMIT)
        if way == "newer" and not found.page.cards and found.page.newer == cursor:
            return pages
        pages.append(found)
        if way == "older" and found.page.older is None:
            return pages
        cursor = found.page.older if way == "older" else found.page.newer


def shown(pages: list[Front], *, way: str) -> list[tuple[UUID, str]]:
    cards = [card for found in (pages if way == "older" else pages[::-1]) for card in found.page.cards]
    return [(article_id(card), card.split('"headline":"')[1].split('"')[0]) for card in cards]


@pytest.mark.parametrize("most", [2000, 7])
async def test_front_is_what_was_public_then(memory: Memory, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fronts, "MOST_LOOKED_AT", most)
    for filters in FILTERS:
        for minute in (-400, -1, 0, 0.5, 7, 20, 33.3, 59, 100):
            expected, withdrawn = memory.front(filters, after(minute))
            question = Question(filters, after(minute), now=after(200))
            for way in ("older", "newer"):
                pages = await every_page(memory.press.database, question, way=way)
                assert shown(pages, way=way) == expected, (filters, minute, way)
                # The last page on the newer side waits, and tells of what lies behind it each time.
                assert way == "newer" or sum(found.withdrawn for found in pages) == withdrawn
                assert all(len(found.page.cards) == LIMIT for found in pages[:-1]) or most < 2000


async def test_short_pages_lead_back_as_well(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fronts, "MOST_LOOKED_AT", 5)
    question = Question(Filters(sections=("world",)), after(59), now=after(200))
    pages = await every_page(memory.press.database, question, way="older")
    everything = shown(pages, way="older")
    assert any(len(found.page.cards) < LIMIT for found in pages[:-1])

    for number, found in enumerate(pages):
        seen = sum(len(earlier.page.cards) for earlier in pages[:number])
        newer: list[str] = []
        cursor = found.page.newer
        while (page := (await front(memory.press.database, question, cursor=cursor, limit=LIMIT)).page).newer != cursor:
            newer, cursor = page.cards + newer, page.newer
        assert [article_id(card) for card in newer] == [id for id, _ in everything[:seen]]


async def test_instant_to_come_is_refused(memory: Memory) -> None:
    database = memory.press.database
    for as_of, now in ((after(59), after(0)), (after(70), after(70))):
        await front(database, Question(EVERYTHING, as_of, now), cursor=None, limit=1)
    with pytest.raises(BadParameter):
        await front(database, Question(EVERYTHING, after(70), after(69)), cursor=None, limit=1)


async def test_transaction_of_several_instants_shows_no_article_twice(database: Database) -> None:
    press = Press(database)
    await press.put("one", headline="One", now=after(1))
    names = [{"external_id": name, "headline": f"{name}, again"} for name in ("one", "two", "three")]
    await press.receive(*names, now=after(2))

    for as_of in [line.at for line in await press.lines()][1:]:
        found = await front(database, Question(EVERYTHING, as_of, after(3)), cursor=None, limit=LIMIT)
        ids = [article_id(card) for card in found.page.cards]
        assert len(ids) == len(set(ids)) >= 2
        assert '"One"' not in "".join(found.page.cards)


async def test_timeline_as_of_an_instant(newsroom: Newsroom) -> None:
    press = Press(newsroom.app.state.database)
    await press.put("one", headline="One", section="World", slug="one", now=after(1))
    await press.put("two", headline="Two, secret", now=after(2))
    await press.put("three", headline="Three", section="World", now=after(3))
    await press.put("one", headline="One, again", section="Sport", slug="again", now=after(4))
    await press.withdraw("two", now=after(5))

    path = f"/v1/timeline?as_of={format_instant(after(3))}&tz=Asia/Tokyo"
    response = await newsroom.get(f"{path}&limit=1")
    page = response.json()
    older = (await newsroom.get(page["links"]["older"])).json()
    world = (await newsroom.get(f"{path}&section=world")).json()

    assert [card["headline"] for card in page["data"] + older["data"]] == ["Three", "One"]
    assert [card["headline"] for card in world["data"]] == ["Three", "One"]
    assert older["data"][0]["slug"] == "one"
    assert older["data"][0]["local"] == {"date": "2026-11-20", "time": "21:01", "offset": "+09:00"}
    assert older["data"][0]["links"]["self"].startswith("https://api.newsroom.example/v1/articles/")
    assert [page["meta"]["withdrawn"], older["meta"]["withdrawn"]] == [0, 1]
    assert older["meta"]["as_of"] == format_instant(after(3))
    assert older["links"]["older"] is None
    assert (await newsroom.get(older["links"]["newer"])).json()["data"] == page["data"]
    assert "ecret" not in response.text + str(older)
    assert response.headers["dateline-seq"] == "6"  # moving is a change of its own
    again = await newsroom.get(f"{path}&limit=1", headers={"If-None-Match": response.headers["etag"]})
    assert again.status_code == 304


async def test_present_instant_is_the_present_timeline(newsroom: Newsroom) -> None:
    for name in ("one", "two"):
        await newsroom.publish(name, headline=name)
    await newsroom.publish("one", headline="One, again", breaking=True)

    then = await newsroom.data(f"/v1/timeline?as_of={format_instant(utc_now())}")
    assert then == await newsroom.data("/v1/timeline")
    empty = await newsroom.get("/v1/timeline?as_of=1999-01-01T00:00:00Z")
    assert (empty.json()["data"], empty.json()["links"]["older"]) == ([], None)
    assert (await newsroom.get("/v1/timeline/new?as_of=1999-01-01T00:00:00Z&after=x")).status_code == 400
