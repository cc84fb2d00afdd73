"""Related stories over HTTP."""

from typing import Any

import pytest

from app.related.storytelling import keep_up
from tests.newsroom_client import Newsroom
from tests.related.shelf import Shelf

STORY: dict[str, Any] = {"tags": [{"name": "Cap Selvan strike", "kind": "event"}], "section": "economy"}
REASONS = (
    '[{"kind":"tag","values":["Cap Selvan strike"],"shares":null},'
    '{"kind":"words","values":["dockers","grève"],"shares":[0.41,0.2]},'
    '{"kind":"time","values":["published 3 days apart"],"shares":null}]'
)
BASE = "https://api.newsroom.example"


@pytest.fixture
async def ids(newsroom: Newsroom) -> dict[str, str]:
    """A story, two related to it, a near-copy of one of them, its translation, something else; by external id."""
    stories: dict[str, dict[str, Any]] = {
        "subject": STORY,
        "vote": STORY | {"headline": "Dockers vote on offer"},
        "ships": STORY | {"headline": "Forty ships wait off Cap Selvan"},
        "ships-again": STORY | {"headline": "Forty ships wait off Cap Selvan"},
        "french": STORY | {"headline": "Les dockers reprennent", "language": "fr", "translation_of": "subject"},
        "tennis": {"headline": "Rain delays final", "section": "sport"},
    }
    ids = {name: str((await newsroom.publish(name, **fields))["id"]) for name, fields in stories.items()}
    shelf = Shelf(newsroom.app.state.database)
    await shelf.sign(ids["subject"], ids["vote"], ids["ships"])
    await shelf.sign(ids["ships-again"], copies_of=ids["ships"])
    near = (ids["ships"], 0.8312), (ids["ships-again"], 0.8), (ids["vote"], 0.5)
    await shelf.relate(ids["subject"], *near, reasons=REASONS)
    await shelf.relate(ids["vote"], *near[:2], reasons=REASONS)
    await shelf.follow(7)
    return ids


async def test_related_stories_come_with_their_reasons(newsroom: Newsroom, ids: dict[str, str]) -> None:
    response = await newsroom.get(f"/v1/articles/{ids['subject']}/related")

    ships, vote = response.json()["data"]
    assert (ships["article"]["id"], vote["article"]["id"]) == (ids["ships"], ids["vote"])
    assert [one["id"] for one in ships["variants"]] == [ids["ships-again"]]
    assert (ships["score"], ships["fallback"]) == (0.8312, False)
    assert [reason["kind"] for reason in ships["reasons"]] == ["tag", "words", "time"]
    assert ships["reasons"][1] == {"kind": "words", "values": ["dockers", "grève"], "shares": [0.41, 0.2]}
    assert ships["article"]["links"]["self"] == f"{BASE}/v1/articles/{ids['ships']}"
    assert response.headers["dateline-seq"] == str(len(ids) + 1)  # a translation refreshes its original


async def test_answer_names_itself_and_how_far_the_index_is(newsroom: Newsroom, ids: dict[str, str]) -> None:
    response = await newsroom.get(f"/v1/articles/{ids['subject']}/related?limit=1")

    page = response.json()
    base = f"{BASE}/v1/articles/{ids['subject']}"
    assert len(page["data"]) == 1
    assert page["links"] == {"self": f"{base}/related?limit=1", "article": base}
    assert page["meta"] == {"limit": 1, "related_seq": 7}
    keys = f"article-{ids['subject']} related-{ids['subject']} related articles"
    assert response.headers["surrogate-key"] == keys


async def test_excluded_and_withdrawn_stories_are_not_shown(newsroom: Newsroom, ids: dict[str, str]) -> None:
    path = f"/v1/articles/{ids['subject']}/related"

    without = await every_id(newsroom, f"{path}?exclude={ids['ships'].upper()},{ids['tennis']}")
    await newsroom.withdraw("vote")
    after = await every_id(newsroom, path)

    assert without == [ids["ships-again"], ids["vote"]]
    assert after == [ids["ships"], ids["ships-again"]]


async def test_short_list_is_filled_up(newsroom: Newsroom, ids: dict[str, str]) -> None:
    entries = await newsroom.data(f"/v1/articles/{ids['french']}/related")

    assert {entry["article"]["id"] for entry in entries} == {ids["vote"], ids["ships-again"]}
    assert [entry["fallback"] for entry in entries] == [True, True]
    assert entries[0]["reasons"] == [{"kind": "tag", "values": ["Cap Selvan strike"], "shares": None}]
    assert await newsroom.data(f"/v1/articles/{ids['tennis']}/related") == []


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


async def test_lists_of_many_articles(newsroom: Newsroom, ids: dict[str, str]) -> None:
    subject = await newsroom.data(f"/v1/articles/{ids['subject']}")
    asked = f"never-was,{subject['slug']},{ids['vote']}"

    response = await newsroom.get(f"/v1/related?articles={asked}&limit=2")

    page = response.json()
    assert [one["ref"] for one in page["data"]] == [subject["slug"], ids["vote"]]
    assert page["data"][0]["article"] == {name: subject[name] for name in ("id", "slug", "url")}
    lists = [[entry["article"]["id"] for entry in one["related"]] for one in page["data"]]
    assert lists == [[ids["ships"]], []]
    assert page["meta"] == {"limit": 2, "related_seq": 7, "missing": ["never-was"]}
    assert page["links"] == {"self": f"{BASE}/v1/related?articles={asked}&limit=2"}
    keys = [f"{kind}-{ids[name]}" for name in ("subject", "vote") for kind in ("article", "related")]
    assert response.headers["surrogate-key"].split() == [*keys, "related", "articles"]
    assert response.headers["dateline-seq"] == str(len(ids) + 1)


async def test_former_slugs_count_and_withdrawn_articles_are_missing(newsroom: Newsroom, ids: dict[str, str]) -> None:
    before = (await newsroom.data(f"/v1/articles/{ids['subject']}"))["slug"]
    await newsroom.publish("subject", **STORY, slug="after-the-strike")
    await newsroom.withdraw("tennis")

    page = (await newsroom.get(f"/v1/related?articles={before},{ids['tennis']}")).json()

    assert [(one["ref"], one["article"]["slug"]) for one in page["data"]] == [(before, "after-the-strike")]
    assert page["meta"]["missing"] == [ids["tennis"]]
    assert (await newsroom.get("/v1/related?articles=never-was")).json()["data"] == []


async def test_article_asked_for_twice_by_two_names_has_two_lists(newsroom: Newsroom, ids: dict[str, str]) -> None:
    slug = (await newsroom.data(f"/v1/articles/{ids['subject']}"))["slug"]

    data = await newsroom.data(f"/v1/related?articles={slug},{ids['subject']}&limit=1")

    shown = [entry["article"]["id"] for one in data for entry in one["related"]]
    assert [one["article"]["id"] for one in data] == [ids["subject"]] * 2
    assert shown == [ids["ships"], ids["vote"]]


async def test_bad_parameters_of_many_are_named(newsroom: Newsroom, ids: dict[str, str]) -> None:
    vote, many = ids["vote"], ",".join(f"a{n}" for n in range(21))
    for query, parameter in {
        "": "articles",
        "articles=": "articles",
        f"articles={vote},": "articles",
        f"articles={vote},{vote.upper()}": "articles",
        f"articles={many}": "articles",
        f"articles={'a' * 201}": "articles",
        f"articles={vote}&articles={ids['ships']}": "articles",
        f"articles={vote}&limit=0": "limit",
        f"articles={vote}&limit=21": "limit",
        f"articles={vote}&exclude=harbour": "exclude",
    }.items():
        response = await newsroom.client.get(f"/v1/related?{query}")
        assert response.status_code == 400, query[:50]
        assert [fault["parameter"] for fault in response.json()["errors"]] == [parameter]


async def every_id(newsroom: Newsroom, path: str) -> list[str]:
    """All that a list of related stories shows, variants too."""
    entries = await newsroom.data(path)
    return [one["id"] for entry in entries for one in (entry["article"], *entry["variants"])]


async def test_reasons_do_not_quote_what_was_corrected_away(newsroom: Newsroom) -> None:
    texts = [f"Councillor Blackwood resigned over the harbour contract {n}. " * 5 for n in range(2)]
    for n, text in enumerate(texts):
        await newsroom.publish(f"wire-{n}", headline=f"Blackwood resigns, part {n}", body_text=text)
    await keep_up(newsroom.app.state.database)
    path = "/v1/articles/blackwood-resigns-part-0/related"
    assert "blackwood" in str((await newsroom.data(path))[0]["reasons"]).lower()

    # Corrected, and the index has not come by yet.
    for n, text in enumerate(texts):
        changed = text.replace("Blackwood", "Whitfield")
        await newsroom.publish(f"wire-{n}", headline=f"Whitfield resigns, part {n}", body_text=changed)

    (entry,) = await newsroom.data(path)
    assert "blackwood" not in str(entry["reasons"]).lower()
    assert entry["article"]["headline"] == "Whitfield resigns, part 1"

    await keep_up(newsroom.app.state.database)
    (entry,) = await newsroom.data(path)
    assert "whitfield" in str(entry["reasons"]).lower()
