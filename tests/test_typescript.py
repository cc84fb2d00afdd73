"""A TypeScript client, generated from the document of the real service, compiles strictly and reads a page from it.

Skipped, visibly, where there is no Node or its registry cannot be reached.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from app.main import create_app
from app.settings import Settings
from tests.command import dateline
from tests.newsroom.taking_in import jsonl
from tests.web.server import serving

SOURCE = Path(__file__).parent / "typescript"
INSTALLED = SOURCE / "node_modules" / ".package-lock.json"
LIMIT_SECONDS = 120
UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "network")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tools, the client's source and the types generated for it."""
    _install()
    folder = tmp_path_factory.mktemp("client")
    for name in ("client.ts", "globals.d.ts", "tsconfig.json", "package.json"):
        shutil.copy(SOURCE / name, folder)
    (folder / "node_modules").symlink_to(SOURCE / "node_modules")
    (folder / "openapi.json").write_text(json.dumps(create_app(Settings()).openapi()))
    generated = _run(["node_modules/.bin/openapi-typescript", "openapi.json", "--output", "api.d.ts"], folder)
    assert generated.returncode == 0, generated.stderr
    return folder


@pytest.fixture(scope="module")
def compiled(client: Path) -> subprocess.CompletedProcess[str]:
    """What the compiler said of the client, and left beside it."""
    return _run(["node_modules/.bin/tsc", "--project", "."], client)


def test_client_compiles_strictly(compiled: subprocess.CompletedProcess[str]) -> None:
    assert (compiled.returncode, compiled.stdout) == (0, "")


def test_types_notice_mistakes(client: Path, tmp_path: Path) -> None:
    shutil.copytree(client, tmp_path, symlinks=True, dirs_exist_ok=True)
    source = (client / "client.ts").read_text()
    for right, wrong in [("card.local.time", "card.local.hour"), ("limit: 5", 'limit: "5"'), ('"topic"', '"theme"')]:
        assert right in source
        source = source.replace(right, wrong)
    (tmp_path / "client.ts").write_text(source)
    told = _run(["node_modules/.bin/tsc", "--project", ".", "--noEmit"], tmp_path).stdout
    assert told.count(": error TS") == 3, told


@pytest.mark.usefixtures("compiled")
def test_client_publishes_and_reads_a_page(client: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'dateline.db'}"
    jsonl(tmp_path / "news.jsonl", {"headline": "Ferries wait", "published_at": "2025-05-18T15:39:00Z"})
    dateline("import", "news.jsonl", folder=tmp_path, database_url=url)
    key = dateline("key", "create", "client", "--scope", "newsroom", folder=tmp_path, database_url=url).out.strip()
    with serving(create_app(Settings(database_url=url, worker_inside=False))) as port:
        read = _run(["node", "client.js", f"http://127.0.0.1:{port}", key], client)
    assert read.returncode == 0, read.stderr
    told = json.loads(read.stdout)
    assert (told["slug"], told["headline"]) == ("harbour-reopens", "Harbour reopens")
    assert told["latest"][1] == "16:39 Ferries wait"


def _install() -> None:
    """The pinned packages in `node_modules`; nothing that they bring is run."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("node and npm are not installed")
    if INSTALLED.exists() and INSTALLED.stat().st_mtime > (SOURCE / "package-lock.json").stat().st_mtime:
        return
    done = _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], SOURCE)
    if done.returncode != 0 and any(sign in done.stderr for sign in UNREACHABLE):
        pytest.skip("the registry of npm cannot be reached")
    assert done.returncode == 0, done.stderr


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LIMIT_SECONDS)
