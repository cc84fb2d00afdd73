import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.db import Database
from app.taxonomy.naming import Filed, Names, file_under
from app.taxonomy.store import list_names
from app.taxonomy.tables import Contributor, Section, Tag
from tests.press import Press


async def filed(
    database: Database,
    *,
    sections: tuple[str, ...] = (),
    tags: tuple[tuple[str, str], ...] = (),
    contributors: tuple[str, ...] = (),
) -> Names:
    """The rows of these names, each carried by an article from now on."""

    def carry(session: Session) -> Names:
        names = file_under(session, sections=sections, tags=tags, contributors=contributors)
        for table in (Section, Tag, Contributor):
            session.execute(update(table).values(article_count=1))
        return names

    return await database.write(carry)


async def tag(database: Database, name: str, kind: str = "topic") -> Filed:
    return (await filed(database, tags=((kind, name),))).tag(kind, name)


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("Ukraine", "UKRAINE"),
        ("Élysée", "elysee"),
        ("Elysee", "ÉLYSÉE"),
        ("Côte d'Ivoire", "Cote d’Ivoire"),
        ("غَزَّة", "غزة"),
        ("Straße", "STRASSE"),
        ("Ａｐｐｌｅ", "apple"),
    ],
)
async def test_case_and_accents_make_no_other_tag(sqlite: Database, first: str, again: str) -> None:
    made = await tag(sqlite, first)
    found = await tag(sqlite, again)
    assert (found.id, found.name) == (made.id, first)


async def test_name_that_nobody_carries_any_more_is_spelt_as_the_next_one_does(database: Database) -> None:
    press = Press(database)
    for ref, names in (("wire-1", "SECRET Retreat"), ("wire-2", "Secret retreat")):
        tags, people = [{"name": names}], [{"name": names}]
        await press.put(ref, headline=ref, section=names, tags=tags, contributors=people)
        public = await press.public(ref)
        assert public.section
        assert [public.section.name, public.tags[0].name, public.contributors[0].name] == [names] * 3
        for vocabulary in ("sections", "tags", "contributors"):
            assert [one.name for one in (await database.read(list_names, vocabulary, limit=9)).entries] == [names]
        await press.withdraw(ref)


async def test_punctuation_makes_another_tag(database: Database) -> None:
    made = [await tag(database, name) for name in ("C++", "C#", "C")]
    assert len({one.id for one in made}) == 3
    assert [one.slug for one in made] == ["c", "c-topic", "c-2"]
    assert [one.name for one in made] == ["C++", "C#", "C"]


async def test_same_name_of_another_kind_is_another_tag(database: Database) -> None:
    place, person, topic = [await tag(database, "Paris", kind) for kind in ("place", "person", "topic")]
    assert [(one.slug, one.kind) for one in (place, person, topic)] == [
        ("paris", "place"),
        ("paris-person", "person"),
        ("paris-topic", "topic"),
    ]
    assert await tag(database, "PARIS", "person") == person


async def test_numbers_are_tried_until_one_is_free(database: Database) -> None:
    made = await filed(database, contributors=("A. B", "A B", "A-B", "A/B"))
    slugs = sorted(made.contributor(name).slug for name in ("A. B", "A B", "A-B", "A/B"))
    assert slugs == ["a-b", "a-b-2", "a-b-3", "a-b-4"]


async def test_section_is_the_same_by_slug_and_by_name(database: Database) -> None:
    by_name = (await filed(database, sections=("World News",))).section("World News")
    by_slug = (await filed(database, sections=("world-news",))).section("world-news")
    assert by_slug == by_name == Filed(by_name.id, "world-news", "World News")


@pytest.mark.parametrize(("given", "name"), [("world", "World"), ("world-news", "World news"), ("UK", "UK")])
async def test_section_named_by_its_slug_gets_a_readable_name(sqlite: Database, given: str, name: str) -> None:
    assert (await filed(sqlite, sections=(given,))).section(given).name == name


async def test_both_ways_of_writing_may_come_in_one_batch(database: Database) -> None:
    names = await filed(database, sections=("World News", "world-news"), tags=(("topic", "Oil"), ("topic", "OIL")))
    assert names.section("World News") == names.section("world-news")
    assert names.tag("topic", "Oil") == names.tag("topic", "OIL")


async def test_names_in_other_scripts_keep_them_in_their_slugs(database: Database) -> None:
    assert (await tag(database, "غزة")).slug == "غزة"
    assert (await tag(database, "🎉")).slug == "topic"


async def test_longest_name_fits(database: Database) -> None:
    for name in ("x" * 200, "ﷺ" * 200, "é" * 200, "北" * 200):
        made = await tag(database, name, "organisation")
        assert made == await tag(database, name, "organisation")
        names = await filed(database, sections=(name,), contributors=(name,))
        assert names.contributor(name).name == names.section(name).name == name


async def test_more_names_than_one_look_up_takes_are_found(database: Database) -> None:
    wanted = tuple(("topic", f"Topic {n}") for n in range(600))
    made = await filed(database, tags=wanted)
    again = await filed(database, tags=wanted)
    assert all(made.tag(*one) == again.tag(*one) for one in wanted)


async def test_no_name_is_listed_before_an_article_carries_it(database: Database) -> None:
    await database.write(file_under, sections=["World"], tags=[("topic", "Oil")], contributors=["Ada"])
    for vocabulary in ("sections", "tags", "contributors"):
        assert (await database.read(list_names, vocabulary, limit=10)).entries == []


async def test_first_spelling_is_shown_everywhere(database: Database) -> None:
    press = Press(database)
    await press.put("wire-1", tags=[{"name": "Élysée", "kind": "place"}])
    await press.put("wire-2", headline="Other", tags=[{"name": "ELYSEE", "kind": "place"}])
    assert [one.name for one in (await press.public("wire-2")).tags] == ["Élysée"]
