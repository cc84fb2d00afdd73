"""The SQL that finds one page of articles: walks along indexes in timeline order, built once for each shape of filters.

Every walk starts at the cursor and stops at the limit, so that a page costs the same at any depth. What is shown of the
articles found, `listing` adds.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import FromClause, Select, bindparam, literal, literal_column, select, tuple_, union

from app.articles.conditions import (
    Condition,
    Group,
    any_of,
    breaking,
    carries,
    fewest,
    groups_of,
    hidden,
    hidden_breaking,
    is_in_range,
    speaks,
    stands,
)
from app.articles.filters import Filters
from app.articles.store import ARTICLES
from app.core.languages import primary_language
from app.db.base import Instant, Uid
from app.web.paging import Cursor, Direction

MOST_LEADERS = 4
"""How many groups of one request are weighed against each other: each is a walk in the statement."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides the text of a statement; the values are bound when it runs.

    `languages` says of each whether it names more than a primary subtag, `tags` and `contributors` how many values
    each group has. With `is_collapsed`, only the newest that matches of each storyline is found.
    """

    sections: int
    storylines: int
    languages: tuple[bool, ...]
    tags: tuple[int, ...]
    contributors: tuple[int, ...]
    is_breaking: bool | None
    since: bool
    until: bool
    direction: Direction | None
    limit: int
    is_collapsed: bool = False


def shape(filters: Filters, direction: Direction | None, *, limit: int, is_collapsed: bool = False) -> Shape:
    """The shape of these filters, walked in this direction (None: from the newest) for at most `limit` articles."""
    return Shape(
        sections=len(filters.sections),
        storylines=len(filters.storylines),
        languages=tuple("-" in language for language in filters.languages),
        tags=tuple(map(len, filters.tags)),
        contributors=tuple(map(len, filters.contributors)),
        is_breaking=filters.is_breaking,
        since=filters.since is not None,
        until=filters.until is not None,
        direction=direction,
        limit=limit,
        is_collapsed=is_collapsed,
    )


def values(filters: Filters, cursor: Cursor | None) -> dict[str, Any]:
    """What to bind to a statement of their shape."""
    bound: dict[str, Any] = {f"section_{n}": slug for n, slug in enumerate(filters.sections)}
    bound |= {f"storyline_{n}": name for n, name in enumerate(filters.storylines)}
    bound |= {f"language_{n}": primary_language(language) for n, language in enumerate(filters.languages)}
    bound |= {f"range_{n}": f"{language}-" for n, language in enumerate(filters.languages)}
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

    Storylines lead, else what fewest articles carry; each of its values walks an index of its own.
    """
    walks = _walks(shape)
    if len(walks) == 1:
        return walks[0]
    merged = union(*(select(walk.subquery()) for walk in walks)).subquery("merged")
    columns = merged.c.published_at, merged.c.article_id
    return _ordered(shape, select(*columns), *columns)


def matching(shape: Shape, articles: FromClause) -> list[Condition]:
    """That an article found by other means, and of a storyline that is asked for, is as the filters say."""
    groups = [group for group in _groups(shape) if group.column is not ARTICLES.c.storyline_id]
    return [
        *(hidden(group, articles) if group.links is ARTICLES else carries(articles.c.id, group) for group in groups),
        *any_of(is_in_range(n, articles) for n in range(len(shape.languages))),
        *hidden_breaking(shape.is_breaking, articles),
        *_dates(shape, articles.c.published_at),
    ]


def _groups(shape: Shape) -> list[Group]:
    return groups_of(shape.tags, shape.contributors, shape.sections, shape.storylines)


def _walks(shape: Shape) -> list[Select[Any]]:
    groups = _groups(shape)
    ranges = any_of(is_in_range(n) for n in range(len(shape.languages)))
    if shape.storylines:
        # They are small, and the indexes of nothing else may offer themselves.
        storylines, *others = groups
        rest = [hidden(group) if group.links is ARTICLES else carries(ARTICLES.c.id, group) for group in others]
        own = [*ranges, *hidden_breaking(shape.is_breaking), *rest]
        return [_plain(shape, storylines.column == storylines.id_of(name), *own) for name in storylines.parameters]
    if groups and not (shape.is_breaking and groups[0].links is ARTICLES):
        leaders = groups[:MOST_LEADERS]
        return [_led(shape, groups, leader, name) for leader in leaders for name in leader.parameters]
    if shape.is_breaking or not shape.languages:
        # Breaking news are few, and their index holds nothing else: no other may offer itself.
        return [_plain(shape, *breaking(shape.is_breaking), *map(hidden, groups), *ranges)]
    return [_plain(shape, language, *breaking(shape.is_breaking)) for language in _spoken(shape)]


def _led(shape: Shape, groups: list[Group], leader: Group, parameter: str) -> Select[Any]:
    """Along the index of one section, tag or contributor; nowhere when another group has fewer articles."""
    here = leader.column == leader.id_of(parameter, *fewest(leader, groups[:MOST_LEADERS]))
    others = [group for group in groups if group is not leader]
    own = [*any_of(_spoken(shape)), *breaking(shape.is_breaking)]
    if leader.links is ARTICLES:
        return _plain(shape, here, *own, *(carries(ARTICLES.c.id, group) for group in others))
    at, id = leader.links.c.published_at, leader.links.c.article_id
    own += [group.column.in_(map(group.id_of, group.parameters)) for group in others if group.links is ARTICLES]
    own += _newest(shape)
    carried = [carries(id, group) for group in others if group.links is not ARTICLES]
    found = select(at, id).where(here, *_window(shape, at, id), *carried, *([stands(at, id, own)] if own else ()))
    return _ordered(shape, found, at, id)


def _plain(shape: Shape, *conditions: Condition) -> Select[Any]:
    """Along an index of the articles themselves."""
    at, id = ARTICLES.c.published_at, ARTICLES.c.id
    found = select(at, id.label("article_id")).where(*conditions, *_window(shape, at, id), *_newest(shape))
    return _ordered(shape, found, at, id)


def _spoken(shape: Shape) -> list[Condition]:
    return [speaks(n, is_narrow) for n, is_narrow in enumerate(shape.languages)]


def _ordered(shape: Shape, statement: Select[Any], at: Any, id: Any) -> Select[Any]:
    order = (at, id) if shape.direction == "newer" else (at.desc(), id.desc())
    # Written out: where it is bound, SQLite plans the statement anew each time, and so does PostgreSQL, which takes
    # an unknown limit for a tenth of the table.
    return statement.order_by(*order).limit(literal_column(str(shape.limit)))


def _newest(shape: Shape) -> list[Condition]:
    """That no newer article of its storyline matches, where only the newest are asked for."""
    if not shape.is_collapsed:
        return []
    newer = ARTICLES.alias("newer")
    is_newer = tuple_(newer.c.published_at, newer.c.id) > tuple_(ARTICLES.c.published_at, ARTICLES.c.id)
    same = newer.c.storyline_id == ARTICLES.c.storyline_id
    # In the order of the storyline's index, and by it: a planner that thinks one row easily found would sort them all.
    order = newer.c.storyline_id, newer.c.published_at, newer.c.id
    found = select(literal(1)).where(same, is_newer, *matching(shape, newer)).order_by(*order).limit(1)
    return [found.correlate(ARTICLES).scalar_subquery().is_(None)]


def _dates(shape: Shape, at: Any) -> list[Condition]:
    """Between the dates asked for."""
    since = [at >= bindparam("since", type_=Instant)] if shape.since else []
    return since + ([at < bindparam("until", type_=Instant)] if shape.until else [])


def _window(shape: Shape, at: Any, id: Any) -> list[Condition]:
    """Between the dates asked for, and on the asked side of the cursor."""
    window = _dates(shape, at)
    position = tuple_(bindparam("cursor_at", type_=Instant), bindparam("cursor_id", type_=Uid))
    match shape.direction:
        case "older":
            window.append(tuple_(at, id) < position)
        case "newer":
            window.append(tuple_(at, id) > position)
        case "from":
            window.append(tuple_(at, id) <= position)
    return window
