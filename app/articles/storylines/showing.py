"""One storyline with its articles in order, as text ready to be sent."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.articles import listing
from app.articles.filters import Filters
from app.articles.storylines.reading import Absent, Found, find
from app.web.paging import Cursor

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """A storyline and a page of its articles, newest first."""

    storyline: Found
    articles: listing.Page

    @property
    def changed_at(self) -> datetime:
        """How new it is."""
        return self.storyline.changed_at

    @property
    def text(self) -> str:
        """The whole as JSON, its links relative."""
        return f'{self.storyline.entry.text},"articles":[{",".join(reversed(self.articles.cards))}]}}'


def show(session: Session, ref: str, *, cursor: Cursor | None = None, limit: int = MOST_SHOWN) -> Shown | Absent:
    """The storyline that has or had this name, with at most `limit` articles from `cursor` on, or its first."""
    found = find(session, ref)
    if isinstance(found, Absent):
        return found
    only = Filters(storylines=(str(found.id),))
    return Shown(found, listing.page(session, only, cursor=cursor or Cursor.beginning(), limit=limit))
