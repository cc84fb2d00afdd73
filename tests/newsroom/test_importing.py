"""Importing files of article input: what goes in, what is refused and how it is told, what a second run changes."""

import gzip
import io
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.articles.store import ARTICLES
from app.core.clock import format_instant, parse_instant, utc_now
from app.db import Database
from app.newsroom import importing
from app.newsroom.importing import LINES_AT_ONCE, LONGEST_LINE_BYTES
from app.newsroom.receiving import Outcome
from app.newsroom.tables import Draft
from tests.newsroom.taking_in import Imported, Left, as_line, jsonl, left, take_in
from tests.newsroom_client import Newsroom

PUBLISHED, UPDATED, SCHEDULED, UNCHANGED = Outcome.PUBLISHED, Outcome.UPDATED, Outcome.SCHEDULED, Outcome.UNCHANGED
WIRE = {"external_id": "wire-1", "published_at": "2025-05-18T14:08:00Z"}

REFUSED = [
    (b"{bad", "The line is not JSON: Expecting property name enclosed in double quotes at column 2."),
    (b'{"language": "en"', "The line is not JSON: Expecting ',' delimiter at column 18."),
    (b'{"language": "en", "headline": "\xff"}', "The line is not UTF-8."),
    (b'{"language": "en", "language": "fr", "headline": "A"}', "An object of the line has the same name twice."),
    (b'{"language": "en", "headline": "A\\u0000B"}', "/headline: The character NUL is not allowed"),
    (b"[]", "Input should be an object"),
    (b"null", "Input should be an object"),
    (b'{"language": "en"}', "/headline: Required"),
    (b'{"language": "en", "headline": "A", "title": "B"}', "/title: Unknown field"),
    (
        b'{"language": "en", "headline": "A", "published_at": "2025-05-18T14:08:00"}',
        "/published_at: has no offset from UTC: end it with Z or an offset such as +01:00",
    ),
    (
        b'{"language": "english", "headline": 7}',
        "/language: must be a BCP 47 language tag, such as en, fr-CA or zh-Hant; "
        "/headline: Input should be a valid string",
    ),
    (
        b'{"language": "en", "headline": "A", "body_html": "<p>a</p>", "body_text": "a"}',
        "/body_text: the body may come in one form only: body, body_html or body_text",
    ),
    (
        b'{"language": "en", "headline": "A", "tags": [{"name": "Kyiv", "kind": "town"}]}',
        "/tags/0/kind: Input should be 'topic', 'person', 'place', 'organisation' or 'event'",
    ),
]


@pytest.mark.parametrize(("line", "reason"), REFUSED, ids=range(len(REFUSED)))
async def test_bad_line_is_named_and_the_rest_goes_in(
    sqlite: Database, tmp_path: Path, line: bytes, reason: str
) -> None:
    file = jsonl(tmp_path / "news.jsonl", {"headline": "One"}, line + b"\n", {"headline": "Three"})
    imported = await take_in(sqlite, file)
    assert imported.reasons == [(2, reason)]
    assert imported.refusals[0].file == str(file)
    assert imported.outcomes == {PUBLISHED: 2}
    assert await left(sqlite) == Left(drafts=2, articles=2, changes=2, seq=2)


@pytest.mark.parametrize(
    "content",
    [
        as_line(headline="One") + as_line(headline="Two"),
        as_line(headline="One") + as_line(headline="Two").rstrip(b"\n"),
        b"\xef\xbb\xbf" + as_line(headline="One") + as_line(headline="Two"),
        as_line(headline="One").replace(b"\n", b"\r\n") + as_line(headline="Two").replace(b"\n", b"\r\n"),
        b"\n \t\n" + as_line(headline="One") + b"\r\n\n" + as_line(headline="Two") + b"\n\n",
    ],
    ids=["plain", "no last line end", "byte order mark", "CRLF", "blank lines"],
)
async def test_lines_of_every_make_go_in(sqlite: Database, tmp_path: Path, content: bytes) -> None:
    plain, packed = tmp_path / "news.jsonl", tmp_path / "news.jsonl.gz"
    plain.write_bytes(content)
    packed.write_bytes(gzip.compress(content))
    assert await take_in(sqlite, plain) == Imported({PUBLISHED: 2}, bytes_read=len(content))
    assert await take_in(sqlite, packed) == Imported({UNCHANGED: 2}, bytes_read=packed.stat().st_size)


async def test_blank_lines_are_counted(sqlite: Database, tmp_path: Path) -> None:
    imported = await take_in(sqlite, jsonl(tmp_path / "news.jsonl", b"\n\n", b"{}\n"))
    assert [line for line, _ in imported.reasons] == [3]


async def test_several_files_and_standard_input_go_in_one_run(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(as_line(headline="From standard input"))))
    one = jsonl(tmp_path / "one.jsonl", {"headline": "One"})
    two = jsonl(tmp_path / "two.jsonl", {"headline": "Two"})
    assert (await take_in(database, one, "-", two)).outcomes == {PUBLISHED: 3}


async def test_missing_file_is_refused_and_the_next_goes_in(sqlite: Database, tmp_path: Path) -> None:
    imported = await take_in(sqlite, tmp_path / "no.jsonl", tmp_path, jsonl(tmp_path / "yes.jsonl", {}))
    assert [refusal.reason for refusal in imported.refusals] == [
        "cannot be read: No such file or directory",
        "cannot be read: Is a directory",
    ]
    assert imported.outcomes == {PUBLISHED: 1}


async def test_truncated_archive_gives_what_it_has(sqlite: Database, tmp_path: Path) -> None:
    # Random enough to need all its bytes.
    lines = b"".join(as_line(headline=f"Story {n}", summary=str(hash(n) ** 9)) for n in range(500))
    file = tmp_path / "news.jsonl.gz"
    file.write_bytes(gzip.compress(lines)[:-400])
    imported = await take_in(sqlite, file)
    ((line, reason),) = imported.reasons
    assert reason == "cannot be read: Compressed file ended before the end-of-stream marker was reached"
    assert 100 < imported.outcomes[PUBLISHED] == line - 1 < 500


@pytest.mark.parametrize("content", [b"plain text", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03garbage" * 3])
async def test_archive_that_is_none_is_refused(sqlite: Database, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "news.jsonl.gz"
    file.write_bytes(content)
    ((line, reason),) = (await take_in(sqlite, file)).reasons
    assert line == 1
    assert reason.startswith("cannot be read: ")


async def test_line_may_be_as_long_as_a_request_and_no_longer(sqlite: Database, tmp_path: Path) -> None:
    longest = {"body_text": "w " * ((LONGEST_LINE_BYTES - len(as_line(body_text=""))) // 2)}
    room = LONGEST_LINE_BYTES - len(as_line(**longest)) + 1
    fits = as_line(**longest).rstrip(b"\n") + b" " * room
    assert len(fits) == LONGEST_LINE_BYTES
    file = jsonl(tmp_path / "news.jsonl", fits + b"\r\n", fits + b" \n", fits * 3 + b"\n", {"headline": "Last"})
    imported = await take_in(sqlite, file)
    assert imported.reasons == [(2, "is longer than 2,097,152 bytes"), (3, "is longer than 2,097,152 bytes")]
    assert imported.outcomes == {PUBLISHED: 2}


async def test_second_run_changes_nothing_and_appends_nothing(database: Database, tmp_path: Path) -> None:
    file = jsonl(tmp_path / "news.jsonl", WIRE, {"headline": "Without an external id"}, {"headline": "Another"})
    assert (await take_in(database, file)).outcomes == {PUBLISHED: 3}
    before = await left(database)
    assert (await take_in(database, file)).outcomes == {UNCHANGED: 3}
    assert await left(database) == before == Left(drafts=3, articles=3, changes=3, seq=3)


async def test_changed_line_updates_its_article(database: Database, tmp_path: Path) -> None:
    await take_in(database, jsonl(tmp_path / "news.jsonl", WIRE))
    again = await take_in(database, jsonl(tmp_path / "news.jsonl", {**WIRE, "headline": "Harbour closes again"}))
    assert again.outcomes == {UPDATED: 1}
    assert (await left(database)).articles == 1


async def test_last_of_several_lines_about_one_article_wins(database: Database, tmp_path: Path) -> None:
    lines = [{**WIRE, "headline": f"Take {number}"} for number in (1, 2, 2, 3)]
    imported = await take_in(database, jsonl(tmp_path / "news.jsonl", *lines))
    assert imported.outcomes == {PUBLISHED: 1, UPDATED: 2, UNCHANGED: 1}
    assert await headlines(database) == ["Take 3"]


async def test_taken_slug_is_refused_and_the_rest_of_its_batch_goes_in(database: Database, tmp_path: Path) -> None:
    wishes = ["a", "b", "b", "c", "a", None, "d"]
    lines = [{"headline": f"Story {n}", "slug": wish} for n, wish in enumerate(wishes, 1)]
    imported = await take_in(database, jsonl(tmp_path / "news.jsonl", *lines))
    assert imported.reasons == [
        (3, "/slug: 'b' belongs to another article"),
        (5, "/slug: 'a' belongs to another article"),
    ]
    assert imported.outcomes == {PUBLISHED: 5}
    assert await headlines(database) == ["Story 1", "Story 2", "Story 4", "Story 6", "Story 7"]


async def test_withdrawn_article_is_refused_and_stays_withdrawn(newsroom: Newsroom, tmp_path: Path) -> None:
    await newsroom.publish("wire-1")
    await newsroom.withdraw("wire-1")
    database: Database = newsroom.app.state.database
    before = await left(database)
    file = jsonl(tmp_path / "news.jsonl", {**WIRE, "headline": "It is back"}, {"headline": "Another"})
    imported = await take_in(database, file)
    assert imported.reasons == [(1, "The article is withdrawn; only publishing it again brings it back.")]
    assert (await newsroom.get("/v1/articles/harbour-reopens-after-nine-day-strike")).status_code == 410
    after = await left(database)
    assert (after.drafts - before.drafts, after.changes - before.changes) == (1, 1)


async def test_past_date_is_kept_and_a_future_one_schedules(database: Database, tmp_path: Path) -> None:
    tomorrow = format_instant(utc_now() + timedelta(days=1))
    lines = [WIRE, {"external_id": "wire-2", "published_at": tomorrow}]
    file = jsonl(tmp_path / "news.jsonl", *lines)
    assert (await take_in(database, file)).outcomes == {PUBLISHED: 1, SCHEDULED: 1}
    assert await database.read(dates) == [parse_instant("2025-05-18T14:08:00Z")]
    assert await left(database) == Left(drafts=2, articles=1, changes=1, seq=1)
    assert (await take_in(database, file)).outcomes == {UNCHANGED: 2}
    assert await database.read(schedule) == [None, parse_instant(tomorrow)]


async def test_dry_run_foresees_the_report_and_writes_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "LINES_AT_ONCE", 10)
    await take_in(database, jsonl(tmp_path / "old.jsonl", WIRE, {"headline": "Old", "slug": "old"}))
    before = await left(database)
    lines: list[dict[str, Any] | bytes] = [
        WIRE,
        {**WIRE, "headline": "Changed"},
        WIRE,
        {"external_id": "wire-2"},
        {"external_id": "wire-2"},
        {"external_id": "wire-2", "headline": "Changed"},
        {"external_id": "wire-3", "published_at": "2999-01-01T00:00:00Z"},
        {"headline": "One", "slug": "one"},
        {"headline": "Two", "slug": "one"},
        {"headline": "Three", "slug": "old"},
        {"headline": "No external id"},
        b"{bad\n",
        *({"headline": f"Filler {n}"} for n in range(20)),
        {"headline": "No external id"},
        {"headline": "Two batches on", "slug": "one"},
        {"headline": "Two batches on", "slug": "filler-7"},
    ]
    file = jsonl(tmp_path / "news.jsonl", *lines)
    foreseen = await take_in(database, file, dry=True)
    assert await left(database) == before
    real = await take_in(database, file)
    assert foreseen == real
    assert sum(real.outcomes.values()) == 30
    assert sorted(line for line, _ in real.reasons) == [9, 10, 12, 34, 35]


async def test_batches_are_short_however_long_the_file_is(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []

    def received(_session: Session, copies: list[Any], **_options: Any) -> list[Outcome]:
        sizes.append(len(copies))
        return [PUBLISHED] * len(copies)

    monkeypatch.setattr(importing, "_received", received)
    total = 3 * LINES_AT_ONCE + 1
    small = jsonl(tmp_path / "small.jsonl", *({"headline": f"Story {n}"} for n in range(total)))
    await take_in(sqlite, small)
    assert sizes == [LINES_AT_ONCE] * 3 + [1]
    sizes.clear()
    long_text = "word " * 60_000
    big = jsonl(tmp_path / "big.jsonl", *({"headline": f"Story {n}", "body_text": long_text} for n in range(7)))
    await take_in(sqlite, big)
    assert sizes == [3, 3, 1]


async def test_one_bad_line_costs_its_batch_few_transactions(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await take_in(sqlite, jsonl(tmp_path / "first.jsonl", {"slug": "taken"}))
    attempts: list[int] = []
    receive = importing._received

    def counted(session: Session, copies: list[Any], **options: Any) -> list[Outcome]:
        attempts.append(len(copies))
        return receive(session, copies, **options)

    monkeypatch.setattr(importing, "_received", counted)
    lines = [{"headline": f"Story {n}", "slug": "taken" if n == 77 else None} for n in range(LINES_AT_ONCE)]
    imported = await take_in(sqlite, jsonl(tmp_path / "news.jsonl", *lines))
    assert imported.outcomes == {PUBLISHED: LINES_AT_ONCE - 1}
    assert [line for line, _ in imported.reasons] == [78]
    assert len(attempts) < 20


async def headlines(database: Database) -> list[str]:
    """The headlines of all public articles, sorted."""
    return await database.read(lambda session: sorted(session.scalars(select(ARTICLES.c.headline))))


def dates(session: Session) -> list[Any]:
    return list(session.scalars(select(ARTICLES.c.published_at)))


def schedule(session: Session) -> list[Any]:
    return list(session.scalars(select(Draft.scheduled_at).order_by(Draft.external_id)))
