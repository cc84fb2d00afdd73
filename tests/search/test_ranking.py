import pytest

from app.search.ranking import Ranked, by_headline

HEADLINES = {
    1: ["harbour", "strike", "ends", "after", "nine", "days"],
    2: ["strike"],
    3: ["nine", "days", "of", "harbour", "strike", "end", "the", "season"],
}


@pytest.mark.parametrize(
    ("typed", "scores", "order"),
    [
        # One word: what is about it by far comes before a headline that is the word.
        ("strike", {1: 0.9, 2: 0.5}, [1, 2]),
        ("strike", {1: 0.6, 2: 0.5}, [2, 1]),
        # A headline that was pasted comes before what says its words more often.
        ("harbour strike ends after nine days", {1: 0.4, 3: 0.6}, [1, 3]),
        ("harbour strike ends after days", {1: 0.4, 3: 0.6}, [1, 3]),
        # The order of the words counts.
        ("nine days of harbour strike", {1: 0.5, 3: 0.5}, [3, 1]),
    ],
)
def test_headline_that_reads_as_what_was_typed_comes_first(
    typed: str, scores: dict[int, float], order: list[int]
) -> None:
    ranked = [Ranked(number, score) for number, score in scores.items()]
    assert [one.number for one in by_headline(ranked, HEADLINES, typed.split())] == order


def test_what_reads_alike_keeps_its_order_and_no_score_grows() -> None:
    ranked = [Ranked(1, 0.5), Ranked(2, 0.5)]
    moved = by_headline(ranked, {1: ["a"], 2: ["a"]}, ["a"] * 20)
    assert [one.number for one in moved] == [2, 1]  # the newest of equals
    assert all(0 < one.score <= 0.5 for one in moved)
