"""Taking in what a CMS or an import sends: one draft for each external id, published or not.

Input equal to the last received under its external id changes nothing, even after edits in the newsroom.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from app.core.ids import new_id
from app.newsroom import store
from app.newsroom.copy import Copy, restore
from app.newsroom.lifecycle import Decision, Publish, Receive, Status, decide
from app.newsroom.publishing import Release, clear_schedule, release, schedule, standing, touch
from app.newsroom.schemas import ArticleIn
from app.newsroom.tables import Draft


class Outcome(StrEnum):
    """What came of an input."""

    PUBLISHED = "published"
    UPDATED = "updated"
    SCHEDULED = "scheduled"
    SAVED = "saved"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Received:
    """An input that was taken in."""

    draft: Draft
    outcome: Outcome
    is_new: bool


def receive(session: Session, copies: Sequence[Copy], *, publish: bool, now: datetime, site_url: str) -> list[Received]:
    """Take in these copies, no two of them of one article, and publish them if asked to; the caller commits.

    Raises ImpossibleTransition for a withdrawn article, SlugTaken and LegacyUrlTaken; then nothing may be kept of the
    whole batch.
    """
    known = _known(session, copies)
    taken: list[Received] = []
    releases: list[Release] = []
    for copy in copies:
        draft = known.get(copy.article.external_id or copy.received)
        is_new = draft is None
        draft, is_changed = (new_draft(copy, now=now), True) if draft is None else _saved(draft, copy, now=now)
        outcome = Outcome.SAVED if is_changed else Outcome.UNCHANGED
        if publish and (is_changed or draft.released != copy.received):
            # What the newsroom made of an input already received is what it publishes.
            article = copy.article if is_changed else restore(draft.content)
            match _publish(draft, article, now=now):
                case Decision.RELEASE:
                    outcome = Outcome.UPDATED if draft.status == Status.PUBLISHED else Outcome.PUBLISHED
                    releases.append(Release(draft, article, is_received=is_changed))
                case Decision.SCHEDULE:
                    outcome = Outcome.SCHEDULED
                case Decision.STAND if is_changed and draft.scheduled_at is not None:
                    outcome = Outcome.SCHEDULED  # its other date has moved it already
        taken.append(Received(draft, outcome, is_new))
    release(session, releases, now=now, site_url=site_url)
    store.insert(session, (one.draft for one in taken if one.is_new))
    return taken


def new_draft(copy: Copy, *, now: datetime) -> Draft:
    """A draft of this copy that nobody has seen yet."""
    draft = Draft(
        id=new_id(),
        external_id=copy.article.external_id,
        revision=0,
        status=Status.DRAFT,
        version=0,
        scheduled_minor=False,
        created_at=now,
        received=copy.received,
    )
    write(draft, copy, now=now)
    return draft


def write(draft: Draft, copy: Copy, *, now: datetime) -> None:
    """Let the draft say what the copy says; what readers see is kept beside it where the two differ.

    Another date to come moves what is scheduled.
    """
    public = draft.content if draft.digest == draft.public_digest else draft.public_content
    before = _published_at(draft)
    draft.archive_date = _archive_date(draft, copy, before=before, now=now)
    if (at := copy.article.published_at) not in (None, before) and at > now and draft.scheduled_at is not None:
        draft.scheduled_at = at  # who postpones the embargo must not see it broken at the old time
    draft.content, draft.digest = copy.text, copy.digest
    draft.public_content = None if draft.digest == draft.public_digest else public
    touch(draft, now=now)


def _published_at(draft: Draft) -> datetime | None:
    """The date that the draft gives until now."""
    text = json.loads(draft.content)["published_at"] if draft.revision else None
    return None if text is None else datetime.fromisoformat(text)


def _archive_date(draft: Draft, copy: Copy, *, before: datetime | None, now: datetime) -> datetime | None:
    """The date that the copy gives, if it is past, and was so when it was first given."""
    given = copy.article.published_at
    if given is None or given > now:
        return None
    return draft.archive_date if before == given else given


def _known(session: Session, copies: Sequence[Copy]) -> dict[str, Draft]:
    """The drafts of those copies that we have, by external id, or by the digest of what was received."""
    named = {copy.article.external_id for copy in copies if copy.article.external_id is not None}
    nameless = {copy.received for copy in copies if copy.article.external_id is None}
    known = store.lock_received(session, named) if named else {}
    return known | (store.lock_nameless(session, nameless) if nameless else {})


def _saved(draft: Draft, copy: Copy, *, now: datetime) -> tuple[Draft, bool]:
    """The draft with what was received, and whether that is other than the last time."""
    decide(standing(draft), Receive(), now=now)
    if draft.received == copy.received:
        return draft, False
    write(draft, copy, now=now)
    draft.received = copy.received
    return draft, True


def _publish(draft: Draft, article: ArticleIn, *, now: datetime) -> Decision:
    """Decide, and set the time of what is scheduled. The same input asks for it only once, whatever comes of it."""
    at = article.published_at
    command = Publish(at=at if at is not None and at > now else None)
    decision = decide(standing(draft), command, now=now)
    if decision is Decision.SCHEDULE:
        schedule(draft, article, command, now=now)
    elif decision is Decision.UNSCHEDULE:
        clear_schedule(draft, now=now)
    draft.released = draft.received
    return decision
