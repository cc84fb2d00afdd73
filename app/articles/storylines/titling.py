"""What a storyline is called: the headline of an article, or what editors say. Pure; names are kept by `naming`."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from app.articles.content import Content


@dataclass(frozen=True, slots=True)
class Title:
    """A title, and the article whose headline it is: None for words of editors, and for no title at all."""

    text: str
    by: UUID | None

    def outlives(self, leaving: Collection[UUID]) -> bool:
        """Whether it stays when these articles leave the storyline."""
        return self.text != "" and self.by not in leaving


UNTITLED = Title("", None)


def headline_for_title(content: Content) -> str:
    """The headline as a title has it: the short one, where there is one."""
    return content.short_headline or content.headline


def shown_headline(card: str) -> str:
    """The same of a stored card."""
    shown = json.loads(card)
    return str(shown["short_headline"] or shown["headline"])
