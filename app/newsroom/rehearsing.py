"""Importing for the sake of the report: each batch is received in a rehearsal, and what it would leave is remembered.

How lines become batches is for `importing`.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.articles.errors import LegacyUrlTaken, SlugTaken
from app.articles.store import lock_standing
from app.core.urls import page_key
from app.newsroom.copy import Copy
from app.newsroom.receiving import Outcome, Received, receive


class Rehearsal:
    """What a whole run would have left behind so far: what was received of each article, and whose each name is."""

    def __init__(self) -> None:
        self._received: dict[str, str] = {}
        self._slugs: dict[str, str] = {}
        self._pages: dict[str, str] = {}

    def receive(self, session: Session, copies: Sequence[Copy], *, now: datetime, site_url: str) -> list[Outcome]:
        """What would come of these copies, in a rehearsal. Raises what `receiving.receive` raises."""
        for copy in copies:
            self._check_names(copy, now=now)
        taken = receive(session, copies, publish=True, now=now, site_url=site_url)
        outcomes = [self._outcome(copy, one.outcome) for copy, one in zip(copies, taken, strict=True)]
        self._remember(session, copies, taken)
        return outcomes

    def _check_names(self, copy: Copy, *, now: datetime) -> None:
        at, slug, urls = copy.article.published_at, copy.article.slug, copy.article.legacy_urls
        if at is not None and at > now:
            return
        if slug is not None and self._slugs.get(slug, identity(copy)) != identity(copy):
            raise SlugTaken(slug)
        for number, url in enumerate(urls):
            if self._pages.get(page_key(url), identity(copy)) != identity(copy):
                raise LegacyUrlTaken(url, at=number)

    def _outcome(self, copy: Copy, outcome: Outcome) -> Outcome:
        """The outcome, where an earlier line of this run was the same article."""
        before = self._received.get(identity(copy))
        if before is None:
            return outcome
        if before == copy.received:
            return Outcome.UNCHANGED
        return Outcome.UPDATED if outcome in (Outcome.PUBLISHED, Outcome.UNCHANGED) else outcome

    def _remember(self, session: Session, copies: Sequence[Copy], taken: Sequence[Received]) -> None:
        standing = lock_standing(session, [one.draft.id for one in taken])
        for copy, one in zip(copies, taken, strict=True):
            self._received[identity(copy)] = copy.received
            if one.draft.id in standing:
                self._slugs[standing[one.draft.id].slug] = identity(copy)
                own = {page_key(url): identity(copy) for url in copy.article.legacy_urls}
                self._pages = {page: who for page, who in self._pages.items() if who != identity(copy)} | own


def identity(copy: Copy) -> str:
    """Which article the copy is of, before there is a draft: its external id, or else all that it says."""
    return copy.article.external_id or copy.received
