"""Matches as readers see them: stored cards with their words marked."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.articles.listing import article_id
from app.articles.store import ARTICLES
from app.core.markup import plain_text
from app.db.batches import among
from app.search.highlighting import MOST_CHARACTERS, Highlight, highlight
from app.search.tokens import stems_of
from app.web.pages import dumps

_DOCUMENTS = select(ARTICLES.c.id, ARTICLES.c.document).where(among(ARTICLES.c.id, "some"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as stored, its score where it has one, and its words marked."""

    card: str
    score: float | None
    highlight: Highlight

    def json(self) -> str:
        """The card with both spliced in: nothing is parsed."""
        told = {"score": None if self.score is None else round(self.score, 4), "highlight": asdict(self.highlight)}
        return f"{self.card[:-1]},{dumps(told)[1:]}"


def show(session: Session, cards: Sequence[tuple[str, float | None]], tokens: Collection[str]) -> list[Shown]:
    """These cards, in this order, with the words that the tokens stand for marked."""
    if not cards:
        return []
    ids = [article_id(card) for card, _ in cards]
    rows = session.connection().execute(_DOCUMENTS, {"some": sorted(ids)})
    documents: dict[UUID, Any] = {id: json.loads(document) for id, document in rows}
    return [Shown(card, score, _highlight(documents[id], tokens)) for id, (card, score) in zip(ids, cards, strict=True)]


def _highlight(document: dict[str, Any], tokens: Collection[str]) -> Highlight:
    return highlight(
        document["headline"],
        document["summary"],
        _body(document["body"]),
        language=document["language"],
        stems=stems_of(tokens, document["language"]),
    )


def _body(blocks: Iterable[dict[str, Any]]) -> str:
    """The running text, as far as it may be shown."""
    parts: list[str] = []
    length = 0
    for block in blocks:
        for html in block.get("items") or [block.get("html", "")]:
            text = plain_text(html).strip()
            parts.extend([text] if text else [])
            length += len(text)
        if length > MOST_CHARACTERS:
            break
    return "\n\n".join(parts)
