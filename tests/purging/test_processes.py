"""Purging by real processes: two that answer and two that could send, readers in between, and `kill -9`."""

import re
import signal
import time
from pathlib import Path

import httpx
import pytest

from tests.newsroom_client import article
from tests.processes import LIMIT_SECONDS, serving, started
from tests.purging.cdn import Cdn, Told

EDITIONS = 8


def put(client: httpx.Client, external_id: str, n: int) -> str:
    """The id of the article, once this edition of it is public."""
    body = article(headline=f"Harbour edition {n}", slug=external_id)
    answer = client.put(f"/v1/newsroom/articles/{external_id}?publish=true", json=body)
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json()["data"]["id"])


def settings_of(cdn: Cdn, database_url: str) -> dict[str, str]:
    return {"database_url": database_url, "cdn_service": "webhook", "cdn_url": cdn.url}


def test_whoever_fetches_upon_a_purge_never_gets_the_older_version(tmp_path: Path, database_url: str, cdn: Cdn) -> None:
    seen: list[tuple[int, int]] = []
    newest = 0

    def fetch(told: Told) -> None:
        committed = told.said["seq"]
        for _ in range(4):  # whichever of the two processes answers
            answer = httpx.get(f"{url}/v1/articles/a1", timeout=LIMIT_SECONDS)
            if answer.status_code == 200:
                (edition,) = re.findall(r"Harbour edition (\d+)", answer.json()["data"]["headline"])
                seen.append((committed, answer.json()["data"]["version"]))
                assert int(edition) <= newest

    with (
        serving("--workers", "2", folder=tmp_path, **settings_of(cdn, database_url)) as served,
        httpx.Client(base_url=served.url, headers=served.new_key(), timeout=LIMIT_SECONDS) as client,
    ):
        url = served.url
        cdn.wait(lambda: any(told.is_everything for told in cdn.told))
        seq_of: list[int] = []
        cdn.on_purge = fetch
        for n in range(EDITIONS):
            newest = n
            id = put(client, "a1", n)
            seq_of.append(int(client.get("/v1/articles/a1").headers["dateline-seq"]))
            for _ in range(20):
                client.get("/v1/articles/a1")  # both processes have it in memory when the next edition comes
            time.sleep(0.05)
        cdn.wait(lambda: any(told.said["seq"] >= seq_of[-1] for told in cdn.told))
        cdn.on_purge = None  # what is repeated later finds nobody who answers
    assert seen
    for committed, version in seen:
        assert version >= sum(seq <= committed for seq in seq_of), (committed, version, seq_of)
    assert f"article-{id}" in cdn.keys


@pytest.mark.parametrize("killed_after", [0, 3])
def test_killed_processes_leave_no_gap(tmp_path: Path, database_url: str, cdn: Cdn, killed_after: int) -> None:
    settings, ids = settings_of(cdn, database_url), []
    with serving("--no-worker", folder=tmp_path, **settings) as served:
        client = httpx.Client(base_url=served.url, headers=served.new_key(), timeout=LIMIT_SECONDS)
        for start in range(2):
            with started("work", folder=tmp_path, **settings) as one, started("work", folder=tmp_path, **settings):
                cdn.wait(lambda: any(told.is_everything for told in cdn.told))
                cdn.delay_seconds = 0.3  # told, and not yet noted: this is when it is killed
                ids += [put(client, f"a{start}-{n}", n) for n in range(5)]
                cdn.wait_for(*(f"article-{id}" for id in ids[:killed_after]))
                one.send_signal(signal.SIGKILL)
                one.wait(LIMIT_SECONDS)
                ids += [put(client, f"b{start}-{n}", n) for n in range(5)]
                cdn.wait_for(*(f"article-{id}" for id in ids))
                cdn.delay_seconds = 0.0
        client.close()
