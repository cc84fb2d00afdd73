"""An article with what stands around it: every combination of include, view and fields, and what is refused."""

from itertools import product
from typing import Any

import pytest

from app.articles.schemas import ArticleOut, CardOut
from tests.newsroom_client import Newsroom

DOCUMENT, CARD = set(ArticleOut.model_fields), set(CardOut.model_fields)


@pytest.fixture
async def id(newsroom: Newsroom) -> str:
    """One of three English articles about the same, with a French one beside them."""
    tags = [{"name": "Cap Selvan strike"}]
    for name, language in {"one": "en", "two": "en-GB", "three": "fr"}.items():
        await newsroom.publish(name, headline=f"Dockers strike, part {name}", language=language, tags=tags)
    draft = await newsroom.publish(
        "subject", headline="Dockers strike “ends”, \\/v1/ says", tags=tags, body_text="One.\n\nTwo."
    )
    return str(draft["id"])


async def answer(newsroom: Newsroom, id: str, query: str = "") -> dict[str, Any]:
    response = await newsroom.get(f"/v1/articles/{id}?{query}")
    assert response.status_code == 200, response.text
    return response.json()  # type: ignore[no-any-return]


async def test_document_has_every_field_and_no_included(newsroom: Newsroom, id: str) -> None:
    page = await answer(newsroom, id)

    assert page.keys() == {"data"}
    assert page["data"].keys() == DOCUMENT
    assert page["data"]["headline"] == "Dockers strike “ends”, \\/v1/ says"
    base = f"https://api.newsroom.example/v1/articles/{id}"
    site = f"https://www.newsroom.example/{page['data']['slug']}"
    assert page["data"]["url"] == site
    assert page["data"]["links"] == {
        "self": base,
        "related": f"{base}/related",
        "versions": f"{base}/versions",
        "jsonld": f"{base}.jsonld",
        "canonical": site,
    }


async def test_every_combination_of_parts(newsroom: Newsroom, id: str) -> None:
    whole = await answer(newsroom, id)
    includes = ("", "related", "timeline", "related,timeline", "timeline,related,related")
    fields = ("", "headline", "id", "links,headline", "tags,section,image")
    for include, view, chosen in product(includes, ("", "document", "card"), fields):
        query = "&".join(
            f"{name}={value}" for name, value in (("include", include), ("view", view), ("fields", chosen)) if value
        )
        page = await answer(newsroom, id, query)

        expected = set(chosen.split(",")) | {"id"} if chosen else CARD if view == "card" else DOCUMENT
        assert page["data"].keys() == expected, query
        assert page.get("included", {}).keys() == set(include.split(",")) - {""}, query
        for name in expected - {"links"}:
            assert page["data"][name] == whole["data"][name], query


async def test_fields_stay_in_their_order(newsroom: Newsroom, id: str) -> None:
    assert list((await answer(newsroom, id, "fields=links,url,headline"))["data"]) == ["id", "url", "headline", "links"]


async def test_included_parts_are_what_their_own_addresses_give(newsroom: Newsroom, id: str) -> None:
    page = await answer(newsroom, id, "include=related,timeline&tz=Asia/Kathmandu")

    assert page["included"]["related"] == await newsroom.data(f"/v1/articles/{id}/related")
    assert page["included"]["timeline"] == await newsroom.data("/v1/timeline?language=en&tz=Asia/Kathmandu")
    assert page["included"]["related"]
    assert [card["headline"][-3:] for card in page["included"]["timeline"][1:]] == ["two", "one"]
    assert page["included"]["timeline"][0]["local"]["offset"] == "+05:45"


async def test_included_timeline_is_of_the_language_whatever_its_region(newsroom: Newsroom, id: str) -> None:
    two = next(card for card in await newsroom.data("/v1/articles") if card["language"] == "en-GB")

    page = await answer(newsroom, two["slug"], "include=timeline")

    assert len(page["included"]["timeline"]) == 3


async def test_lone_article_has_empty_parts_and_its_own_timeline(newsroom: Newsroom) -> None:
    id = (await newsroom.publish("one", language="ar"))["id"]

    page = await answer(newsroom, id, "include=related,timeline")

    assert page["included"]["related"] == []
    assert [card["id"] for card in page["included"]["timeline"]] == [id]


async def test_timeline_part_has_twenty_at_most(newsroom: Newsroom) -> None:
    for n in range(22):
        id = (await newsroom.publish(f"a{n}", headline=f"Report {n}"))["id"]

    page = await answer(newsroom, id, "include=timeline,related")

    assert len(page["included"]["timeline"]) == 20
    assert len(page["included"]["related"]) <= 5


async def test_etag_covers_every_byte(newsroom: Newsroom, id: str) -> None:
    queries = (
        "",
        "view=card",
        "fields=headline",
        "include=timeline",
        "include=timeline&tz=Asia/Tokyo",
        "include=related",
    )
    seen = {(await newsroom.get(f"/v1/articles/{id}?{query}")).headers["etag"] for query in queries}

    assert len(seen) == len(queries)


async def test_surrogate_keys_name_what_is_shown(newsroom: Newsroom, id: str) -> None:
    alone = await newsroom.get(f"/v1/articles/{id}")
    surrounded = await newsroom.get(f"/v1/articles/{id}?include=timeline")

    assert alone.headers["surrogate-key"] == alone.headers["cache-tag"] == f"article-{id}"
    assert surrounded.headers["surrogate-key"] == f"article-{id} articles"
    assert surrounded.headers["cache-tag"] == f"article-{id},articles"


async def test_bad_parameters_are_named(newsroom: Newsroom, id: str) -> None:
    for query, parameter in {
        "include=storylines": "include",
        "include=related,": "include",
        "include=": "include",
        "include=related&include=timeline": "include",
        "view=short": "view",
        "view=": "view",
        "fields=": "fields",
        "fields=headlines": "fields",
        "fields=body&view=card": "fields",
        "fields=a" + "b" * 500: "fields",
        "tz=Moon": "tz",
        "limit=5": "limit",
        "Include=related": "Include",
    }.items():
        response = await newsroom.get(f"/v1/articles/{id}?{query}")
        assert response.status_code == 400, query
        assert [fault["parameter"] for fault in response.json()["errors"]] == [parameter]


async def test_withdrawal_takes_an_article_from_every_part(newsroom: Newsroom, id: str) -> None:
    await newsroom.withdraw("one")

    page = await answer(newsroom, id, "include=related,timeline")

    assert "part one" not in str(page)
    assert "part two" in str(page)
