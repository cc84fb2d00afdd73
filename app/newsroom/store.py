"""The SQL of drafts. Every function that returns a draft to be changed holds it until the transaction ends."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, bindparam, select
from sqlalchemy.orm import Session

from app.core.errors import Conflict, NotFound
from app.core.ids import parse_id
from app.db.base import Instant
from app.db.batches import among, insert_all
from app.db.dialect import claim
from app.db.prepared import Prepared
from app.newsroom.lifecycle import Status
from app.newsroom.tables import Draft, PreviewSecret


class DraftNotFound(NotFound):
    """The newsroom has no article of this id or external id."""

    slug = "draft-not-found"
    title = "The newsroom has no such article"
    explanation = "No article of the newsroom has this id or external id. External ids are matched exactly."
    example_detail = "The newsroom has no article with the id or external id 'wire-123'."


class ExternalIdTaken(Conflict):
    """Another article of the newsroom has this external id."""

    slug = "external-id-taken"
    title = "The external id is taken"
    explanation = "An article with this external id exists. PUT to it replaces its draft; POST only makes new ones."
    example_detail = "The external id 'wire-123' belongs to another article."


_DRAFTS = cast(Table, Draft.__table__)
_COLUMNS = tuple(column.name for column in _DRAFTS.c)
_HAS_RECEIVED = Prepared(select(_DRAFTS.c.id).where(among(_DRAFTS.c.external_id, "some")).limit(1))
_RECEIVED = select(Draft).where(among(_DRAFTS.c.external_id, "some")).order_by(Draft.external_id).with_for_update()


def find(session: Session, ref: str) -> Draft | None:
    """The draft with this id or external id, to look at."""
    return session.scalars(select(Draft).where(_named(ref))).one_or_none()


def get(session: Session, ref: str) -> Draft:
    """The draft with this id or external id, to look at. Raises DraftNotFound."""
    draft = find(session, ref)
    if draft is None:
        raise _not_found(ref)
    return draft


def known(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Those of the ids that drafts have."""
    return set(session.scalars(select(Draft.id).where(Draft.id.in_(ids))))


def insert(session: Session, drafts: Iterable[Draft]) -> None:
    """Keep these new drafts as they are now; what becomes of them later in the transaction is not written."""
    insert_all(session, _DRAFTS, [{name: getattr(draft, name) for name in _COLUMNS} for draft in drafts])


def lock(session: Session, ref: str) -> Draft:
    """The draft with this id or external id, to change. Raises DraftNotFound."""
    draft = session.scalars(select(Draft).where(_named(ref)).with_for_update()).one_or_none()
    if draft is None:
        raise _not_found(ref)
    return draft


def lock_received(session: Session, external_ids: Collection[str]) -> dict[str, Draft]:
    """The drafts of these external ids, to change; the ids without one are ours to create."""
    claim(session, "external_id", external_ids)
    some = {"some": sorted(external_ids)}
    if _HAS_RECEIVED.first(session, some) is None:
        return {}  # as it mostly is, and asking for entities takes five times as long
    drafts = session.scalars(_RECEIVED, some)
    return {draft.external_id: draft for draft in drafts if draft.external_id is not None}


def lock_nameless(session: Session, received: Collection[str]) -> dict[str, Draft]:
    """Drafts without an external id that came from exactly these inputs, by the inputs' digests, to change."""
    claim(session, "received", received)
    drafts = session.scalars(
        select(Draft)
        .where(Draft.received.in_(received), Draft.external_id.is_(None))
        .order_by(Draft.id)
        .with_for_update()
    )
    return {draft.received: draft for draft in drafts if draft.received is not None}


_DUE = (
    select(Draft.id)
    .where(Draft.scheduled_at.is_not(None), Draft.scheduled_at <= bindparam("now", type_=Instant))
    .order_by(Draft.scheduled_at, Draft.id)
    .limit(bindparam("limit"))
)


def list_due(session: Session, *, now: datetime, limit: int) -> list[UUID]:
    """Ids of scheduled drafts whose time has come, first due first."""
    return list(session.connection().execute(_DUE, {"now": now, "limit": limit}).scalars())


def lock_due(session: Session, *, now: datetime, limit: int, only: Collection[UUID] | None = None) -> list[Draft]:
    """Scheduled drafts whose time has come, first due first; those that the newsroom holds are left to the next call.

    Workers take turns: one that took the second batch while another still had the first could publish before it.
    """
    claim(session, "release", ["due"])
    due = (
        select(Draft)
        .where(Draft.scheduled_at.is_not(None), Draft.scheduled_at <= now)
        .order_by(Draft.scheduled_at, Draft.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if only is not None:
        due = due.where(Draft.id.in_(only))
    return list(session.scalars(due))


def lock_public(session: Session, ids: Collection[UUID]) -> list[Draft]:
    """The published drafts among these, to change, in the order of their ids; those held elsewhere are left out."""
    published = (
        select(Draft)
        .where(Draft.id.in_(ids), Draft.status == Status.PUBLISHED)
        .order_by(Draft.id)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(published))


def preview_secret(session: Session) -> bytes:
    """What preview links are signed with: one for all processes."""
    return session.execute(select(PreviewSecret.secret)).scalar_one()


def _named(ref: str) -> ColumnElement[bool]:
    id = parse_id(ref)
    return Draft.external_id == ref if id is None else Draft.id == id


def _not_found(ref: str) -> DraftNotFound:
    return DraftNotFound(f"The newsroom has no article with the id or external id {ref[:100]!r}.")
