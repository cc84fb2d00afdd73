"""What is kept exact with the articles: written in the transaction that publishes or withdraws them.

Who keeps it stands above this package, or beside it, and is registered when a process starts (`app.exactness`).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from app.articles.content import Content


@dataclass(frozen=True, slots=True)
class Appearance:
    """An article as it is public from now on, newly or again; `is_first` says that it never was."""

    id: UUID
    content: Content
    published_at: datetime
    section_id: int | None
    tag_ids: frozenset[int]
    contributor_ids: frozenset[int]
    is_first: bool = False


Keep = Callable[[Session, Sequence[Appearance]], None]


class Keeper(Protocol):
    """Whoever keeps something exact; a module can be one."""

    def prepare(self, contents: Sequence[Content], /) -> Keep:
        """What writes down that these are public, given their appearances in this order.

        Called before any lock is taken; what it returns, by who holds the log's turn.
        """

    def withdraw(self, session: Session, ids: Collection[UUID], /) -> None:
        """Forget these articles. Only for who holds the log's turn."""


_keepers: list[Keeper] = []


def register(*keepers: Keeper) -> None:
    """Let these hear of every publication and withdrawal of this process, each once."""
    _keepers.extend(keeper for keeper in keepers if keeper not in _keepers)


def prepare(contents: Sequence[Content]) -> Keep:
    """What every keeper writes down of these. Raises RuntimeError where nobody was registered."""
    if not _keepers:
        # An article that search does not find, and nobody hears of it, is worse than one that is not published.
        raise RuntimeError("publishing before app.exactness.register()")
    writers = [keeper.prepare(contents) for keeper in _keepers]

    def keep(session: Session, appearances: Sequence[Appearance]) -> None:
        for write in writers:
            write(session, appearances)

    return keep


def withdraw(session: Session, ids: Collection[UUID]) -> None:
    """Every keeper forgets these articles. Raises RuntimeError where nobody was registered."""
    if not _keepers:
        raise RuntimeError("withdrawing before app.exactness.register()")
    for keeper in _keepers:
        keeper.withdraw(session, ids)
