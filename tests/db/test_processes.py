"""Several processes on one database, and what is left of one that is killed."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.db import Database
from tests.db import notes

ROOT = Path(__file__).parent.parent.parent


def start_writer(url: str, first: int, amount: int, pause: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.db.writer", url, str(first), str(amount), pause]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


async def test_processes_that_write_at_once_lose_nothing(notebook: Database, database_url: str) -> None:
    writers = [start_writer(database_url, 1000 * index, 100, "never") for index in range(2)]
    for number in range(5000, 5050):
        await notebook.write(notes.add, number)
    for writer in writers:
        writer.communicate(timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0]
    assert await notebook.read(notes.count) == 250


@pytest.mark.parametrize(("pause", "kept"), [("after", 3), ("within", 2)])
async def test_killed_process_keeps_what_it_committed_and_nothing_else(
    notebook: Database, database_url: str, pause: str, kept: int
) -> None:
    writer = start_writer(database_url, 1, 3, pause)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    writer.kill()
    writer.communicate(timeout=60)
    assert await notebook.read(notes.count) == kept
    await notebook.write(notes.add, 10)
    assert await notebook.read(notes.count) == kept + 1
