"""What editors choose for the list of an article: what leads it, and what never shows in it.

What articles there are to choose from is for the newsroom to say; readers see a choice as far as it is public.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.articles.store import ARTICLES
from app.changes import surrogates
from app.changes.purges import purge
from app.db.base import Uid
from app.related.reading import CHOICES, ids_of


@dataclass(frozen=True, slots=True)
class Choice:
    """The articles that lead a list, in order, and those that never stand in it."""

    pinned: tuple[UUID, ...] = ()
    blocked: tuple[UUID, ...] = ()


NOTHING = Choice()

_CHOSEN = select(CHOICES.c.pinned, CHOICES.c.blocked, CHOICES.c.at).where(
    CHOICES.c.article_id == bindparam("id", type_=Uid)
)


def chosen(session: Session, article_id: UUID) -> Choice:
    """What was chosen for this article."""
    row = session.connection().execute(_CHOSEN, {"id": article_id}).first()
    return Choice(ids_of(row.pinned), ids_of(row.blocked)) if row else NOTHING


def choose(session: Session, article_id: UUID, choice: Choice, *, now: datetime) -> None:
    """Keep this choice, instead of what was chosen before. The caller holds the article's draft."""
    row = session.connection().execute(_CHOSEN, {"id": article_id}).first()
    before = Choice(ids_of(row.pinned), ids_of(row.blocked)) if row else NOTHING
    if choice == before:
        return
    at = row.at if row else None
    if is_seen := _is_seen(session, article_id, changed(before, choice)):
        at = max(now, at or now)
    kept = {"pinned": _text(choice.pinned), "blocked": _text(choice.blocked), "at": at}
    if row:
        session.execute(update(CHOICES).where(CHOICES.c.article_id == article_id).values(kept))
    else:
        session.execute(insert(CHOICES), {"article_id": article_id} | kept)
    if is_seen:
        purge(session, [surrogates.related(article_id)])


def changed(before: Choice, after: Choice) -> set[UUID]:
    """The articles that a list may show, lack or place otherwise after a change of the choice."""
    moved = set() if before.pinned == after.pinned else {*before.pinned, *after.pinned}
    return moved | set(before.blocked).symmetric_difference(after.blocked)


def _is_seen(session: Session, article_id: UUID, changed: Collection[UUID]) -> bool:
    """Whether readers may see that these changed.

    A choice among drafts must not show, and a date would show it. When one of them goes public, the log tells the time.
    """
    public = set(session.scalars(select(ARTICLES.c.id).where(ARTICLES.c.id.in_([article_id, *changed]))))
    return article_id in public and len(public) > 1


def _text(ids: Collection[UUID]) -> str:
    return " ".join(map(str, ids))
