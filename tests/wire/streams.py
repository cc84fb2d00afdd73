"""A stream as its client has it, over the real app in process: events one by one, and leaving when it pleases."""

import asyncio
import json
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI

LIMIT_SECONDS = 20

Message = MutableMapping[str, Any]
Event = dict[str, str]


def parse(block: str) -> Event:
    """One event by its fields; of a comment, the field has no name."""
    fields = (line.partition(":") for line in block.split("\n"))
    return {name: value.removeprefix(" ") for name, _, value in fields}


@dataclass
class Stream:
    """An open connection."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    messages: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False
    asked: bool = False

    async def next(self) -> Event | None:
        """What comes next, comments too; None when the stream has ended."""
        async with asyncio.timeout(LIMIT_SECONDS):
            message = await self.messages.get()
        if not message.get("more_body"):
            self.is_over = True
            return None
        return parse(message["body"].decode().removesuffix("\n\n"))

    async def change(self) -> tuple[int, str, Any]:
        """The next event with data: its id, its kind without the prefix, its data."""
        while (event := await self.next()) is not None:
            if "data" in event:
                return int(event["id"]), event["event"].removeprefix("article."), json.loads(event["data"])
        raise AssertionError("the stream has ended")

    async def receive(self) -> Message:
        """As ASGI has it: the request, then nothing until the client leaves."""
        if not self.asked:
            self.asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """As ASGI has it."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        await self.messages.put(message)


@asynccontextmanager
async def streaming(
    app: FastAPI, path: str, *, method: str = "GET", client: str = "192.0.2.1", **headers: str
) -> AsyncIterator[Stream]:
    """A stream that has begun, left at the end of the block."""
    stream, url = Stream(), urlsplit(path)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": url.path,
        "raw_path": url.path.encode(),
        "query_string": url.query.encode(),
        "root_path": "",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "client": (client, 1234),
        "server": ("api.newsroom.example", 443),
    }
    answering = asyncio.create_task(app(scope, stream.receive, stream.send))
    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            await stream.messages.get()
        yield stream
    finally:
        stream.left.set()
        async with asyncio.timeout(LIMIT_SECONDS):
            await answering
