"""The conditions of a walk: what an article must be, and what it must carry.

Which of them leads along an index, and which are only looked up for what it finds, is for `walks`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    String,
    Table,
    and_,
    bindparam,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy import cast as cast_to

from app.articles.store import ARTICLES, CONTRIBUTED, TAGGED
from app.articles.storylines.store import NAMES
from app.taxonomy.store import CONTRIBUTORS, SECTIONS, TAGS

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Names of which an article must carry one: where it is linked to them, where they are, and their parameters.

    `name` and `id` are the columns of `names` that have a name and what it names.
    """

    links: Table
    column: ColumnElement[Any]
    names: Table
    parameters: tuple[str, ...]
    name: str = "slug"
    id: str = "id"

    def id_of(self, parameter: str, *conditions: Condition) -> Any:
        """The id of the name that the parameter gives; NULL when there is none, or the conditions do not hold."""
        is_it = self.names.c[self.name] == bindparam(parameter)
        return select(self.names.c[self.id]).where(is_it, *conditions).scalar_subquery()

    def weight(self) -> Any:
        """How many articles carry them, each counted for each; 0 when nobody has heard of any."""
        slugs = self.names.c.slug.in_([bindparam(parameter) for parameter in self.parameters])
        return select(func.coalesce(func.sum(self.names.c.article_count), 0)).where(slugs).scalar_subquery()


def groups_of(tags: Sequence[int], contributors: Sequence[int], sections: int, storylines: int) -> list[Group]:
    """The groups of a request, from how many names each has; that of storylines first."""
    return [
        *([_storylines(storylines)] if storylines else ()),
        *(Group(TAGGED, TAGGED.c.tag_id, TAGS, _parameters(f"tag_{g}", size)) for g, size in enumerate(tags)),
        *(
            Group(CONTRIBUTED, CONTRIBUTED.c.contributor_id, CONTRIBUTORS, _parameters(f"by_{g}", size))
            for g, size in enumerate(contributors)
        ),
        *([Group(ARTICLES, ARTICLES.c.section_id, SECTIONS, _parameters("section", sections))] if sections else ()),
    ]


def fewest(one: Group, groups: Sequence[Group]) -> list[Condition]:
    """That no other group has fewer articles; of equals, the first is taken."""
    weight, place = one.weight(), groups.index(one)
    return [
        *(weight < other.weight() for other in groups[:place]),
        *(weight <= other.weight() for other in groups[place + 1 :]),
    ]


def carries(id: ColumnElement[Any], group: Group) -> Condition:
    """That the article with this id is linked to one of the group."""
    links = group.links.alias()
    column = links.c[group.column.name]
    return _found(links.c.article_id == id, column.in_(map(group.id_of, group.parameters)))


def stands(at: ColumnElement[Any], id: ColumnElement[Any], conditions: Iterable[Condition]) -> Condition:
    """That the article published at this moment under this id is as the conditions say."""
    # By its place in the order, and by a range of one id: then an index of the conditions answers, in the order of the
    # walk. By id alone, every look-up would read a page of the table, which is large.
    return _found(ARTICLES.c.published_at == at, ARTICLES.c.id.between(id, id), *conditions)


def hidden(group: Group, articles: FromClause = ARTICLES) -> Condition:
    """That the article stands in one of these sections, written so that no index offers itself."""
    section = articles.c[group.column.name]
    return or_(*(section + 0 == group.id_of(parameter) for parameter in group.parameters))


def breaking(is_breaking: bool | None) -> list[Condition]:
    """That the article is breaking news, or is not; nothing for either."""
    if is_breaking is None:
        return []
    return [ARTICLES.c.breaking if is_breaking else not_(ARTICLES.c.breaking)]


def hidden_breaking(is_breaking: bool | None, articles: FromClause = ARTICLES) -> list[Condition]:
    """The same, written so that no index offers itself."""
    return [] if is_breaking is None else [cast_to(articles.c.breaking, Integer) == int(is_breaking)]


def speaks(n: int, is_narrow: bool) -> Condition:
    """That the article is in this language; `is_narrow` says that the range names more than a primary subtag."""
    # The index knows primary languages only, so a narrow range names its own, too.
    language = ARTICLES.c.primary_language == bindparam(f"language_{n}", type_=String)
    return and_(language, is_in_range(n)) if is_narrow else language


def is_in_range(n: int, articles: FromClause = ARTICLES) -> Condition:
    """RFC 4647 basic filtering, which no index can do: `zh` takes in `zh-Hant`, which takes in `zh-Hant-TW`."""
    range_ = bindparam(f"range_{n}", type_=String)
    return func.substr(articles.c.language.concat(literal("-")), 1, func.length(range_)) == range_


def any_of(conditions: Iterable[Condition]) -> list[Condition]:
    """That one of them holds; nothing when there are none."""
    given = list(conditions)
    return [or_(*given)] if given else []


def _found(*conditions: Condition) -> Condition:
    # Not EXISTS: a planner may turn that into a join, begin with the wrong table, and sort everything it finds.
    return cast(Condition, select(literal(1)).where(*conditions).limit(1).scalar_subquery().is_not(None))


def _storylines(size: int) -> Group:
    parameters = _parameters("storyline", size)
    return Group(ARTICLES, ARTICLES.c.storyline_id, NAMES, parameters, name="name", id="storyline_id")


def _parameters(prefix: str, size: int) -> tuple[str, ...]:
    return tuple(f"{prefix}_{n}" for n in range(size))
