"""What is remembered of words: found out once, and bounded."""

from itertools import count

import pytest

from app.core import remembering
from app.core.remembering import LONGEST, Remembered


def test_short_text_is_looked_at_once() -> None:
    numbers = count(1)
    remembered = Remembered(lambda _: next(numbers))
    assert [remembered["word"], remembered["word"], remembered["other"]] == [1, 1, 2]


def test_long_text_is_not_kept() -> None:
    remembered = Remembered(len)
    assert remembered["x" * (LONGEST + 1)] == LONGEST + 1
    assert not remembered


def test_all_is_forgotten_when_there_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "MOST", 3)
    remembered = Remembered(str.upper)
    assert [remembered[text] for text in "abcdab"] == list("ABCDAB")
    assert len(remembered) <= 3
