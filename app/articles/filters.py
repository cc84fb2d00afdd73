"""Which articles a list shows: filters as clients give them, checked and bounded."""

from dataclasses import dataclass
from datetime import datetime

from app.core.errors import BadParameter, Fault

MOST_VALUES = 20
"""How many values all filters of one request may name together: each is a look-up."""

Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """What must hold for an article to be listed.

    `tags` and `contributors` are groups: one of each group must match; of sections, storylines and languages, any.
    `since` is inclusive, `until` exclusive.
    """

    sections: Group = ()
    languages: Group = ()
    tags: tuple[Group, ...] = ()
    contributors: tuple[Group, ...] = ()
    is_breaking: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    storylines: Group = ()

    def __post_init__(self) -> None:
        any_of = (self.sections, self.languages, self.storylines, *self.tags, *self.contributors)
        if sum(map(len, any_of)) > MOST_VALUES:
            detail = f"A request may name at most {MOST_VALUES} sections, languages, storylines, tags and contributors."
            raise BadParameter(detail, errors=[Fault(detail=detail, parameter="tag")])


EVERYTHING = Filters()
