"""The SQL of changing storylines: what they are called, which articles are theirs, what editors said of that.

Reading for the public is in `reading`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, Table, bindparam, delete, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from app.articles.schemas import StorylineRef
from app.articles.store import ARTICLES, Row, portions
from app.articles.storylines.titling import Title
from app.articles.tables import Storyline, StorylineName, StorylinePin
from app.db.batches import among
from app.db.dialect import claim, is_sqlite
from app.db.prepared import Prepared

STORYLINES = cast(Table, Storyline.__table__)
NAMES = cast(Table, StorylineName.__table__)
PINS = cast(Table, StorylinePin.__table__)

_PINS = Prepared(select(PINS.c.article_id, PINS.c.storyline_id).where(among(PINS.c.article_id, "some")))
_GROUPED = Prepared(
    select(
        or_(
            select(literal(1)).where(among(ARTICLES.c.id, "some"), ARTICLES.c.storyline_id.is_not(None)).exists(),
            select(literal(1)).select_from(PINS).where(among(PINS.c.article_id, "some")).exists(),
        ).label("are_grouped")
    )
)

_MEMBER = ARTICLES.c.storyline_id == bindparam("storyline")
_WITHOUT = ARTICLES.c.id.not_in(bindparam("without", expanding=True))
_FORWARDS = ARTICLES.c.published_at, ARTICLES.c.id
_PLACES = select(ARTICLES.c.published_at, ARTICLES.c.id, ARTICLES.c.storyline_id).order_by(ARTICLES.c.id)
_EARLIEST = select(ARTICLES.c.id, ARTICLES.c.published_at, ARTICLES.c.card).where(_MEMBER, _WITHOUT).limit(1)
_NEWEST = select(ARTICLES.c.id).where(_MEMBER).order_by(ARTICLES.c.published_at.desc(), ARTICLES.c.id.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Line:
    """A storyline as it stands, held until the transaction ends; without a title it has no public articles."""

    id: UUID
    slug: str
    title: Title

    @property
    def ref(self) -> StorylineRef:
        """What its articles show."""
        return StorylineRef(id=self.id, slug=self.slug, title=self.title.text)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A public article in the order of publication, with its storyline."""

    at: datetime
    id: UUID
    storyline_id: UUID | None


def queue(session: Session, article_ids: Collection[UUID] | None = None) -> None:
    """Makes writers of storylines take turns, before they lock any article: each may lock all articles of one.

    With `article_ids`, only where one of them is in a storyline, or is to be.
    """
    if is_sqlite(session):
        return  # there is one writer
    if article_ids is None or _are_grouped(session, article_ids):
        claim(session, "storylines", [""])


def _are_grouped(session: Session, ids: Collection[UUID]) -> bool:
    return any(row.are_grouped for some in portions(ids) for row in _GROUPED.rows(session, {"some": some}))


def places(session: Session, ids: Iterable[UUID]) -> dict[UUID, Place]:
    """Those of the articles that are public."""
    return _places(session, _PLACES, ids)


def lock_articles(session: Session, ids: Iterable[UUID]) -> dict[UUID, Place]:
    """Those of the articles that are public, held until the transaction ends, in order of id."""
    return _places(session, _PLACES.with_for_update(), ids)


def _places(session: Session, statement: Select[Any], ids: Iterable[UUID]) -> dict[UUID, Place]:
    found: dict[UUID, Place] = {}
    for some in portions(ids):
        found |= {row.id: Place(*row) for row in session.execute(statement.where(ARTICLES.c.id.in_(some)))}
    return found


def lock(session: Session, ids: Iterable[UUID]) -> dict[UUID, Line]:
    """These storylines, held until the transaction ends."""
    found: dict[UUID, Line] = {}
    columns = (STORYLINES.c[name] for name in ("id", "slug", "title", "titled_by"))
    statement = select(*columns).order_by(STORYLINES.c.id).with_for_update(key_share=True)
    for some in portions(ids):
        for row in session.execute(statement.where(STORYLINES.c.id.in_(some))):
            found[row.id] = Line(row.id, row.slug, Title(row.title, row.titled_by))
    return found


def refs(session: Session, ids: Iterable[UUID | None]) -> dict[UUID, StorylineRef]:
    """What articles of these storylines show."""
    found: dict[UUID, StorylineRef] = {}
    for some in portions(id for id in ids if id is not None):
        rows = session.execute(
            select(STORYLINES.c.id, STORYLINES.c.slug, STORYLINES.c.title).where(STORYLINES.c.id.in_(some))
        )
        found |= {row.id: StorylineRef(id=row.id, slug=row.slug, title=row.title) for row in rows}
    return found


def members(session: Session, storyline_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The public articles of these storylines, each with its storyline."""
    found: dict[UUID, UUID] = {}
    for some in portions(storyline_ids):
        rows = session.execute(select(ARTICLES.c.id, ARTICLES.c.storyline_id).where(ARTICLES.c.storyline_id.in_(some)))
        found |= {row.id: row.storyline_id for row in rows}
    return found


def earliest(session: Session, storyline_id: UUID, *, without: Collection[UUID]) -> tuple[Place, str] | None:
    """The first article of the storyline apart from some, and its card."""
    values = {"storyline": storyline_id, "without": list(without)}
    row = session.execute(_EARLIEST.order_by(*_FORWARDS), values).first()
    return (Place(row.published_at, row.id, storyline_id), row.card) if row else None


def newest(session: Session, storyline_id: UUID) -> UUID | None:
    """The last article of the storyline; None when it has none."""
    return session.execute(_NEWEST, {"storyline": storyline_id}).scalar_one_or_none()


def texts(session: Session, ids: Sequence[UUID]) -> list[Any]:
    """`id`, `version`, `card` and `document` of these articles, in order of id."""
    columns = (ARTICLES.c[name] for name in ("id", "version", "storyline_id", "card", "document"))
    return list(session.execute(select(*columns).where(ARTICLES.c.id.in_(ids)).order_by(ARTICLES.c.id)))


def card(session: Session, id: UUID) -> str:
    """The card of a public article."""
    return str(session.execute(select(ARTICLES.c.card).where(ARTICLES.c.id == id)).scalar_one())


def insert_storyline(session: Session, id: UUID, *, at: datetime) -> None:
    """A storyline without articles and title, called by its id."""
    row: Row = {"id": id, "slug": str(id), "title": "", "founded_at": at, "changed_at": at, "article_count": 0}
    session.execute(insert(STORYLINES), row)
    put_name(session, str(id), id, made_from=None)


def update_storyline(session: Session, line: Line, *, at: datetime) -> None:
    """What the storyline is called from now on, and how many public articles it has, from when to when."""
    counted = select(func.count(), func.min(ARTICLES.c.published_at), func.max(ARTICLES.c.published_at))
    count, first, last = session.execute(counted.where(ARTICLES.c.storyline_id == line.id)).one()
    session.execute(
        update(STORYLINES)
        .where(STORYLINES.c.id == line.id)
        .values(
            slug=line.slug,
            title=line.title.text,
            titled_by=line.title.by,
            changed_at=at,
            article_count=count,
            first_published_at=first,
            last_published_at=last,
        )
    )


def resolve(session: Session, names: Iterable[str]) -> dict[str, UUID]:
    """The storylines that have or had these names, public or not."""
    found: dict[str, UUID] = {}
    for some in portions(names):
        rows = session.execute(select(NAMES.c.name, NAMES.c.storyline_id).where(NAMES.c.name.in_(some)))
        found |= {row.name: row.storyline_id for row in rows}
    return found


def put_name(session: Session, name: str, id: UUID, *, made_from: UUID | None) -> None:
    """The storyline is called so; a name that it had is from now on made from this headline."""
    had = update(NAMES).where(NAMES.c.name == name).values(storyline_id=id, made_from=made_from)
    if not cast(Any, session.execute(had)).rowcount:
        session.execute(insert(NAMES).values(name=name, storyline_id=id, made_from=made_from))


def forget_names(session: Session, made_from: Collection[UUID]) -> None:
    """Nothing is called any more by what the headlines of these articles made."""
    for some in portions(made_from):
        session.execute(delete(NAMES).where(NAMES.c.made_from.in_(some)))


def pins(session: Session, article_ids: Iterable[UUID]) -> dict[UUID, UUID | None]:
    """Where editors put these articles: in a storyline, or, with None, in none."""
    found: dict[UUID, UUID | None] = {}
    for some in portions(article_ids):
        rows = _PINS.rows(session, {"some": some})
        found |= {row.article_id: row.storyline_id for row in rows}
    return found


def pin(session: Session, article_ids: Collection[UUID], storyline_id: UUID | None) -> None:
    """Editors put these articles in a storyline, or, with None, in none."""
    unpin(session, article_ids)
    if article_ids:
        session.execute(insert(PINS), [{"article_id": id, "storyline_id": storyline_id} for id in sorted(article_ids)])


def unpin(session: Session, article_ids: Collection[UUID]) -> None:
    """Editors say nothing of where these articles belong."""
    for some in portions(article_ids):
        session.execute(delete(PINS).where(PINS.c.article_id.in_(some)))


def place_articles(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write `storyline_id`, `seq`, `modified_at`, `card` and `document` of public articles."""
    names = ("storyline_id", "seq", "modified_at", "card", "document")
    if rows:
        session.connection().execute(
            update(ARTICLES)
            .where(ARTICLES.c.id == bindparam("the_id"))
            .values({name: bindparam(f"new_{name}") for name in names}),
            [{"the_id": row["id"], **{f"new_{name}": row[name] for name in names}} for row in rows],
        )


def absorb(session: Session, merged: Mapping[UUID, UUID]) -> None:
    """Storylines, empty by now, whose names and pins are from now on those of others."""
    for other, into in merged.items():
        for table in (NAMES, PINS):
            session.execute(update(table).where(table.c.storyline_id == other).values(storyline_id=into))
        session.execute(delete(STORYLINES).where(STORYLINES.c.id == other))
