"""Which articles a change of the editors' choice is about: a pure rule."""

from uuid import UUID

import pytest

from app.related.choosing import NOTHING, Choice, changed

A, B, C = (UUID(int=n) for n in (1, 2, 3))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (NOTHING, NOTHING, set()),
        (NOTHING, Choice((A,)), {A}),
        (Choice((A,)), NOTHING, {A}),
        (Choice((A, B)), Choice((B, A)), {A, B}),
        (Choice((A, B), (C,)), Choice((A, B), (C,)), set()),
        # What is blocked has no order.
        (Choice((), (A, B)), Choice((), (B, A)), set()),
        (Choice((), (A, B)), Choice((), (B, C)), {A, C}),
        (Choice((A,), (B,)), Choice((B,), (A,)), {A, B}),
    ],
)
def test_change_is_about_what_it_moves(before: Choice, after: Choice, expected: set[UUID]) -> None:
    assert changed(before, after) == expected
