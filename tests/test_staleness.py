"""Hunting old answers: writers publish, correct and withdraw, and readers of every process ask for what they were told.

Whoever asks with `min_seq` sees each article as it was at that change, or as it became since; never as it was before.
Whoever asks without, sees it as it was a quarter of a second ago, or later.
"""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random, SystemRandom
from time import monotonic
from typing import Final

import httpx
import pytest

from tests.newsroom_client import article
from tests.processes import LIMIT_SECONDS, serving
from tests.test_crash import API, new_key
from tests.writers import DRAFTS

WRITERS, READERS, MOST_ALIVE = 3, 6, 6
PLACES: Final = (
    "/v1/articles?limit=100",
    "/v1/timeline?limit=100",
    "/v1/search?q=dispatch&limit=100",
    "/v1/changes?after={before}&limit=500",
    "/feeds/rss?limit=100",
    "/feeds/atom?limit=100&content=headline",
    "/feeds/json?limit=100",
    "/feeds/ninjs?limit=100",
    "/sitemaps/news.xml",
    "/v1/resolve?q={id}",
    "/v1/articles/{id}",
    "/v1/articles/{id}?include=timeline",
    "/v1/articles/{id}/related?limit=50",
)
# These show some articles of many: no more can be said of those that they leave out.
CHOOSING: Final = ("/v1/changes", "/v1/articles/{id}/related")
BEHIND_AT_MOST_SECONDS: Final = 0.25
# Of every edition of an article another slug, which all that show it show.
SLUG = re.compile(r"(w\d+a\d+)-no(\d+)")
FORMER = re.compile(r'"previous_slug":"[^"]*"')


@dataclass(slots=True)
class Told:
    """What one article became, in order: at which change, and in which edition; None is withdrawn, or not yet there.

    The last may be under way: its seq is not known.
    """

    id: str = ""
    became: list[tuple[int | None, int | None]] = field(default_factory=lambda: [(0, None)])

    def since(self, seq: int) -> set[int | None]:
        """All that a reader may see who asks for no less than this."""
        earlier = [n for n, (at, _) in enumerate(self.became) if at is not None and at <= seq]
        return {edition for _, edition in self.became[earlier[-1] :]}


@dataclass(slots=True)
class Newsdesk:
    """All that writers did, and the newest change that was acknowledged, with all before it and when that was."""

    random: Random
    articles: dict[str, Told] = field(default_factory=dict)
    seq: int = 0
    acknowledged: list[tuple[float, int]] = field(default_factory=lambda: [(0.0, 0)])
    is_over: bool = False
    asked: Counter[str] = field(default_factory=Counter)
    remembered: Counter[str] = field(default_factory=Counter)
    has_seen_enough: asyncio.Event = field(default_factory=asyncio.Event)

    def look_back(self) -> None:
        """Say when there was enough to be wrong about: changes, every place, answers from memory at several of them."""
        is_remembered = self.remembered.total() > 20 and len(+self.remembered) >= 4
        if self.seq > 20 and self.asked.keys() == set(PLACES) and is_remembered:
            self.has_seen_enough.set()

    async def write(self, client: httpx.AsyncClient, writer: str) -> None:
        """Publish, correct and withdraw until it is over."""
        alive: list[str] = []
        made = 0
        while not self.is_over:
            if not alive or (len(alive) < MOST_ALIVE and self.random.random() < 0.4):
                made += 1
                name = f"{writer}a{made}"
                alive.append(name)
                self.articles[name] = Told()
            name = self.random.choice(alive)
            is_withdrawn = self.articles[name].id != "" and self.random.random() < 0.25
            await (self.withdraw if is_withdrawn else self.publish)(client, name)
            if is_withdrawn:
                alive.remove(name)

    async def publish(self, client: httpx.AsyncClient, name: str) -> None:
        """The next edition: by PUT or as a correction."""
        told = self.articles[name]
        edition = len(told.became)
        said = {"slug": f"{name}-no{edition}", "headline": f"Dispatch {name} edition {edition}"}
        told.became.append((None, edition))
        if edition > 1 and self.random.random() < 0.4:
            path, body = f"{DRAFTS}/{name}/correct", {"severity": "minor", "text": "A word.", "changes": said}
            answer = await client.post(path, json=body, headers={"If-Match": "*"})
        else:
            answer = await client.put(f"{DRAFTS}/{name}?publish=true", json=article(**said))
        assert answer.status_code in (200, 201), answer.text
        told.id = answer.json()["data"]["id"]
        self.acknowledge(told, answer, edition)

    async def withdraw(self, client: httpx.AsyncClient, name: str) -> None:
        """The end of it."""
        told = self.articles[name]
        told.became.append((None, None))
        answer = await client.post(f"{DRAFTS}/{name}/withdraw", json={"reason": "error"})
        assert answer.status_code == 200, answer.text
        self.acknowledge(told, answer, None)

    def acknowledge(self, told: Told, answer: httpx.Response, edition: int | None) -> None:
        """Remember at which change it was."""
        seq = int(answer.headers["dateline-seq"])
        told.became[-1] = (seq, edition)
        self.seq = max(self.seq, seq)
        self.acknowledged.append((monotonic(), self.seq))

    def known_everywhere(self) -> int:
        """The newest change that every process shows by now, asked or not."""
        until = monotonic() - BEHIND_AT_MOST_SECONDS
        return next(seq for at, seq in reversed(self.acknowledged) if at < until)

    async def read(self, client: httpx.AsyncClient, random: Random) -> None:
        """Ask anything, again and again, of whichever process takes the call; mostly for no less than is known."""
        place = random.choice(PLACES)
        while not self.is_over:
            ready = {name: told for name, told in self.articles.items() if told.id}
            if not ready:
                await asyncio.sleep(0.01)
                continue
            if random.random() < 0.4:  # else the same again: it may be in memory by now
                place = random.choice(PLACES)
            name = random.choice(sorted(ready))
            is_demanding = random.random() < 0.6
            seq = self.seq if is_demanding else self.known_everywhere()
            path = place.format(id=ready[name].id, before=max(0, seq - 20))
            expected = [name] if "{id}" in place else sorted(ready)
            before = {each: self.articles[each].since(seq) for each in expected}
            demand = f"{'&' if '?' in path else '?'}min_seq={seq}" if is_demanding else ""
            answer = await client.get(path + demand)
            assert answer.status_code in (200, 410), (path, answer.text)
            assert int(answer.headers.get("dateline-seq", seq)) >= seq, path
            shown = {each: {None} for each in before} | self.shown(answer.text, before)
            for each, editions in shown.items():
                may = before[each] | self.articles[each].since(seq)
                is_left_out = place.startswith(CHOOSING) and editions == {None}
                assert is_left_out or editions <= may, f"{path} at {seq} shows {editions} of {each}, not {may}"
            self.asked[place] += 1
            self.remembered[place] += "hit" in answer.headers["cache-status"]
            self.look_back()

    @staticmethod
    def shown(text: str, among: dict[str, set[int | None]]) -> dict[str, set[int | None]]:
        """The editions of each article that a text shows."""
        found: dict[str, set[int | None]] = {}
        for name, edition in SLUG.findall(FORMER.sub("", text)):
            if name in among:
                found.setdefault(name, set()).add(int(edition))
        return found


@pytest.mark.parametrize("workers", [1, 2])
async def test_nothing_older_than_was_asked_for_shows_anywhere(tmp_path: Path, database_url: str, workers: int) -> None:
    await hunt(tmp_path, database_url, workers=workers, seconds=5)


@pytest.mark.soak
async def test_nothing_older_shows_for_long_either(tmp_path: Path, database_url: str) -> None:
    await hunt(tmp_path, database_url, workers=2, seconds=300)


async def hunt(folder: Path, url: str, *, workers: int, seconds: float) -> None:
    """Let them write and read for so long, and until they have seen enough."""
    seed = SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    desk, key = Newsdesk(Random(seed)), await new_key(url)
    with serving("--workers", f"{workers}", folder=folder, database_url=url, api_url=API) as served:
        # A connection each time: the processes share the port.
        calls = httpx.Limits(max_keepalive_connections=0)
        writing = httpx.AsyncClient(base_url=served.url, headers=key, timeout=LIMIT_SECONDS, limits=calls)
        reading = httpx.AsyncClient(base_url=served.url, timeout=LIMIT_SECONDS, limits=calls)
        async with writing, reading, asyncio.TaskGroup() as group:
            for n in range(WRITERS):
                group.create_task(desk.write(writing, f"w{n}"))
            for n in range(READERS):
                group.create_task(desk.read(reading, Random(f"{seed} {n}")))
            await asyncio.sleep(seconds)
            await asyncio.wait_for(desk.has_seen_enough.wait(), LIMIT_SECONDS)
            desk.is_over = True
