"""What the newsroom is answered: the draft, where it stands, and what of it is public."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.articles.rendering import article_url
from app.articles.store import ARTICLES
from app.changes.log import LOG_HEAD
from app.db.prepared import Prepared
from app.newsroom.copy import restore
from app.newsroom.lifecycle import State, state
from app.newsroom.publishing import standing
from app.newsroom.schemas import ArticleIn
from app.newsroom.tables import Draft
from app.web.etags import strong_etag


class PublicFacts(BaseModel):
    """What readers have of the article now."""

    slug: str
    url: str
    version: int
    seq: int
    first_published_at: datetime
    published_at: datetime
    updated_at: datetime
    modified_at: datetime


class WithdrawalOut(BaseModel):
    """Why the article was taken back; `note` is for the newsroom only."""

    reason: str
    text: str | None
    note: str | None
    at: datetime


class DraftLinks(BaseModel):
    """Where the draft is, and the public article while there is one."""

    self: str
    public: str | None


class DraftOut(BaseModel):
    """An article as the newsroom sees it."""

    id: UUID
    external_id: str | None
    state: State
    revision: int = Field(description="Counts every change of the draft; the ETag is made of it.")
    version: int | None = Field(description="The last version published; null before the first.")
    has_unpublished_edits: bool = Field(description="The draft says something else than readers see.")
    scheduled_at: datetime | None = Field(description="When the draft goes public, if that is set.")
    created_at: datetime
    modified_at: datetime
    public: PublicFacts | None
    withdrawal: WithdrawalOut | None
    article: ArticleIn = Field(description="The draft, cleaned, with its body as blocks.")
    links: DraftLinks


class DraftAnswer(BaseModel):
    """One article of the newsroom."""

    data: DraftOut


def etag(draft: Draft) -> str:
    """The strong entity tag of the draft as it is."""
    return strong_etag("r", draft.revision)


_PUBLIC = ("slug", "version", "seq", "first_published_at", "published_at", "updated_at", "modified_at")
# One row in any case: where the log ends, and beside it what is public.
_FACTS = Prepared(
    select(LOG_HEAD.c.seq.label("head_seq"), *(ARTICLES.c[name] for name in _PUBLIC)).select_from(
        LOG_HEAD.outerjoin(ARTICLES, ARTICLES.c.id == bindparam("id", type_=ARTICLES.c.id.type))
    )
)


@dataclass(frozen=True, slots=True)
class Described:
    """The answer about a draft, its entity tag, and the position of the log that it speaks for."""

    answer: DraftAnswer
    etag: str
    seq: int


def describe(
    session: Session, draft: Draft, *, site_url: str, api_url: str, article: ArticleIn | None = None
) -> Described:
    """What the newsroom is told about this draft as this transaction leaves it; `article` is what it says, if known."""
    session.flush()
    (facts,) = _FACTS.rows(session, {"id": draft.id})
    public = _public(facts, site_url=site_url)
    answer = DraftOut(
        id=draft.id,
        external_id=draft.external_id,
        state=state(standing(draft)),
        revision=draft.revision,
        version=draft.version or None,
        has_unpublished_edits=draft.version > 0 and draft.digest != draft.public_digest,
        scheduled_at=draft.scheduled_at,
        created_at=draft.created_at,
        modified_at=draft.modified_at,
        public=public,
        withdrawal=_withdrawal(draft),
        article=article or restore(draft.content),
        links=DraftLinks(
            self=f"{api_url}/v1/newsroom/articles/{draft.id}",
            public=f"{api_url}/v1/articles/{draft.id}" if public else None,
        ),
    )
    return Described(DraftAnswer(data=answer), etag(draft), facts.head_seq)


def _public(facts: Any, *, site_url: str) -> PublicFacts | None:
    if facts.slug is None:
        return None
    told = {name: getattr(facts, name) for name in _PUBLIC}
    return PublicFacts(url=article_url(site_url, facts.slug), **told)


def _withdrawal(draft: Draft) -> WithdrawalOut | None:
    if draft.withdrawal_reason is None or draft.withdrawn_at is None:
        return None
    return WithdrawalOut(
        reason=draft.withdrawal_reason,
        text=draft.withdrawal_text,
        note=draft.withdrawal_note,
        at=draft.withdrawn_at,
    )
