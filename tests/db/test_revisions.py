"""The revisions on a newsroom's rows, as the code before them left those: what is made of each, there and back."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.orm import Session

from app.articles.facets import Facets
from app.articles.rendering import complete
from app.articles.schemas import CardOut
from app.articles.tables import Article, Correction, Version
from app.changes.positions import position
from app.changes.tables import Change
from app.core.clock import parse_instant
from app.db import open_database
from app.db.migrating import alembic_config, current, migrate
from app.newsroom.copy import prepare, restore
from app.newsroom.tables import Draft, PreviewSecret
from app.related import following
from app.related.tables import RelatedOutline, RelatedSignature
from tests import audit
from tests.db import notes
from tests.press import NOON, SITE, Press, after
from tests.related.corpus import stories

LEFT = Path(__file__).with_name("first_revision.sql")
MOVED, BACK, TAKEN, FRENCH, DRAFT = (UUID(f"01930000-0000-7000-8000-{n:012}") for n in range(1, 6))
THEN = parse_instant("2001-01-01T00:00:00Z")
API = "https://api.newsroom.example"


@pytest.fixture
def first(empty_url: str) -> str:
    """A database of the first revision after a newsroom's day."""
    command.upgrade(alembic_config(empty_url), "0001")
    with notes.outside(empty_url) as connection:
        for line in LEFT.read_text(encoding="utf-8").splitlines():
            connection.exec_driver_sql(line)
    return empty_url


@pytest.fixture
def migrated(first: str) -> str:
    """The same, brought to the schema of today."""
    assert migrate(first)
    return first


def test_versions_tell_when_they_were_seen(migrated: str) -> None:
    published, updated = "article.published", "article.updated"
    assert [seen(version) for version in versions(migrated)] == [
        (MOVED, 1, published, NOON, (NOON, after(1))),
        (MOVED, 2, updated, NOON, (after(1), None)),
        (BACK, 1, published, THEN, (after(3), after(4))),
        (BACK, 2, updated, THEN, (after(4), after(5))),
        (BACK, 3, published, after(6), (after(6), None)),
        (TAKEN, 1, published, after(7), (after(7), after(8))),
        (TAKEN, 2, updated, after(7), (after(8), after(9))),
        (FRENCH, 1, published, after(10), (after(10), None)),
    ]


def test_versions_of_what_was_withdrawn_are_marked(migrated: str) -> None:
    # What readers were told of the first withdrawal went when its article came back.
    back, taken = (after(5), "legal", None), (after(9), "error", "It was wrong.")
    marked = {(BACK, 1): back, (BACK, 2): back, (TAKEN, 1): taken, (TAKEN, 2): taken}
    for version in versions(migrated):
        found = (version.withdrawn_at, version.withdrawal_reason, version.withdrawal_text)
        assert found == marked.get((version.article_id, version.number), (None, None, None))


def test_versions_have_the_cards_that_they_had(migrated: str) -> None:
    for version in versions(migrated):
        card = CardOut.model_validate_json(version.card)
        assert (card.id, card.version, card.seq, card.slug) == (
            *(version.article_id, version.number, version.seq),
            version.slug,
        )
        assert (card.headline, card.published_at) == (json.loads(version.content)["headline"], version.published_at)
        assert card.url == f"{SITE}/{version.slug}"
        assert json.loads(complete(version.card, API))["links"]["self"] == f"{API}/v1/articles/{version.article_id}"

    moved, _, gone = (CardOut.model_validate_json(version.card) for version in versions(migrated)[:3])
    assert moved.section is not None
    assert moved.section.name == "World"
    assert [(tag.slug, tag.name, tag.kind) for tag in moved.tags] == [("oran", "Oran", "place")]
    assert [(who.slug, who.role) for who in moved.contributors] == [("ana-li", "author"), ("ana-li", "photographer")]
    assert [(tag.slug, tag.name) for tag in gone.tags] == [("strike", "STRIKE")]  # it was written Strike


def test_card_of_what_is_public_is_that_of_its_article(migrated: str) -> None:
    public = {article.id: json.loads(article.card) for article in rows(migrated, Article)}
    for version in versions(migrated):
        if version.until is None:  # `seq` apart: that of the article also counts what was no publication
            assert json.loads(version.card) == public[version.article_id] | {"seq": version.seq}


def test_log_tells_what_filters_look_at(migrated: str) -> None:
    def told(facets: str | None) -> tuple[str | None, tuple[str, ...], tuple[str, ...], str] | None:
        if facets is None:
            return None
        found = Facets.parse(facets)
        return found.section, found.tags, found.contributors, found.published_at[:16]

    shut = ("world", ("oran",), ("ana-li",), "2026-11-20T12:00")
    opened = ("sport-news", ("oran", "oran-topic", "strike"), ("ana-li",), "2026-11-20T12:00")
    gone, again = ("world", ("strike",), (), "2001-01-01T00:00"), ("world", (), (), "2001-01-01T00:00")
    back, french = ("world", (), (), "2026-11-20T12:06"), (None, (), (), "2026-11-20T12:10")
    wrong, still = (None, ("strike",), (), "2026-11-20T12:07"), (None, (), (), "2026-11-20T12:07")
    lines = rows(migrated, Change)
    assert [(line.seq, told(line.before), told(line.after)) for line in lines] == [
        (1, None, shut),
        (2, shut, opened),
        (3, shut, opened),
        (4, None, gone),
        (5, gone, again),
        (6, gone, again),
        (7, again, None),
        (8, None, back),
        (9, None, wrong),
        (10, wrong, still),
        (11, wrong, still),
        (12, still, None),
        (13, None, french),
        (14, opened, opened),
    ]


def test_log_forgets_the_former_slugs_of_what_was_withdrawn(migrated: str) -> None:
    told = {line.seq: line.previous_slug for line in rows(migrated, Change) if line.previous_slug is not None}
    assert told == {2: "harbour-shut"}


def test_edited_draft_keeps_what_readers_see_beside_it(migrated: str) -> None:
    (moved, *others) = rows(migrated, Draft)
    public = restore(moved.public_content or "")
    assert (moved.id, public.headline) == (MOVED, "Harbour open")
    assert prepare(public, site_url=SITE).digest == moved.public_digest != moved.digest
    assert [(draft.id, draft.public_content) for draft in others] == [
        (BACK, None),
        (TAKEN, None),
        (FRENCH, None),
        (DRAFT, None),
    ]


def test_nothing_contradicts_itself_and_preview_links_can_be_signed(migrated: str) -> None:
    with notes.outside(migrated) as connection, Session(connection) as session:
        assert audit.faults(session) == []
        assert len(session.scalars(select(PreviewSecret)).one().secret) == 32
        assert list(session.scalars(select(Correction))) == []


def test_way_back_leaves_the_rows_of_the_first_revision_and_can_be_gone_again(first: str) -> None:
    left = tables(first)
    migrate(first)
    made = tables(first)
    command.downgrade(alembic_config(first), "0001")
    assert current(first) == "0001"
    for line in left["changes"]:
        line["previous_slug"] = line["previous_slug"] if line["seq"] == 2 else None  # the withdrawn stay forgotten
    assert tables(first) == left

    assert migrate(first)
    assert tables(first) == made


async def test_lists_that_were_kept_before_are_kept_in_short(empty_url: str) -> None:
    migrate(empty_url)
    database = open_database(empty_url)
    press = Press(database)
    for n, fields in enumerate(stories(1, 12)):
        await press.put(f"wire-{n}", now=after(n), **fields)
    await press.put("french", now=after(20), **stories(1, 1)[0], language="fr", translation_of="wire-0")
    await following.catch_up(database)
    place = await database.read(position, following.FOLLOWER)
    await database.close()
    kept = outlines(empty_url), [(one.number, one.original) for one in rows(empty_url, RelatedSignature)]
    assert len(kept[0]) > 5

    command.downgrade(alembic_config(empty_url), "0010")
    assert migrate(empty_url)

    for is_followed_on in (False, True):
        assert (outlines(empty_url), [(one.number, one.original) for one in rows(empty_url, RelatedSignature)]) == kept
        database = open_database(empty_url)
        here = await database.read(position, following.FOLLOWER)
        assert place is not None
        assert here is not None
        assert (here.format, here.seq) == (place.format, place.seq - (not is_followed_on))
        await following.catch_up(database)
        await database.close()


def outlines(url: str) -> dict[int, list[tuple[float, list[str]]]]:
    """Each outline, with its scores as numbers."""
    found = {}
    for one in rows(url, RelatedOutline):
        lines = [line.split("\t") for line in one.lines.split("\n")]
        found[one.number] = [(float(score), rest) for score, *rest in lines]
    return found


def versions(url: str) -> list[Version]:
    """Every version, in order."""
    return rows(url, Version)


def rows(url: str, table: Any) -> list[Any]:
    """The rows of a table, in the order of its key."""
    with notes.outside(url) as connection, Session(connection) as session:
        return list(session.scalars(select(table).order_by(*table.__table__.primary_key)))


def seen(version: Version) -> tuple[object, ...]:
    """The version, what it is in the log, its date, and from when until when readers saw it."""
    span = (version.at, version.until)
    return version.article_id, version.number, version.kind, version.published_at, span


def tables(url: str) -> dict[str, list[dict[str, Any]]]:
    """Every table whole, secrets apart, whatever revision it has."""
    with notes.outside(url) as connection:
        names = set(inspect(connection).get_table_names()) - {"preview_secrets", "alembic_version"}
        return {name: whole(connection, name) for name in names}


def whole(connection: Connection, table: str) -> list[dict[str, Any]]:
    """The rows of the table, in no order of theirs."""
    found = [dict(row._mapping) for row in connection.execute(text(f"SELECT * FROM {table}"))]
    return sorted(found, key=str)
