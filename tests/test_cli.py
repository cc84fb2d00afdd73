"""The command line: what each command prints, where, and how it ends. Files and servers have tests of their own."""

import asyncio
import json
from importlib.metadata import version
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app.db.migrating import current, head
from app.db.opening import parse_url
from app.settings import Settings
from tests.command import Finished, dateline, fed, run
from tests.newsroom_client import article, open_newsroom

COMMANDS = [
    ["migrate"],
    ["serve"],
    ["work"],
    ["import", "-"],
    ["export"],
    ["render"],
    ["key", "list"],
    ["key", "create", "desk", "--scope", "newsroom"],
]
UNUSABLE = [
    ("mysql://u:secret@host/db", "the database URL must be like"),
    ("garbage", "the database URL must be like"),
    ("", "the database URL must be like"),
    ("postgresql://u:secret@host:port/db", "the database URL must be like"),
    ("sqlite:///", "a SQLite URL is"),
    ("sqlite:///:memory:", "a SQLite URL is"),
    ("sqlite:///missing/dateline.db", "missing for the database does not exist"),
    ("sqlite:///folder.db", "cannot open the database: unable to open database file"),
    ("sqlite:///text.db", "cannot open the database: file is not a database"),
    ("postgresql://u:secret@127.0.0.1:1/db", "cannot open the database: connection failed: "),
    ("postgresql://u:secret@127.0.0.1:1/db?nonsense=1", 'cannot open the database: invalid connection option "'),
]


def is_one_line(finished: Finished) -> bool:
    """Whether the command failed with one line for a person, and nothing else."""
    line = finished.err.removesuffix("\n")
    return finished.status == 1 and not finished.out and line.startswith("dateline: ") and "\n" not in line


def test_help_names_every_command(tmp_path: Path) -> None:
    finished = dateline("--help", folder=tmp_path)
    assert finished.status == 0
    assert all(
        f" {name} " in finished.out for name in ("serve", "work", "migrate", "import", "export", "render", "key")
    )


def test_installed_command_runs(tmp_path: Path) -> None:
    assert run("$DATELINE migrate", folder=tmp_path) == Finished(0, f"migrated to {head()}\n", "")


def test_database_at_the_current_schema_is_left_alone(tmp_path: Path, database_url: str) -> None:
    finished = dateline("migrate", folder=tmp_path, database_url=database_url)
    assert finished == Finished(0, f"already at {head()}\n", "")


@pytest.mark.parametrize("command", COMMANDS[3:], ids=" ".join)
def test_every_command_makes_the_schema_it_needs_in_the_folder_it_is_called_from(
    tmp_path: Path, command: list[str]
) -> None:
    assert dateline(*command, folder=tmp_path).status == 0
    assert current(f"sqlite:///{tmp_path / 'dateline.db'}") == head()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_refuses_a_newer_schema(tmp_path: Path, sqlite_url: str, command: list[str]) -> None:
    age(sqlite_url, "9999")
    finished = dateline(*command, folder=tmp_path, database_url=sqlite_url)
    assert is_one_line(finished), finished
    assert "the database has schema 9999, which this version of Dateline does not know" in finished.err
    assert current(sqlite_url) == "9999"


def test_newer_schema_is_refused_on_each_database(tmp_path: Path, database_url: str) -> None:
    age(database_url, "9999")
    assert is_one_line(dateline("migrate", folder=tmp_path, database_url=database_url))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_stops_at_a_wrong_setting(tmp_path: Path, command: list[str]) -> None:
    finished = dateline(*command, folder=tmp_path, timezone="Mars")
    assert is_one_line(finished), finished
    assert finished.err == "dateline: DATELINE_TIMEZONE 'Mars' is not an IANA time zone\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("url", "reason"), UNUSABLE)
@pytest.mark.parametrize("command", [["migrate"], ["serve"], ["export"]], ids=" ".join)
def test_unusable_database_is_told_in_one_line_without_its_password(
    tmp_path: Path, command: list[str], url: str, reason: str
) -> None:
    (tmp_path / "folder.db").mkdir()
    (tmp_path / "text.db").write_text("This is a text, and no database at all. " * 30)
    finished = dateline(*command, folder=tmp_path, database_url=url)
    assert is_one_line(finished), finished
    assert reason in finished.err
    assert "secret" not in finished.err


def test_misspelt_variable_is_told_once_and_does_not_stop(tmp_path: Path) -> None:
    finished = dateline("migrate", folder=tmp_path, siteurl="https://www.newsroom.example")
    assert finished.status == 0
    assert finished.err == "dateline: DATELINE_SITEURL is no setting of this version and is ignored; see .env.example\n"


def test_version_is_told(tmp_path: Path) -> None:
    finished = dateline("--version", folder=tmp_path)
    assert (finished.status, finished.out) == (0, f"dateline {version('dateline')}\n")


def test_import_that_is_not_told_the_site_takes_the_one_of_the_service(tmp_path: Path) -> None:
    (tmp_path / "news.jsonl").write_text('{"language": "en", "headline": "Harbour reopens"}\n')
    assert dateline("render", folder=tmp_path, site_url="https://www.newsroom.example").status == 0
    assert dateline("import", "news.jsonl", folder=tmp_path).status == 0
    assert '"url":"https://www.newsroom.example/harbour-reopens"' in dateline("export", folder=tmp_path).out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["key", "create", "desk", "--scope", "kitchen"], "no scope 'kitchen'; there is: newsroom"),
        (["key", "create", "desk"], "Missing option '--scope'"),
        (["key", "create", "", "--scope", "newsroom"], "a key's name is a line of at most 200 characters"),
        (["key", "create", "a\nb", "--scope", "newsroom"], "a key's name is a line of at most 200 characters"),
        (["key", "create", "n" * 201, "--scope", "newsroom"], "a key's name is a line of at most 200 characters"),
        (["import"], "Missing argument 'files'"),
        (["serve", "--port", "0"], "should be greater than or equal to 1"),
        (["serve", "--workers", "0"], "should be greater than or equal to 1"),
        (["publish"], "No such command 'publish'"),
    ],
)
def test_wrong_usage_is_explained(tmp_path: Path, arguments: list[str], reason: str) -> None:
    finished = dateline(*arguments, folder=tmp_path)
    assert (finished.status, finished.out) == (2, "")
    assert reason in finished.err
    assert "Traceback" not in finished.err


def test_new_key_is_printed_alone_and_listed_without_its_secret(tmp_path: Path, database_url: str) -> None:
    created = dateline("key", "create", "Night desk", "--scope", "newsroom", folder=tmp_path, database_url=database_url)
    assert (created.status, created.err) == (0, "")
    (key,) = created.out.splitlines()
    _, prefix, secret = key.split("_", 2)

    listed = dateline("key", "list", folder=tmp_path, database_url=database_url)
    (line,) = listed.out.splitlines()
    fields = line.split("\t")
    assert (fields[0], fields[1], fields[3], fields[4]) == (prefix, "active", "newsroom", "Night desk")
    assert secret not in listed.out


def test_key_works_until_it_is_revoked(tmp_path: Path, database_url: str) -> None:
    def key(*arguments: str) -> Finished:
        return dateline("key", *arguments, folder=tmp_path, database_url=database_url)

    token = key("create", "desk", "--scope", "newsroom").out.strip()
    assert status_with(token, database_url) == 404
    prefix = token.split("_")[1]
    assert key("revoke", prefix) == Finished(0, "", "")
    assert status_with(token, database_url) == 401
    assert "\trevoked 20" in key("list").out
    assert is_one_line(key("revoke", prefix))


def test_render_follows_a_new_address_of_the_site(tmp_path: Path, database_url: str) -> None:
    line = json.dumps(article(external_id="wire-1")).encode()
    fed(line, "import", "-", folder=tmp_path, database_url=database_url, site_url="https://old.example")

    def moved(command: str) -> str:
        return dateline(command, folder=tmp_path, database_url=database_url, site_url="https://new.example").out

    assert moved("render") == "1 rendered anew\n"
    assert moved("render") == "0 rendered anew\n"
    document = json.loads(moved("export").splitlines()[1])
    assert document["url"] == "https://new.example/harbour-reopens-after-nine-day-strike"


def status_with(key: str, url: str) -> int:
    """What the newsroom's API answers to somebody who shows this key."""

    async def ask() -> int:
        async with open_newsroom(Settings(database_url=url, worker_inside=False)) as newsroom:
            fields = {"Authorization": f"Bearer {key}"}
            return (await newsroom.client.get("/v1/newsroom/articles/none", headers=fields)).status_code

    return asyncio.run(ask())


def age(url: str, version: str) -> None:
    """Let the database say that another version of Dateline made its schema."""
    engine = create_engine(parse_url(url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    engine.dispose()
