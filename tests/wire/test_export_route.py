"""`/v1/export` over HTTP: the same lines as the command's, its position and its validator, and how it breaks off."""

import asyncio
import json

import pytest
from sqlalchemy import update

from app.articles import export
from app.articles.export import lines
from app.changes.tables import LogHead
from app.db import Database
from tests.newsroom_client import Newsroom
from tests.press import NOON
from tests.wire.streams import streaming

API = "https://api.newsroom.example"


async def fill(newsroom: Newsroom, count: int) -> None:
    for n in range(count):
        await newsroom.publish(f"a{n}", headline=f"Number {n}", body_text="word " * 50)


async def test_export_is_the_position_and_every_document(newsroom: Newsroom) -> None:
    await fill(newsroom, 3)
    await newsroom.put("draft", publish=False)
    await newsroom.withdraw("a1")

    response = await newsroom.get("/v1/export")

    assert (response.status_code, response.headers["content-type"]) == (200, "application/jsonl")
    assert response.headers["dateline-seq"] == "4"
    assert response.headers["surrogate-key"] == "changes"
    assert response.headers["cache-control"].startswith("public, max-age=5,")
    head, *documents = response.text.splitlines()
    assert json.loads(head) == {"seq": 4}
    served = [(await newsroom.data(f"/v1/articles/{json.loads(line)['id']}")) for line in documents]
    assert [json.loads(line) for line in documents] == served
    database: Database = newsroom.app.state.database
    assert response.content == b"".join([some async for some in lines(database, api_url=API)])


async def test_export_of_another_history_of_the_same_length_is_another(newsroom: Newsroom) -> None:
    await fill(newsroom, 1)
    known = {"If-None-Match": (await newsroom.get("/v1/export")).headers["etag"]}
    await newsroom.app.state.database.write(lambda session: session.execute(update(LogHead).values(at=NOON)) and None)
    assert (await newsroom.get("/v1/export", headers=known)).status_code == 200


async def test_export_is_not_sent_again_while_nothing_changed(newsroom: Newsroom) -> None:
    await fill(newsroom, 1)
    known = {"If-None-Match": (await newsroom.get("/v1/export")).headers["etag"]}
    unchanged = await newsroom.get("/v1/export", headers=known)
    assert (unchanged.status_code, unchanged.content) == (304, b"")

    await newsroom.withdraw("a0")

    assert (await newsroom.get("/v1/export", headers=known)).text == '{"seq":2}\n'


async def test_export_has_no_parameters_but_min_seq(newsroom: Newsroom) -> None:
    assert (await newsroom.get("/v1/export?limit=1")).status_code == 400
    assert (await newsroom.get("/v1/export?min_seq=0")).status_code == 200


async def test_long_documents_make_short_batches(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_ENOUGH_CHARACTERS", 2000)
    await fill(newsroom, 5)
    database: Database = newsroom.app.state.database

    sizes = [some.count(b"\n") async for some in lines(database, api_url=API)]

    assert sizes == [1, 3, 2]  # one, which is not enough, and two more, which are


async def test_client_that_leaves_stops_the_reading(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    read, blocked = [], asyncio.Event()

    async def slow(_database: Database, *, api_url: str, seq: int) -> object:
        yield b"{}\n"
        read.append(seq)
        try:
            await asyncio.sleep(600)
        except asyncio.CancelledError:
            blocked.set()
            raise

    monkeypatch.setattr("app.wire.routes.lines", slow)
    async with streaming(newsroom.app, "/v1/export", accept_encoding="identity") as stream:
        await stream.messages.get()
    async with asyncio.timeout(20):
        await blocked.wait()


async def test_failure_on_the_way_is_no_clean_end(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(newsroom, 1)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(export, "batch", fail)
    async with streaming(newsroom.app, "/v1/export", accept_encoding="identity") as stream:
        first = await stream.messages.get()
    assert (stream.status, first["body"]) == (200, b'{"seq":1}\n')
    rest = [stream.messages.get_nowait() for _ in range(stream.messages.qsize())]
    assert all(message["more_body"] for message in [first, *rest])
