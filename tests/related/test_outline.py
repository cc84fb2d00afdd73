"""Who stands in a list, and who has to leave it: pure rules."""

import pytest

from app.related.likeness import KEPT, KEPT_OF_A_GROUP
from app.related.outline import Line, enter, leave, outline, retell


def line(number: int, score: float, *, group: int | None = None) -> Line:
    return Line(score, number, number if group is None else group, f"{number:032x}\tthen\t1\ten\toriginal")


def numbers(text: str) -> list[int]:
    return [int(one.split("\t")[1]) for one in text.split("\n")] if text else []


def test_best_stands_first_and_of_equals_the_last_of_the_log() -> None:
    assert numbers(outline([line(1, 0.5), line(2, 0.9), line(3, 0.5)])) == [2, 3, 1]


def test_list_is_the_same_in_whatever_order_it_is_entered() -> None:
    lines = [line(n, n % 7 / 10) for n in range(1, 20)]
    text = ""
    for one in lines[::-2] + lines[-2::-2]:
        entered = enter(text, one)
        assert entered is not None
        assert entered.left is None
        text = entered.outline

    assert text == outline(lines)


@pytest.mark.parametrize(("score", "left"), [(0.6, KEPT), (0.5, None), (0.4, None)])
def test_full_list_takes_only_what_is_better_than_its_last(score: float, left: int | None) -> None:
    # Of the least the newest leaves: it was let in by no more than those before it.
    full = outline([line(n, 0.5) for n in range(1, KEPT + 1)])

    entered = enter(full, line(99, score))

    assert (entered and entered.left) == left
    assert entered is None or numbers(entered.outline) == [99, *range(KEPT - 1, 0, -1)]


@pytest.mark.parametrize(("score", "left"), [(0.35, 6), (0.3, None), (0.2, None)])
def test_copies_make_room_for_better_copies_only(score: float, left: int | None) -> None:
    crowd = [line(n, 0.9 - n / 10, group=1) for n in range(1, KEPT_OF_A_GROUP + 1)]
    text = outline([*crowd, line(50, 0.01)])

    entered = enter(text, line(99, score, group=1))

    assert (entered and entered.left) == left
    assert enter(text, line(99, score)) is not None


def test_who_leaves_leaves_the_others_as_they_are() -> None:
    lines = [line(1, 0.5), line(11, 0.4), line(2, 0.3)]

    assert leave(outline(lines), 1) == outline(lines[1:])
    assert leave(outline(lines[:1]), 1) == ""
    assert leave("", 1) == ""


def test_only_the_facts_of_one_are_told_anew() -> None:
    lines = [line(1, 0.5), line(11, 0.4)]

    told = retell(outline(lines), 11, "facts")

    assert told == f"{lines[0]}\n0.4\t11\t11\tfacts"
