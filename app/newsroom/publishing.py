"""The newsroom's verbs: publish, schedule, unschedule, correct, withdraw, release what is due.

Each loads and locks, asks `lifecycle` what to do, and does it; the caller commits.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.articles import publishing as public
from app.articles.publication import Note, Publication, Removal
from app.articles.rights import expired
from app.newsroom import store
from app.newsroom.copy import Copy, content, restore
from app.newsroom.expiring import check_rights, have_ended
from app.newsroom.lifecycle import Correct, Decision, Publish, Standing, Status, Unschedule, Withdraw, decide
from app.newsroom.schemas import ArticleIn, WithdrawIn
from app.newsroom.tables import Draft


@dataclass(frozen=True, slots=True)
class Release:
    """A draft that goes public now, with its article.

    `is_due` says that its time has come, `is_received` that the article has just come from outside as it is.
    """

    draft: Draft
    article: ArticleIn
    is_minor: bool = False
    is_due: bool = False
    is_received: bool = False


@dataclass(frozen=True, slots=True)
class Corrected:
    """What readers and the draft are to say from now on; `is_moved` says that the correction names a slug."""

    note: Note
    public: Copy
    draft: Copy
    is_moved: bool


def standing(draft: Draft) -> Standing:
    """What decisions about this draft depend on."""
    is_edited = draft.digest != draft.public_digest
    return Standing(Status(draft.status), is_edited, draft.scheduled_at, draft.scheduled_minor)


def publish(session: Session, draft: Draft, command: Publish, *, now: datetime, site_url: str) -> Decision:
    """Make the draft public now, or schedule it. Raises SlugTaken, LegacyUrlTaken."""
    decision = decide(standing(draft), command, now=now)
    match decision:
        case Decision.RELEASE:
            release(session, [Release(draft, restore(draft.content), command.is_minor)], now=now, site_url=site_url)
        case Decision.SCHEDULE:
            schedule(draft, restore(draft.content), command, now=now)
        case Decision.UNSCHEDULE:
            clear_schedule(draft, now=now)
    return decision


def schedule(draft: Draft, article: ArticleIn, command: Publish, *, now: datetime) -> None:
    """Set the time at which the draft, which is this article, goes public. Raises RightsExpired."""
    check_rights(article, at=command.at or now)
    draft.scheduled_at, draft.scheduled_minor = command.at, command.is_minor
    touch(draft, now=now)


def unschedule(session: Session, draft: Draft, *, now: datetime) -> None:
    """Do not publish at the time that was set. Raises ImpossibleTransition when none was."""
    decide(standing(draft), Unschedule(), now=now)
    clear_schedule(draft, now=now)


def correct(session: Session, draft: Draft, corrected: Corrected, *, now: datetime, site_url: str) -> None:
    """Publish the correction; a schedule and what else was edited stay as they are. Raises ImpossibleTransition."""
    decide(standing(draft), Correct(), now=now)
    check_rights(corrected.public.article, at=now)
    publication = replace(
        _publication(Release(draft, corrected.public.article)), correction=corrected.note, updated_at=None
    )
    if not corrected.is_moved:
        publication = replace(publication, wanted_slug=None)
    with session.no_autoflush:
        public.publish(session, [publication], now=now, site_url=site_url)
    draft.version += 1
    draft.content, draft.digest = corrected.draft.text, corrected.draft.digest
    draft.public_digest = corrected.public.digest
    draft.public_content = None if draft.digest == draft.public_digest else corrected.public.text
    touch(draft, now=now)


def withdraw(session: Session, draft: Draft, why: WithdrawIn, *, now: datetime, site_url: str) -> None:
    """Take the public article back, and whatever was scheduled with it. Raises ImpossibleTransition."""
    decide(standing(draft), Withdraw(), now=now)
    _take_back(session, [draft], why, now=now, site_url=site_url)
    draft.scheduled_at, draft.scheduled_minor = None, False


def withdraw_expired(session: Session, *, now: datetime, site_url: str, limit: int) -> int:
    """Take back at most `limit` public articles whose rights have ended, for that reason; how many there were.

    Those that the newsroom holds are left to the next call. What is scheduled with other rights stays so.
    """
    held = store.lock_public(session, expired(session, now=now, limit=limit))
    # Asked again: whoever held a draft before may have published it with other rights.
    still = expired(session, now=now, limit=limit)
    drafts = [draft for draft in held if draft.id in still]
    _take_back(session, drafts, WithdrawIn(reason="expired"), now=now, site_url=site_url)
    return len(drafts)


def release_due(
    session: Session, *, now: datetime, site_url: str, limit: int, only: Collection[UUID] | None = None
) -> int:
    """Publish what is scheduled for now or earlier, in the order of its time; how many there were.

    With `only`, drafts of other ids are left alone.
    """
    due = store.lock_due(session, now=now, limit=limit, only=only)
    releases = []
    for draft in due:
        command = Publish(is_minor=draft.scheduled_minor)
        article = restore(draft.content)
        if decide(standing(draft), command, now=now) is Decision.RELEASE and not have_ended(article, at=now):
            releases.append(Release(draft, article, draft.scheduled_minor, is_due=True))
        else:
            clear_schedule(draft, now=now)
    release(session, releases, now=now, site_url=site_url)
    return len(due)


def release(session: Session, releases: Sequence[Release], *, now: datetime, site_url: str) -> None:
    """Make these drafts, locked and decided on, public in this order.

    Raises SlugTaken, LegacyUrlTaken, RightsExpired.
    """
    if not releases:
        return
    for one in releases:
        check_rights(one.article, at=now)
    with session.no_autoflush:  # drafts are written once, with what publication made of them
        publications = [_publication(one) for one in releases]
        published = public.publish(session, publications, now=now, site_url=site_url)
    for one, made in zip(releases, published, strict=True):
        draft = one.draft
        draft.status = Status.PUBLISHED
        draft.version += 1
        draft.public_digest, draft.public_content, draft.released = draft.digest, None, draft.received
        draft.first_published_at = made.first_published_at
        if one.article.slug != draft.answered_slug:
            draft.answered_slug = None if one.article.slug == made.slug else one.article.slug
        draft.withdrawal_reason = draft.withdrawal_text = draft.withdrawal_note = draft.withdrawn_at = None
        clear_schedule(draft, now=now)


def touch(draft: Draft, *, now: datetime) -> None:
    """Count a change of the draft: what was read before is stale."""
    draft.revision += 1
    draft.modified_at = now


def clear_schedule(draft: Draft, *, now: datetime) -> None:
    """Nothing is to go public at a time any more."""
    draft.scheduled_at, draft.scheduled_minor = None, False
    touch(draft, now=now)


def _take_back(session: Session, drafts: Sequence[Draft], why: WithdrawIn, *, now: datetime, site_url: str) -> None:
    if not drafts:
        return
    removals = [Removal(draft.id, draft.external_id, why.reason, why.text) for draft in drafts]
    withdrawn_at = public.withdraw(session, removals, now=now, site_url=site_url)
    for draft in drafts:
        draft.withdrawn_at, draft.status = withdrawn_at, Status.WITHDRAWN
        draft.withdrawal_reason, draft.withdrawal_text, draft.withdrawal_note = why.reason, why.text, why.note
        touch(draft, now=now)


def _publication(one: Release) -> Publication:
    draft, article = one.draft, one.article
    return Publication(
        id=draft.id,
        external_id=draft.external_id,
        number=draft.version + 1,
        content=content(article),
        # A wish that was answered with a number once is not another wish each time that it is sent.
        wanted_slug=None if article.slug == draft.answered_slug else article.slug,
        is_strict=not one.is_due,
        legacy_urls=tuple(article.legacy_urls),
        former_legacy_urls=_former_legacy_urls(draft),
        translation_of=article.translation_of,
        first_published_at=draft.first_published_at,
        back_dated=_back_dated(one),
        updated_at=article.updated_at,
        is_minor=one.is_minor,
        is_edit=not one.is_received,
    )


def _former_legacy_urls(draft: Draft) -> tuple[str, ...]:
    """Those that the version that readers see, or last saw, asked for."""
    public = draft.content if draft.digest == draft.public_digest else draft.public_content
    return () if public is None else tuple(json.loads(public).get("legacy_urls", ()))


def _back_dated(one: Release) -> datetime | None:
    """An archive article's own date. What was scheduled is stamped when it goes out, and so is what returns."""
    return one.draft.archive_date if one.draft.version == 0 and not one.is_due else None
