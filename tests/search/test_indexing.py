from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from app.articles import hooks
from app.db import Database
from app.search import filling
from app.search.store import DOCUMENTS, LANGUAGES, PROFILES, STATES, TERMS
from tests import audit
from tests.press import NOON, Press
from tests.search.archive import ask, filled, ids


async def held(database: Database) -> dict[str, Any]:
    """Everything that search keeps, numbers apart."""

    def look(session: Session) -> dict[str, Any]:
        terms = session.execute(select(TERMS.c.token, TERMS.c.shown, TERMS.c.articles)).all()
        return {
            "terms": {(token, shown): count for token, shown, count in terms},
            "languages": dict(session.execute(select(LANGUAGES.c.language, LANGUAGES.c.articles)).all()),
            "documents": session.execute(select(func.count()).select_from(DOCUMENTS)).scalar_one(),
            "profiles": session.execute(select(func.count()).select_from(PROFILES)).scalar_one(),
            "index": session.execute(text("SELECT count(*) FROM search_index")).scalar_one(),
        }

    return await database.scan(look)


NOTHING = {"terms": {}, "languages": {}, "documents": 0, "profiles": 0, "index": 0}


async def test_index_holds_what_is_public_and_nothing_else(database: Database) -> None:
    press = Press(database)
    await press.put("a", headline="Harbour strike", body_text="Zeppelin.", publish=False)
    assert await held(database) == NOTHING

    await press.publish("a")
    assert await ids_of(database, "zeppelin") == 1
    await press.put("a", headline="Harbour strike", body_text="Balloon.", publish=False)
    assert (await ids_of(database, "zeppelin"), await ids_of(database, "balloon")) == (1, 0)

    await press.publish("a", now=NOON + timedelta(minutes=1))
    assert (await ids_of(database, "zeppelin"), await ids_of(database, "balloon")) == (0, 1)
    await press.withdraw("a", now=NOON + timedelta(minutes=2))
    assert await held(database) == NOTHING

    await press.publish("a", now=NOON + timedelta(minutes=3))
    assert await ids_of(database, "balloon") == 1


async def ids_of(database: Database, query: str) -> int:
    """How many articles a search finds."""
    return (await ask(database, query)).total


async def test_dictionary_counts_openings(database: Database) -> None:
    press = Press(database)
    await press.put("a", headline="Strikes", body_text="A strike.")
    await press.put("b", headline="Strike", body_text="x")
    kept = await held(database)
    assert kept["terms"] == {("en_strike", "strikes"): 1, ("en_strike", "strike"): 1, ("en_x", "x"): 1}
    assert kept["languages"] == {"en": 2}
    await press.withdraw("a")
    kept = await held(database)
    assert kept["terms"] == {("en_strike", "strike"): 1, ("en_x", "x"): 1}


async def test_many_at_once_are_as_one_after_the_other(database: Database) -> None:
    press = Press(database)
    same = {"headline": "Harbour", "published_at": "2001-01-01T00:00:00Z"}
    await press.receive(*({"external_id": f"a{n}"} | same for n in range(40)))
    await press.receive({"external_id": "b"} | same)
    assert (await ask(database, "harbour")).total == 41


async def test_publication_that_fails_leaves_the_index_alone(database: Database) -> None:
    press = Press(database)
    await press.put("a", headline="Harbour", slug="taken")
    before = await held(database)
    with pytest.raises(Exception, match="taken"):
        await press.put("b", headline="Zeppelin", slug="taken")
    assert await held(database) == before


async def test_refiled_article_is_found_where_it_is(database: Database) -> None:
    press = Press(database)
    await press.put("a", headline="Harbour", section="world")
    await press.put("a", headline="Harbour", section="sport", now=NOON + timedelta(minutes=1))
    assert [one.value for one in (await ask(database, "harbour")).facets["section"]] == ["sport"]


async def test_nobody_publishes_without_keepers(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_keepers", [])
    with pytest.raises(RuntimeError, match="register"):
        await Press(database).put("a")


async def test_archive_of_before_is_filled_in(database: Database) -> None:
    await filled(database)
    whole = await held(database)

    def lose(session: Session) -> None:
        for table in (DOCUMENTS, PROFILES, TERMS, LANGUAGES):
            session.execute(table.delete())
        session.execute(text("DELETE FROM search_index"))
        session.execute(update(STATES).values(format=0))

    await database.write(lose)
    assert not (await ask(database, "harbour")).is_complete
    told: list[filling.Progress] = []
    assert await filling.fill(database, tell=told.append) == 7
    assert told[-1] == filling.Progress(7, 7)
    assert await held(database) == whole
    assert (await ask(database, "harbour")).is_complete
    assert await ids(database, "harbour") == {"ends", "begins", "band"}
    assert await filling.fill(database) == 0


async def test_refilling_makes_every_entry_anew(database: Database) -> None:
    await filled(database)
    whole = await held(database)
    await database.write(lambda session: void(session))
    assert await filling.refill(database, tell=lambda _: None) == 7
    assert await held(database) == whole
    assert await database.scan(audit.faults) == []


def void(session: Session) -> None:
    """Break what the index says of one article."""
    session.execute(update(PROFILES).values(weights=b""))


async def test_word_said_too_often_is_no_different_on_either_database(database: Database) -> None:
    press = Press(database)
    await press.put("a", headline="Harbour", body_text="zeppelin " * 300 + "balloon " * 20_000 + "strike")
    assert [await ids_of(database, query) for query in ("zeppelin", '"zeppelin balloon"', '"balloon harbour"')] == [
        1,
        1,
        0,
    ]
