"""How figures of reads come about: from what wrk says to the table. No figure is asserted."""

from pathlib import Path

import pytest

from tests.bench import bare, wrk
from tests.bench.measuring import Compared, Cost, middle
from tests.bench.reading import Goals, Read, deep_page
from tests.bench.report import Measured, missed, table

TOLD = 'Running 2s test\n  2 threads\n\n{"requests": 300, "microseconds": 2000000, "failed": 0}\n'


def test_round_is_what_the_script_tells_at_the_end() -> None:
    assert wrk.parse(TOLD) == wrk.Round(300, 2_000_000, 0)
    assert wrk.parse(TOLD).per_second == 150


@pytest.mark.parametrize("told", ["", TOLD.replace("0}", "1}")])
def test_round_that_failed_is_no_figure(told: str) -> None:
    with pytest.raises(ValueError, match=r"wrk told nothing|requests failed"):
        wrk.parse(told)


def test_answer_is_read_as_it_was_written_but_for_what_uvicorn_adds(tmp_path: Path) -> None:
    fields = [(b"etag", b'W/"a"'), (b"date", b"now"), (b"vary", b"Accept\xe9")]
    bare.Answer(200, fields, b"\x00\n\xff").write(tmp_path / "answer")
    assert bare.read(tmp_path / "answer") == bare.Answer(200, [fields[0], fields[2]], b"\x00\n\xff")


def test_one_slow_round_moves_no_median() -> None:
    costs = [Cost(1, 4, 9), Cost(2, 5, 8), Cost(90, 50, 1)]
    assert middle(costs) == Cost(2, 5, 8)


@pytest.mark.parametrize(("articles", "page"), [(10, 0), (1_000, 45), (100_000, 4_500), (1_000_000, 10_000)])
def test_deep_page_is_the_ten_thousandth_where_there_are_so_many(articles: int, page: int) -> None:
    assert deep_page(articles) == page


def test_table_counts_the_database_as_ours_and_marks_what_is_missed() -> None:
    read = Read("cold article", Goals(7, 13), ["/"])
    rows = [Compared(read, Cost(0.0006, 0.0008, 700), Cost(0.0001, 0, 9000))]
    lines = table({"sqlite": Measured(rows, 90), "postgresql": Measured(rows, 90)}).splitlines()
    assert "| 14.00 (6.00) missed |" in lines[2]
    assert lines[2].count("missed") == 2
    assert lines[2].endswith("|              100 |")
    assert "90 |" in lines[3]


def test_what_is_missed_is_told_with_how_much() -> None:
    read = Read("cold article", Goals(7, 13), ["/"])
    rows = [Compared(read, Cost(0.0012, 0, 700), Cost(0.0001, 0, 9000))]
    assert missed({"sqlite": Measured(rows, 132), "postgresql": Measured(rows, 120)}) == [
        "cold article on SQLite: 12 times bare uvicorn instead of 7, 71 % too much",
        "memory on SQLite: 132 MiB instead of 120, 10 % too much",
    ]
