"""One entry for each story, and no story twice: pure rules."""

import json
from collections.abc import Iterable, Iterator

import pytest

from app.related.folding import Candidate, Entry, Key, choose, deal, explain, fold, reason


def candidate(
    n: int,
    *,
    group: int | None = None,
    original: str | None = None,
    language: str = "en",
    score: float = 0.5,
    is_pinned: bool = False,
) -> Candidate:
    name = original or f"original {n}"
    return Candidate(f"{n:x}", language, name, n if group is None else group, score, is_pinned=is_pinned)


def told(entries: Iterable[Entry]) -> list[list[int]]:
    """Each entry by its numbers, that of the lead first."""
    return [[int(one.id, 16) for one in entry.members] for entry in entries]


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        ([], []),
        ([candidate(1), candidate(2)], [[1], [2]]),
        ([candidate(1, group=9), candidate(2), candidate(3, group=9)], [[1, 3], [2]]),
        ([candidate(1, original="x"), candidate(2, original="x")], [[1, 2]]),
        # The one in the reader's language stands for the story, where its best stood.
        ([candidate(1, original="x", language="fr"), candidate(2), candidate(3, original="x")], [[3, 1], [2]]),
        ([candidate(1, original="x", language="fr"), candidate(2, original="x", language="ar")], [[1, 2]]),
        # What shows only later that two are one story makes them one.
        ([candidate(1, group=9), candidate(2, original="x"), candidate(3, group=9, original="x")], [[1, 2, 3]]),
        (
            [
                candidate(1, group=9, score=0.9),
                candidate(2, original="x", score=0.8),
                candidate(3, group=9, score=0.7),
                candidate(4, group=9, original="x", score=0.6),
                candidate(5, original="x", score=0.5),
            ],
            [[1, 2, 3, 4, 5]],
        ),
        # What editors pinned stands for its story in any language.
        ([candidate(1, original="x", language="fr", is_pinned=True), candidate(2, original="x")], [[1, 2]]),
    ],
)
def test_copies_and_translations_are_one_entry(candidates: list[Candidate], expected: list[list[int]]) -> None:
    assert told(fold(candidates, language="en")) == expected


def test_articles_that_the_index_does_not_know_are_no_copies_of_each_other() -> None:
    unknown = [Candidate(f"{n}", "en", f"original {n}", None, 0.5) for n in (1, 2)]

    assert told(fold(unknown, language="en")) == [[1], [2]]


def test_entry_has_the_score_of_its_best() -> None:
    best, leading = candidate(1, original="x", language="fr", score=0.8), candidate(2, original="x", score=0.3)

    (entry,) = fold([best, leading], language="en")

    assert (entry.lead, entry.score) == (leading, 0.8)


def test_excluded_best_leaves_its_place_to_the_next() -> None:
    copies = [candidate(1, group=9), candidate(2, group=9), candidate(3)]

    chosen = choose(copies, (), unwanted={"1"}, originals=set())

    assert told(fold(chosen, language="en")) == [[2], [3]]


def test_own_translations_are_no_candidates() -> None:
    others = [candidate(1, original="own"), candidate(2)]

    assert choose(others, [candidate(3, original="own")], unwanted=set(), originals={"own"}) == [others[1]]


def test_pins_come_first_once() -> None:
    listed = [candidate(1), candidate(2)]
    pins = [candidate(3, score=1.0, is_pinned=True), candidate(2, score=1.0, is_pinned=True)]

    chosen = choose(listed, pins, unwanted=set(), originals=set())

    assert [(one.id, one.score) for one in chosen] == [("3", 1.0), ("2", 1.0), ("1", 0.5)]


@pytest.mark.parametrize(
    ("is_pinned", "storyline", "kinds"),
    [
        (False, None, ["words"]),
        (True, None, ["pinned", "words"]),
        (False, "Strike", ["storyline", "words"]),
        (True, "Strike", ["pinned", "storyline", "words"]),
    ],
)
def test_reasons_begin_with_the_strongest(is_pinned: bool, storyline: str | None, kinds: list[str]) -> None:
    words = reason("words", ["grève", '"x"'])

    told = json.loads(explain(candidate(1, is_pinned=is_pinned), words, storyline=storyline))

    assert [reason["kind"] for reason in told] == kinds
    assert told[-1] == {"kind": "words", "values": ["grève", '"x"'], "shares": None}
    assert json.loads(explain(candidate(1, is_pinned=True), "[]", storyline=None)) == [
        {"kind": "pinned", "values": [], "shares": None}
    ]
    assert explain(candidate(1), "[]", storyline=None) == "[]"


def offers(*lists: list[int]) -> list[Iterator[Entry]]:
    return [fold(map(candidate, numbers), language="en") for numbers in lists]


@pytest.mark.parametrize(
    ("lists", "wanted", "expected"),
    [
        ([[1, 2, 3]], [2], [[1, 2]]),
        # Each gets its first before any gets its second.
        ([[1, 2, 3], [2, 1, 4]], [2, 2], [[1, 3], [2, 4]]),
        ([[1, 2], [1, 2], [1, 2]], [1, 1, 1], [[1], [2], []]),
        ([[], [1]], [3, 3], [[], [1]]),
        ([[1, 2], [3]], [0, 1], [[], [3]]),
        ([], [], []),
    ],
)
def test_no_story_is_dealt_twice_and_none_eats_all(
    lists: list[list[int]], wanted: list[int], expected: list[list[int]]
) -> None:
    dealt = deal(offers(*lists), wanted, set())

    assert [[number for (number,) in told(hand)] for hand in dealt] == expected


def test_stories_shown_already_are_not_dealt() -> None:
    taken: set[Key] = {"original 1"}

    (hand,) = deal(offers([1, 2]), [2], taken)

    assert told(hand) == [[2]]
    assert {2, "original 2"} <= taken
