from tests.newsroom_client import Newsroom
from tests.test_statements import statements

STRIKE = {
    "headline": "Harbour strike ends",
    "summary": "Dockers & co.",
    "body_text": "The strike of the dockers.",
    "section": "world",
    "tags": [{"name": "Strike"}],
}


async def test_article_is_found_the_moment_it_is_public_and_gone_when_withdrawn(newsroom: Newsroom) -> None:
    await newsroom.put("a", publish=False, **STRIKE)
    assert await newsroom.data("/v1/search?q=strike") == []
    draft = await newsroom.publish("a", **STRIKE)
    (hit,) = await newsroom.data("/v1/search?q=strikes")
    assert hit["id"] == draft["id"]
    assert hit["highlight"] == {
        "headline": "Harbour <mark>strike</mark> ends",
        "summary": "Dockers &amp; co.",
        "body": "The <mark>strike</mark> of the dockers.",
    }
    assert 0 < hit["score"] <= 1

    await newsroom.withdraw("a")
    answer = (await newsroom.get("/v1/search?q=strikes")).json()
    assert (answer["data"], answer["meta"]["total"], answer["meta"]["did_you_mean"]) == ([], 0, None)
    assert answer["meta"]["facets"] == {"section": [], "tag": [], "language": [], "year": []}
    assert await newsroom.data("/v1/search/suggest?q=har") == []


async def test_meta_tells_of_all_hits(newsroom: Newsroom) -> None:
    await newsroom.publish("a", **STRIKE)
    await newsroom.publish("b", headline="Strike in the mine", section="sport")
    meta = (await newsroom.get("/v1/search?q=strike&limit=1")).json()["meta"]
    facets = meta.pop("facets")
    assert meta == {
        "limit": 1,
        "sort": "relevance",
        "total": 2,
        "capped": False,
        "relaxed": False,
        "did_you_mean": None,
        "complete": True,
    }
    assert facets["section"] == [
        {"value": "sport", "name": "Sport", "count": 1},
        {"value": "world", "name": "World", "count": 1},
    ]
    mistyped = (await newsroom.get("/v1/search?q=strkie")).json()["meta"]
    assert mistyped["did_you_mean"] == "strike"


async def test_facet_is_a_filter(newsroom: Newsroom) -> None:
    await newsroom.publish("a", **STRIKE)
    await newsroom.publish("b", headline="Strike in the mine", section="sport")
    assert len(await newsroom.data("/v1/search?q=strike&section=world&tag=strike&language=en")) == 1
    assert len(await newsroom.data("/v1/search?q=strike&section=world,sport")) == 2
    assert await newsroom.data("/v1/search?q=strike&to=2001-01-01") == []


async def test_pages_by_relevance_follow_each_other(newsroom: Newsroom) -> None:
    for n in range(5):
        await newsroom.publish(f"a{n}", headline=f"Strike {'x ' * n}", body_text="y")
    whole = [hit["id"] for hit in await newsroom.data("/v1/search?q=strike")]
    page = (await newsroom.get("/v1/search?q=strike&limit=2")).json()
    found, first = [hit["id"] for hit in page["data"]], page["links"]["self"]
    assert page["links"]["newer"] == first
    await newsroom.publish("late", headline="Strike strike")
    seen = [page["links"]["self"]]
    while page["links"]["older"]:
        response = await newsroom.get(page["links"]["older"])
        page = response.json()
        seen.append(page["links"]["self"])
        found += [hit["id"] for hit in page["data"]]
        assert 'rel="prev"' in response.headers["link"]
    assert found == whole
    back = (await newsroom.get(page["links"]["newer"])).json()
    assert back["links"]["self"] == seen[1]
    assert back["links"]["newer"] == first


async def test_pages_by_date_are_like_those_of_every_list(newsroom: Newsroom) -> None:
    for n in range(5):
        await newsroom.publish(f"a{n}", headline=f"Strike {'x ' * n}", body_text="y")
    listed = [card["id"] for card in await newsroom.data("/v1/articles")]
    page, found = (await newsroom.get("/v1/search?q=strike&sort=date&limit=2")).json(), []
    newer = page["links"]["newer"]
    while True:
        assert all(hit["score"] is None for hit in page["data"])
        found += [hit["id"] for hit in page["data"]]
        if page["links"]["older"] is None:
            break
        page = (await newsroom.get(page["links"]["older"])).json()
    assert found == listed
    assert await newsroom.data(newer) == []
    await newsroom.publish("late", headline="Strike again")
    assert [hit["headline"] for hit in await newsroom.data(newer)] == ["Strike again"]


async def test_cursor_belongs_to_its_order(newsroom: Newsroom) -> None:
    for n in range(3):
        await newsroom.publish(f"a{n}", headline=f"Strike {n}")
    ranked = (await newsroom.get("/v1/search?q=strike&limit=1")).json()["links"]["older"]
    dated = (await newsroom.get("/v1/search?q=strike&limit=1&sort=date")).json()["links"]["older"]
    for wrong in (ranked + "&sort=date", dated.replace("&sort=date", "")):
        response = await newsroom.get(wrong)
        assert (response.status_code, response.json()["type"].rpartition("/")[2]) == (400, "bad-cursor")


async def test_bad_queries_are_told_of(newsroom: Newsroom) -> None:
    for query in ("", "q=", f"q={'x' * 501}", "q=a%00b", "q=%ED%A0%80", "q=x&sort=best", "q=x&limit=101", "q=x&page=2"):
        response = await newsroom.get(f"/v1/search?{query}")
        assert response.status_code == 400, query
    assert (await newsroom.get("/v1/search?q=%22")).status_code == 200


async def test_suggestions_complete_the_last_word(newsroom: Newsroom) -> None:
    await newsroom.publish("a", **STRIKE)
    await newsroom.publish("b", headline="Striking harbour views", language="en")
    await newsroom.publish("c", headline="Grève au port", language="fr")
    said = [one["text"] for one in await newsroom.data("/v1/search/suggest?q=str")]
    assert said == ["strike", "striking"]
    assert [one["text"] for one in await newsroom.data("/v1/search/suggest?q=Ends har")] == ["Ends harbour"]
    assert await newsroom.data("/v1/search/suggest?q=Ends vi") == []
    assert [one["text"] for one in await newsroom.data("/v1/search/suggest?q=gr%C3%A8")] == ["greve"]
    assert await newsroom.data("/v1/search/suggest?q=gre&language=en") == []
    assert await newsroom.data("/v1/search/suggest?q=harbour ") == []
    assert await newsroom.data('/v1/search/suggest?q="%25_') == []
    assert [one["text"] for one in await newsroom.data("/v1/search/suggest?q=har&limit=1")] == ["harbour"]


async def test_answer_is_as_fresh_as_any_list(newsroom: Newsroom) -> None:
    await newsroom.publish("a", **STRIKE)
    response = await newsroom.get("/v1/search?q=strike")
    assert response.headers["dateline-seq"] == "1"
    assert "articles" in response.headers["surrogate-key"].split()
    again = await newsroom.get("/v1/search?q=strike", headers={"If-None-Match": response.headers["etag"]})
    assert again.status_code == 304


async def test_search_takes_as_many_statements_however_much_is_found(newsroom: Newsroom) -> None:
    counted = []
    for n in range(2):
        for m in range(4 + n * 20):
            await newsroom.publish(f"a{n}-{m}", **STRIKE)
        await newsroom.get("/v1/search?q=strike&section=world")
        with statements() as seen:
            await newsroom.get("/v1/search?q=strike&section=world")
        counted.append(len(set(seen)))
        assert not [statement for statement in seen if "drafts" in statement]
    assert counted[0] == counted[1] <= 15
