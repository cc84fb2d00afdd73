"""`dateline import` and `dateline export`: what they say, where, and how they end.

What an import writes is tested in `newsroom`.
"""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from tests.command import Finished, dateline, fed, run
from tests.newsroom.taking_in import as_line, jsonl
from tests.newsroom_client import open_newsroom

API = "https://api.newsroom.example"


def test_import_tells_bad_lines_on_stderr_and_the_sum_on_stdout(tmp_path: Path, database_url: str) -> None:
    jsonl(tmp_path / "news.jsonl", {"headline": "One"}, b"{bad\n", {"headline": "Two"}, {"headline": 3})
    finished = dateline("import", "news.jsonl", "none.jsonl", folder=tmp_path, database_url=database_url)
    assert finished.err.splitlines() == [
        "news.jsonl:2: The line is not JSON: Expecting property name enclosed in double quotes at column 2.",
        "news.jsonl:4: /headline: Input should be a valid string",
        "none.jsonl:1: cannot be read: No such file or directory",
    ]
    assert (finished.status, finished.out) == (1, "2 published, 3 refused\n")


def test_import_of_good_lines_ends_well_twice(tmp_path: Path, database_url: str) -> None:
    jsonl(tmp_path / "news.jsonl", {"external_id": "wire-1"}, {"published_at": "2999-01-01T00:00:00Z"})

    def command() -> Finished:
        return dateline("import", "news.jsonl", folder=tmp_path, database_url=database_url)

    assert command() == Finished(0, "1 published, 1 scheduled\n", "")
    assert command() == Finished(0, "2 unchanged\n", "")


def test_import_reads_standard_input(tmp_path: Path) -> None:
    assert fed(as_line() + b"{}\n", "import", "-", folder=tmp_path).err == (
        "-:2: /language: Required; /headline: Required\n"
    )
    assert fed(as_line(), "import", "-", folder=tmp_path) == Finished(0, "1 unchanged\n", "")
    assert fed(b"", "import", "-", folder=tmp_path) == Finished(0, "nothing\n", "")


def test_dry_run_says_what_would_be(tmp_path: Path) -> None:
    jsonl(tmp_path / "news.jsonl", {"headline": "One"}, b"{}\n")
    finished = dateline("import", "--dry-run", "news.jsonl", folder=tmp_path)
    assert (finished.status, finished.out) == (1, "would be: 1 published, 1 refused\n")
    assert dateline("export", folder=tmp_path).out == '{"seq":0}\n'


def test_reason_that_looks_like_markup_is_told_as_it_is(tmp_path: Path) -> None:
    finished = fed(as_line(**{"[red]x[/]": 1}), "import", "-", folder=tmp_path)
    assert finished.err == "-:1: /[red]x[~1]: Unknown field\n"


@pytest.mark.parametrize("name", ["two words.jsonl", "سفينة.jsonl", "[bold].jsonl"])
def test_import_takes_names_of_every_kind(tmp_path: Path, name: str) -> None:
    jsonl(tmp_path / name, b"{}\n")
    assert dateline("import", name, folder=tmp_path).err == f"{name}:1: /language: Required; /headline: Required\n"


def test_export_is_what_readers_get_byte_for_byte(tmp_path: Path, database_url: str) -> None:
    lines: list[dict[str, Any]] = [
        {"external_id": "wire-1", "headline": "Le port rouvre", "language": "fr", "body_text": "Un\n\nDeux"},
        {"headline": "عاد الميناء إلى العمل", "language": "ar", "tags": [{"name": "ميناء"}]},
        {"headline": 'Paths such as "/v1/articles/x" and \\/v1/ stay', "translation_of": "wire-1"},
    ]
    jsonl(tmp_path / "news.jsonl", *lines)
    dateline("import", "news.jsonl", folder=tmp_path, database_url=database_url, api_url=API)
    exported = dateline("export", folder=tmp_path, database_url=database_url, api_url=API)
    head, *documents = exported.out.removesuffix("\n").split("\n")

    assert (exported.status, exported.err) == (0, "")
    assert json.loads(head) == {"seq": max(json.loads(document)["seq"] for document in documents)}
    assert len(documents) == 3
    assert documents == read(database_url, [json.loads(document)["id"] for document in documents])


def test_reader_of_an_export_may_stop_early(tmp_path: Path) -> None:
    body = "A paragraph that is long enough to fill a pipe. " * 200
    jsonl(tmp_path / "news.jsonl", *({"headline": f"Story {n}", "body_text": body} for n in range(60)))
    dateline("import", "news.jsonl", folder=tmp_path)
    finished = run("set +o pipefail; $DATELINE export | head -1", folder=tmp_path)
    assert finished == Finished(0, '{"seq":60}\n', "")


def read(database_url: str, ids: list[str]) -> list[str]:
    """The `data` of each article's answer, as it was sent."""

    async def texts() -> list[str]:
        async with open_newsroom(Settings(database_url=database_url, api_url=API, worker_inside=False)) as newsroom:
            answers = [await newsroom.client.get(f"/v1/articles/{id}") for id in ids]
        return [answer.text.removeprefix('{"data":').removesuffix("}") for answer in answers]

    return asyncio.run(texts())
