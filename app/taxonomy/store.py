"""The lists of sections, tags and contributors that public articles carry. Making them is in `naming`."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, cast

from sqlalchemy import Select, Table, bindparam, select
from sqlalchemy.orm import Session

from app.changes.log import HEAD_AT, HEAD_SEQ
from app.taxonomy.tables import Contributor, Section, Tag

SECTIONS = cast(Table, Section.__table__)
TAGS = cast(Table, Tag.__table__)
CONTRIBUTORS = cast(Table, Contributor.__table__)

Vocabulary = Literal["sections", "tags", "contributors"]
_TABLES: dict[Vocabulary, Table] = {"sections": SECTIONS, "tags": TAGS, "contributors": CONTRIBUTORS}


@dataclass(frozen=True, slots=True)
class Entry:
    """One listed name; `kind` is a tag's."""

    slug: str
    name: str
    article_count: int
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class NamePage:
    """Names in the order of their slugs; `is_last` when nothing follows."""

    seq: int
    changed_at: datetime
    entries: list[Entry]
    is_last: bool


def list_names(
    session: Session, vocabulary: Vocabulary, *, after: str = "", kind: str | None = None, limit: int
) -> NamePage:
    """At most `limit` names that public articles carry, with slugs after `after`; `kind` narrows tags to one kind."""
    rows = (
        session.connection()
        .execute(
            _statement(vocabulary, kind is not None),
            {"after": after, "limit": limit + 1} | ({} if kind is None else {"kind": kind}),
        )
        .all()
    )
    entries = [Entry(*row[2:]) for row in rows if row.slug is not None]
    return NamePage(rows[0].seq, rows[0].changed_at, entries[:limit], len(entries) <= limit)


def find_name(session: Session, vocabulary: Vocabulary, slug: str) -> Entry | None:
    """The name of this slug, also where no public article carries it any more; None where none ever did."""
    row = session.connection().execute(_named(vocabulary), {"slug": slug}).first()
    return Entry(*row) if row else None


@lru_cache(maxsize=4)
def _named(vocabulary: Vocabulary) -> Select[Any]:
    table = _TABLES[vocabulary]
    return select(table.c.slug, table.c.name, table.c.article_count).where(table.c.slug == bindparam("slug"))


@lru_cache(maxsize=8)
def _statement(vocabulary: Vocabulary, is_narrowed: bool) -> Select[Any]:
    table = _TABLES[vocabulary]
    kind = (table.c.kind,) if vocabulary == "tags" else ()
    names = select(table.c.slug, table.c.name, table.c.article_count, *kind).where(
        table.c.article_count > 0, table.c.slug > bindparam("after")
    )
    if is_narrowed:
        names = names.where(table.c.kind == bindparam("kind"))
    listed = names.order_by(table.c.slug).limit(bindparam("limit")).subquery("listed")
    head = select(HEAD_SEQ.label("seq"), HEAD_AT.label("changed_at")).subquery("head")
    # The head joins everything, so that an empty list, too, says how new it is.
    return select(head, listed).select_from(head.outerjoin(listed, listed.c.slug.is_not(None))).order_by(listed.c.slug)
