"""What pure functions make of words, remembered: in any text most words come again, as Zipf's law has it.

What is remembered is for the modules that ask.
"""

from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")

MOST: Final = 50_000
LONGEST: Final = 40


class Remembered(dict[str, T]):
    """What `find` makes of each text, found out once where the text is short; any thread may ask.

    Forgets everything when it grows too big: what comes often is soon there again.
    """

    def __init__(self, find: Callable[[str], T]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, text: str) -> T:
        found = self._find(text)
        if len(text) <= LONGEST:
            if len(self) >= MOST:
                self.clear()
            self[text] = found
        return found
