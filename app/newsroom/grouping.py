"""What editors do with storylines, each in one transaction: retitle, merge, split, and say where an article belongs.

Their word stands until they take it back. How storylines change is for `articles.storylines`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.articles.schemas import StorylineRef
from app.articles.storylines import store as storylines
from app.articles.storylines import verbs
from app.articles.storylines.errors import StorylineNotFound
from app.articles.storylines.reading import Absent, Found, find
from app.changes.log import head_seq
from app.core.errors import Fault, InvalidBody
from app.newsroom import store
from app.web.validation import summary


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an article belongs, whether editors said so, and the position of the log that this speaks for."""

    article_id: UUID
    storyline: StorylineRef | None
    is_pinned: bool
    seq: int


def retitle(session: Session, ref: str, title: str, *, now: datetime) -> Found:
    """Give the storyline this title. Raises StorylineNotFound."""
    storylines.queue(session)
    id = _get(session, ref).id
    verbs.retitle(session, id, title, now=now)
    return _get(session, str(id))


def merge(session: Session, ref: str, others: Sequence[str], *, now: datetime) -> Found:
    """Let the articles of the others belong to the storyline. Raises StorylineNotFound, and InvalidBody for others."""
    storylines.queue(session)
    into, found = _get(session, ref).id, [find(session, other) for other in others]
    faults = [
        Fault("is no storyline" if isinstance(other, Absent) else "is the one to merge into", f"/storylines/{n}")
        for n, other in enumerate(found)
        if isinstance(other, Absent) or other.id == into
    ]
    _refuse(faults)
    verbs.merge(session, {other.id for other in found if isinstance(other, Found)}, into, now=now)
    return _get(session, str(into))


def split(session: Session, ref: str, articles: Sequence[str], *, title: str | None, now: datetime) -> Found:
    """Found a storyline of some of the articles of this one, where they stay. Raises StorylineNotFound, InvalidBody."""
    storylines.queue(session)
    id = _get(session, ref).id
    members = storylines.members(session, [id])
    drafts = [store.find(session, article) for article in articles]
    ids = {draft.id for draft in drafts if draft is not None}
    _refuse(
        [
            Fault("is no article of the storyline", f"/articles/{n}")
            for n, draft in enumerate(drafts)
            if draft is None or draft.id not in members
        ]
    )
    if ids >= members.keys():
        _refuse([Fault("are all articles of the storyline: one at least must stay", "/articles")])
    storylines.unpin(session, ids)
    new = verbs.split(session, id, ids, title=title, now=now)
    return _get(session, str(new))


def placement(session: Session, ref: str) -> Placed:
    """Where the article belongs. Raises DraftNotFound."""
    id = store.get(session, ref).id
    pins = storylines.pins(session, [id])
    public = storylines.places(session, [id])
    storyline_id = pins.get(id, public[id].storyline_id if id in public else None)
    told = storylines.refs(session, [storyline_id])
    return Placed(id, told[storyline_id] if storyline_id else None, id in pins, head_seq(session))


def place(session: Session, ref: str, storyline: str | None, *, now: datetime) -> Placed:
    """Put the article in this storyline, or, with None, in none. Raises DraftNotFound, and InvalidBody."""
    id = store.lock(session, ref).id  # else a publication under way would not see it
    storylines.queue(session)
    if storyline is None:
        storylines.pin(session, [id], None)
        verbs.leave(session, [id], now=now)
        return placement(session, ref)
    found = find(session, storyline)
    if isinstance(found, Absent):
        _refuse([Fault("is no storyline", "/storyline")])
    else:
        storylines.pin(session, [id], found.id)
        verbs.join(session, found.id, [id], now=now)
    return placement(session, ref)


def give_back(session: Session, ref: str) -> Placed:
    """Let the article be where it is, and go where the rule says from now on. Raises DraftNotFound."""
    storylines.unpin(session, [store.lock(session, ref).id])
    return placement(session, ref)


def _get(session: Session, ref: str) -> Found:
    found = find(session, ref)
    if isinstance(found, Absent):
        detail = f"No storyline has the id or slug {ref[:100]!r}."
        raise StorylineNotFound(detail, headers={"Dateline-Seq": str(found.seq)})
    return found


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise InvalidBody(summary(faults), errors=faults)
