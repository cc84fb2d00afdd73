"""The lists of sections, tags and contributors: what is in them, in which order, page by page."""

import pytest

from app.db import Database
from app.taxonomy.store import Vocabulary, list_names
from tests.articles.archive import Archive
from tests.newsroom_client import Newsroom

NAMES = [
    "Œuvre",
    "zebra",
    "Éclair",
    "مصر",
    "لبنان",
    "القاهرة",
    "Ölpreis",
    "a-b",
    "ab",
    "ab1",
    "A1",
    "Ελλάδα",
    "北京",
    "🗞 Press",
]


async def pages(database: Database, vocabulary: Vocabulary, *, limit: int, kind: str | None = None) -> list[list[str]]:
    """The slugs of every page."""
    found, after = [], ""
    while True:
        page = await database.read(list_names, vocabulary, after=after, kind=kind, limit=limit)
        found.append([entry.slug for entry in page.entries])
        if page.is_last:
            return found
        after = page.entries[-1].slug


@pytest.mark.parametrize("limit", [1, 2, 5, 100])
async def test_names_of_every_alphabet_are_paged_in_code_point_order(database: Database, limit: int) -> None:
    await Archive(database).publish(tags=tuple(NAMES), by=tuple(NAMES))
    for vocabulary in ("tags", "contributors"):
        found = await pages(database, vocabulary, limit=limit)

        slugs = [slug for page in found for slug in page]
        assert len(set(slugs)) == len(NAMES)
        assert slugs == sorted(slugs)
        assert all(len(page) == limit for page in found[:-1])
        assert found[-1]


async def test_nothing_public_is_an_empty_page(newsroom: Newsroom) -> None:
    await newsroom.put("draft", publish=False, section="world", tags=[{"name": "Oil"}], contributors=[{"name": "Ines"}])
    for vocabulary in ("sections", "tags", "contributors"):
        response = await newsroom.get(f"/v1/{vocabulary}")

        assert response.json() == {
            "data": [],
            "links": {"self": f"https://api.newsroom.example/v1/{vocabulary}", "next": None},
            "meta": {"limit": 100},
        }
        assert response.headers["dateline-seq"] == "0"


async def test_lists_count_what_is_public(newsroom: Newsroom) -> None:
    oil, gaza = {"name": "Oil"}, {"name": "Gaza", "kind": "place"}
    await newsroom.publish("one", section="World news", tags=[oil, gaza], contributors=[{"name": "Inès Caradec"}])
    await newsroom.publish("two", section="World news", tags=[oil])
    await newsroom.publish("three", section="Sport", tags=[gaza])
    await newsroom.withdraw("three")

    sections = await newsroom.get("/v1/sections")
    tags = await newsroom.data("/v1/tags")
    contributors = await newsroom.data("/v1/contributors")

    links = {"articles": "https://api.newsroom.example/v1/articles?section=world-news"}
    assert sections.json()["data"] == [{"slug": "world-news", "name": "World news", "article_count": 2, "links": links}]
    assert [(tag["slug"], tag["kind"], tag["article_count"]) for tag in tags] == [
        ("gaza", "place", 1),
        ("oil", "topic", 2),
    ]
    assert [(who["slug"], who["name"], who["article_count"]) for who in contributors] == [
        ("ines-caradec", "Inès Caradec", 1)
    ]
    assert sections.headers["dateline-seq"] == "4"
    assert sections.headers["surrogate-key"] == "sections"
    for entry in (*sections.json()["data"], *tags, *contributors):
        assert len(await newsroom.data(entry["links"]["articles"])) == entry["article_count"]


async def test_tags_are_narrowed_to_a_kind(newsroom: Newsroom) -> None:
    kinds = ("topic", "person", "place", "organisation", "event")
    await newsroom.publish("one", tags=[{"name": f"{kind} {n}", "kind": kind} for kind in kinds for n in (1, 2, 3)])

    for kind in kinds:
        first = (await newsroom.get(f"/v1/tags?kind={kind}&limit=2")).json()
        second = (await newsroom.get(first["links"]["next"])).json()
        assert [tag["slug"] for tag in first["data"] + second["data"]] == [f"{kind}-{n}" for n in (1, 2, 3)]
        assert second["links"]["next"] is None


async def test_link_field_leads_to_the_next_page(newsroom: Newsroom) -> None:
    await newsroom.publish("one", tags=[{"name": "مصر"}, {"name": "لبنان"}])

    response = await newsroom.get("/v1/tags?limit=1")

    assert response.headers["link"] == f'<{response.json()["links"]["next"]}>; rel="next"'
    last = await newsroom.get(response.json()["links"]["next"])
    assert "link" not in last.headers
    assert {response.json()["data"][0]["name"], last.json()["data"][0]["name"]} == {"مصر", "لبنان"}


async def test_bad_parameters_are_named(newsroom: Newsroom) -> None:
    for path, parameter in {
        "/v1/tags?kind=thing": "kind",
        "/v1/sections?kind=topic": "kind",
        "/v1/tags?limit=501": "limit",
        "/v1/contributors?limit=0": "limit",
        "/v1/sections?cursor=x": "cursor",
        f"/v1/tags?after={'x' * 201}": "after",
        "/v1/tags?after=%00": "after",
        "/v1/tags?after=a&after=b": "after",
    }.items():
        response = await newsroom.get(path)
        assert response.status_code == 400, path
        assert [fault["parameter"] for fault in response.json()["errors"]] == [parameter]
    for after in ("%F0%9F%97%9E", "'--", "%25", "zzzz"):
        assert (await newsroom.get(f"/v1/tags?after={after}")).status_code == 200
