"""From the names that newsrooms write to sections, tags and contributors: which are the same, and what is new.

Called by the publishing transaction only. Reading lists is in `store`.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Table, Text, bindparam, insert, select, type_coerce, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from app.core.slugs import numbered, slug_of
from app.core.text import name_key
from app.db.batches import among
from app.db.dialect import claim
from app.db.prepared import Prepared
from app.taxonomy.tables import Contributor, Named, Section, Tag

_LOOKED_UP_AT_ONCE = 500
_LONGEST_KEY = 380  # folding can make a name many times as long
_REMEMBERED = 5_000


@dataclass(frozen=True, slots=True)
class Filed:
    """A section, tag or contributor as the public knows it; `kind` is a tag's.

    `is_carried` says that an article has it, `is_respelt` that its row has yet to be told the name.
    """

    id: int
    slug: str
    name: str
    kind: str | None = None
    is_carried: bool = field(default=False, compare=False)
    is_respelt: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class _Wanted:
    key: str
    name: str
    slug: str
    kind: str | None = None


class Names:
    """The names of a batch of articles, each with its row."""

    def __init__(
        self, sections: Mapping[str, Filed], tags: Mapping[str, Filed], contributors: Mapping[str, Filed]
    ) -> None:
        self._sections, self._tags, self._contributors = sections, tags, contributors

    def section(self, name: str) -> Filed:
        """The section that `name` (or its slug) stands for."""
        return self._sections[_section(name).key]

    def tag(self, kind: str, name: str) -> Filed:
        """The tag of this kind and name."""
        return self._tags[_tag(kind, name).key]

    def all(self) -> list[tuple[type[Named], Collection[Filed]]]:
        """All of them, by their tables."""
        return [
            (Section, self._sections.values()),
            (Tag, self._tags.values()),
            (Contributor, self._contributors.values()),
        ]

    def contributor(self, name: str) -> Filed:
        """The contributor of this name."""
        return self._contributors[_contributor(name).key]


@lru_cache(_REMEMBERED)
def _section(name: str) -> _Wanted:
    slug = slug_of(name, fallback="section")
    return _Wanted(key=slug, slug=slug, name=name.replace("-", " ").capitalize() if name == slug else name)


@lru_cache(_REMEMBERED)
def _tag(kind: str, name: str) -> _Wanted:
    return _Wanted(
        key=f"{kind}:{name_key(name)}"[:_LONGEST_KEY], slug=slug_of(name, fallback=kind), name=name, kind=kind
    )


@lru_cache(_REMEMBERED)
def _contributor(name: str) -> _Wanted:
    return _Wanted(key=name_key(name)[:_LONGEST_KEY], slug=slug_of(name, fallback="contributor"), name=name)


def file_under(
    session: Session,
    *,
    sections: Collection[str],
    tags: Collection[tuple[str, str]],
    contributors: Collection[str],
) -> Names:
    """The rows for these names (tags as kind and name), made where they are new."""
    return Names(
        _resolve(session, Section, map(_section, sections)),
        _resolve(session, Tag, (_tag(kind, name) for kind, name in tags)),
        _resolve(session, Contributor, map(_contributor, contributors)),
    )


def _resolve(session: Session, table: type[Named], wanted: Iterable[_Wanted]) -> dict[str, Filed]:
    by_key: dict[str, _Wanted] = {}
    for name in wanted:
        by_key.setdefault(name.key, name)
    found = _find(session, table, by_key)
    # Who brings back a name that nobody carries takes turns with who does the same: its spelling is then one's.
    open_ = sorted(key for key in by_key if key not in found or not found[key].is_carried)
    if open_:
        claim(session, _rows(table).name, {by_key[key].slug for key in open_})
        found |= _find(session, table, open_)  # another writer may have made it while we waited
        found |= _make(session, table, [by_key[key] for key in open_ if key not in found])
        for key in open_:
            if not found[key].is_carried and found[key].name != by_key[key].name:
                # The old spelling was withdrawn with the last article that had it.
                found[key] = replace(found[key], name=by_key[key].name, is_respelt=True)
    return found


def respell(session: Session, names: Names) -> None:
    """Write down the spellings that names were brought back with. Only for who holds the log's turn, as `count`."""
    for table, filed in names.all():
        rows = _rows(table)
        for one in sorted((one for one in filed if one.is_respelt), key=lambda one: one.id):
            session.execute(update(rows).where(rows.c.id == one.id).values(name=one.name))


def _rows(table: type[Named]) -> Any:
    return table.__table__  # type: ignore[attr-defined]


def _find(session: Session, table: type[Named], keys: Iterable[str]) -> dict[str, Filed]:
    wanted = list(keys)
    found: dict[str, Filed] = {}
    for start in range(0, len(wanted), _LOOKED_UP_AT_ONCE):
        some = wanted[start : start + _LOOKED_UP_AT_ONCE]
        for row in _finding(_rows(table)).rows(session, {"some": some}):
            told = row.kind if table is Tag else None
            found[row.key] = Filed(row.id, row.slug, row.name, told, is_carried=row.article_count > 0)
    return found


@cache
def _finding(rows: Table) -> Prepared:
    kind = (rows.c.kind,) if "kind" in rows.c else ()
    columns = (rows.c.key, rows.c.id, rows.c.slug, rows.c.name, rows.c.article_count, *kind)
    return Prepared(select(*columns).where(among(rows.c.key, "some")))


def _make(session: Session, table: type[Named], wanted: Sequence[_Wanted]) -> dict[str, Filed]:
    rows = _rows(table)
    taken = _taken(session, rows, {one.slug for one in wanted})
    slugs: dict[str, str] = {}
    for one in wanted:
        slugs[one.key] = _free_slug(session, rows, one, taken)
        taken.add(slugs[one.key])
    made: dict[str, Filed] = {}
    for start in range(0, len(wanted), _LOOKED_UP_AT_ONCE):
        some = {one.key: one for one in wanted[start : start + _LOOKED_UP_AT_ONCE]}
        values = [
            {"key": one.key, "slug": slugs[one.key], "name": one.name, "article_count": 0}
            | ({"kind": one.kind} if one.kind else {})
            for one in some.values()
        ]
        for row in session.connection().execute(_making(_rows(table)), values):
            made[row.key] = Filed(row.id, slugs[row.key], some[row.key].name, some[row.key].kind)
    return made


@cache
def _making(rows: Table) -> ReturningInsert[Any]:
    return insert(rows).returning(rows.c.id, rows.c.key)


def _free_slug(session: Session, rows: Any, wanted: _Wanted, taken: Collection[str]) -> str:
    """The plain slug, else with its kind (`paris-person`), else numbered; of `taken` we know already."""
    if wanted.slug not in taken:
        return wanted.slug
    tries = [f"{wanted.slug}-{wanted.kind}"] if wanted.kind else []
    n = 1
    while True:
        for slug in tries:
            if slug not in taken and not _taken(session, rows, [slug]):
                return slug
        n += 1
        tries = [numbered(wanted.slug, n)]
        claim(session, rows.name, tries)


def _taken(session: Session, rows: Any, slugs: Collection[str]) -> set[str]:
    """Those of the slugs that somebody has."""
    taken: set[str] = set()
    ordered = sorted(slugs)
    for start in range(0, len(ordered), _LOOKED_UP_AT_ONCE):
        some = ordered[start : start + _LOOKED_UP_AT_ONCE]
        taken |= {row.slug for row in _looking_up(rows).rows(session, {"some": some})}
    return taken


@cache
def _looking_up(rows: Table) -> Prepared:
    # As plain text: a column's collation is no part of the type of an array.
    return Prepared(select(rows.c.slug).where(among(type_coerce(rows.c.slug, Text), "some")))


def count(session: Session, table: type[Named], changes: Counter[int]) -> None:
    """Add to the article counts, by row id. Only for who holds the log's turn: else rows could deadlock."""
    deltas = [{"row": row, "delta": delta} for row, delta in sorted(changes.items()) if delta]
    if deltas:
        _counting(_rows(table)).run_each(session, deltas)


@cache
def _counting(rows: Table) -> Prepared:
    counted = rows.c.article_count + bindparam("delta")
    return Prepared(update(rows).where(rows.c.id == bindparam("row")).values(article_count=counted))
