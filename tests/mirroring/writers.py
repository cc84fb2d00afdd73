"""Writers who do what newsrooms do, at random and all at once, over HTTP."""

import random
from typing import Any

import httpx

EXTERNAL_IDS = [f"wire-{number}" for number in range(40)]
LANGUAGES = ["en", "fr", "ar"]
HEADLINES = [
    "Harbour reopens",
    "Le port rouvre",
    "إعادة فتح الميناء",
    "Strike ends “at last” 🚢",
    'Say "yes" \\ no / maybe',
]
TAGS = ["Ports", "Strike", "Économie", "ميناء"]
ANY = {"If-Match": "*"}


class Writer:
    """One of several; `random` decides everything, so that a seed tells it all."""

    def __init__(self, client: httpx.AsyncClient, seed: int) -> None:
        self.client = client
        self.random = random.Random(seed)
        self.refused = 0

    async def work(self, commands: int) -> None:
        """So many commands, one after the other; those that the state of things does not allow are refused."""
        often = [self.put, self.publish, self.publish, self.correct]
        verbs = [*often, *often, self.patch, self.withdraw, self.schedule]
        for _ in range(commands):
            response = await self.random.choice(verbs)(self.random.choice(EXTERNAL_IDS))
            assert response.status_code < 500, response.text
            self.refused += response.status_code >= 400

    def article(self) -> dict[str, Any]:
        """Article input of few words, often like another's."""
        choose = self.random.choice
        return {
            "language": choose(LANGUAGES),
            "headline": f"{choose(HEADLINES)} {self.random.randrange(5)}",
            "summary": choose([None, "Nine days.", "تسعة أيام"]),
            "slug": choose([None, None, None, f"story-{self.random.randrange(60)}"]),
            "section": choose([None, "economy", "world"]),
            "tags": [{"name": tag} for tag in self.random.sample(TAGS, self.random.randrange(3))],
            "body_text": f"The first ship, {self.random.random()}.",
            "image": choose([None, {"url": "https://example.org/a.jpg", "focal_point": [0.5, 0.375]}]),
            "translation_of": choose([None, None, choose(EXTERNAL_IDS)]),
            "published_at": choose([None, None, "2020-02-29T12:00:00Z"]),
            "breaking": choose([True, False]),
        }

    async def put(self, ref: str) -> httpx.Response:
        """Replace it, published more often than not."""
        query = self.random.choice(["", "?publish=true", "?publish=true"])
        return await self.client.put(f"/v1/newsroom/articles/{ref}{query}", json=self.article())

    async def patch(self, ref: str) -> httpx.Response:
        """Change some words of the draft."""
        changes = {"summary": f"Changed {self.random.randrange(9)}", "slug": f"story-{self.random.randrange(60)}"}
        return await self.client.patch(f"/v1/newsroom/articles/{ref}", json=changes, headers=ANY)

    async def publish(self, ref: str) -> httpx.Response:
        """Publish the draft, bringing it back if it was withdrawn."""
        body = {"minor": self.random.choice([True, False])}
        return await self.client.post(f"/v1/newsroom/articles/{ref}/publish", json=body, headers=ANY)

    async def correct(self, ref: str) -> httpx.Response:
        """Correct what is public."""
        order = {"severity": "minor", "text": "A name was misspelt.", "changes": {"place": self.random.choice("ABC")}}
        return await self.client.post(f"/v1/newsroom/articles/{ref}/correct", json=order, headers=ANY)

    async def withdraw(self, ref: str) -> httpx.Response:
        """Take it back."""
        return await self.client.post(f"/v1/newsroom/articles/{ref}/withdraw", json={"reason": "error"})

    async def schedule(self, ref: str) -> httpx.Response:
        """Publish it in years, or never."""
        if self.random.random() < 0.5:
            return await self.client.post(f"/v1/newsroom/articles/{ref}/unschedule")
        body = {"at": "2090-01-01T00:00:00Z"}
        return await self.client.post(f"/v1/newsroom/articles/{ref}/publish", json=body, headers=ANY)
