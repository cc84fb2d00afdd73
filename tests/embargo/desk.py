"""An editor whose every word is marked, and who remembers which of them readers may know.

Each text is a mark that occurs nowhere else, so that a single byte of it tells where it came from.
"""

import re
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

import httpx

from app.articles.storylines import verbs
from app.core.clock import utc_now
from tests.embargo.reader import FORMER_SITE
from tests.newsroom_client import Newsroom


@dataclass(slots=True)
class Story:
    """One article: its marks as the draft has them, as each public version has them, and whether it is public."""

    external_id: str
    id: str
    draft: dict[str, Any]
    versions: list[set[str]] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)
    slugs: set[str] = field(default_factory=set)
    is_public: bool = False
    was_public: bool = False
    is_scheduled: bool = False

    def known(self) -> set[str]:
        """The marks that readers may see now."""
        return set().union(*self.versions, self.notes, self.slugs) if self.is_public else set()


class Editor:
    """Works at the newsroom's desk over HTTP."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.stories: list[Story] = []
        self.secrets: set[str] = set()
        self.farewells: set[str] = set()
        self.storyline: UUID | None = None
        self.titles: set[str] = set()
        self.grouped: set[str] = set()
        self._numbers = count(1)

    def mark(self) -> str:
        """A word that nobody has ever written."""
        made = f"qz{next(self._numbers):04d}x"
        self.secrets.add(made)
        return made

    def hidden(self) -> set[str]:
        """The marks that no reader may see now."""
        titles = self.titles if any(story.is_public for story in self.stories if story.id in self.grouped) else set()
        return self.secrets.difference(self.farewells, titles, *(story.known() for story in self.stories))

    def copy(self) -> dict[str, Any]:
        """Article input in which every text is a new mark."""
        words = {name: self.mark() for name in ("headline", "short_headline", "summary", "place", "section")}
        slug = self.mark()
        return words | {
            "slug": slug,
            "legacy_urls": [f"{FORMER_SITE}/{slug}"],
            "body_html": f"<p>{self.mark()}</p><ul><li>{self.mark()}</li></ul>",
            "tags": [{"name": self.mark(), "kind": "place"}],
            "contributors": [{"name": self.mark(), "role": self.mark()}],
            "image": {"url": f"https://example.org/{self.mark()}.jpg", "alt": self.mark(), "credit": self.mark()},
            "source": {"name": self.mark(), "url": f"https://example.org/{self.mark()}"},
            "rights": {"usage_terms": self.mark()},
        }

    async def write(self, story: Story | None) -> None:
        """A draft, new or other than it was, and not published."""
        copy = self.copy()
        external_id = story.external_id if story else self.mark()
        response = await self.newsroom.put(external_id, publish=False, **copy)
        if story is not None:
            if response.status_code != 409:  # withdrawn
                story.draft = copy
            return
        assert response.status_code == 201, response.text
        self.stories.append(Story(external_id, response.json()["data"]["id"], copy))

    async def change(self, story: Story) -> None:
        """One more word in the draft."""
        changes = {"summary": self.mark()}
        await self._send(story, "", changes, method="PATCH")
        story.draft = story.draft | changes

    async def publish(self, story: Story) -> None:
        """The draft as it is."""
        response = await self._send(story, "/publish", {})
        assert response.status_code == 200, response.text
        self._went_out(story, response)

    async def schedule(self, story: Story, at: str) -> None:
        """The draft, at a time."""
        assert (await self._send(story, "/publish", {"at": at})).status_code == 200
        story.is_scheduled = True

    async def unschedule(self, story: Story) -> None:
        """Not at the time that was set."""
        assert (await self._send(story, "/unschedule", None)).status_code == 200
        story.is_scheduled = False

    async def correct(self, story: Story) -> None:
        """A word of the public version, with a note."""
        note, headlines = self.mark(), {"headline": self.mark(), "short_headline": self.mark()}
        order = {"severity": "major", "text": note, "changes": headlines}
        response = await self._send(story, "/correct", order)
        assert response.status_code == 200, response.text
        story.notes.add(note)
        story.versions.append(_marks(headlines))
        story.draft = story.draft | headlines

    async def withdraw(self, story: Story) -> None:
        """What is public, with a word for readers and one for the newsroom."""
        farewell = self.mark()
        why = {"reason": "legal", "text": farewell, "note": self.mark()}
        assert (await self._send(story, "/withdraw", why)).status_code == 200
        self.farewells.add(farewell)
        story.versions, story.slugs = [], set()
        self.grouped.discard(story.id)
        story.is_public = story.is_scheduled = False

    async def choose(self, story: Story, other: Story, *, field: str) -> None:
        """Another story, to lead what is read after this one, or never to stand there."""
        choice = {field: [other.id]}
        response = await self.newsroom.send("PUT", f"/v1/newsroom/articles/{story.id}/related", choice)
        assert response.status_code == 200, response.text

    async def group(self) -> None:
        """All that is public, in one storyline, as the follower of the log would."""
        database = self.newsroom.app.state.database
        public = [UUID(story.id) for story in self.stories if story.is_public]
        if self.storyline is None:
            self.storyline = await database.write(verbs.found, public, now=utc_now())
        else:
            await database.write(verbs.join, self.storyline, public, now=utc_now())
        self.grouped = set(map(str, public))

    async def retitle(self) -> None:
        """The storyline, in the editor's own words."""
        title = self.mark()
        path = f"/v1/newsroom/storylines/{self.storyline}"
        assert (await self.newsroom.send("PATCH", path, {"title": title})).status_code == 200
        self.titles.add(title)

    async def preview(self, story: Story) -> None:
        """What nobody else sees."""
        response = await self.newsroom.send("GET", f"/v1/newsroom/articles/{story.id}/preview")
        assert response.status_code == 200, response.text
        assert story.draft["summary"] in response.text

    def went_out(self, story: Story) -> None:
        """The draft is public from now on."""
        story.versions.append(_marks(story.draft) | {story.external_id})
        story.slugs.add(story.draft["slug"])
        story.is_public = story.was_public = True
        story.is_scheduled = False

    def _went_out(self, story: Story, response: httpx.Response) -> None:
        assert response.json()["data"]["state"] == "published"
        self.went_out(story)

    async def _send(self, story: Story, verb: str, body: Any, *, method: str = "POST") -> httpx.Response:
        etag = await self.newsroom.etag(story.id)
        return await self.newsroom.send(method, f"/v1/newsroom/articles/{story.id}{verb}", body, if_match=etag)


def _marks(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set().union(*map(_marks, value.values()))
    if isinstance(value, list):
        return set().union(*map(_marks, value))
    return set(re.findall(r"qz\d{4}x", str(value)))
