"""What filters look at in an article: kept with each line of the log, so that departures are heard too.

Which articles a list shows is found by SQL, in `walks`.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from pydantic_core import to_json

from app.articles.content import Content
from app.articles.filters import Filters
from app.articles.schemas import StorylineRef
from app.core.clock import format_instant
from app.taxonomy.naming import Names


@dataclass(frozen=True, slots=True)
class Facets:
    """One article as filters see it: sections, tags and contributors by their slugs, `published_at` as it is sent.

    The storyline by its id: its slug is made of words that may be withdrawn.
    """

    language: str
    section: str | None
    tags: tuple[str, ...]
    contributors: tuple[str, ...]
    breaking: bool
    published_at: str
    storyline: str | None = None

    @classmethod
    def of(
        cls, content: Content, names: Names, *, published_at: datetime, storyline: StorylineRef | None = None
    ) -> Self:
        """Those of a publication."""
        return cls(
            language=content.language,
            section=None if content.section is None else names.section(content.section).slug,
            tags=tuple(dict.fromkeys(names.tag(tag.kind, tag.name).slug for tag in content.tags)),
            contributors=tuple(dict.fromkeys(names.contributor(who.name).slug for who in content.contributors)),
            breaking=content.breaking,
            published_at=format_instant(published_at),
            storyline=None if storyline is None else str(storyline.id),
        )

    @classmethod
    def shown(cls, text: str) -> Self:
        """Those of a stored card or document."""
        article = json.loads(text)
        return cls(
            language=article["language"],
            section=article["section"] and article["section"]["slug"],
            tags=tuple(tag["slug"] for tag in article["tags"]),
            contributors=tuple(dict.fromkeys(who["slug"] for who in article["contributors"])),
            breaking=article["breaking"],
            published_at=article["published_at"],
            storyline=article["storyline"] and article["storyline"]["id"],
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Those that `dump` wrote."""
        kept = json.loads(text)
        return cls(**kept | {"tags": tuple(kept["tags"]), "contributors": tuple(kept["contributors"])})

    def dump(self) -> str:
        """As the log keeps them."""
        return to_json({name: getattr(self, name) for name in self.__slots__}).decode()

    def match(self, filters: Filters) -> bool:
        """Whether the article is listed under these filters, which name storylines by their ids."""
        published_at = datetime.fromisoformat(self.published_at)
        return (
            (not filters.sections or self.section in filters.sections)
            and (not filters.storylines or self.storyline in filters.storylines)
            and (not filters.languages or any(_speaks(self.language, wanted) for wanted in filters.languages))
            and all(not group.isdisjoint(self.tags) for group in map(set, filters.tags))
            and all(not group.isdisjoint(self.contributors) for group in map(set, filters.contributors))
            and filters.is_breaking in (None, self.breaking)
            and (filters.since is None or published_at >= filters.since)
            and (filters.until is None or published_at < filters.until)
        )


def _speaks(language: str, wanted: str) -> bool:
    """RFC 4647, 3.3.1: `en` takes in `en-GB`."""
    return f"{language}-".startswith(f"{wanted}-")
