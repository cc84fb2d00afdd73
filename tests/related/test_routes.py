"""Related stories over HTTP."""

from typing import Any

import pytest

from tests.newsroom_client import Newsroom

STORY: dict[str, Any] = {
    "headline": "Dockers end nine-day strike at Cap Selvan",
    "summary": "The harbour reopens at dawn.",
    "tags": [{"name": "Cap Selvan strike", "kind": "event"}, {"name": "Marseille", "kind": "place"}],
    "section": "economy",
}


@pytest.fixture
async def ids(newsroom: Newsroom) -> dict[str, str]:
    """A story, two of the same event, a near-copy of one, a translation, something else; by external id."""
    followups: dict[str, dict[str, Any]] = {
        "subject": STORY,
        "vote": STORY | {"headline": "Dockers vote on offer", "summary": "Ballots are counted at Cap Selvan tonight."},
        "ships": STORY | {"headline": "Forty ships wait off Cap Selvan", "summary": "The queue reaches the horizon."},
        "ships-again": STORY
        | {"headline": "Forty ships wait off Cap Selvan", "summary": "The queue reaches the horizon."},
        "french": STORY | {"headline": "Les dockers reprennent", "language": "fr", "translation_of": "subject"},
        "british": STORY | {"language": "en-GB", "translation_of": "subject"},
        "tennis": {"headline": "Rain delays final", "section": "sport"},
    }
    return {name: (await newsroom.publish(name, **fields))["id"] for name, fields in followups.items()}


async def test_related_stories_come_with_true_reasons(newsroom: Newsroom, ids: dict[str, str]) -> None:
    response = await newsroom.get(f"/v1/articles/{ids['subject']}/related")

    subject = await newsroom.data(f"/v1/articles/{ids['subject']}")
    said = f"{subject['headline']} {subject['summary']}".lower()
    entries = response.json()["data"]
    assert entries
    assert [entry["score"] for entry in entries] == sorted((entry["score"] for entry in entries), reverse=True)
    for entry in entries:
        reasons = {reason["kind"]: reason["values"] for reason in entry["reasons"]}
        shared = {tag["name"] for tag in subject["tags"]} & {tag["name"] for tag in entry["article"]["tags"]}
        assert set(reasons["tag"]) == shared
        assert all(word.lower() in said for word in reasons.get("words", []))
        assert reasons["time"] == ["published less than a minute apart"]
        assert entry["article"]["links"]["self"] == f"https://api.newsroom.example/v1/articles/{entry['article']['id']}"
    assert response.headers["dateline-seq"] == str(len(ids) + 3)  # each translation refreshes its siblings
    assert response.headers["surrogate-key"].split()[0] == f"article-{ids['subject']}"


async def test_never_itself_nor_its_translations_nor_what_shares_nothing(
    newsroom: Newsroom, ids: dict[str, str]
) -> None:
    shown = await every_id(newsroom, f"/v1/articles/{ids['subject']}/related?limit=50")

    assert shown == {ids["vote"], ids["ships"], ids["ships-again"]}


async def test_near_copies_are_variants(newsroom: Newsroom, ids: dict[str, str]) -> None:
    entries = await newsroom.data(f"/v1/articles/{ids['subject']}/related")

    groups = {entry["article"]["id"]: [one["id"] for one in entry["variants"]] for entry in entries}
    assert groups == {ids["ships-again"]: [ids["ships"]], ids["vote"]: []} or groups == {
        ids["ships"]: [ids["ships-again"]],
        ids["vote"]: [],
    }


async def test_excluded_and_withdrawn_stories_are_not_shown(newsroom: Newsroom, ids: dict[str, str]) -> None:
    path = f"/v1/articles/{ids['subject']}/related"

    without = await every_id(newsroom, f"{path}?exclude={ids['ships'].upper()},{ids['tennis']}")
    await newsroom.withdraw("vote")
    after = await every_id(newsroom, path)

    assert without == {ids["vote"], ids["ships-again"]}
    assert after == {ids["ships"], ids["ships-again"]}


async def test_limit_and_links(newsroom: Newsroom, ids: dict[str, str]) -> None:
    response = await newsroom.get(f"/v1/articles/{ids['subject']}/related?limit=1")

    page = response.json()
    base = f"https://api.newsroom.example/v1/articles/{ids['subject']}"
    assert len(page["data"]) == 1
    assert page["links"] == {"self": f"{base}/related?limit=1", "article": base}
    assert page["meta"] == {"limit": 1}


async def test_article_of_a_language_of_its_own_has_none(newsroom: Newsroom, ids: dict[str, str]) -> None:
    assert await newsroom.data(f"/v1/articles/{ids['french']}/related") == []


async def test_bad_parameters_are_named(newsroom: Newsroom, ids: dict[str, str]) -> None:
    path, many = f"/v1/articles/{ids['subject']}/related", ",".join([ids["vote"]] * 201)
    for query, parameter in {
        "limit=0": "limit",
        "limit=51": "limit",
        "limit=1e1": "limit",
        "exclude=": "exclude",
        "exclude=harbour": "exclude",
        f"exclude={ids['vote']},": "exclude",
        f"exclude={many}": "exclude",
        "tag=x": "tag",
        f"exclude={ids['vote']}&exclude={ids['ships']}": "exclude",
    }.items():
        response = await newsroom.client.get(f"{path}?{query}")
        assert response.status_code == 400, query[:50]
        assert [fault["parameter"] for fault in response.json()["errors"]] == [parameter]


async def every_id(newsroom: Newsroom, path: str) -> set[str]:
    """All that a list of related stories shows, variants too."""
    entries = await newsroom.data(path)
    return {one["id"] for entry in entries for one in (entry["article"], *entry["variants"])}
