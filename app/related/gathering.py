"""Which storyline an article joins: a pure rule over its nearest neighbours.

It resists chaining: what counts is how alike an article is to a storyline's members on the whole, not to the nearest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

ALIKE: Final = 0.30
GAP: Final = timedelta(days=14)
UNSEEN: Final = 0.05
"""What a member that is not among the neighbours is taken to be like."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An article like the newcomer, by its number in the index, and the storyline that it is in."""

    number: int
    likeness: float
    published_at: datetime
    storyline: UUID | None


@dataclass(frozen=True, slots=True)
class Extent:
    """How many articles a storyline has, and between which instants they were published."""

    size: int
    first_published_at: datetime
    last_published_at: datetime


@dataclass(frozen=True, slots=True)
class Gathering:
    """What to do: the newcomer and `articles` (numbers) join `into`, or found a storyline when that is None.

    The storylines `merging` become part of `into`.
    """

    into: UUID | None
    articles: tuple[int, ...] = ()
    merging: tuple[UUID, ...] = ()


def gather(
    published_at: datetime, neighbours: Sequence[Neighbour], storylines: Mapping[UUID, Extent]
) -> Gathering | None:
    """What the newcomer's neighbours (its list) ask for; None when none is near enough.

    `storylines` holds the extent of each one that a neighbour is in.
    """
    near = [one for one in neighbours if abs(one.published_at - published_at) <= GAP]
    loose = tuple(one.number for one in near if one.storyline is None and one.likeness >= ALIKE)
    linked = _linked(published_at, near, storylines)
    if not linked:
        return Gathering(None, loose) if loose else None
    oldest = min(linked, key=lambda one: (storylines[one].first_published_at, one))
    return Gathering(oldest, loose, tuple(one for one in linked if one != oldest))


def _linked(published_at: datetime, near: Sequence[Neighbour], storylines: Mapping[UUID, Extent]) -> list[UUID]:
    """The storylines that the newcomer is like on the whole, most alike first."""
    found: dict[UUID, float] = {}
    for storyline, extent in storylines.items():
        if extent.first_published_at - GAP <= published_at <= extent.last_published_at + GAP:
            seen = [one.likeness for one in near if one.storyline == storyline]
            average = (sum(seen) + UNSEEN * max(extent.size - len(seen), 0)) / max(extent.size, len(seen), 1)
            if average >= ALIKE:
                found[storyline] = average
    return sorted(found, key=lambda one: (-found[one], one))
