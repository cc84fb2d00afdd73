"""The SQL of sitemaps and terms: the addresses of what is public, along the order of the timeline."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, or_, select, tuple_
from sqlalchemy.orm import Session

from app.articles.rights import RIGHTS
from app.articles.store import ARTICLES
from app.db.base import Instant, Uid
from app.syndication.entry import Terms

_POSITION = ARTICLES.c.published_at, ARTICLES.c.id
_WITHIN = (
    ARTICLES.c.published_at < bindparam("until", type_=Instant),
    tuple_(*_POSITION) > tuple_(bindparam("at", type_=Instant), bindparam("id", type_=Uid)),
)
_ADDRESSES = (
    select(*_POSITION, ARTICLES.c.slug, ARTICLES.c.updated_at)
    .where(*_WITHIN)
    .order_by(*_POSITION)
    .limit(bindparam("limit"))
)
_NTH = select(*_POSITION).where(*_WITHIN).order_by(*_POSITION).offset(bindparam("before")).limit(1)
_NEWS = (
    select(ARTICLES.c.slug, ARTICLES.c.language, ARTICLES.c.headline, ARTICLES.c.published_at)
    .where(ARTICLES.c.published_at >= bindparam("since", type_=Instant))
    .order_by(ARTICLES.c.published_at.desc(), ARTICLES.c.id.desc())
    .limit(bindparam("limit"))
)
_LATEST = (
    select(RIGHTS)
    .order_by(RIGHTS.c.published_at.desc(), RIGHTS.c.article_id.desc())
    .limit(bindparam("looked_at"))
    .subquery("latest")
)
_SAID = ("train", "ground", "summarise")
_OF_THEIR_OWN = (
    select(ARTICLES.c.id, ARTICLES.c.slug, *(_LATEST.c[name] for name in _SAID))
    .join(ARTICLES, ARTICLES.c.id == _LATEST.c.article_id)
    # What they do not say is null, and differs from nothing.
    .where(or_(*(_LATEST.c[name] != bindparam(name) for name in _SAID)))
    .order_by(_LATEST.c.published_at.desc(), _LATEST.c.article_id.desc())
    .limit(bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class Place:
    """A position in the order of (`published_at`, `id`), and where to stop."""

    at: datetime
    id: UUID
    until: datetime


@dataclass(frozen=True, slots=True)
class Address:
    """Where a public article stands in the order, where it is on the site, and when readers should have noticed."""

    published_at: datetime
    id: UUID
    slug: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Headline:
    """What the news say of an article."""

    slug: str
    language: str
    headline: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class OwnTerms:
    """What an article's own rights say of machines; None leaves it to the site."""

    id: UUID
    slug: str
    train: bool | None
    ground: bool | None
    summarise: bool | None


def addresses(session: Session, place: Place, *, limit: int) -> list[Address]:
    """At most `limit` articles beyond the place, the oldest first."""
    values = {"at": place.at, "id": place.id, "until": place.until, "limit": limit}
    return [Address(*row) for row in session.connection().execute(_ADDRESSES, values)]


def nth(session: Session, place: Place, *, number: int) -> Place | None:
    """The place of the article with this number (from 1) beyond a place; None where there are fewer."""
    values = {"at": place.at, "id": place.id, "until": place.until, "before": number - 1}
    row = session.connection().execute(_NTH, values).first()
    return None if row is None else Place(row.published_at, row.id, place.until)


def news(session: Session, *, since: datetime, limit: int) -> list[Headline]:
    """What was published since, newest first."""
    return [Headline(*row) for row in session.connection().execute(_NEWS, {"since": since, "limit": limit})]


def terms_of_their_own(session: Session, terms: Terms, *, looked_at: int, limit: int) -> list[OwnTerms]:
    """At most `limit` articles whose own rights say otherwise than these terms, newest first.

    Only the newest `looked_at` of those that have rights to act on are looked at.
    """
    values = {name: getattr(terms, name) for name in _SAID} | {"looked_at": looked_at, "limit": limit}
    return [OwnTerms(*row) for row in session.connection().execute(_OF_THEIR_OWN, values)]
