"""Bringing databases to a schema, with two small revisions of the tests' own."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db import open_database
from app.db.errors import CannotOpen, SchemaTooNew
from app.db.migrating import MIGRATIONS, alembic_config, current, exclusively, head, migrate, schema_is_current
from tests.db import notes

ROOT = Path(__file__).parent.parent.parent
FIRST = """
import sqlalchemy as sa
from alembic import op

revision: str = "first"
down_revision: str | None = None


def upgrade() -> None:
    op.create_table("sections", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
    op.create_table(
        "stories", sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("section_id", sa.Integer, sa.ForeignKey("sections.id", ondelete="CASCADE")),
    )
    op.execute("INSERT INTO sections VALUES (1, 'world')")
    op.execute("INSERT INTO stories VALUES (1, 1)")


def downgrade() -> None:
    op.drop_table("stories")
    op.drop_table("sections")
"""
SECOND = """
import sqlalchemy as sa
from alembic import op

revision: str = "second"
down_revision: str | None = "first"


def upgrade() -> None:
    with op.batch_alter_table("sections", recreate="auto") as batch:
        batch.alter_column("name", nullable=False, existing_type=sa.Text)
    {more}


def downgrade() -> None:
    with op.batch_alter_table("sections") as batch:
        batch.alter_column("name", nullable=True, existing_type=sa.Text)
"""


def write_tree(folder: Path, *, second: str | None) -> Path:
    versions = folder / "versions"
    versions.mkdir(parents=True)
    shutil.copy(MIGRATIONS / "env.py", folder)
    (versions / "first.py").write_text(FIRST)
    if second is not None:
        (versions / "second.py").write_text(SECOND.replace("{more}", second))
    return folder


@pytest.fixture
def older(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "older", second=None)


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "newer", second="pass")


@pytest.fixture
def failing(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "failing", second='op.execute("SELECT * FROM nowhere")')


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "broken", second='op.execute("INSERT INTO stories VALUES (2, 7)")')


def stories(url: str) -> int:
    with notes.outside(url) as connection:
        return int(connection.execute(text("SELECT count(*) FROM stories")).scalar_one())


def test_empty_database_gets_the_newest_schema_once(empty_url: str, newer: Path) -> None:
    assert current(empty_url) is None
    assert migrate(empty_url, scripts=newer)
    assert current(empty_url) == head(newer) == "second"
    assert not migrate(empty_url, scripts=newer)


def test_asking_for_the_schema_makes_no_file(tmp_path: Path) -> None:
    assert current(f"sqlite:///{tmp_path / 'dateline.db'}") is None
    assert list(tmp_path.iterdir()) == []


def test_older_database_keeps_its_rows(empty_url: str, older: Path, newer: Path) -> None:
    migrate(empty_url, scripts=older)
    assert migrate(empty_url, scripts=newer)
    assert current(empty_url) == "second"
    assert stories(empty_url) == 1  # the remade table would have taken it along, with foreign keys on


def test_newer_database_is_refused_and_left_alone(empty_url: str, older: Path, newer: Path) -> None:
    migrate(empty_url, scripts=newer)
    with pytest.raises(SchemaTooNew, match=r"schema second.*newest is first") as caught:
        migrate(empty_url, scripts=older)
    assert "\n" not in str(caught.value)
    assert current(empty_url) == "second"


def test_failing_revision_leaves_the_old_schema(empty_url: str, older: Path, failing: Path) -> None:
    migrate(empty_url, scripts=older)
    with pytest.raises(DBAPIError, match="nowhere"):
        migrate(empty_url, scripts=failing)
    assert current(empty_url) == "first"
    assert stories(empty_url) == 1


def test_failing_first_start_leaves_nothing(empty_url: str, failing: Path, newer: Path) -> None:
    with pytest.raises(DBAPIError, match="nowhere"):
        migrate(empty_url, scripts=failing)
    assert current(empty_url) is None
    assert migrate(empty_url, scripts=newer)


def test_revision_that_breaks_a_reference_is_undone(empty_url: str, older: Path, broken: Path) -> None:
    migrate(empty_url, scripts=older)
    with pytest.raises((ValueError, DBAPIError), match=r"stories|section_id"):
        migrate(empty_url, scripts=broken)
    assert current(empty_url) == "first"
    assert stories(empty_url) == 1


def test_downgrade_works(empty_url: str, newer: Path) -> None:
    migrate(empty_url, scripts=newer)
    command.downgrade(alembic_config(empty_url, scripts=newer), "base")
    assert current(empty_url) is None
    assert migrate(empty_url, scripts=newer)


def test_processes_that_migrate_at_once_migrate_once(empty_url: str, newer: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from app.db.migrating import migrate
sys.stdin.readline()
print(migrate({empty_url!r}, scripts=Path({str(newer)!r})))
"""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    with ThreadPoolExecutor(len(started)) as together:
        outputs = list(together.map(lambda process: process.communicate("go\n", timeout=60)[0], started))
    assert sorted(outputs) == ["False\n", "False\n", "True\n"]
    assert stories(empty_url) == 1


def test_up_to_date_database_does_not_load_alembic(empty_url: str, newer: Path) -> None:
    migrate(empty_url, scripts=newer)
    program = f"""
import sys
from pathlib import Path
from app.db.migrating import migrate
assert not migrate({empty_url!r}, scripts=Path({str(newer)!r}))
print("alembic" in sys.modules)
"""
    output = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
    assert output.stdout == "False\n"


async def test_readiness_tells_an_old_schema_from_the_current(
    database_url: str, empty_url: str, anyio_backend: str
) -> None:
    async def is_ready(url: str) -> bool:
        database = open_database(url)
        try:
            return await database.read(schema_is_current)
        finally:
            await database.close()

    assert not await is_ready(empty_url)
    with exclusively(empty_url) as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('of another time')"))
    assert not await is_ready(empty_url)
    assert await is_ready(database_url)


@pytest.mark.parametrize("ask", [current, migrate])
def test_absent_server_is_told_in_one_line(ask: Callable[[str], object], free_tcp_port: int) -> None:
    with pytest.raises(CannotOpen, match="refused") as caught:
        ask(f"postgresql://user:secret@127.0.0.1:{free_tcp_port}/dateline")
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_missing_folder_is_told(tmp_path: Path, newer: Path) -> None:
    with pytest.raises(CannotOpen, match="does not exist"):
        migrate(f"sqlite:///{tmp_path / 'missing' / 'dateline.db'}", scripts=newer)


def test_tree_without_revisions_is_refused(tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    with pytest.raises(ValueError, match="not none"):
        head(tmp_path)


def test_two_newest_revisions_are_refused(newer: Path) -> None:
    third = SECOND.replace('"second"', '"rival"').replace("{more}", "pass")
    (newer / "versions" / "rival.py").write_text(third)
    with pytest.raises(ValueError, match="rival, second"):
        head(newer)
