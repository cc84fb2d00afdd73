"""The SQL of publishing and withdrawing. Reading for the public is in `reading` and `listing`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, select, union_all, update
from sqlalchemy.orm import Session

from app.articles.schemas import CorrectionRef
from app.articles.tables import Alias, Article, ArticleContributor, ArticleTag, Correction, Tombstone, Version
from app.core.ids import parse_id
from app.db.batches import among, insert_all
from app.db.prepared import Prepared

ARTICLES = cast(Table, Article.__table__)
ALIASES = cast(Table, Alias.__table__)
TOMBSTONES = cast(Table, Tombstone.__table__)
VERSIONS = cast(Table, Version.__table__)
CORRECTIONS = cast(Table, Correction.__table__)
TAGGED = cast(Table, ArticleTag.__table__)
CONTRIBUTED = cast(Table, ArticleContributor.__table__)

_AT_ONCE = 500

_KEPT = ("slug", "original", "section_id", "storyline_id", "published_at", "updated_at", "headline", "card")
_STANDING = Prepared(
    select(ARTICLES.c.id, *(ARTICLES.c[name] for name in _KEPT))
    .where(among(ARTICLES.c.id, "some"))
    .order_by(ARTICLES.c.id)
    .with_for_update()
)
_BURIED = Prepared(select(TOMBSTONES.c.article_id, TOMBSTONES.c.slug).where(among(TOMBSTONES.c.article_id, "some")))
_OWNERS = Prepared(
    union_all(
        select(ARTICLES.c.slug, ARTICLES.c.id.label("owner")).where(among(ARTICLES.c.slug, "some")),
        select(ALIASES.c.slug, ALIASES.c.article_id).where(among(ALIASES.c.slug, "some")),
        select(TOMBSTONES.c.slug, TOMBSTONES.c.article_id).where(among(TOMBSTONES.c.slug, "some")),
    )
)
_ORIGINALS = Prepared(select(ARTICLES.c.original).where(among(ARTICLES.c.id, "some")))
_OTHERS = Prepared(
    select(ARTICLES.c.id).where(among(ARTICLES.c.original, "some"), ~among(ARTICLES.c.id, "ours")).limit(1)
)
_MEMBERS = Prepared(
    select(ARTICLES.c.id, ARTICLES.c.slug, ARTICLES.c.language, ARTICLES.c.original)
    .where(among(ARTICLES.c.original, "some"))
    .order_by(ARTICLES.c.id)
    .with_for_update()
)
_DOCUMENTS = Prepared(select(ARTICLES.c.id, ARTICLES.c.document).where(among(ARTICLES.c.id, "some")))
_TAGS = Prepared(select(TAGGED.c.article_id, TAGGED.c.tag_id).where(among(TAGGED.c.article_id, "some")))
_CONTRIBUTORS = Prepared(
    select(CONTRIBUTED.c.article_id, CONTRIBUTED.c.contributor_id).where(among(CONTRIBUTED.c.article_id, "some"))
)
_CORRECTIONS = Prepared(
    select(CORRECTIONS)
    .where(among(CORRECTIONS.c.article_id, "some"))
    .order_by(CORRECTIONS.c.article_id, CORRECTIONS.c.version)
)
_END_VERSION = Prepared(
    update(VERSIONS)
    .where(VERSIONS.c.article_id == bindparam("the_id"), VERSIONS.c.until.is_(None))
    .values(until=bindparam("end"))
)
_UNTAG = Prepared(delete(TAGGED).where(among(TAGGED.c.article_id, "some")))
_UNCREDIT = Prepared(delete(CONTRIBUTED).where(among(CONTRIBUTED.c.article_id, "some")))
_FREE_SLUGS = Prepared(delete(ALIASES).where(among(ALIASES.c.slug, "some")))
_DELETE = Prepared(delete(ARTICLES).where(among(ARTICLES.c.id, "some")))
_UNBURY = Prepared(delete(TOMBSTONES).where(among(TOMBSTONES.c.article_id, "some")))

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """A public article as publishing finds it: what its next version has to keep, move or count down."""

    slug: str
    original: str
    section_id: int | None
    storyline_id: UUID | None
    published_at: datetime
    updated_at: datetime
    headline: str
    card: str
    tag_ids: frozenset[int]
    contributor_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Member:
    """A public article of a group of translations."""

    id: UUID
    slug: str
    language: str
    original: str


def portions(values: Iterable[Any]) -> Iterable[list[Any]]:
    """These values, each once and in order, as many at a time as a statement can name."""
    ordered = sorted(set(values))
    return (ordered[start : start + _AT_ONCE] for start in range(0, len(ordered), _AT_ONCE))


def lock_standing(session: Session, ids: Collection[UUID]) -> dict[UUID, Standing]:
    """Those of the articles that are public now, held until the transaction ends."""
    found: dict[UUID, Any] = {}
    for some in portions(ids):
        found |= {row.id: row for row in _STANDING.rows(session, {"some": some})}
    tags = _links(session, _TAGS, found)
    contributors = _links(session, _CONTRIBUTORS, found)
    return {
        id: Standing(
            **{name: getattr(row, name) for name in _KEPT},
            tag_ids=frozenset(tags[id]),
            contributor_ids=frozenset(contributors[id]),
        )
        for id, row in found.items()
    }


def _links(session: Session, of: Prepared, ids: Collection[UUID]) -> dict[UUID, set[int]]:
    links: dict[UUID, set[int]] = {id: set() for id in ids}
    for some in portions(ids):
        for article_id, linked in of.rows(session, {"some": some}):
            links[article_id].add(linked)
    return links


def tombstone_slugs(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """The slugs that withdrawn articles among these kept."""
    found: dict[UUID, str] = {}
    for some in portions(ids):
        rows = _BURIED.rows(session, {"some": some})
        found |= {row.article_id: row.slug for row in rows}
    return found


def slug_owners(session: Session, slugs: Collection[str]) -> dict[str, UUID]:
    """Whose each of these slugs is or once was: public, alias or tombstone."""
    owners: dict[str, UUID] = {}
    for some in portions(slugs):
        rows = _OWNERS.rows(session, {"some": some})
        owners |= {row.slug: row.owner for row in rows}
    return owners


def has_translations(session: Session, ids: Collection[UUID], names: Collection[str]) -> bool:
    """Whether any of these articles is a translation, or is translated by an article that is not among them."""
    own = {str(id) for id in ids}
    for some in portions(ids):
        if not own.issuperset(row.original for row in _ORIGINALS.rows(session, {"some": some})):
            return True
    return any(_OTHERS.first(session, {"some": some, "ours": sorted(ids)}) is not None for some in portions(names))


def lock_members(session: Session, originals: Collection[str]) -> list[Member]:
    """The public articles of these groups of translations, held until the transaction ends."""
    members: list[Member] = []
    for some in portions(originals):
        members += (Member(*row) for row in _MEMBERS.rows(session, {"some": some}))
    return members


def groups_of(session: Session, names: Collection[str]) -> dict[str, str]:
    """The groups of articles, public or withdrawn, that have these names: an id, or `external:` and an external id."""
    found: dict[str, str] = {}
    for some in portions(names):
        ids = [id for name in some if (id := parse_id(name)) is not None]
        external_ids = [name.partition(":")[2] for name in some if parse_id(name) is None]
        rows = session.execute(
            union_all(
                *(
                    select(id, table.c.external_id, table.c.original).where(condition)
                    for table, id in ((ARTICLES, ARTICLES.c.id), (TOMBSTONES, TOMBSTONES.c.article_id))
                    for condition in (id.in_(ids), table.c.external_id.in_(external_ids))
                )
            )
        )
        for id, external_id, original in rows:
            found |= {name: original for name in (str(id), f"external:{external_id}") if name in names}
    return found


def documents(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """The stored documents of these articles."""
    found: dict[UUID, str] = {}
    for some in portions(ids):
        found |= {row.id: row.document for row in _DOCUMENTS.rows(session, {"some": some})}
    return found


def insert_articles(session: Session, rows: Sequence[Row]) -> None:
    """Make these articles public."""
    _insert(session, ARTICLES, rows)


def update_articles(session: Session, rows: Sequence[Row]) -> None:
    """Replace columns of public articles. All rows name the same columns, `id` among them."""
    if rows:
        names = tuple(name for name in rows[0] if name != "id")
        values = [{"the_id": row["id"], **{f"new_{name}": row[name] for name in names}} for row in rows]
        _updating(names).run_each(session, values)


@cache
def _updating(names: tuple[str, ...]) -> Prepared:
    new: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    return Prepared(update(ARTICLES).where(ARTICLES.c.id == bindparam("the_id")).values(new))


def insert_versions(session: Session, rows: Sequence[Row]) -> None:
    """Keep what was said."""
    _insert(session, VERSIONS, rows)


def end_versions(session: Session, ends: Mapping[UUID, datetime]) -> None:
    """What readers saw of these articles, they see no longer, from these times on."""
    if ends:
        _END_VERSION.run_each(session, [{"the_id": id, "end": at} for id, at in ends.items()])


def withdraw_versions(session: Session, tombstones: Sequence[Row]) -> None:
    """Take back all that was published of these articles, and the headlines that their corrections quote."""
    for row in tombstones:
        why = {f"withdrawal_{name}": row[name] for name in ("reason", "text")}
        published = (VERSIONS.c.article_id == row["article_id"]) & VERSIONS.c.withdrawn_at.is_(None)
        session.execute(update(VERSIONS).where(published).values(withdrawn_at=row["withdrawn_at"], **why))
    for some in portions(row["article_id"] for row in tombstones):
        session.execute(update(CORRECTIONS).where(CORRECTIONS.c.article_id.in_(some)).values(previous_headline=None))


def corrections(session: Session, ids: Collection[UUID]) -> dict[UUID, list[CorrectionRef]]:
    """The corrections of each of these articles that has any, oldest first."""
    found: dict[UUID, list[CorrectionRef]] = {}
    for some in portions(ids):
        for row in _CORRECTIONS.rows(session, {"some": some}):
            told = {name: getattr(row, name) for name in CorrectionRef.model_fields}
            found.setdefault(row.article_id, []).append(CorrectionRef(**told))
    return found


def insert_corrections(session: Session, rows: Sequence[Row]) -> None:
    """Keep what was corrected."""
    _insert(session, CORRECTIONS, rows)


def insert_tombstones(session: Session, rows: Sequence[Row]) -> None:
    """Mark where articles stood."""
    _insert(session, TOMBSTONES, rows)


def replace_links(session: Session, ids: Collection[UUID], *, tags: Sequence[Row], contributors: Sequence[Row]) -> None:
    """File these articles under these tags and contributors and no others."""
    for some in portions(ids):
        _UNTAG.run(session, {"some": some})
        _UNCREDIT.run(session, {"some": some})
    _insert(session, TAGGED, tags)
    _insert(session, CONTRIBUTED, contributors)


def move_aliases(session: Session, moves: Mapping[UUID, tuple[str, str]], *, at: datetime) -> None:
    """For each article that moves from one slug to another: the old one becomes an alias, the new one is none."""
    for some in portions(new for _, new in moves.values()):
        _FREE_SLUGS.run(session, {"some": some})
    _insert(session, ALIASES, [{"slug": old, "article_id": id, "at": at} for id, (old, _) in moves.items()])


def delete_articles(session: Session, ids: Collection[UUID]) -> None:
    """Take these articles from the public; their filter rows go with them."""
    replace_links(session, ids, tags=(), contributors=())
    for some in portions(ids):
        _DELETE.run(session, {"some": some})


def delete_tombstones(session: Session, ids: Collection[UUID]) -> None:
    """Forget that these were withdrawn: they are public again."""
    for some in portions(ids):
        _UNBURY.run(session, {"some": some})


def _insert(session: Session, table: Table, rows: Sequence[Row]) -> None:
    insert_all(session, table, rows)
