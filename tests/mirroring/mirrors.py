"""Mirrors as clients would write them: take the export, follow the log, keep every document by its id."""

import json
import random
from typing import Any

import httpx


def text(document: Any) -> str:
    """A document as the service writes it."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


async def export(client: httpx.AsyncClient) -> tuple[int, dict[str, str]]:
    """The position to follow from, and the documents by their ids, byte for byte."""
    head, *documents = (await client.get("/v1/export")).text.splitlines()
    return json.loads(head)["seq"], {json.loads(line)["id"]: line for line in documents}


class Mirror:
    """What a client has of everything public; `seen` are the lines that came, in their order."""

    def __init__(self) -> None:
        self.documents: dict[str, str] = {}
        self.position = 0
        self.seen: list[int] = []

    async def take(self, client: httpx.AsyncClient) -> None:
        """Begin with the export."""
        self.position, self.documents = await export(client)

    def apply(self, change: Any) -> None:
        """Do what a line of the log says."""
        self.seen.append(change["seq"])
        self.position = change["seq"]
        if change["article"] is None:
            self.documents.pop(change["article_id"], None)
        else:
            self.documents[change["article_id"]] = text(change["article"])


async def poll(client: httpx.AsyncClient, mirror: Mirror, *, limit: int, until: Any) -> None:
    """Follow by polling, `limit` lines at a time, until `until()` is a position that was reached."""
    address = f"/v1/changes?after={mirror.position}&limit={limit}&view=document&wait=1"
    while True:
        response = await client.get(address)
        assert response.status_code == 200, response.text
        answer = response.json()
        for change in answer["data"]:
            mirror.apply(change)
        if (end := until()) is not None and answer["meta"]["next_after"] >= end:
            return
        address = answer["links"]["next"]


async def listen(client: httpx.AsyncClient, mirror: Mirror, *, seed: int, until: Any) -> int:
    """Follow the stream, dropping the connection at random and resuming; how often it was dropped."""
    chance, drops = random.Random(seed), 0
    while (end := until()) is None or mirror.position < end:
        drops += 1
        headers = {"Last-Event-ID": str(mirror.position)}
        async with client.stream("GET", "/v1/stream?view=document", headers=headers) as stream:
            lines = stream.aiter_lines()
            async for line in lines:
                if line.startswith("data: "):
                    mirror.apply(json.loads(line.removeprefix("data: ")))
                end = until()
                if chance.random() < 0.02 or (end is not None and mirror.position >= end):
                    break
    return drops
