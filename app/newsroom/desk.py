"""What the newsroom's routes do, each in one transaction: take in, look at, change, publish, correct, take back."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.articles.publication import Note
from app.core.clock import utc_now
from app.core.errors import Fault, InvalidBody, PreconditionFailed
from app.newsroom import publishing, store
from app.newsroom.answers import Described, describe, etag
from app.newsroom.copy import Copy, prepare
from app.newsroom.inputs import merged, read_article
from app.newsroom.lifecycle import Edit, Publish, decide
from app.newsroom.publishing import Corrected, standing
from app.newsroom.receiving import new_draft, receive, write
from app.newsroom.schemas import ArticleIn, CorrectIn, PublishIn, WithdrawIn
from app.newsroom.tables import Draft
from app.web.etags import matches_weakly, parse_etags, require_match

_FORMS = ("body", "body_html", "body_text")
_NOT_CORRECTED = ("external_id", "published_at", "updated_at")


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a command is carried out: what the answers' links begin with, and the clock on the wall.

    The clock is read in the transaction: a command may have waited long for its turn.
    """

    site_url: str
    api_url: str
    clock: Callable[[], datetime] = utc_now

    def describe(self, session: Session, draft: Draft, *, copy: Copy | None = None) -> Described:
        """What the newsroom is told about this draft, which may be just this copy."""
        article = copy.article if copy and copy.text == draft.content else None
        return describe(session, draft, site_url=self.site_url, api_url=self.api_url, article=article)


@dataclass(frozen=True, slots=True)
class Put:
    """What came of a PUT."""

    described: Described
    is_new: bool


@dataclass(frozen=True, slots=True)
class Base:
    """The state of a draft that changes are made to; `public` is what readers see, or last saw."""

    revision: int
    external_id: str | None
    content: str
    public: str


@dataclass(frozen=True, slots=True)
class Only:
    """The states that a PUT is meant for: If-Match and If-None-Match (RFC 9110, 13.1)."""

    if_match: str | None = None
    if_none_match: str | None = None

    def check(self, draft: Draft | None) -> None:
        """Nothing, where the draft (None: there is none yet) is in such a state. Raises PreconditionFailed."""
        if draft is None:
            if self.if_match is not None:
                raise PreconditionFailed("There is no such article yet, so no state of it can match.")
            return
        require_match(self.if_match, etag(draft), required=False)
        if self.if_none_match is not None and matches_weakly(parse_etags(self.if_none_match), etag(draft)):
            raise PreconditionFailed("There is such an article already.")


ANY_STATE = Only()


def put(session: Session, desk: Desk, copy: Copy, *, publish: bool, only: Only) -> Put:
    """Create or replace the draft of the copy's external id, and publish it if asked to."""
    if only != ANY_STATE:
        external_id = copy.article.external_id or ""
        only.check(store.lock_received(session, [external_id]).get(external_id))
    (received,) = receive(session, [copy], publish=publish, now=desk.clock(), site_url=desk.site_url)
    return Put(desk.describe(session, received.draft, copy=copy), received.is_new)


def create(session: Session, desk: Desk, copy: Copy) -> Described:
    """A new draft. Raises Conflict when its external id is taken."""
    external_id = copy.article.external_id
    if external_id is not None and store.lock_received(session, [external_id]):
        raise store.ExternalIdTaken(f"The external id {external_id[:100]!r} belongs to another article.")
    draft = new_draft(copy, now=desk.clock())
    session.add(draft)
    return desk.describe(session, draft, copy=copy)


def look_at(session: Session, desk: Desk, ref: str) -> Described:
    """The draft as it is."""
    return desk.describe(session, store.get(session, ref))


def base(session: Session, ref: str) -> Base:
    """What a PATCH or a correction starts from."""
    draft = store.get(session, ref)
    return Base(draft.revision, draft.external_id, draft.content, draft.public_content or draft.content)


def patched(base: Base, changes: dict[str, Any]) -> ArticleIn:
    """The article with these changes (RFC 7396). Raises InvalidBody."""
    if changes.get("external_id", base.external_id) != base.external_id:
        fault = Fault("cannot be changed", pointer="/external_id")
        raise InvalidBody("external_id: cannot be changed", errors=[fault])
    return read_article(_changed(base.content, changes))


def corrected(base: Base, order: CorrectIn, *, site_url: str) -> Corrected:
    """What the correction makes of what readers see, and of the draft. Raises InvalidBody. Parses HTML."""
    if unchangeable := [name for name in _NOT_CORRECTED if name in order.changes]:
        faults = [Fault("cannot be changed by a correction", pointer=f"/changes/{name}") for name in unchangeable]
        raise InvalidBody(f"{faults[0].pointer}: {faults[0].detail}", errors=faults)

    def made(text: str) -> Copy:
        return prepare(read_article(_changed(text, order.changes), within=("changes",)), site_url=site_url)

    public = made(base.public)
    draft = public if base.content == base.public else made(base.content)
    return Corrected(Note(order.severity, order.text), public, draft, is_moved="slug" in order.changes)


def _changed(text: str, changes: dict[str, Any]) -> Any:
    """The stored article with these changes: a body in another form replaces the one it had."""
    target = json.loads(text)
    if any(changes.get(form) is not None for form in _FORMS):
        target = {name: value for name, value in target.items() if name not in _FORMS}
    return merged(target, changes)


def patch(session: Session, desk: Desk, ref: str, copy: Copy, *, revision: int, if_match: str | None) -> Described:
    """Let the draft say what the copy made from its `revision` says. What is public stays as it is."""
    draft, now = _lock_revision(session, ref, revision, if_match=if_match), desk.clock()
    decide(standing(draft), Edit(), now=now)
    if copy.text != draft.content:
        write(draft, copy, now=now)
    return desk.describe(session, draft)


def publish(session: Session, desk: Desk, ref: str, command: PublishIn, *, if_match: str | None) -> Described:
    """Make the draft public now, or set the time for it."""
    draft = store.lock(session, ref)
    require_match(if_match, etag(draft), required=True)
    order = Publish(at=command.at, is_minor=command.minor)
    publishing.publish(session, draft, order, now=desk.clock(), site_url=desk.site_url)
    return desk.describe(session, draft)


def correct(
    session: Session, desk: Desk, ref: str, corrected: Corrected, *, revision: int, if_match: str | None
) -> Described:
    """Publish the correction made of the draft's `revision`, and let the draft say so too."""
    draft = _lock_revision(session, ref, revision, if_match=if_match)
    publishing.correct(session, draft, corrected, now=desk.clock(), site_url=desk.site_url)
    return desk.describe(session, draft)


def unschedule(session: Session, desk: Desk, ref: str, *, if_match: str | None) -> Described:
    """Do not publish at the time that was set."""
    draft = store.lock(session, ref)
    require_match(if_match, etag(draft), required=False)
    publishing.unschedule(session, draft, now=desk.clock())
    return desk.describe(session, draft)


def withdraw(session: Session, desk: Desk, ref: str, why: WithdrawIn, *, if_match: str | None) -> Described:
    """Take the public article back."""
    draft = store.lock(session, ref)
    require_match(if_match, etag(draft), required=False)
    publishing.withdraw(session, draft, why, now=desk.clock(), site_url=desk.site_url)
    return desk.describe(session, draft)


def _lock_revision(session: Session, ref: str, revision: int, *, if_match: str | None) -> Draft:
    """The draft to change, as it was when the change was prepared. Raises PreconditionFailed."""
    draft = store.lock(session, ref)
    require_match(if_match, etag(draft), required=True)
    if draft.revision != revision:
        raise PreconditionFailed("The draft was changed while this request was under way.")
    return draft
