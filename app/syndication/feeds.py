"""One feed, in any format: the newest articles that match, written one by one while they are sent.

What decides its bytes (the cards, which name every version, what was withdrawn, and the site's terms) is known first:
from that its validators are made, so that an unchanged feed costs no documents. What is withdrawn while the feed is
sent is left out.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from fastapi import Request, Response
from sqlalchemy.orm import Session

from app.articles.listing import Page, article_id, updated_at
from app.articles.rendering import complete, parse
from app.articles.store import documents
from app.articles.withdrawals import latest
from app.core.clock import utc_now
from app.db import Database
from app.syndication.archive import is_archived, to_landmark
from app.syndication.entry import Channel, Detail, Entry, Removal, Site, urn
from app.syndication.formats import Format
from app.syndication.subjects import Subject
from app.web.conditional import LIST, etag_of, respond_with_stream
from app.web.paging import Cursor, page_url

MOST_REMOVALS, REMOVALS_LOOKED_AT = 50, 500

_NAMESPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # RFC 9562, 6.6: of URLs
WRITTEN = 1
"""Numbers how formats write; raise it when one of them writes the same article otherwise, or clients keep the old."""

_MOST_AT_ONCE = 16
_ENOUGH_CHARACTERS = 500_000


@dataclass(frozen=True, slots=True)
class Order:
    """How much is asked for, and with which of the feed's own parameters, in the order of the request."""

    cursor: Cursor | None
    limit: int
    detail: Detail
    params: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Listed:
    """What a feed shows."""

    page: Page
    removals: Sequence[Removal]

    @property
    def ids(self) -> list[UUID]:
        """The articles, newest first."""
        return [article_id(card) for card in self.page.cards]


def look(session: Session, subject: Subject, *, cursor: Cursor | None, limit: int) -> Listed:
    """The articles of a feed, and before its archive those lately withdrawn from it."""
    found = subject.listing(session, subject.filters, cursor=cursor, limit=limit)
    if is_archived(cursor):
        return Listed(to_landmark(found), ())
    withdrawn = latest(session, subject.filters, looked_at=REMOVALS_LOOKED_AT) if subject.has_removals else ()
    return Listed(found, [Removal(one.id, one.at, one.reason, one.text) for one in withdrawn[:MOST_REMOVALS]])


async def send(
    request: Request, database: Database, site: Site, *, format: Format, subject: Subject, order: Order
) -> Response:
    """The feed, or 304 where the client has it."""
    listed = await database.snapshot(look, subject, cursor=order.cursor, limit=order.limit)
    channel = introduce(site, format, subject, order, listed)
    opening = format.opening(channel)
    removals = [] if format.removal is None else [format.removal(removal) for removal in listed.removals]
    state = (opening, _decided_by(site), *(card.encode() for card in listed.page.cards), *removals)
    entries = _entries(database, listed.ids, site, order.detail)
    return respond_with_stream(
        request,
        _written(format, opening, entries, removals),
        etag=etag_of(b"\n".join(state)).decode(),
        seq=listed.page.seq,
        last_modified=listed.page.changed_at,
        lifetime=LIST,
        keys=subject.keys,
        links={"self": channel.self_url, "next": channel.older_url, "hub": site.hub_url},
        media_type=format.media_type,
        vary="Accept" if format.name == "ninjs" else None,
        now=utc_now(),
    )


def introduce(site: Site, format: Format, subject: Subject, order: Order, listed: Listed) -> Channel:
    """The feed as it introduces itself. It is as new as the newest of what it lists."""
    base = f"{site.api_url}{subject.path}/{format.name}"
    plain = [pair for pair in order.params if pair[0] != "cursor"]
    older = listed.page.older
    times = [*(updated_at(card) for card in listed.page.cards), *(removal.at for removal in listed.removals)]
    languages = subject.filters.languages
    return Channel(
        site=site,
        title=site.name if subject.name is None else f"{site.name}: {subject.name}",
        description=f"The latest from {site.name}" + ("" if subject.name is None else f" on {subject.name}"),
        home_url=site.url,
        self_url=page_url(base, order.params),
        current_url=page_url(base, plain),
        urn=urn(uuid5(_NAMESPACE, page_url(site.url + subject.path, plain))),
        updated_at=max(times, default=listed.page.changed_at),
        language=languages[0] if len(languages) == 1 else None,
        older_url=page_url(base, plain, cursor=older.encode()) if older else None,
        is_archive=is_archived(order.cursor),
    )


def _decided_by(site: Site) -> bytes:
    """What beside the articles decides the bytes."""
    return f"{WRITTEN} {site.terms}".encode()


async def _written(
    format: Format, opening: bytes, entries: AsyncIterator[Entry], removals: Sequence[bytes]
) -> AsyncIterator[bytes]:
    yield opening
    separator = b""
    async for entry in entries:
        yield separator + format.entry(entry)
        separator = format.separator
    for removal in removals:
        yield separator + removal
        separator = format.separator
    yield format.closing


async def _entries(database: Database, ids: Sequence[UUID], site: Site, detail: Detail) -> AsyncIterator[Entry]:
    """The articles that are still public, in this order, a few documents at a time: one may have megabytes."""
    start, size = 0, 1
    while some := ids[start : start + size]:
        found = await database.read(documents, some)
        for id in some:
            if (text := found.get(id)) is not None:
                yield Entry(parse(complete(text, site.api_url)), site, detail)
        start += len(some)
        longest = max(map(len, found.values()), default=1)
        size = max(1, min(2 * size, _MOST_AT_ONCE, _ENOUGH_CHARACTERS // longest))
