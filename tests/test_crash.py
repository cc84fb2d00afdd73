"""`kill -9` of the service under concurrent writers: what it acknowledged is there afterwards, and nothing by half."""

import asyncio
import os
import re
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.articles.content import Content
from app.articles.tables import Correction, Version
from app.core.clock import utc_now
from app.db import Database, open_database
from app.partners.keys import create
from tests import audit
from tests.newsroom_client import Json
from tests.processes import LIMIT_SECONDS, Served, serving
from tests.writers import DRAFTS, Known, Scheduler, Story, Writer

API = "https://api.newsroom.example"
WRITERS = 6
Told = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]


async def test_acknowledged_commands_survive_and_none_is_there_by_half(tmp_path: Path, database_url: str) -> None:
    await kill_again_and_again(tmp_path, database_url, rounds=3)


async def test_several_processes_killed_together_lose_nothing_either(tmp_path: Path, database_url: str) -> None:
    await kill_again_and_again(tmp_path, database_url, rounds=2, workers=2)


@pytest.mark.soak
@pytest.mark.parametrize("workers", [1, 2])
async def test_many_crashes_lose_nothing_either(tmp_path: Path, database_url: str, workers: int) -> None:
    await kill_again_and_again(tmp_path, database_url, rounds=40, workers=workers)


async def kill_again_and_again(folder: Path, url: str, *, rounds: int, workers: int = 1) -> None:
    """Let writers write, kill the service, start it again and compare, so many times."""
    seed = SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    random, key = Random(seed), await new_key(url)
    writers = [Writer(f"w{n}", Random(f"{seed} {n}")) for n in range(WRITERS)]
    scheduler = Scheduler()
    for n in range(rounds + 1):
        with serving("--workers", f"{workers}", folder=folder, database_url=url, api_url=API) as served:
            async with httpx.AsyncClient(base_url=served.url, headers=key, timeout=LIMIT_SECONDS) as client:
                await compare(client, writers, url)
                await compare_schedule(client, scheduler)
                if n < rounds:
                    pids = processes(served, workers=workers)
                    await kill_under_load(served, pids, client, [scheduler, *writers], random)


async def new_key(url: str) -> dict[str, str]:
    """A key of the newsroom, as a header."""
    async with opened(url) as database:
        key = await database.write(create, "tests", scopes=["newsroom"], now=utc_now())
    return {"Authorization": f"Bearer {key}"}


async def kill_under_load(
    served: Served, pids: list[int], client: httpx.AsyncClient, writers: list[Writer | Scheduler], random: Random
) -> None:
    """End every process of the service at a point that nobody chose, while all the writers write."""
    enough, left = asyncio.Event(), random.randrange(10, 100)

    def count() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            enough.set()

    async def kill() -> None:
        await enough.wait()
        await asyncio.sleep(random.uniform(0, 0.02))  # the moment of an answer would be a chosen one
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        served.process.wait()

    async with asyncio.timeout(LIMIT_SECONDS), asyncio.TaskGroup() as group:
        group.create_task(kill())
        for writer in writers:
            group.create_task(writer.write(client, acknowledged=count))


def processes(served: Served, *, workers: int) -> list[int]:
    """The process ids of the service: the parent first, which would start others."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while len(pids := re.findall(r"Started server process \[(\d+)\]", served.log.read_text())) < workers:
        assert time.monotonic() < deadline, "not all of them started"
        time.sleep(0.02)
    return list(dict.fromkeys([served.process.pid, *map(int, pids)]))


async def compare(client: httpx.AsyncClient, writers: list[Writer], url: str) -> None:
    """Hold what the writers remember, and then the tables and the log, against what the service says now."""
    told = await look(url, stories)
    for writer in writers:
        doubtful = writer.in_doubt and writer.in_doubt.ref
        await compare_known(client, writer, told, *(ref for ref in writer.known if ref != doubtful))
        await settle_doubt(client, writer, told)
        await repeat_last_post(client, writer)
    told = await look(url, stories)
    for writer in writers:
        await compare_known(client, writer, told, *writer.asked_again)
    assert await look(url, audit.faults) == []
    await compare_log(client)


async def compare_known(client: httpx.AsyncClient, writer: Writer, told: Told, *refs: str) -> None:
    """These articles are to the letter as was acknowledged last."""
    for ref in refs:
        known = writer.known[ref]
        found = await ask(client, ref, told)
        assert found is not None, ref
        assert (found.story, lasting(found)) == (known.story, lasting(known))


def lasting(known: Known) -> Json:
    """What was told of an article but what comes later by itself: its storyline moves the public bytes."""
    public = known.data["public"] and {
        name: value for name, value in known.data["public"].items() if name not in ("seq", "modified_at")
    }
    return known.data | {"public": public}


async def settle_doubt(client: httpx.AsyncClient, writer: Writer, told: Told) -> None:
    """The command in doubt was carried out, or not at all; asked for again, it is, and once."""
    command, writer.in_doubt, writer.asked_again = writer.in_doubt, None, []
    if command is None:
        return
    before, found = writer.known.get(command.ref), await ask(client, command.ref, told)
    is_done = found is not None and found.story == command.after
    if not is_done:
        assert (found and (found.story, lasting(found))) == (before and (before.story, lasting(before))), command
    if command.method == "PATCH" and is_done:
        assert found is not None
        writer.known[command.ref] = found
        return
    again = await command.send(client)
    assert again.is_success, (command, again.text)
    assert not command.is_post or ("idempotency-replayed" in again.headers) == is_done, command
    writer.learn(command.ref, command.after, again)
    writer.asked_again.append(command.ref)


async def repeat_last_post(client: httpx.AsyncClient, writer: Writer) -> None:
    """An acknowledged POST that comes again is answered as it was, and does nothing."""
    if writer.last_post is not None:
        command, answer = writer.last_post
        again = await command.send(client)
        assert again.headers["idempotency-replayed"] == "true", command
        assert again.json() == answer
        writer.asked_again.append(command.ref)


async def ask(client: httpx.AsyncClient, ref: str, told: Told) -> Known | None:
    """The article as newsroom, readers and tables tell it, who must agree; None when nobody knows it."""
    answer = await client.get(f"{DRAFTS}/{ref}")
    if answer.status_code == 404:
        return None
    data = answer.json()["data"]
    said, notes = told.get(data["id"], ((), ()))
    story = Story(data["article"]["headline"], said, notes, data["withdrawal"] and data["withdrawal"]["reason"])
    assert (data["state"], data["version"] or 0) == (story.state, len(said))
    await compare_public(client, data, story)
    return Known(story, data, answer.headers["etag"])


async def compare_public(client: httpx.AsyncClient, data: Json, story: Story) -> None:
    """What readers see of the article is its last version, its tombstone, or nothing."""
    answer = await client.get(f"/v1/articles/{data['id']}")
    assert answer.status_code == {"draft": 404, "published": 200, "withdrawn": 410}[story.state]
    public = answer.json()
    if story.state == "withdrawn":
        assert public["reason"] == story.reason
    elif story.state == "published":
        shown = public["data"]
        assert (shown["headline"], shown["version"]) == (story.said[-1], len(story.said))
        assert tuple(note["text"] for note in shown["corrections"]) == story.notes
        assert shown["seq"] >= data["public"]["seq"]


async def compare_schedule(client: httpx.AsyncClient, scheduler: Scheduler) -> None:
    """What was scheduled goes out, be it late, and once."""
    async with asyncio.timeout(LIMIT_SECONDS):
        for ref in scheduler.scheduled:
            while (data := (await client.get(f"{DRAFTS}/{ref}")).json()["data"])["state"] == "scheduled":  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            assert (data["state"], data["version"], data["scheduled_at"]) == ("published", 1, None)
    scheduler.scheduled.clear()


async def compare_log(client: httpx.AsyncClient) -> None:
    """The log is served without a hole, to its end."""
    seqs, after = [], 0
    while True:
        page = (await client.get(f"/v1/changes?after={after}&limit=500")).json()
        if not page["data"]:
            break
        seqs += [line["seq"] for line in page["data"]]
        after = page["meta"]["next_after"]
    assert seqs == list(range(1, page["meta"]["seq"] + 1))


async def look(url: str, fn: Any) -> Any:
    """What `fn` finds in the tables. Through a connection of its own: one kept open would hide a broken recovery."""
    async with opened(url) as database:
        return await database.scan(fn)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """The database, for a moment."""
    database = open_database(url)
    try:
        yield database
    finally:
        await database.close()


def stories(session: Session) -> Told:
    """The headlines of the versions, and the texts of the corrections, of each article that was ever published."""
    said: Told = {}
    for version in session.scalars(select(Version).order_by(Version.article_id, Version.number)):
        headlines, notes = said.get(str(version.article_id), ((), ()))
        said[str(version.article_id)] = (*headlines, Content.model_validate_json(version.content).headline), notes
    for note in session.scalars(select(Correction).order_by(Correction.article_id, Correction.version)):
        headlines, notes = said[str(note.article_id)]
        said[str(note.article_id)] = headlines, (*notes, note.text)
    return said
