import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.articles.refreshing import refresh, refresh_all
from app.articles.rendering import FORMAT
from app.articles.store import ARTICLES
from app.articles.storylines.verbs import found
from app.core.ids import new_id
from app.db import Database
from tests import audit
from tests.press import NOON, SITE, Press, after

NEW_SITE = "https://news.example/fr"


@pytest.fixture
def press(database: Database) -> Press:
    return Press(database)


async def public_three(press: Press) -> None:
    await press.receive(
        {"external_id": "en", "headline": "Harbour", "tags": [{"name": "Ports"}], "body_text": "Ships wait."},
        {"external_id": "fr", "headline": "Le port", "language": "fr", "translation_of": "en"},
        {"external_id": "ar", "headline": "Third", "slug": "ميناء"},
    )


async def test_change_of_site_renders_everything_anew(press: Press) -> None:
    await public_three(press)
    before = await press.public("en")
    assert await refresh_all(press.database, site_url=NEW_SITE, clock=lambda: after(5)) == 3

    english, french, arabic = [await press.public(name) for name in ("en", "fr", "ar")]
    assert english.url == english.links.canonical == f"{NEW_SITE}/harbour"
    assert arabic.url == f"{NEW_SITE}/%D9%85%D9%8A%D9%86%D8%A7%D8%A1"
    assert [one.url for one in english.translations] == [french.url] == [f"{NEW_SITE}/le-port"]
    changed = {"url", "seq", "modified_at", "translations", "links"}
    assert english.model_dump(exclude=changed) == before.model_dump(exclude=changed)
    assert (english.version, english.updated_at, english.modified_at) == (1, NOON, after(5))


async def test_everything_rendered_anew_is_told_in_the_log(press: Press) -> None:
    await public_three(press)
    await refresh_all(press.database, site_url=NEW_SITE, clock=lambda: after(5))
    assert await press.log() == ["published 1"] * 3 + ["refreshed 1"] * 3
    seqs = sorted([(await press.public(name)).seq for name in ("en", "fr", "ar")])
    assert seqs == [4, 5, 6]


async def test_cards_are_rendered_anew_too(press: Press) -> None:
    await public_three(press)
    await refresh_all(press.database, site_url=NEW_SITE, clock=lambda: after(5))
    cards = await press.database.scan(lambda session: list(session.scalars(select(ARTICLES.c.card))))
    assert all(f'"url":"{NEW_SITE}/' in card and SITE not in card for card in cards)


async def test_second_time_there_is_nothing_to_do(press: Press) -> None:
    await public_three(press)
    assert await refresh_all(press.database, site_url=SITE, clock=lambda: after(1)) == 0
    assert await refresh_all(press.database, site_url=NEW_SITE, clock=lambda: after(2)) == 3
    assert await refresh_all(press.database, site_url=NEW_SITE, clock=lambda: after(3)) == 0
    assert len(await press.log()) == 6
    assert await refresh_all(press.database, site_url=SITE, clock=lambda: after(4)) == 3


async def test_storyline_stays_when_everything_is_rendered_anew(press: Press) -> None:
    await public_three(press)
    ids = [(await press.public(name)).id for name in ("en", "ar")]
    await press.database.write(found, ids, now=after(1))
    before = await press.public("ar")

    assert await refresh_all(press.database, site_url=NEW_SITE, clock=lambda: after(5)) == 3

    assert before.storyline is not None
    assert (await press.public("ar")).storyline == before.storyline
    assert (await press.public("fr")).storyline is None
    assert await press.database.scan(audit.faults) == []


async def test_older_format_is_rendered_anew(press: Press) -> None:
    await public_three(press)

    def age(session: Session) -> None:
        session.execute(
            update(ARTICLES).where(ARTICLES.c.external_id != "ar").values(document_format=FORMAT - 1, card='{"old":1}')
        )

    await press.database.write(age)
    assert await refresh_all(press.database, site_url=SITE, clock=lambda: after(5)) == 2
    assert await press.log() == ["published 1"] * 3 + ["refreshed 1"] * 2
    cards = await press.database.scan(lambda session: list(session.scalars(select(ARTICLES.c.card))))
    assert not any("old" in card for card in cards)


async def test_what_is_withdrawn_stays_away(press: Press) -> None:
    await public_three(press)
    gone = (await press.public("ar")).id
    await press.withdraw("ar", now=after(1))
    assert await refresh_all(press.database, site_url=NEW_SITE, clock=lambda: after(5)) == 2
    assert await press.database.write(refresh, [gone, new_id()], site_url=SITE, clock=lambda: after(6)) == 0
    assert await press.document("ar") is None


async def test_unpublished_edits_stay_unpublished(press: Press) -> None:
    await public_three(press)
    await press.edit("en", headline="Not ready", tags=[{"name": "Secret"}])
    await refresh_all(press.database, site_url=NEW_SITE, clock=lambda: after(5))
    english = await press.public("en")
    assert (english.headline, [tag.name for tag in english.tags]) == ("Harbour", ["Ports"])


async def test_many_are_rendered_in_short_transactions(press: Press) -> None:
    await press.receive(*({"external_id": f"wire-{n}", "headline": f"Story {n}"} for n in range(120)))
    assert await refresh_all(press.database, site_url=NEW_SITE, clock=lambda: after(5)) == 120
    log = await press.log()
    assert log == ["published 1"] * 120 + ["refreshed 1"] * 120
