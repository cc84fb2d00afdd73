"""A search as a feed: what `/v1/search?sort=date` finds, in every format, with filters and an archive."""

import pytest

from tests.newsroom_client import Newsroom
from tests.syndication.reading import ids_of, parsed

FORMATS = ("rss", "atom", "json", "ninjs")


@pytest.mark.parametrize("format", FORMATS)
async def test_feed_lists_what_the_search_finds(newsroom: Newsroom, format: str) -> None:
    await newsroom.publish("1", headline="Harbour strike ends", section="World")
    await newsroom.publish("2", headline="Strike at the harbour", section="Economy")
    await newsroom.publish("3", headline="Elections are near")
    for query in ("q=harbour+strike", 'q="harbour+strike"', "q=strike+-ends", "q=strike&section=world", "q=nothing"):
        answer = await newsroom.get(f"/feeds/search/{format}?{query}")
        found = await newsroom.data(f"/v1/search?{query}&sort=date")
        assert answer.status_code == 200, answer.text
        assert ids_of(format, answer) == [hit["id"] for hit in found], query


async def test_feed_of_a_search_goes_on_into_its_archive(newsroom: Newsroom) -> None:
    ids = [(await newsroom.publish(f"a{n}", headline=f"Strike {n}"))["id"] for n in range(7)]
    found, path = [], "/feeds/search/atom?q=strike&limit=3"
    while path:
        answer = await newsroom.get(path)
        assert answer.links["self"]["url"].startswith("https://api.newsroom.example/feeds/search/atom?q=strike&limit=3")
        found += ids_of("atom", answer)
        path = answer.links.get("next", {}).get("url", "")
    assert found == ids[::-1]


async def test_withdrawn_article_leaves_the_search(newsroom: Newsroom) -> None:
    made = await newsroom.publish("1", headline="Harbour strike ends")
    await newsroom.withdraw("1")
    root = parsed(await newsroom.get("/feeds/search/atom?q=strike"))
    assert made["id"] not in "".join(root.itertext())


@pytest.mark.parametrize("query", ["", "q=", "q=%00", f"q={'x' * 501}"])
async def test_search_needs_a_query(newsroom: Newsroom, query: str) -> None:
    answer = await newsroom.get(f"/feeds/search/rss?{query}")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (400, "bad-parameter")


@pytest.mark.parametrize(
    "query", ['"harbour', "AND OR NOT", "NEAR(a b)", "a*b:c^d", "strike%27%3B--", "& | ! <->", "-"]
)
async def test_nothing_in_a_query_is_a_command(newsroom: Newsroom, query: str) -> None:
    await newsroom.publish("1", headline="Harbour strike ends")
    assert (await newsroom.get("/feeds/search/rss", params={"q": query})).status_code == 200
