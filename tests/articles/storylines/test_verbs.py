"""What becomes of storylines, their titles, slugs, articles and the log, by every verb and by the press."""

import pytest

from app.articles.storylines import verbs
from app.core.ids import new_id
from tests.articles.storylines.events import Events


async def test_storyline_is_titled_by_its_earliest_article(events: Events) -> None:
    await events.publish("Docks shut", "Talks fail")
    await events.publish("Strike begins", published_at="2026-11-01T00:00:00Z", short_headline="Strike")
    head = await events.head()

    id = await events.found("Docks shut", "Talks fail", "Strike begins")

    assert await events.titles() == {"strike": ("Strike", ["Strike begins", "Docks shut", "Talks fail"])}
    assert (await events.lines())["strike"].id == id
    assert sorted(await events.news(head)) == ["article refreshed"] * 3 + ["storyline updated"]


async def test_title_stays_when_articles_join_and_leave(events: Events) -> None:
    await events.publish("A", "B", "C")
    id = await events.found("A", "B")
    (old,) = await events.publish("Before", published_at="2020-01-01T00:00:00Z")
    head = await events.head()

    await events.do(verbs.join, id, [old, *await events.ids("C")])
    assert await events.titles() == {"a": ("A", ["Before", "A", "B", "C"])}
    assert sorted(await events.news(head)) == ["article refreshed"] * 2 + ["storyline updated"]
    await events.do(verbs.leave, await events.ids("B"))
    assert await events.titles() == {"a": ("A", ["Before", "A", "C"])}


async def test_joining_again_changes_nothing(events: Events) -> None:
    await events.publish("A", "B")
    id = await events.found("A", "B")
    head = await events.head()

    await events.do(verbs.join, id, await events.ids("A", "B"))
    await events.do(verbs.leave, [])

    assert await events.news(head) == []


async def test_title_goes_with_its_article(events: Events) -> None:
    await events.publish("A", "B", "C")
    id = await events.found("A", "B", "C")

    await events.do(verbs.leave, await events.ids("A"))

    assert await events.titles() == {"b": ("B", ["B", "C"])}
    assert await events.names() == {"a": id, "b": id}


async def test_title_follows_its_headline(events: Events) -> None:
    await events.publish("A", "B")
    id = await events.found("A", "B")
    head = await events.head()

    await events.publish("A", headline="A renamed")

    assert await events.titles() == {"a-renamed": ("A renamed", ["A renamed", "B"])}
    assert await events.names() == {"a": id, "a-renamed": id}
    assert await events.news(head) == ["storyline updated", "article updated", "article refreshed"]
    head = await events.head()
    await events.publish("B", headline="B renamed")
    assert await events.news(head) == ["article updated"]
    assert await events.titles() == {"a-renamed": ("A renamed", ["A renamed", "B renamed"])}


async def test_editors_title_stays_whatever_happens_to_articles(events: Events) -> None:
    await events.publish("A", "B")
    id = await events.found("A", "B")
    await events.do(verbs.retitle, id, "The great strike")

    await events.publish("A", headline="A renamed")
    await events.withdraw("A")

    assert await events.titles() == {"the-great-strike": ("The great strike", ["B"])}
    assert await events.names() == {"the-great-strike": id}


async def test_withdrawn_words_leave_with_their_article(events: Events) -> None:
    await events.publish("A", "B", "C")
    id = await events.found("A", "B", "C")
    await events.publish("A", headline="A renamed")
    head = await events.head()

    await events.withdraw("A")

    assert await events.titles() == {"b": ("B", ["B", "C"])}
    assert await events.names() == {"b": id}
    assert await events.news(head) == ["storyline updated", "article withdrawn"] + ["article refreshed"] * 2


async def test_withdrawn_words_leave_also_where_their_article_was_once(events: Events) -> None:
    await events.publish("A", "B", "C", "D")
    first, second = await events.found("A", "B"), await events.found("C", "D")
    await events.do(verbs.leave, await events.ids("A"))
    await events.do(verbs.merge, [first], second)
    assert await events.names() == {"a": second, "b": second, "c": second}

    await events.withdraw("A")
    await events.withdraw("B")

    assert await events.names() == {"c": second}


async def test_storyline_without_public_articles_is_gone_until_a_pinned_one_returns(events: Events) -> None:
    await events.publish("A", "B")
    id = await events.found("A", "B")
    await events.pin("B", id)
    await events.withdraw("A")
    await events.withdraw("B")
    assert await events.titles() == await events.names() == {}

    await events.republish("A")
    assert await events.titles() == {}
    head = await events.head()
    await events.republish("B")

    assert await events.titles() == {"b": ("B", ["B"])}
    assert await events.news(head) == ["storyline updated", "article published"]
    assert (await events.lines())["b"].id == id


async def test_merged_storylines_go_by_all_their_names(events: Events) -> None:
    await events.publish("A", "B", "C", "D", "E")
    first, second = await events.found("A", "B"), await events.found("C", "D")
    await events.pin("C", second)
    head = await events.head()

    await events.do(verbs.merge, [second], first)

    assert await events.titles() == {"a": ("A", ["A", "B", "C", "D"])}
    assert await events.names() == {"a": first, "c": first}
    assert [line.id for line in (await events.lines()).values()] == [first]
    assert sorted(await events.news(head)) == ["article refreshed"] * 2 + ["storyline updated"] * 2
    await events.do(verbs.leave, await events.ids("C"))  # is pinned to what is now called otherwise
    assert await events.titles() == {"a": ("A", ["A", "B", "C", "D"])}


async def test_storyline_merged_into_another_is_that_other(events: Events) -> None:
    await events.publish("A", "B", "C")
    first, second = await events.found("A"), await events.found("B")
    await events.do(verbs.merge, [second], first)

    await events.do(verbs.join, second, await events.ids("C"))
    await events.do(verbs.retitle, second, "Both")
    await events.do(verbs.merge, [second, first], first)

    assert await events.titles() == {"both": ("Both", ["A", "B", "C"])}
    with pytest.raises(LookupError):
        await events.do(verbs.join, new_id(), await events.ids("C"))


async def test_split_founds_a_storyline_of_its_own(events: Events) -> None:
    await events.publish("A", "B", "C", "D", "Elsewhere")
    id = await events.found("A", "B", "C", "D")

    new = await events.do(verbs.split, id, await events.ids("A", "C", "Elsewhere"))
    other = await events.do(verbs.split, id, await events.ids("D"), title="Another")

    assert await events.titles() == {"a-2": ("A", ["A", "C"]), "b": ("B", ["B"]), "another": ("Another", ["D"])}
    assert await events.names() == {"a": id, "a-2": new, "b": id, "another": other}
    assert await events.do(verbs.split, id, await events.ids("Elsewhere")) is None


async def test_editors_word_wins(events: Events) -> None:
    await events.publish("In", "Out", "Free", "A", "B")
    id, other = await events.found("In", "A"), await events.found("B")
    await events.pin("In", id)
    await events.pin("Out", None)

    await events.do(verbs.join, other, await events.ids("In", "Out", "Free"))
    await events.do(verbs.leave, await events.ids("In"))
    assert await events.do(verbs.found, await events.ids("In", "Out")) is None

    assert await events.titles() == {"in": ("In", ["In", "A"]), "b": ("B", ["Free", "B"])}


async def test_storylines_of_one_headline_are_numbered(events: Events) -> None:
    for n in range(5):
        await events.publish(f"wire-{n}", headline="Morning briefing")
    for n in range(5):
        await events.found(f"wire-{n}")

    assert sorted(await events.titles()) == ["morning-briefing", *(f"morning-briefing-{n}" for n in range(2, 6))]
    await events.withdraw("wire-1")
    await events.publish("wire-5", headline="Morning briefing")
    await events.found("wire-5")
    assert "morning-briefing-2" in await events.titles()


async def test_same_headline_keeps_the_slug_when_its_article_goes(events: Events) -> None:
    for n in range(2):
        await events.publish(f"wire-{n}", headline="Morning briefing")
    await events.found("wire-0", "wire-1")

    await events.withdraw("wire-0")

    assert await events.titles() == {"morning-briefing": ("Morning briefing", ["Morning briefing"])}


async def test_article_of_a_batch_finds_its_storyline_renamed(events: Events) -> None:
    await events.publish("A", "B", "C")
    await events.found("A", "B", "C")

    await events.press.receive(
        {"external_id": "B", "headline": "B renamed"}, {"external_id": "A", "headline": "A renamed"}, now=events.now()
    )

    await events.audit()
    assert await events.titles() == {"a-renamed": ("A renamed", ["A renamed", "B renamed", "C"])}
