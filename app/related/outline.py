"""A list in short, as pure rules: what stands in it, best first, and who has to leave when another enters.

It is one text, so that readers find a list by one look-up: a line for each article, with all but the reasons.
"""

from bisect import insort
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.core.clock import even_instant
from app.related.likeness import KEPT, KEPT_OF_A_GROUP

_TAB = "\t"


@dataclass(frozen=True, slots=True)
class Line:
    """An article in a list: its score, its number in the index, its group of near-copies, and what tells it there."""

    score: float
    number: int
    group: int
    facts: str

    def __str__(self) -> str:
        """As it stands in the text."""
        return f"{self.score}\t{self.number}\t{self.group}\t{self.facts}"


class Entered(NamedTuple):
    """An outline with a newcomer, and the number of the article that left for it, if one had to."""

    outline: str
    left: int | None


def facts(article_id: UUID, *, published_at: datetime, version: int, language: str, original: str) -> str:
    """What readers are to know of an article that is listed; what it is now, they compare with this."""
    return f"{article_id.hex}\t{even_instant(published_at)}\t{version}\t{language}\t{original}"


def outline(lines: list[Line]) -> str:
    """The text of these; of equals, what the log told last comes first."""
    return "\n".join(map(str, sorted(lines, key=_place)))


def enter(text: str, newcomer: Line) -> Entered | None:
    """The outline with the newcomer; None where there is no room for it, neither free nor by a lower score."""
    lines = _lines(text)
    if len(lines) >= KEPT and newcomer.score <= _score(lines[-1]):
        return None
    standing = list(map(_line, lines))
    copies = [one for one in standing if one.group == newcomer.group]
    crowd = copies if len(copies) >= KEPT_OF_A_GROUP else standing if len(standing) >= KEPT else ()
    leaver = min(crowd, key=lambda one: (one.score, -one.number), default=None)
    if leaver is not None:
        if newcomer.score <= leaver.score:
            return None
        standing.remove(leaver)
    insort(standing, newcomer, key=_place)
    return Entered("\n".join(map(str, standing)), None if leaver is None else leaver.number)


def leave(text: str, number: int) -> str:
    """The outline without this article."""
    return "\n".join(line for line in _lines(text) if _number(line) != number)


def retell(text: str, number: int, facts: str) -> str:
    """The outline with other facts of this article."""
    return "\n".join(
        str(replace(_line(line), facts=facts)) if _number(line) == number else line for line in _lines(text)
    )


def _place(one: Line) -> tuple[float, int]:
    return -one.score, -one.number


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []


def _score(line: str) -> float:
    return float(line[: line.index(_TAB)])


def _number(line: str) -> int:
    return int(line.split(_TAB, 2)[1])


def _line(line: str) -> Line:
    score, number, group, told = line.split(_TAB, 3)
    return Line(float(score), int(number), int(group), told)
