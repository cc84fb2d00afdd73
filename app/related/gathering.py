"""Which storyline an article joins: a pure rule over its nearest neighbours.

What counts is how alike an article is to a storyline on the whole, not to its nearest member: else one long crisis
would chain all of its events into one. What a storyline is, is for `articles.storylines`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

# Measured by B-cubed F1 on news of known events, where each is the middle of a plateau.
JOINED: Final = 0.20
"""How alike an article is, on the average, to the members of a storyline that it joins."""
FOUNDED: Final = 0.22
"""How alike two articles are that found a storyline: two can be alike by chance more easily than many."""
MERGED: Final = 0.22
"""How alike an article is to each of two storylines that it makes one."""
GAP: Final = timedelta(days=14)
"""A storyline that nothing came to for longer is over."""
COMPARED: Final = 20
"""Of a larger storyline so many of the most alike count, or a list of thirty could not show that one belongs to it."""
UNSEEN: Final = 0.05
"""What a member that is not among the neighbours is taken to be like."""
MOST_ARTICLES: Final = 1000
"""A storyline that has so many takes no more: the next chapter of an endless story begins one of its own."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An article like the newcomer, by its number in the index, and the storyline that it is in."""

    number: int
    likeness: float
    published_at: datetime
    storyline: UUID | None


@dataclass(frozen=True, slots=True)
class Extent:
    """How many articles a storyline has, between which instants, and whether editors gave it a title or an article."""

    size: int
    first_published_at: datetime
    last_published_at: datetime
    is_edited: bool = False


@dataclass(frozen=True, slots=True)
class Gathering:
    """What to do: the newcomer and `articles` (numbers) join `into`, or found a storyline when that is None.

    The storylines `merging` become part of `into`, which is the oldest of them.
    """

    into: UUID | None
    articles: tuple[int, ...] = ()
    merging: tuple[UUID, ...] = ()


def gather(
    published_at: datetime, neighbours: Sequence[Neighbour], storylines: Mapping[UUID, Extent]
) -> Gathering | None:
    """What the newcomer's neighbours (its list) ask for; None when nothing is near enough.

    `storylines` holds the extent of each one that a neighbour is in.
    """
    near = [one for one in neighbours if abs(one.published_at - published_at) <= GAP]
    loose = tuple(one.number for one in near if one.storyline is None and one.likeness >= FOUNDED)
    alike = _alike(published_at, near, storylines)
    if not alike:
        return Gathering(None, loose) if loose else None
    best = max(alike, key=lambda one: (alike[one], one))
    if storylines[best].is_edited:
        return Gathering(best, loose)
    meeting = [one for one in alike if one == best or (alike[one] >= MERGED and not storylines[one].is_edited)]
    oldest, *younger = sorted(meeting, key=lambda one: (storylines[one].first_published_at, one))
    if sum(storylines[one].size for one in meeting) > MOST_ARTICLES:
        return Gathering(best, loose)
    return Gathering(oldest, loose, tuple(younger))


def _alike(published_at: datetime, near: Sequence[Neighbour], storylines: Mapping[UUID, Extent]) -> dict[UUID, float]:
    """How alike the newcomer is to each storyline that it may join."""
    found = {
        storyline: _linkage([one.likeness for one in near if one.storyline == storyline], extent.size)
        for storyline, extent in storylines.items()
        if extent.size < MOST_ARTICLES
        and extent.first_published_at - GAP <= published_at <= extent.last_published_at + GAP
    }
    return {storyline: average for storyline, average in found.items() if average >= JOINED}


def _linkage(seen: Sequence[float], size: int) -> float:
    """The average likeness to the members of a storyline, of which these were seen."""
    best = sorted(seen, reverse=True)[:COMPARED]
    unseen = max(0, min(size, COMPARED) - len(best))
    return (sum(best) + UNSEEN * unseen) / (len(best) + unseen) if best else 0.0
