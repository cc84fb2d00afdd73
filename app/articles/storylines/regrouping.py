"""Changing storylines in one transaction: what moves, what they are then called, who is told, and every byte of it.

`prepare` locks and decides before the log is taken; `carry_out` writes with the log in hand. What is published or taken
back by the same transaction is written by that; everything else that shows a changed storyline is written here.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.articles.facets import Facets
from app.articles.rendering import Rendered, regrouped
from app.articles.schemas import StorylineRef
from app.articles.store import Row, portions
from app.articles.storylines import naming, store
from app.articles.storylines.store import Line
from app.articles.storylines.titling import UNTITLED, Title, shown_headline
from app.changes.log import Kind, Turn


@dataclass(frozen=True, slots=True)
class Move:
    """An article, published `at`, that leaves one storyline for another; None is none."""

    id: UUID
    at: datetime
    before: UUID | None
    after: UUID | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for.

    `titles` are editors', by storyline; `headlines` those that articles get in this transaction; `present` the
    storylines of these; `taken_back` are withdrawn, and `merged` storylines end in others.
    """

    moves: Sequence[Move] = ()
    titles: Mapping[UUID, str] = field(default_factory=dict)
    headlines: Mapping[UUID, str] = field(default_factory=dict)
    present: Collection[UUID] = ()
    taken_back: Collection[UUID] = ()
    merged: Mapping[UUID, UUID] = field(default_factory=dict)

    def storylines(self) -> set[UUID]:
        """All that it may change."""
        moved = {id for move in self.moves for id in (move.before, move.after) if id is not None}
        return moved | {*self.titles, *self.present, *self.merged, *self.merged.values()}

    def leaving(self, storyline_id: UUID) -> set[UUID]:
        """The articles that leave this storyline."""
        return {move.id for move in self.moves if move.before == storyline_id}

    def coming(self, storyline_id: UUID) -> list[Move]:
        """The articles that come to this storyline, earliest first."""
        coming = [move for move in self.moves if move.after == storyline_id]
        return sorted(coming, key=lambda move: (move.at, move.id))


@dataclass(frozen=True, slots=True)
class Regrouping:
    """Storylines between what they were and what they become, locked with the articles that are written here.

    `changed` are those of which something is other than it was, `heralds` the articles whose change announces that,
    `written` the articles to be written here.
    """

    wish: Wish
    lines: Mapping[UUID, Line]
    changed: Collection[UUID]
    heralds: Mapping[UUID, Sequence[UUID]]
    written: Sequence[UUID]

    def ref(self, storyline_id: UUID | None) -> StorylineRef | None:
        """What articles of this storyline show from now on."""
        return None if storyline_id is None else self.lines[storyline_id].ref

    def announce(self, turn: Turn, article_id: UUID, *, before: str | None, after: str | None) -> None:
        """Tell of the storylines that change with this article: before its own line, which stays its newest."""
        for storyline_id in self.heralds.get(article_id, ()):
            turn.append(Kind.STORYLINE_UPDATED, article_id, storyline_id=storyline_id, before=before, after=after)


_NOTHING = Regrouping(Wish(), {}, (), {}, ())


def prepare(session: Session, wish: Wish) -> Regrouping:
    """Decide what becomes of the storylines, and lock what that changes. Articles of the wish are locked already."""
    if wish.taken_back:
        store.forget_names(session, wish.taken_back)
    if not (concerned := wish.storylines()):
        return _NOTHING
    before = store.lock(session, concerned)
    lines = {id: _become(session, line, wish) for id, line in before.items()}
    renamed = {id for id, line in lines.items() if line.ref != before[id].ref}
    moved = {id for move in wish.moves for id in (move.before, move.after) if id is not None}
    changed = renamed | moved | wish.merged.keys()
    elsewhere = {*wish.headlines, *wish.taken_back}
    showing = {*store.members(session, renamed), *(move.id for move in wish.moves)} - elsewhere
    written = sorted(store.lock_articles(session, showing))
    heralds: dict[UUID, list[UUID]] = defaultdict(list)
    for id in sorted(changed):
        if (herald := _herald(session, lines[id], wish)) is not None:
            heralds[herald].append(id)
    return Regrouping(wish, lines, changed, heralds, written)


def carry_out(session: Session, regrouping: Regrouping, turn: Turn) -> None:
    """Write it all. What is published or withdrawn with it is in the tables by now."""
    wish = regrouping.wish
    places = {move.id: move.after for move in wish.moves}
    for some in portions(regrouping.written):
        found = store.texts(session, some)
        rows = [_rewritten(regrouping, row, places.get(row.id, row.storyline_id), turn) for row in found]
        store.place_articles(session, rows)
    for id in sorted({*regrouping.changed} - wish.merged.keys()):
        store.update_storyline(session, regrouping.lines[id], at=turn.at)
    store.absorb(session, wish.merged)


def _become(session: Session, line: Line, wish: Wish) -> Line:
    title = _title(session, line, wish)
    return line if title == line.title else replace(line, title=title, slug=naming.name(session, line.id, title))


def _title(session: Session, line: Line, wish: Wish) -> Title:
    if line.id in wish.merged:
        return UNTITLED
    if line.id in wish.titles:
        return Title(wish.titles[line.id], None)
    leaving = wish.leaving(line.id)
    if line.title.outlives(leaving):
        by = line.title.by
        return line.title if by is None or by not in wish.headlines else Title(wish.headlines[by], by)
    return _first_headline(session, line, wish, leaving)


def _first_headline(session: Session, line: Line, wish: Wish, leaving: Collection[UUID]) -> Title:
    """The headline of the earliest article that the storyline then has."""
    stays, comes = store.earliest(session, line.id, without=leaving), next(iter(wish.coming(line.id)), None)
    if comes is not None and (stays is None or (comes.at, comes.id) < (stays[0].at, stays[0].id)):
        return Title(wish.headlines.get(comes.id) or shown_headline(store.card(session, comes.id)), comes.id)
    if stays is None:
        return UNTITLED
    place, card = stays
    return Title(wish.headlines.get(place.id) or shown_headline(card), place.id)


def _herald(session: Session, line: Line, wish: Wish) -> UUID | None:
    """The article that came last, or left, or gave the title; else the newest, if there is any."""
    if coming := wish.coming(line.id):
        return coming[-1].id
    if leaving := wish.leaving(line.id):
        return max(leaving)
    if line.title.by is not None and line.title.by in wish.headlines:
        return line.title.by
    return store.newest(session, line.id)


def _rewritten(regrouping: Regrouping, row: Any, storyline_id: UUID | None, turn: Turn) -> Row:
    """An article as it is stored from now on, with its line in the log."""
    before = Facets.shown(row.card)
    after = replace(before, storyline=None if storyline_id is None else str(storyline_id))
    told = before.dump(), after.dump()
    regrouping.announce(turn, row.id, before=told[0], after=told[1])
    seq = turn.append(Kind.REFRESHED, row.id, version=row.version, before=told[0], after=told[1])
    texts = regrouped(Rendered(row.document, row.card), regrouping.ref(storyline_id), seq=seq, at=turn.at)
    return {
        "id": row.id,
        "storyline_id": storyline_id,
        "seq": seq,
        "modified_at": turn.at,
        "card": texts.card,
        "document": texts.document,
    }
