import pytest

from app.articles.errors import SlugTaken
from app.articles.reading import Gone, Moved, absence
from app.db import Database
from tests.press import Press, after


@pytest.fixture
def press(database: Database) -> Press:
    return Press(database)


async def slug(press: Press, ref: str) -> str:
    return (await press.public(ref)).slug


async def moved_to(press: Press, old: str) -> str | None:
    """Where an alias leads; None when it is none."""
    found = await press.database.scan(absence, old)
    return found.slug if isinstance(found, Moved) else None


async def test_headline_makes_the_slug(press: Press) -> None:
    for headline, made in (
        ("Harbour reopens after strike", "harbour-reopens-after-strike"),
        ("L’été à Orléans : « déjà » fini", "l-ete-a-orleans-deja-fini"),
        ("غزة تحت القصف", "غزة-تحت-القصف"),
        ("!!!", "article"),
        ("019a9c5e-8a3c-7c41-9d5e-2f6b7a1c0e11", "article-019a9c5e-8a3c-7c41-9d5e-2f6b7a1c0e11"),
    ):
        await press.put(made, headline=headline)
        assert await slug(press, made) == made


async def test_null_keeps_the_public_slug(press: Press) -> None:
    await press.put("wire-1", headline="Harbour reopens")
    await press.put("wire-1", headline="Another headline", now=after(1))
    assert await slug(press, "wire-1") == "harbour-reopens"
    await press.put("wire-1", slug="by-hand", now=after(2))
    await press.put("wire-1", headline="A third one", now=after(3))
    assert await slug(press, "wire-1") == "by-hand"


async def test_generated_slugs_that_clash_are_numbered(press: Press) -> None:
    for n in range(6):
        await press.put(f"wire-{n}", headline="Weather", now=after(n))
    made = [await slug(press, f"wire-{n}") for n in range(6)]
    assert made == ["weather", *(f"weather-{n}" for n in range(2, 7))]


async def test_generated_slugs_are_numbered_within_a_batch(press: Press) -> None:
    await press.receive(*({"external_id": f"wire-{n}", "headline": "Weather"} for n in range(3)))
    assert [await slug(press, f"wire-{n}") for n in range(3)] == ["weather", "weather-2", "weather-3"]


async def test_slugs_are_unique_over_all_languages(press: Press) -> None:
    await press.put("wire-1", headline="Paris", language="fr")
    await press.put("wire-2", headline="Paris", language="en")
    assert await slug(press, "wire-2") == "paris-2"


async def test_explicit_slug_that_clashes_is_refused_whole(press: Press) -> None:
    await press.put("wire-1", slug="harbour")
    rows = await press.rows()
    with pytest.raises(SlugTaken):
        await press.put("wire-2", slug="harbour", section="new", tags=[{"name": "New"}], now=after(1))
    assert await press.rows() == rows


async def test_slugs_are_checked_when_publishing_only(press: Press) -> None:
    for n in range(2):
        await press.put(f"wire-{n}", slug="harbour", publish=False)
    await press.publish("wire-1", now=after(1))
    with pytest.raises(SlugTaken):
        await press.publish("wire-0", now=after(2))
    assert await slug(press, "wire-1") == "harbour"


async def test_move_leaves_an_alias_and_is_logged_before_the_update(press: Press) -> None:
    await press.put("wire-1", slug="first")
    await press.put("wire-1", slug="second", now=after(1))
    assert await press.log() == ["published 1", "moved 2 from first", "updated 2"]
    assert await moved_to(press, "first") == "second"
    assert (await press.public("wire-1")).seq == 3


async def test_chain_of_aliases_leads_straight_to_the_current_slug(press: Press) -> None:
    for n, name in enumerate(("one", "two", "three", "four")):
        await press.put("wire-1", slug=name, now=after(n))
    assert [await moved_to(press, name) for name in ("one", "two", "three", "four")] == ["four"] * 3 + [None]


async def test_article_may_move_back_to_an_alias_of_its_own(press: Press) -> None:
    for n, name in enumerate(("one", "two", "one", "two")):
        await press.put("wire-1", slug=name, now=after(n))
    assert await slug(press, "wire-1") == "two"
    assert await moved_to(press, "one") == "two"
    assert await moved_to(press, "two") is None


async def test_slug_once_public_is_never_given_to_another(press: Press) -> None:
    await press.put("wire-1", slug="alias")
    await press.put("wire-1", slug="current", now=after(1))
    await press.put("wire-2", slug="buried-alias", now=after(2))
    await press.put("wire-2", slug="buried", now=after(3))
    await press.withdraw("wire-2", now=after(4))

    for taken in ("current", "alias", "buried", "buried-alias"):
        with pytest.raises(SlugTaken):
            await press.put("wire-3", slug=taken, now=after(5))
        await press.put(f"after {taken}", headline=taken.replace("-", " "), now=after(6))
        assert await slug(press, f"after {taken}") == f"{taken}-2"


async def test_withdrawn_article_answers_gone_by_its_aliases_too(press: Press) -> None:
    await press.put("wire-1", slug="one")
    await press.put("wire-1", slug="two", now=after(1))
    await press.withdraw("wire-1", text="Wrong figures.", now=after(2))
    for name in ("one", "two"):
        gone = await press.database.scan(absence, name)
        assert isinstance(gone, Gone)
        assert (gone.reason, gone.text, gone.withdrawn_at) == ("error", "Wrong figures.", after(2))


async def test_article_returns_under_its_own_slug_and_aliases(press: Press) -> None:
    await press.put("wire-1", slug="one")
    await press.put("wire-1", slug="two", now=after(1))
    await press.withdraw("wire-1", now=after(2))
    await press.publish("wire-1", now=after(3))
    assert await slug(press, "wire-1") == "two"
    assert await moved_to(press, "one") == "two"


@pytest.mark.parametrize("returns_as", ["one", "three"])
async def test_article_may_return_under_another_slug(press: Press, returns_as: str) -> None:
    await press.put("wire-1", slug="one")
    await press.put("wire-1", slug="two", now=after(1))
    await press.withdraw("wire-1", now=after(2))
    await press.edit("wire-1", slug=returns_as)
    await press.publish("wire-1", now=after(3))
    assert await slug(press, "wire-1") == returns_as
    others = {"one", "two", "three"} - {returns_as}
    assert {name: await moved_to(press, name) for name in others if name != "three"} == {
        name: returns_as for name in others if name != "three"
    }


async def test_longest_slug_is_cut_to_be_numbered(press: Press) -> None:
    longest = "x" * 200
    await press.put("wire-1", slug=longest)
    await press.put("wire-2", slug=longest, published_at="2026-11-20T13:00:00Z")
    await press.release_due(after(60))
    assert await slug(press, "wire-2") == "x" * 198 + "-2"


async def test_batch_may_exchange_no_slugs(press: Press) -> None:
    await press.put("wire-1", slug="one")
    await press.put("wire-2", slug="two", now=after(1))
    with pytest.raises(SlugTaken):
        await press.receive(
            *({"external_id": name, "slug": wanted} for name, wanted in (("wire-1", "two"), ("wire-2", "one"))),
            now=after(2),
        )


async def test_numbering_skips_what_others_took(press: Press) -> None:
    for name, count in (("one", 1), ("two", 2), ("seven", 7)):
        taken = [name, *(f"{name}-{n}" for n in range(2, count + 2))]
        await press.receive(*({"external_id": slug, "slug": slug} for slug in taken))
        await press.put(f"new-{name}", headline=name.title(), now=after(1))
        assert await slug(press, f"new-{name}") == f"{name}-{count + 2}"
