"""Ranking as pure rules: what is nearer, why, and which stories are one story."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.related.neighbours import Neighbourhood, Story, Tag
from app.related.ranking import Related, rank

NOON = datetime(2025, 5, 18, 12, tzinfo=UTC)
RARE, COMMON = Tag(1, "Cap Selvan strike", 4), Tag(2, "Europe", 900)
HEADLINE = "Harbour reopens after dockers end nine-day strike"


def story(n: int, headline: str = "Something else entirely", *, tags: Iterable[Tag] = (), days: float = 0) -> Story:
    return Story(UUID(int=n), "en", NOON - timedelta(days=days), headline, None, tuple(tags))


def ranked(subject: Story, *others: Story, limit: int = 5, exclude: Iterable[UUID] = ()) -> list[Related]:
    return rank(Neighbourhood(1, NOON, subject, list(others), 1000), limit=limit, exclude=exclude)


def order(found: list[Related]) -> list[int]:
    return [one.id.int for one in found]


def reasons(one: Related) -> dict[str, tuple[str, ...]]:
    return {reason.kind: reason.values for reason in one.reasons}


def test_what_shares_nothing_is_not_related() -> None:
    assert ranked(story(1, HEADLINE), story(2, "Rain delays tennis final")) == []


def test_rare_tag_outweighs_a_common_one() -> None:
    subject = story(1, tags=[RARE, COMMON])

    found = ranked(subject, story(2, "Tennis final", tags=[COMMON]), story(3, "Rowing regatta", tags=[RARE]))

    assert order(found)[0] == 3
    assert reasons(found[0])["tag"] == ("Cap Selvan strike",)


def test_of_equals_the_fresher_comes_first() -> None:
    others = [story(n, f"Dockers vote {word}", tags=[RARE], days=n) for n, word in enumerate(("monday", "tuesday"), 2)]

    assert order(ranked(story(1, HEADLINE, tags=[RARE]), *reversed(others))) == [2, 3]


def test_reasons_are_true_and_strongest_first() -> None:
    subject = story(1, HEADLINE, tags=[RARE, COMMON])

    (found,) = ranked(subject, story(2, "Dockers and harbour masters talk", tags=[COMMON, RARE], days=0.25))

    assert [reason.kind for reason in found.reasons] == ["tag", "words", "time"]
    assert reasons(found)["tag"] == ("Cap Selvan strike", "Europe")
    assert {word.lower() for word in reasons(found)["words"]} == {"dockers", "harbour"}
    assert reasons(found)["time"] == ("published 6 hours apart",)
    assert 0 < found.score <= 1


@pytest.mark.parametrize(
    ("apart", "told"),
    [
        (timedelta(0), "less than a minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=119), "1 hour"),
        (timedelta(hours=47), "1 day"),
        (timedelta(days=30), "30 days"),
        (timedelta(days=30, seconds=1), None),
    ],
)
def test_time_is_a_reason_while_it_is_near(apart: timedelta, told: str | None) -> None:
    for sign in (1, -1):
        other = story(2, "Dockers talk", tags=[RARE], days=sign * (apart / timedelta(days=1)))
        (found,) = ranked(story(1, HEADLINE, tags=[RARE]), other)
        assert reasons(found).get("time") == (None if told is None else (f"published {told} apart",))


def test_near_copies_are_folded_into_their_best() -> None:
    copies = [story(n, HEADLINE, tags=[RARE], days=n) for n in (2, 3, 4)]

    found = ranked(
        story(1, "Dockers end strike at Cap Selvan", tags=[RARE]), story(5, "Dockers march", tags=[RARE]), *copies
    )

    assert {one.id.int: [copy.int for copy in one.variants] for one in found} == {2: [3, 4], 5: []}


def test_folding_leaves_room_for_other_stories() -> None:
    copies = [story(n, HEADLINE, tags=[RARE], days=n) for n in (2, 3, 4)]
    other = story(5, "Rowing regatta", tags=[RARE], days=9)

    found = ranked(story(1, "Dockers end strike at Cap Selvan", tags=[RARE]), *copies, other, limit=2)

    assert order(found) == [2, 5]


def test_excluded_stories_are_not_even_variants() -> None:
    copies = [story(n, HEADLINE, tags=[RARE], days=n) for n in (2, 3)]

    (found,) = ranked(story(1, "Dockers end strike at Cap Selvan", tags=[RARE]), *copies, exclude=[UUID(int=3)])

    assert (found.id.int, found.variants) == (2, ())


def test_short_headlines_are_not_taken_for_copies() -> None:
    others = [story(n, "In pictures", tags=[RARE]) for n in (2, 3)]

    assert len(ranked(story(1, HEADLINE, tags=[RARE]), *others)) == 2


def test_order_does_not_depend_on_how_neighbours_come() -> None:
    others = [story(n, f"Dockers strike, day {n}", tags=[RARE], days=n % 3) for n in range(2, 12)]
    subject = story(1, HEADLINE, tags=[RARE])

    assert ranked(subject, *others, limit=50) == ranked(subject, *reversed(others), limit=50)


def test_scores_stay_within_their_range() -> None:
    subject = story(1, HEADLINE, tags=[RARE, COMMON])
    scores = [one.score for one in ranked(subject, story(2, HEADLINE, tags=[RARE, COMMON]), story(3, HEADLINE))]

    assert all(0 < score <= 1 for score in scores)


@pytest.mark.parametrize("headline", ["", "🗞", "…", "the of and", "مصر ولبنان", "a" * 500])
def test_odd_headlines_are_ranked_without_complaint(headline: str) -> None:
    ranked(story(1, headline, tags=[RARE]), story(2, headline, tags=[RARE]), story(3, "x", tags=[RARE]))
