"""The house as it was planned: who may import whom, what every file says of itself, and how long it may get."""

import ast
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted(path.relative_to(ROOT) for path in (ROOT / "app").rglob("*.py"))
LONGEST_FILE = 350
PUBLIC = [
    "articles",
    "timeline",
    "related",
    "wire",
    "purging",
    "taxonomy",
    "partners",
    "changes",
    "web",
    "db",
    "core",
    "page",
]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("app", cache_dir=None)


def test_imports_run_downward_only() -> None:
    # In a process of its own: it silences the loggers of the one that it runs in.
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0, checked.stdout


def test_nothing_that_answers_the_public_can_reach_the_drafts(graph: grimp.ImportGraph) -> None:
    public = {module for name in PUBLIC for module in (f"app.{name}", *graph.find_descendants(f"app.{name}"))}
    reaching = [module for module in sorted(public) if "app.newsroom.tables" in graph.find_upstream_modules(module)]
    assert reaching == []
    assert "app.newsroom.tables" in graph.find_upstream_modules("app.newsroom.routes")


def test_only_the_newsroom_knows_its_tables(graph: grimp.ImportGraph) -> None:
    direct = graph.find_modules_that_directly_import("app.newsroom.tables")
    assert direct
    assert all(module.startswith("app.newsroom.") for module in direct)


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [
        ("app.core", {"fastapi", "starlette", "sqlalchemy"}),
        ("app.db", {"fastapi", "starlette"}),
    ],
)
def test_inner_packages_know_no_framework(package: str, forbidden: set[str]) -> None:
    graph = grimp.build_graph("app", include_external_packages=True, cache_dir=None)
    modules = {package, *graph.find_descendants(package)}
    found = {(m, name) for m in modules for name in graph.find_modules_directly_imported_by(m) if name in forbidden}
    assert found == set()


@pytest.mark.parametrize("file", FILES, ids=str)
def test_file_says_what_it_is_for_and_stays_short(file: Path) -> None:
    source = (ROOT / file).read_text(encoding="utf-8")
    assert (ast.get_docstring(ast.parse(source)) or "").strip()
    assert source.count("\n") <= LONGEST_FILE


@pytest.mark.parametrize("file", FILES, ids=str)
def test_public_names_say_what_they_promise(file: Path) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, kinds) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_package_is_one() -> None:
    folders = {path.parent for path in FILES}
    assert [folder for folder in folders if not (ROOT / folder / "__init__.py").is_file()] == []
