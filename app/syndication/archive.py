"""Pages of the archive (RFC 5005, 4) that are the same for everybody, however a reader entered it.

Pages that each begin where the one before ended would all shift when news arrives. So a page ends at a landmark, where
it meets one: an article that its id makes one, 1 in 64. From the first landmark on, everybody goes the same pages under
the same addresses, and may stop at one that was read before.
"""

from dataclasses import replace
from uuid import UUID

from app.articles.listing import Page, article_id, position
from app.web.paging import Cursor

_LANDMARKS_OF_256 = 4


def is_landmark(id: UUID) -> bool:
    """Whether a page of the archive ends with this article: decided by its last, random byte."""
    return id.bytes[-1] < _LANDMARKS_OF_256


def to_landmark(page: Page) -> Page:
    """The page as far as its first landmark, with where to go on from there; the whole where it has none."""
    for number, card in enumerate(page.cards, 1):
        if is_landmark(article_id(card)):
            is_last = number == len(page.cards)
            return page if is_last else replace(page, cards=page.cards[:number], older=position(card, "older"))
    return page


def is_archived(cursor: Cursor | None) -> bool:
    """Whether what lies beyond this position is the archive: nothing new ever lands there."""
    return cursor is not None and cursor.direction != "newer"
