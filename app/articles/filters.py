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

    `tags` and `contributors` are groups: one of each group must match; of sections and languages, any. `since` is
    inclusive, `until` exclusive.
    """

    sections: Group = ()
    languages: Group = ()
    tags: tuple[Group, ...] = ()
    contributors: tuple[Group, ...] = ()
    is_breaking: bool | None = None
    since: datetime | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        named = len(self.sections) + len(self.languages) + sum(map(len, self.tags)) + sum(map(len, self.contributors))
        if named > MOST_VALUES:
            detail = f"A request may name at most {MOST_VALUES} sections, languages, tags and contributors together."
            raise BadParameter(detail, errors=[Fault(detail=detail, parameter="tag")])


EVERYTHING = Filters()
