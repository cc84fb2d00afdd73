"""A small archive in five languages, and what a search of it finds, by external ids."""

from datetime import timedelta
from typing import Any

from app.articles.filters import EVERYTHING, Filters
from app.db import Database
from app.search.finding import Found, Place, newest, search, search_by_date
from app.web.paging import Cursor
from tests.press import NOON, Press

ARTICLES: list[dict[str, Any]] = [
    {
        "external_id": "ends",
        "headline": "Harbour strike ends after nine days",
        "summary": "The dockers' union voted to go back.",
        "body_text": "The cranes of Cap Selvan moved again on Friday.\n\nPickets had closed the harbour.",
        "section": "world",
        "tags": [{"name": "Strike"}, {"name": "Cap Selvan", "kind": "place"}],
        "contributors": [{"name": "Ines Moreau"}],
    },
    {
        "external_id": "begins",
        "headline": "Dockers strike over wages",
        "body_text": "Harbour cranes stood still. Strikers blocked l'usine and the state-of-the-art terminal.",
        "section": "world",
        "tags": [{"name": "Strike"}],
        "breaking": True,
    },
    {
        "external_id": "band",
        "headline": "The Who play the harbour",
        "body_text": "A concert in the rain, and a <b>bold</b> & loud one.",
        "section": "culture",
        "language": "en-GB",
    },
    {
        "external_id": "greve",
        "language": "fr",
        "headline": "Le port rouvre après la grève",
        "summary": "L’usine a repris.",
        "body_text": "Les dockers ont voté. Les marchés du port ont rouvert à Béthune.",
        "section": "world",
        "tags": [{"name": "Strike"}],
    },
    {
        "external_id": "arabic",
        "language": "ar",
        "headline": "انتهاء الإضراب في الميناء",
        "body_text": "عاد العُمّال إلى المَرافئ بعد تسعة أيام.",
    },
    {
        "external_id": "tokyo",
        "language": "ja",
        "headline": "東京の港で作業再開",
        "body_text": "港湾労働者の組合が投票で決めた。",
    },
    {
        "external_id": "hafen",
        "language": "de",
        "headline": "Die Hafenarbeiter streiken",
        "body_text": "Ein Arbeiter sagte, die Löhne seien zu niedrig.",
        "published_at": "2019-03-01T08:00:00Z",
    },
]


async def filled(database: Database, *more: dict[str, Any]) -> Press:
    """A press that has published the archive, a minute between two articles."""
    press = Press(database)
    for n, fields in enumerate([*ARTICLES, *more]):
        await press.put(fields["external_id"], now=NOON + timedelta(minutes=n), **fields)
    return press


async def ask(
    database: Database, query: str, filters: Filters = EVERYTHING, *, place: Place | None = None, limit: int = 20
) -> Found:
    """What a search finds, best first."""
    return await database.scan(search, query, filters, place=place, limit=limit)


async def best(database: Database, query: str, filters: Filters = EVERYTHING) -> list[str]:
    """The headlines of what a search finds, best first."""
    return [
        one.card.partition('"headline":"')[2].partition('"')[0] for one in (await ask(database, query, filters)).shown
    ]


async def ids(database: Database, query: str, filters: Filters = EVERYTHING) -> set[str]:
    """What of the archive a search finds that needs all of the words."""
    found = await ask(database, query, filters)
    return set() if found.is_relaxed else {named(one.card) for one in found.shown}


async def dated(
    database: Database, query: str, filters: Filters = EVERYTHING, *, cursor: Cursor | None = None, limit: int = 20
) -> Found:
    """What a search finds, newest first."""
    return await database.scan(search_by_date, query, filters, cursor=cursor, limit=limit)


async def walk(database: Database, query: str, *, limit: int) -> list[str]:
    """The headlines on all pages by date, newest first."""
    cursor, headlines = None, []
    while True:
        page = await database.scan(newest, query, cursor=cursor, limit=limit)
        headlines += [card.partition('"headline":"')[2].partition('"')[0] for card in page.cards]
        if page.older is None:
            return headlines
        cursor = page.older


def named(card: str) -> str:
    """The external id of a card of the archive."""
    headlines = {fields["headline"]: fields["external_id"] for fields in ARTICLES}
    return str(headlines[card.partition('"headline":"')[2].partition('"')[0]])
