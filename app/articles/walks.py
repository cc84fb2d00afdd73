"""The SQL that finds one page of articles: walks along indexes in timeline order, built once for each shape of filters.

Every walk starts at the cursor and stops at the limit, so that a page costs the same at any depth. What is shown of the
articles found, `listing` adds.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Table,
    and_,
    bindparam,
    exists,
    func,
    literal,
    not_,
    select,
    tuple_,
    union,
)

from app.articles.filters import Filters
from app.articles.store import ARTICLES, CONTRIBUTED, TAGGED
from app.core.languages import primary_language
from app.db.base import Instant, Uid
from app.taxonomy.store import CONTRIBUTORS, SECTIONS, TAGS
from app.web.paging import Cursor

Direction = Literal["older", "newer", "from"]
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides the text of a statement; the values are bound when it runs.

    `languages` says of each whether it names more than a primary subtag, `tags` and `contributors` how many values
    each group has.
    """

    sections: int
    languages: tuple[bool, ...]
    tags: tuple[int, ...]
    contributors: tuple[int, ...]
    is_breaking: bool | None
    since: bool
    until: bool
    direction: Direction | None


def shape(filters: Filters, direction: Direction | None) -> Shape:
    """The shape of these filters, walked in this direction (None: from the newest)."""
    return Shape(
        sections=len(filters.sections),
        languages=tuple("-" in language for language in filters.languages),
        tags=tuple(map(len, filters.tags)),
        contributors=tuple(map(len, filters.contributors)),
        is_breaking=filters.is_breaking,
        since=filters.since is not None,
        until=filters.until is not None,
        direction=direction,
    )


def values(filters: Filters, cursor: Cursor | None, *, limit: int) -> dict[str, Any]:
    """What to bind to a statement of this shape."""
    bound: dict[str, Any] = {"limit": limit}
    bound |= {f"section_{n}": slug for n, slug in enumerate(filters.sections)}
    bound |= {f"language_{n}": primary_language(language) for n, language in enumerate(filters.languages)}
    bound |= {f"range_{n}": f"{language}-" for n, language in enumerate(filters.languages) if "-" in language}
    bound |= {f"tag_{g}_{n}": slug for g, group in enumerate(filters.tags) for n, slug in enumerate(group)}
    bound |= {f"by_{g}_{n}": slug for g, group in enumerate(filters.contributors) for n, slug in enumerate(group)}
    if filters.since is not None:
        bound["since"] = filters.since
    if filters.until is not None:
        bound["until"] = filters.until
    if cursor is not None:
        bound |= {"cursor_at": cursor.at, "cursor_id": cursor.id}
    return bound


@lru_cache(maxsize=512)
def chosen(shape: Shape) -> Select[Any]:
    """`article_id` and `published_at` of at most `limit` articles, in the order of the walk.

    The filter that usually leaves fewest articles leads; each of its values walks an index of its own.
    """
    walks = _walks(shape)
    if len(walks) == 1:
        return walks[0]
    merged = union(*(select(walk.subquery()) for walk in walks)).subquery("merged")
    columns = merged.c.published_at, merged.c.article_id
    return _ordered(select(*columns), *columns, shape.direction)


def _walks(shape: Shape) -> list[Select[Any]]:
    if shape.tags:
        return [_linked(shape, TAGGED, _tagged(name)) for name in _group("tag", 0, shape.tags[0])]
    if shape.contributors:
        return [_linked(shape, CONTRIBUTED, _by(name)) for name in _group("by", 0, shape.contributors[0])]
    if shape.sections:
        return [_plain(shape, ARTICLES.c.section_id == _id_of(SECTIONS, name)) for name in _sections(shape)]
    if shape.languages:
        return [_plain(shape, _speaks(n, is_narrow)) for n, is_narrow in enumerate(shape.languages)]
    return [_plain(shape)]


def _linked(shape: Shape, links: Table, leading: Condition) -> Select[Any]:
    """Along the index of one tag or contributor."""
    order = links.c.published_at, links.c.article_id
    # Looked up by id, one by one: joined, a planner may begin with the wrong table and sort everything it finds.
    article = [*_in_sections(shape), *_in_languages(shape), *_breaking(shape)]
    found = select(*order).where(leading, *_window(shape, *order), *_other_groups(shape, links))
    if article:
        found = found.where(exists(select(literal(1)).where(ARTICLES.c.id == links.c.article_id, *article)))
    return _ordered(found, *order, shape.direction)


def _plain(shape: Shape, *leading: Condition) -> Select[Any]:
    """Along an index of the articles themselves."""
    order = ARTICLES.c.published_at, ARTICLES.c.id
    rest = [*(_in_languages(shape) if shape.sections else ()), *_breaking(shape)]
    found = select(order[0], order[1].label("article_id")).where(*leading, *_window(shape, *order), *rest)
    return _ordered(found, *order, shape.direction)


def _ordered(statement: Select[Any], at: Any, id: Any, direction: Direction | None) -> Select[Any]:
    order = (at, id) if direction == "newer" else (at.desc(), id.desc())
    return statement.order_by(*order).limit(bindparam("limit"))


def _window(shape: Shape, at: Any, id: Any) -> list[Condition]:
    """Between the dates asked for, and on the asked side of the cursor."""
    window: list[Condition] = []
    if shape.since:
        window.append(at >= bindparam("since", type_=Instant))
    if shape.until:
        window.append(at < bindparam("until", type_=Instant))
    position = tuple_(bindparam("cursor_at", type_=Instant), bindparam("cursor_id", type_=Uid))
    match shape.direction:
        case "older":
            window.append(tuple_(at, id) < position)
        case "newer":
            window.append(tuple_(at, id) > position)
        case "from":
            window.append(tuple_(at, id) <= position)
    return window


def _other_groups(shape: Shape, links: Table) -> list[Condition]:
    """Every group but the leading one: the article must carry one of each."""
    tags = list(enumerate(shape.tags))[1 if links is TAGGED else 0 :]
    contributors = list(enumerate(shape.contributors))[1 if links is CONTRIBUTED else 0 :]
    return [
        *(_carries(links, TAGGED, TAGGED.c.tag_id, TAGS, _group("tag", g, size)) for g, size in tags),
        *(
            _carries(links, CONTRIBUTED, CONTRIBUTED.c.contributor_id, CONTRIBUTORS, _group("by", g, size))
            for g, size in contributors
        ),
    ]


def _carries(links: Table, others: Table, linked: Any, names: Table, group: list[str]) -> Condition:
    other = others.alias()
    column = other.c[linked.name]
    return exists(
        select(literal(1)).where(
            other.c.article_id == links.c.article_id, column.in_([_id_of(names, name) for name in group])
        )
    )


def _in_sections(shape: Shape) -> list[Condition]:
    sections = [_id_of(SECTIONS, name) for name in _sections(shape)]
    return [ARTICLES.c.section_id.in_(sections)] if sections else []


def _in_languages(shape: Shape) -> list[Condition]:
    if not shape.languages:
        return []
    first, *others = (_speaks(n, is_narrow) for n, is_narrow in enumerate(shape.languages))
    for other in others:
        first = first | other
    return [first]


def _breaking(shape: Shape) -> list[Condition]:
    if shape.is_breaking is None:
        return []
    return [ARTICLES.c.breaking if shape.is_breaking else not_(ARTICLES.c.breaking)]


def _speaks(n: int, is_narrow: bool) -> Condition:
    """RFC 4647 basic filtering: `zh` takes in `zh-Hant`, which takes in `zh-Hant-TW`."""
    # The index knows primary languages only, so a narrow range names its own, too.
    speaks = ARTICLES.c.primary_language == bindparam(f"language_{n}", type_=String)
    if not is_narrow:
        return speaks
    range_ = bindparam(f"range_{n}", type_=String)
    return and_(speaks, func.substr(ARTICLES.c.language.concat(literal("-")), 1, func.length(range_)) == range_)


def _tagged(name: str) -> Condition:
    return cast(Condition, TAGGED.c.tag_id == _id_of(TAGS, name))


def _by(name: str) -> Condition:
    return cast(Condition, CONTRIBUTED.c.contributor_id == _id_of(CONTRIBUTORS, name))


def _id_of(names: Table, parameter: str) -> Any:
    return select(names.c.id).where(names.c.slug == bindparam(parameter)).scalar_subquery()


def _group(prefix: str, g: int, size: int) -> list[str]:
    return [f"{prefix}_{g}_{n}" for n in range(size)]


def _sections(shape: Shape) -> list[str]:
    return [f"section_{n}" for n in range(shape.sections)]
