"""Newsroom writers over HTTP who remember what was acknowledged, and what was in doubt when the service went away.

What must be there then is checked by the tests that send them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

import httpx

from app.core.clock import format_instant, utc_now
from tests.newsroom_client import Json, article

DRAFTS = "/v1/newsroom/articles"
SOON_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Story:
    """What one article says: the headline of every version, of the draft, its corrections, why it was withdrawn."""

    draft: str
    said: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str | None = None

    @property
    def state(self) -> str:
        """Where it stands."""
        if self.reason is not None:
            return "withdrawn"
        return "published" if self.said else "draft"


@dataclass(frozen=True, slots=True)
class Command:
    """A request, and the story that its article tells once it is carried out."""

    ref: str
    method: str
    path: str
    body: Json
    headers: dict[str, str]
    after: Story

    @property
    def is_post(self) -> bool:
        """Whether it has an Idempotency-Key."""
        return self.method == "POST"

    async def send(self, client: httpx.AsyncClient) -> httpx.Response:
        """Ask for it, now or again."""
        return await client.request(self.method, DRAFTS + self.path, json=self.body, headers=self.headers)


@dataclass(frozen=True, slots=True)
class Known:
    """An article as it was told of last."""

    story: Story
    data: Json
    etag: str


@dataclass(slots=True)
class Writer:
    """One who writes to articles of its own, one command after another; `asked_again` for, after a crash, are some."""

    name: str
    random: Random
    known: dict[str, Known] = field(default_factory=dict)
    in_doubt: Command | None = None
    last_post: tuple[Command, Json] | None = None
    asked_again: list[str] = field(default_factory=list)
    _made: int = 0

    async def write(self, client: httpx.AsyncClient, *, acknowledged: Callable[[], None]) -> None:
        """Write until nobody answers any more. An answer that refuses is an AssertionError."""
        while True:
            command = self.in_doubt = self._next()
            try:
                response = await command.send(client)
            except httpx.TransportError:
                return
            assert response.is_success, (command, response.text)
            self.learn(command.ref, command.after, response)
            if command.is_post:
                self.last_post = command, response.json()
            self.in_doubt = None
            acknowledged()

    def learn(self, ref: str, story: Story, answer: httpx.Response) -> None:
        """Take the article for what this answer tells of it."""
        self.known[ref] = Known(story, answer.json()["data"], answer.headers["etag"])

    def _next(self) -> Command:
        if not self.known or self.random.random() < 0.15:
            ref = f"{self.name}-{self._number()}"
            return self.random.choice([self._create, self._put_new])(ref)
        ref = self.random.choice(list(self.known))
        story = self.known[ref].story
        return self.random.choice(self._verbs(story))(ref, story)

    def _verbs(self, story: Story) -> list[Callable[[str, Story], Command]]:
        publish = [self._publish] if story.state != "published" or story.draft != story.said[-1] else []
        verbs = {
            "draft": [self._put, self._patch],
            "published": [self._put, self._patch, self._correct, self._annotate, self._withdraw],
            "withdrawn": [self._patch],
        }
        return [*verbs[story.state], *publish]

    def _number(self) -> int:
        self._made += 1
        return self._made

    def _headline(self) -> str:
        return f"{self.name} says {self._number()}"

    def _filed(self, **fields: Any) -> dict[str, Any]:
        """Article input, under names that all writers use."""
        some, among = self.random.sample, "ABCD"
        return article(
            section=self.random.choice(["World", "Sport", None]),
            tags=[{"name": name} for name in some(among, self.random.randrange(3))],
            contributors=[{"name": name} for name in some(among, self.random.randrange(2))],
            **fields,
        )

    def _post(self, ref: str, verb: str, body: Json, after: Story) -> Command:
        headers = {"Idempotency-Key": f"{self.name}-{self._number()}"}
        if not verb:
            return Command(ref, "POST", "", body, headers, after)
        return Command(ref, "POST", f"/{ref}{verb}", body, headers | {"If-Match": self.known[ref].etag}, after)

    def _create(self, ref: str) -> Command:
        headline = self._headline()
        return self._post(ref, "", self._filed(external_id=ref, headline=headline), Story(headline))

    def _put_new(self, ref: str) -> Command:
        return self._put(ref, Story(""))

    def _put(self, ref: str, story: Story) -> Command:
        headline = self._headline()
        after = replace(story, draft=headline, said=(*story.said, headline))
        return Command(ref, "PUT", f"/{ref}?publish=true", self._filed(headline=headline), {}, after)

    def _patch(self, ref: str, story: Story) -> Command:
        headline = self._headline()
        headers = {"If-Match": self.known[ref].etag}
        return Command(ref, "PATCH", f"/{ref}", {"headline": headline}, headers, replace(story, draft=headline))

    def _publish(self, ref: str, story: Story) -> Command:
        return self._post(ref, "/publish", {}, replace(story, said=(*story.said, story.draft), reason=None))

    def _correct(self, ref: str, story: Story) -> Command:
        headline = self._headline()
        after = replace(story, draft=headline, said=(*story.said, headline), notes=(*story.notes, headline))
        body = {"severity": "major", "text": headline, "changes": {"headline": headline}}
        return self._post(ref, "/correct", body, after)

    def _annotate(self, ref: str, story: Story) -> Command:
        """A correction that changes nothing."""
        note = self._headline()
        after = replace(story, said=(*story.said, story.said[-1]), notes=(*story.notes, note))
        return self._post(ref, "/correct", {"severity": "minor", "text": note}, after)

    def _withdraw(self, ref: str, story: Story) -> Command:
        reason = self.random.choice(["legal", "error", "duplicate"])
        return self._post(ref, "/withdraw", {"reason": reason}, replace(story, reason=reason))


@dataclass(slots=True)
class Scheduler:
    """One who schedules new articles for the next moment; `scheduled` are those acknowledged since the last crash."""

    scheduled: list[str] = field(default_factory=list)
    _made: int = 0

    async def write(self, client: httpx.AsyncClient, *, acknowledged: Callable[[], None]) -> None:
        """Write until nobody answers any more."""
        while True:
            self._made += 1
            ref, due = f"due-{self._made}", utc_now() + timedelta(seconds=SOON_SECONDS)
            body = article(headline=ref, section="World", published_at=format_instant(due))
            try:
                response = await client.put(f"{DRAFTS}/{ref}?publish=true", json=body)
            except httpx.TransportError:
                return
            assert response.is_success, response.text
            self.scheduled.append(ref)
            acknowledged()
