"""What the newsroom's routes do, each in one transaction: take in, look at, change, publish, take back."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.core.errors import Fault, InvalidBody, PreconditionFailed
from app.newsroom import publishing, store
from app.newsroom.answers import Described, describe, etag
from app.newsroom.copy import Copy
from app.newsroom.inputs import merged, read_article
from app.newsroom.lifecycle import Edit, Publish, decide
from app.newsroom.publishing import standing
from app.newsroom.receiving import new_draft, receive, write
from app.newsroom.schemas import ArticleIn, PublishIn, WithdrawIn
from app.newsroom.tables import Draft
from app.web.etags import matches_weakly, parse_etags, require_match

_FORMS = ("body", "body_html", "body_text")


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a command is carried out: what the answers' links begin with, and when it is."""

    site_url: str
    api_url: str
    now: datetime

    def describe(self, session: Session, draft: Draft) -> Described:
        """What the newsroom is told about this draft."""
        return describe(session, draft, site_url=self.site_url, api_url=self.api_url)


@dataclass(frozen=True, slots=True)
class Put:
    """What came of a PUT."""

    described: Described
    is_new: bool


@dataclass(frozen=True, slots=True)
class Base:
    """The state of a draft that changes are made to."""

    revision: int
    external_id: str | None
    content: str


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


def put(session: Session, desk: Desk, copy: Copy, *, publish: bool, only: Only) -> Put:
    """Create or replace the draft of the copy's external id, and publish it if asked to."""
    external_id = copy.article.external_id or ""
    only.check(store.lock_received(session, [external_id]).get(external_id))
    (received,) = receive(session, [copy], publish=publish, now=desk.now, site_url=desk.site_url)
    return Put(desk.describe(session, received.draft), received.is_new)


def create(session: Session, desk: Desk, copy: Copy) -> Described:
    """A new draft. Raises Conflict when its external id is taken."""
    external_id = copy.article.external_id
    if external_id is not None and store.lock_received(session, [external_id]):
        raise store.ExternalIdTaken(f"The external id {external_id[:100]!r} belongs to another article.")
    draft = new_draft(copy, now=desk.now)
    session.add(draft)
    return desk.describe(session, draft)


def look_at(session: Session, desk: Desk, ref: str) -> Described:
    """The draft as it is."""
    return desk.describe(session, store.get(session, ref))


def base(session: Session, ref: str) -> Base:
    """What a PATCH starts from."""
    draft = store.get(session, ref)
    return Base(draft.revision, draft.external_id, draft.content)


def patched(base: Base, changes: dict[str, Any]) -> ArticleIn:
    """The article with these changes (RFC 7396). Raises InvalidBody."""
    if changes.get("external_id", base.external_id) != base.external_id:
        fault = Fault("cannot be changed", pointer="/external_id")
        raise InvalidBody("external_id: cannot be changed", errors=[fault])
    target = json.loads(base.content)
    if any(changes.get(form) is not None for form in _FORMS):
        target = {name: value for name, value in target.items() if name not in _FORMS}
    return read_article(merged(target, changes))


def patch(session: Session, desk: Desk, ref: str, copy: Copy, *, revision: int, if_match: str | None) -> Described:
    """Let the draft say what the copy made from its `revision` says. What is public stays as it is."""
    draft = store.lock(session, ref)
    require_match(if_match, etag(draft), required=True)
    if draft.revision != revision:
        raise PreconditionFailed("The draft was changed while this request was under way.")
    decide(standing(draft), Edit(), now=desk.now)
    if copy.text != draft.content:
        write(draft, copy, now=desk.now)
    return desk.describe(session, draft)


def publish(session: Session, desk: Desk, ref: str, command: PublishIn, *, if_match: str | None) -> Described:
    """Make the draft public now, or set the time for it."""
    draft = store.lock(session, ref)
    require_match(if_match, etag(draft), required=True)
    order = Publish(at=command.at, is_minor=command.minor)
    publishing.publish(session, draft, order, now=desk.now, site_url=desk.site_url)
    return desk.describe(session, draft)


def unschedule(session: Session, desk: Desk, ref: str, *, if_match: str | None) -> Described:
    """Do not publish at the time that was set."""
    draft = store.lock(session, ref)
    require_match(if_match, etag(draft), required=False)
    publishing.unschedule(session, draft, now=desk.now)
    return desk.describe(session, draft)


def withdraw(session: Session, desk: Desk, ref: str, why: WithdrawIn, *, if_match: str | None) -> Described:
    """Take the public article back."""
    draft = store.lock(session, ref)
    require_match(if_match, etag(draft), required=False)
    publishing.withdraw(session, draft, why, now=desk.now, site_url=desk.site_url)
    return desk.describe(session, draft)
