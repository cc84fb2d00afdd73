"""The service as its users meet it: readers without a key, the newsroom with one, over the real app in process.

Every response is held against httplint and against the OpenAPI document before a test sees it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from app.core.clock import utc_now
from app.main import Service, create_app
from app.partners.keys import create
from app.settings import Settings
from tests.openapi_check import check
from tests.web.lint import lint

Json = Any


def article(**fields: Json) -> dict[str, Json]:
    """Article input with the least it needs, and what a test adds or replaces."""
    return {"language": "en", "headline": "Harbour reopens after nine-day strike"} | fields


@dataclass(frozen=True, slots=True)
class Newsroom:
    """A running service: `client` asks as a reader, the verbs speak for the newsroom."""

    app: Service
    client: httpx.AsyncClient
    key: str

    @property
    def authorization(self) -> dict[str, str]:
        """The newsroom's key as a header."""
        return {"Authorization": f"Bearer {self.key}"}

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """What a reader gets; absolute links into the API may be followed."""
        return self._checked(await self.client.get(path, **options))

    async def data(self, path: str, **options: Any) -> Json:
        """The `data` of an answer that must be 200."""
        response = await self.get(path, **options)
        assert response.status_code == 200, response.text
        return response.json()["data"]

    async def send(self, method: str, path: str, body: Json = None, **headers: str) -> httpx.Response:
        """What the newsroom gets; `if_match="..."` becomes the header If-Match."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {} if body is None else {"json": body}
        return self._checked(await self.client.request(method, path, headers=self.authorization | fields, **sent))

    async def put(self, external_id: str, /, *, publish: bool = True, **fields: Json) -> httpx.Response:
        """PUT article input under an external id, published unless told otherwise."""
        query = "?publish=true" if publish else ""
        return await self.send("PUT", f"/v1/newsroom/articles/{external_id}{query}", article(**fields))

    async def publish(self, external_id: str, /, **fields: Json) -> Json:
        """The draft after a PUT with publish=true, which must succeed."""
        response = await self.put(external_id, **fields)
        assert response.status_code in (200, 201), response.text
        return response.json()["data"]

    async def withdraw(self, ref: str, reason: str = "error", **fields: Json) -> httpx.Response:
        """Take an article back."""
        return await self.send("POST", f"/v1/newsroom/articles/{ref}/withdraw", {"reason": reason} | fields)

    async def etag(self, ref: str) -> str:
        """The ETag of a draft as it is."""
        return str((await self.send("GET", f"/v1/newsroom/articles/{ref}")).headers["etag"])

    def _checked(self, response: httpx.Response) -> httpx.Response:
        check(str(self.client.base_url).rstrip("/"), response)
        return lint(response)


@asynccontextmanager
async def open_newsroom(settings: Settings) -> AsyncIterator[Newsroom]:
    """The service over these settings, with its lifespan, and a key of the newsroom."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        key = await app.state.database.write(create, "tests", scopes=["newsroom"], now=utc_now())
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=settings.api_url) as client:
            yield Newsroom(app, client, key)
