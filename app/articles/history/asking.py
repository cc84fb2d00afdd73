"""Asking for one version of an article, with the answer to every way in which it may not be shown."""

import asyncio
from datetime import datetime

from fastapi import Request

from app.articles.asking import article
from app.articles.content import Content
from app.articles.errors import NotPublicThen, VersionNotFound, Withdrawn
from app.articles.history.instants import check_past
from app.articles.history.store import Whole, Withheld, in_force, newest, version
from app.articles.reading import Stored, View
from app.articles.rendering import as_it_was, at_site, parse, stored, storyline_of, with_storyline
from app.articles.schemas import CardOut
from app.core.clock import format_instant
from app.core.errors import NotFound
from app.db import Database


async def numbered(request: Request, database: Database, subject: Stored, number: int) -> Whole:
    """This version of a public article. Raises Withdrawn or VersionNotFound."""
    found = await database.snapshot(version, subject.id, number)
    absent = VersionNotFound(f"No version {number} of this article was ever published.", headers=_seq(subject))
    return await _shown(request, database, subject, found, absent)


async def latest(request: Request, database: Database, subject: Stored) -> Whole:
    """The version that readers see now. Raises Withdrawn when it was since the article was found."""
    found = await database.snapshot(newest, subject.id)
    return await _shown(
        request,
        database,
        subject,
        found,
        VersionNotFound("No version of this article was public just now.", headers=_seq(subject)),
    )


async def text_as_of(
    request: Request,
    database: Database,
    subject: Stored,
    *,
    as_of: datetime,
    view: View,
    site_url: str,
    now: datetime,
) -> str:
    """The document or card of a public article, of which `subject` has the document, as it was at an instant.

    Raises BadParameter, Withdrawn or NotPublicThen.
    """
    check_past(as_of, now=now, head_at=subject.changed_at)
    found = await database.snapshot(in_force, subject.id, at=as_of)
    absent = NotPublicThen(f"This article was not public at {format_instant(as_of)}.", headers=_seq(subject))
    whole = await _shown(request, database, subject, found, absent)
    if view == "card":
        return with_storyline(at_site(whole.card, site_url), storyline_of(subject.text))
    return await document(whole, subject, site_url=site_url)


async def document(whole: Whole, subject: Stored, *, site_url: str) -> str:
    """The document of a version, as stored ones are; `subject` is the present document."""
    return await asyncio.to_thread(_document, at_site(whole.card, site_url), whole, subject.text)


def _document(card_text: str, whole: Whole, present: str) -> str:
    card, content = CardOut.model_validate_json(card_text), Content.model_validate_json(whole.content)
    return stored(as_it_was(card, content, parse(present), at=whole.at)).document


async def _shown(
    request: Request, database: Database, subject: Stored, found: Whole | Withheld | None, absent: NotFound
) -> Whole:
    match found:
        case Whole():
            return found
        case Withheld() as why:
            raise Withdrawn(
                reason=why.reason, withdrawn_at=why.withdrawn_at, text=why.text, seq=subject.seq, what="version"
            )
        case None:
            await article(request, database, str(subject.id), view="card")  # withdrawn since: that is what it says
            raise absent


def _seq(subject: Stored) -> dict[str, str]:
    return {"Dateline-Seq": str(subject.seq)}
