"""What can be done with storylines: found, join, leave, merge, split, retitle. The caller decides, and commits.

Each takes the log last, so it comes last in its transaction. Where editors have said where an article belongs, found,
join, leave and split respect it. Articles that are not public are left out. A storyline that was merged into another is
that other; of one that never was, LookupError is raised.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.articles.storylines import store
from app.articles.storylines.regrouping import Move, Wish, carry_out, prepare
from app.articles.storylines.store import Place
from app.changes import log
from app.core.ids import new_id


def found(session: Session, article_ids: Collection[UUID], *, now: datetime) -> UUID | None:
    """A new storyline of these articles; None, and nothing happens, where editors leave none of them free for it."""
    store.queue(session)
    free = _free(session, store.lock_articles(session, article_ids).values(), None)
    if not free:
        return None
    return _found(session, free, title=None, now=now)


def join(session: Session, storyline_id: UUID, article_ids: Collection[UUID], *, now: datetime) -> None:
    """These articles belong to the storyline, and to no other any more."""
    store.queue(session)
    storyline_id = _present(session, storyline_id)
    articles = store.lock_articles(session, article_ids).values()
    coming = [place for place in articles if place.storyline_id != storyline_id]
    _move(session, _free(session, coming, storyline_id), storyline_id, now=now)


def leave(session: Session, article_ids: Collection[UUID], *, now: datetime) -> None:
    """These articles belong to no storyline."""
    store.queue(session)
    articles = store.lock_articles(session, article_ids).values()
    pins = store.pins(session, article_ids)
    leaving = [place for place in articles if place.storyline_id is not None and pins.get(place.id) is None]
    _move(session, leaving, None, now=now)


def merge(session: Session, others: Collection[UUID], into: UUID, *, now: datetime) -> None:
    """The articles of the others belong to `into`, which goes by the others' ids and slugs, too."""
    store.queue(session)
    into = _present(session, into)
    merged = {id: into for id in (_present(session, other) for other in others) if id != into}
    articles = store.lock_articles(session, store.members(session, merged))
    moves = [Move(p.id, p.at, p.storyline_id, into) for p in articles.values() if p.storyline_id in merged]
    _regroup(session, Wish(moves, merged=merged), now=now)


def split(
    session: Session, storyline_id: UUID, article_ids: Collection[UUID], *, title: str | None = None, now: datetime
) -> UUID | None:
    """A new storyline of these articles of another one, put there by editors; None when none of them may go."""
    store.queue(session)
    storyline_id = _present(session, storyline_id)
    articles = store.lock_articles(session, article_ids).values()
    parting = _free(session, (place for place in articles if place.storyline_id == storyline_id), None)
    return _found(session, parting, title=title, is_pinned=True, now=now) if parting else None


def retitle(session: Session, storyline_id: UUID, title: str, *, now: datetime) -> None:
    """The storyline has this title until editors give it another; its slug moves, and the old one leads to it."""
    store.queue(session)
    _regroup(session, Wish(titles={_present(session, storyline_id): title}), now=now)


def _present(session: Session, storyline_id: UUID) -> UUID:
    return store.resolve(session, [str(storyline_id)])[str(storyline_id)]


def _free(session: Session, articles: Iterable[Place], storyline_id: UUID | None) -> list[Place]:
    """Those of the articles that editors have not put anywhere but in this storyline."""
    places = list(articles)
    pins = store.pins(session, [place.id for place in places])
    put_here = {id for id, pinned in pins.items() if pinned is not None and pinned == storyline_id}
    return [place for place in places if place.id not in pins or place.id in put_here]


def _found(
    session: Session, articles: Collection[Place], *, title: str | None, is_pinned: bool = False, now: datetime
) -> UUID:
    id = new_id()
    store.insert_storyline(session, id, at=now)
    if is_pinned:
        store.pin(session, [place.id for place in articles], id)
    moves = [Move(place.id, place.at, place.storyline_id, id) for place in articles]
    _regroup(session, Wish(moves, titles={id: title} if title is not None else {}), now=now)
    return id


def _move(session: Session, articles: Iterable[Place], storyline_id: UUID | None, *, now: datetime) -> None:
    moves = [Move(place.id, place.at, place.storyline_id, storyline_id) for place in articles]
    _regroup(session, Wish(moves), now=now)


def _regroup(session: Session, wish: Wish, *, now: datetime) -> None:
    regrouping = prepare(session, wish)
    if not regrouping.changed:
        return
    turn = log.take(session, now=now)
    carry_out(session, regrouping, turn)
    log.close(session, turn)
