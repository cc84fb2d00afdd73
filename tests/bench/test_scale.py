"""How growth is told, and what is kept of figures when the measuring is interrupted."""

from pathlib import Path

import pytest

from tests.bench import scale, streams


def test_growth_is_the_last_size_by_the_first() -> None:
    lines = scale.table({1_000: {"hot": 100.0, "cold": 200.0}, 10_000: {"hot": 110.0, "cold": 300.0}}).splitlines()
    assert "1.10 |" in lines[2]
    assert "1.50 missed |" in lines[3]


def test_figures_that_were_noted_are_not_measured_again(tmp_path: Path) -> None:
    notes = tmp_path / "growth.jsonl"
    assert scale.noted(notes, "sqlite", 1_000) is None
    notes.write_text('{"kind": "sqlite", "size": 1000, "figures": {"hot": 1.5}}\n')
    assert scale.noted(notes, "sqlite", 1_000) == {"hot": 1.5}
    assert scale.noted(notes, "postgresql", 1_000) is None


@pytest.mark.parametrize(
    ("seen", "rest"), [(b"id: 1\nevent: art", b"event: art"), (b"data", b""), (b"event: article.published", b"")]
)
def test_event_that_is_cut_is_heard_once(seen: bytes, rest: bytes) -> None:
    assert streams.unfinished(seen) == rest
