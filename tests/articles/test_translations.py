import asyncio
from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest

from app.articles.content import Content
from app.articles.publication import Publication
from app.articles.publishing import publish
from app.core.ids import new_id
from app.db import Database
from tests.press import NOON, SITE, Press, after

ENGLISH = {"external_id": "en", "language": "en", "headline": "Harbour reopens"}
FRENCH = {"external_id": "fr", "language": "fr", "headline": "Le port rouvre", "translation_of": "en"}
ARABIC = {"external_id": "ar", "language": "ar", "headline": "الميناء يفتح", "translation_of": "en"}
SPANISH = {"external_id": "es", "language": "es", "headline": "El puerto reabre", "translation_of": "fr"}
FAMILY: dict[str, dict[str, Any]] = {"en": ENGLISH, "fr": FRENCH, "ar": ARABIC, "es": SPANISH}


@pytest.fixture
def press(database: Database) -> Press:
    return Press(database)


async def siblings(press: Press, ref: str) -> list[str]:
    """The languages of the other public articles of its group, as its document lists them."""
    return [one.language for one in (await press.public(ref)).translations]


async def assert_family(press: Press, names: Sequence[str]) -> None:
    """Each lists all the others, by language, and knows them as they are."""
    members = [await press.public(name) for name in names]
    for member in members:
        others = sorted((other for other in members if other != member), key=lambda other: (other.language, other.id))
        told = [(one.id, one.language, one.slug, one.url) for one in member.translations]
        assert told == [(other.id, other.language, other.slug, other.url) for other in others], member.external_id


def named(language: str, n: int) -> dict[str, Any]:
    """The family's article in this language, in a family of its own."""
    member = FAMILY[language] | {"external_id": f"{language}-{n}", "headline": f"{language} {n}"}
    return member | ({"translation_of": f"{member['translation_of']}-{n}"} if "translation_of" in member else {})


async def test_translations_find_each_other_in_whatever_order_they_come(press: Press) -> None:
    for n, order in enumerate([*permutations(("en", "fr", "es")), ("es", "ar", "fr", "en"), ("ar", "es", "en", "fr")]):
        for language in order:
            await press.receive(named(language, n))
        await assert_family(press, [f"{language}-{n}" for language in order])


async def test_translations_find_each_other_within_a_batch(press: Press) -> None:
    for n, order in enumerate(list(permutations(FAMILY))[::5]):
        await press.receive(*(named(language, n) for language in order))
        await assert_family(press, [f"{language}-{n}" for language in order])


async def test_newcomer_refreshes_its_siblings_and_nothing_else(press: Press) -> None:
    await press.receive(ENGLISH)
    before = await press.public("en")
    await press.receive(FRENCH, now=after(5))

    assert await press.log() == ["published 1", "published 1", "refreshed 1"]
    english = await press.public("en")
    assert (english.seq, english.modified_at) == (3, after(5))
    assert (english.version, english.updated_at, english.published_at) == (1, NOON, NOON)
    kept = before.model_dump(exclude={"seq", "modified_at", "translations"})
    assert english.model_dump(exclude={"seq", "modified_at", "translations"}) == kept


async def test_update_refreshes_no_sibling(press: Press) -> None:
    await press.receive(ENGLISH, FRENCH)
    await press.edit("fr", headline="Le port a rouvert")
    await press.publish("fr", now=after(5))
    assert await press.log() == ["published 1", "published 1", "updated 2"]


async def test_move_refreshes_siblings_with_the_new_slug(press: Press) -> None:
    await press.receive(ENGLISH, FRENCH, ARABIC)
    await press.edit("fr", slug="port")
    await press.publish("fr", now=after(5))
    assert (await press.log())[3:] == ["moved 2 from le-port-rouvre", "updated 2", "refreshed 1", "refreshed 1"]
    await assert_family(press, ("en", "fr", "ar"))


async def test_withdrawal_and_return_refresh_siblings(press: Press) -> None:
    await press.receive(ENGLISH, FRENCH, ARABIC)
    await press.withdraw("en", now=after(5))
    await assert_family(press, ("fr", "ar"))
    assert (await press.log())[3:] == ["withdrawn error", "refreshed 1", "refreshed 1"]
    await press.publish("en", now=after(6))
    await assert_family(press, ("en", "fr", "ar"))
    assert (await press.log())[6:] == ["published 2", "refreshed 1", "refreshed 1"]


async def test_article_that_is_no_translation_any_more_leaves_the_group(press: Press) -> None:
    await press.receive(ENGLISH, FRENCH, ARABIC)
    await press.edit("fr", translation_of=None)
    await press.publish("fr", now=after(5))
    assert await siblings(press, "fr") == []
    await assert_family(press, ("en", "ar"))


async def test_article_may_move_to_another_group(press: Press) -> None:
    other = {"external_id": "de", "language": "de", "headline": "Der Hafen"}
    await press.receive(ENGLISH, FRENCH, ARABIC, other)
    await press.edit("fr", translation_of="de")
    await press.publish("fr", now=after(5))
    await assert_family(press, ("en", "ar"))
    await assert_family(press, ("de", "fr"))


async def test_original_may_turn_out_to_be_a_translation_itself(press: Press) -> None:
    await press.receive(ENGLISH, FRENCH)
    await press.receive({"external_id": "de", "language": "de", "headline": "Der Hafen"}, now=after(1))
    await press.edit("en", translation_of="de")
    await press.publish("en", now=after(5))
    await assert_family(press, ("de", "en", "fr"))


async def test_drafts_are_nobodys_translation(press: Press) -> None:
    await press.receive(ENGLISH, FRENCH)
    await press.receive(ARABIC, publish=False)
    assert await siblings(press, "en") == ["fr"]


async def test_translations_of_a_draft_find_each_other(press: Press) -> None:
    await press.receive(FRENCH)
    await press.receive(ENGLISH, publish=False)
    await press.receive(ARABIC, now=after(1))
    await assert_family(press, ("fr", "ar"))
    await press.publish("en", now=after(2))
    await assert_family(press, ("en", "fr", "ar"))


async def test_draft_between_them_links_no_public_articles(press: Press) -> None:
    german = {"external_id": "de", "language": "de", "headline": "Der Hafen", "translation_of": "fr"}
    await press.receive(ENGLISH)
    await press.receive(SPANISH)
    await press.receive(FRENCH, publish=False)
    await press.receive(german, now=after(1))
    assert await siblings(press, "en") == []  # it would tell of the draft
    await assert_family(press, ("es", "de"))
    await press.publish("fr", now=after(2))
    await assert_family(press, ("en", "es", "de", "fr"))


async def test_unpublished_edit_of_the_original_parts_no_translations(press: Press) -> None:
    await press.receive(ENGLISH, FRENCH, {"external_id": "de", "language": "de", "headline": "Der Hafen"})
    await press.edit("en", translation_of="de")
    await press.receive(ARABIC, now=after(1))
    await assert_family(press, ("en", "fr", "ar"))
    assert await siblings(press, "de") == []


async def test_circle_of_translations_is_one_group(press: Press) -> None:
    of = {"a": "b", "b": "c", "c": "a"}
    for n, order in enumerate(permutations(of)):
        for name in order:
            await press.put(f"{name}-{n}", headline=f"{name} {n}", translation_of=f"{of[name]}-{n}")
        await assert_family(press, [f"{name}-{n}" for name in order])


async def test_article_that_translates_itself_is_an_original(press: Press) -> None:
    await press.put("en", translation_of="en")
    assert await siblings(press, "en") == []
    await press.receive(FRENCH, now=after(1))
    await press.put("en", headline="Other", translation_of="en", now=after(2))
    await assert_family(press, ("en", "fr"))


async def test_original_may_be_named_by_its_id(press: Press) -> None:
    english = (await press.put("en", headline="Harbour")).draft.id
    await press.receive(FRENCH | {"translation_of": str(english).upper()}, now=after(1))
    await assert_family(press, ("en", "fr"))


async def test_translations_of_an_id_that_nobody_has_find_each_other(press: Press) -> None:
    unknown = "019a9c5e-8a3c-7c41-9d5e-2f6b7a1c0e11"
    await press.receive(FRENCH | {"translation_of": unknown}, ARABIC | {"translation_of": unknown})
    await assert_family(press, ("fr", "ar"))


async def test_original_that_comes_while_a_translation_is_on_its_way_is_found(press: Press) -> None:
    await press.receive(ENGLISH)
    belated = Publication(
        id=new_id(),
        external_id="fr",
        number=1,
        content=Content(language="fr", headline="Le port rouvre"),
        wanted_slug=None,
        is_strict=True,
        translation_of="en",
    )
    await press.database.write(publish, [belated], now=after(1), site_url=SITE)
    await assert_family(press, ("en", "fr"))


async def test_siblings_that_are_published_at_once_find_each_other(postgresql: Database) -> None:
    press = Press(postgresql)
    await press.receive({"external_id": "other"})
    await asyncio.gather(*(press.receive(FAMILY[language]) for language in ("es", "fr", "ar", "en")))
    await assert_family(press, ("en", "fr", "ar", "es"))


async def test_siblings_of_a_withdrawn_original_stay_together(press: Press) -> None:
    await press.receive(ENGLISH, FRENCH)
    await press.withdraw("en", now=after(1))
    await press.receive(ARABIC, now=after(2))
    await press.edit("fr", headline="Le port a rouvert")
    await press.publish("fr", now=after(3))
    await assert_family(press, ("fr", "ar"))
