"""The page of figures: each benchmark has a section on it, and only its own is replaced."""

from pathlib import Path

from tests.bench import document


def test_newer_section_takes_the_place_of_the_older(tmp_path: Path) -> None:
    page = tmp_path / "docs" / "benchmarks.md"
    for heading, text in (("Reads", "one"), ("Growth", "### SQLite\n\ntwo"), ("Reads", "three")):
        document.write(page, heading, text)
    told = page.read_text()
    assert told.startswith(document.BEGIN)
    assert [line for line in told.splitlines() if line.startswith("#")] == [
        "# Benchmarks",
        "## Reads",
        "## Growth",
        "### SQLite",
    ]
    assert "one" not in told.partition("## Reads")[2]
    assert told.index("three") < told.index("two")
