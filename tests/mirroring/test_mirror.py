"""Mirrors that follow the log while several writers work end with what a fresh export has, byte for byte."""

import asyncio
import re
from pathlib import Path

import httpx
import pytest

from tests.mirroring.mirrors import Mirror, export, listen, poll
from tests.mirroring.writers import Writer
from tests.processes import Served, serving

WRITERS = 4


@pytest.mark.parametrize(
    ("database", "commands"),
    [
        ("sqlite_url", 500),
        ("postgres_url", 500),
        pytest.param("sqlite_url", 10_000, marks=pytest.mark.soak),
        pytest.param("postgres_url", 10_000, marks=pytest.mark.soak),
    ],
)
def test_mirrors_end_like_a_fresh_export(
    request: pytest.FixtureRequest, tmp_path: Path, database: str, commands: int
) -> None:
    with serving(folder=tmp_path, database_url=request.getfixturevalue(database)) as served:
        asyncio.run(mirror_while_writing(served, served.new_key(), commands))


async def mirror_while_writing(served: Served, key: dict[str, str], commands: int) -> None:
    async with httpx.AsyncClient(base_url=served.url, headers=key, timeout=60) as client:
        await Writer(client, seed=0).work(100)  # something to export
        mirrors = {name: Mirror() for name in ("one by one", "hundreds", "stream")}
        for mirror in mirrors.values():
            await mirror.take(client)
        starts = {name: mirror.position for name, mirror in mirrors.items()}
        end: list[int] = []

        def until() -> int | None:
            return end[0] if end else None

        async with asyncio.TaskGroup() as group:
            for limit, name in ((1, "one by one"), (100, "hundreds")):
                group.create_task(poll(client, mirrors[name], limit=limit, until=until))
            drops = group.create_task(listen(client, mirrors["stream"], seed=1, until=until))
            async with asyncio.TaskGroup() as writing:
                for seed in range(1, WRITERS + 1):
                    writing.create_task(Writer(client, seed).work(commands))
            await followers_at_rest(client)
            end.append((await export(client))[0])

        head, documents = await export(client)
    assert head > commands
    assert documents
    assert drops.result() > 5
    for name, mirror in mirrors.items():
        assert mirror.seen == list(range(starts[name] + 1, head + 1)), name
        assert mirror.documents == documents, name


async def followers_at_rest(client: httpx.AsyncClient) -> None:
    """When those who follow the log inside the service have nothing to do any more: they write to it, too."""
    async with asyncio.timeout(60):
        while True:
            metrics = (await client.get("/metrics")).text
            lags = re.findall(r"^dateline_follower_lag_changes\{.*\} (\S+)$", metrics, re.MULTILINE)
            if lags and not any(map(float, lags)):
                return
            await asyncio.sleep(0.1)
