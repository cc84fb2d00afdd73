"""The timeline over HTTP: local times, days, both directions, the probe, and what its links keep."""

from urllib.parse import parse_qs, urlsplit

from tests.articles.archive import Archive
from tests.newsroom_client import Newsroom

API = "https://api.newsroom.example"


async def fill(newsroom: Newsroom, *hours: int) -> None:
    for hour in hours:
        await newsroom.publish(f"at-{hour}", headline=f"At {hour}", published_at=f"2025-05-18T{hour:02}:00:00Z")


def headlines(page: dict[str, object]) -> list[str]:
    return [card["headline"] for card in page["data"]]  # type: ignore[attr-defined]


async def test_page_has_local_times_and_its_own_days(newsroom: Newsroom) -> None:
    await fill(newsroom, 10, 14, 15, 16)

    response = await newsroom.get("/v1/timeline?limit=3&tz=Asia/Tokyo")

    page = response.json()
    assert [card["local"] for card in page["data"]] == [
        {"date": "2025-05-19", "time": "01:00", "offset": "+09:00"},
        {"date": "2025-05-19", "time": "00:00", "offset": "+09:00"},
        {"date": "2025-05-18", "time": "23:00", "offset": "+09:00"},
    ]
    days = [{"date": "2025-05-19", "count": 2}, {"date": "2025-05-18", "count": 1}]
    rest = {"as_of": None, "withdrawn": 0, "collapsed": None}
    assert page["meta"] == {"limit": 3, "tz": "Asia/Tokyo", "days": days} | rest
    assert response.headers["dateline-seq"] == "4"


async def test_links_keep_what_was_asked_and_are_link_fields_too(newsroom: Newsroom) -> None:
    await newsroom.publish("arabic", tags=[{"name": "مصر"}])
    await newsroom.publish("other", tags=[{"name": "مصر"}])

    response = await newsroom.get("/v1/timeline?tag=%D9%85%D8%B5%D8%B1,oil&tz=Asia/Kathmandu&limit=1&from=2020-01-01")

    links = response.json()["links"]
    assert links["self"] == str(response.request.url)
    for name, relation in (("older", "next"), ("newer", "prev")):
        asked = parse_qs(urlsplit(links[name]).query)
        assert asked.pop("cursor")
        assert asked == {"tag": ["مصر,oil"], "tz": ["Asia/Kathmandu"], "limit": ["1"], "from": ["2020-01-01"]}
        assert f'<{links[name]}>; rel="{relation}"' in response.headers["link"]
    assert (await newsroom.get(links["older"])).json()["links"]["older"] is None


async def test_walk_by_links_in_both_directions(newsroom: Newsroom) -> None:
    await fill(newsroom, *range(1, 8))

    url, shown = f"{API}/v1/timeline?limit=3", []
    while url is not None:
        page = (await newsroom.get(url)).json()
        shown += headlines(page)
        last, url = page, page["links"]["older"]
    assert shown == [f"At {hour}" for hour in range(7, 0, -1)]
    assert 'rel="next"' not in (await newsroom.get(last["links"]["self"])).headers["link"]

    second = (await newsroom.get(last["links"]["newer"])).json()
    first = (await newsroom.get(second["links"]["newer"])).json()
    nothing = (await newsroom.get(first["links"]["newer"])).json()
    assert headlines(second) == ["At 4", "At 3", "At 2"]
    assert headlines(first) == ["At 7", "At 6", "At 5"]
    assert (nothing["data"], nothing["meta"]["days"]) == ([], [])
    assert headlines((await newsroom.get(nothing["links"]["older"])).json()) == ["At 7", "At 6", "At 5"]

    await fill(newsroom, 9)
    assert headlines((await newsroom.get(nothing["links"]["newer"])).json()) == ["At 9"]


async def test_empty_timeline_can_be_polled(newsroom: Newsroom) -> None:
    empty = (await newsroom.get("/v1/timeline?section=world")).json()
    assert (empty["data"], empty["links"]["older"]) == ([], None)

    await newsroom.publish("elsewhere", section="sport")
    await newsroom.publish("here", section="world", headline="Here")

    assert headlines((await newsroom.get(empty["links"]["newer"])).json()) == ["Here"]


async def test_probe_counts_and_leads_to_what_it_counted(newsroom: Newsroom) -> None:
    await fill(newsroom, 1)
    page = (await newsroom.get("/v1/timeline")).json()
    cursor = parse_qs(urlsplit(page["links"]["newer"]).query)["cursor"][0]
    await newsroom.publish("two", headline="Two", breaking=True, language="fr")
    await newsroom.publish("three", headline="Three")

    response = await newsroom.get(f"/v1/timeline/new?after={cursor}")
    narrowed = (await newsroom.get(f"/v1/timeline/new?after={cursor}&language=en")).json()

    probe = response.json()
    assert probe["data"] == {"count": 2, "breaking": 1, "more": False}
    assert headlines((await newsroom.get(probe["links"]["newer"])).json()) == ["Three", "Two"]
    assert narrowed["data"] == {"count": 1, "breaking": 0, "more": False}
    assert headlines((await newsroom.get(narrowed["links"]["newer"])).json()) == ["Three"]
    assert response.headers["dateline-seq"] == "3"
    unchanged = await newsroom.get(
        f"/v1/timeline/new?after={cursor}", headers={"If-None-Match": response.headers["etag"]}
    )
    assert unchanged.status_code == 304


async def test_probe_counts_to_a_hundred(newsroom: Newsroom) -> None:
    await fill(newsroom, 1)
    page = (await newsroom.get("/v1/timeline")).json()
    probe = f"/v1/timeline/new?after={parse_qs(urlsplit(page['links']['newer']).query)['cursor'][0]}"
    archive = Archive(newsroom.app.state.database)

    await archive.publish_all([{"breaking": n % 2 == 0} for n in range(100)])
    assert await newsroom.data(probe) == {"count": 100, "breaking": 50, "more": False}

    await archive.publish(breaking=True)
    assert await newsroom.data(probe) == {"count": 100, "breaking": 50, "more": True}


async def test_probe_takes_every_cursor_of_a_page(newsroom: Newsroom) -> None:
    await fill(newsroom, 1, 2, 3)
    page = (await newsroom.get("/v1/timeline?limit=2")).json()

    older = parse_qs(urlsplit(page["links"]["older"]).query)["cursor"][0]

    assert (await newsroom.data(f"/v1/timeline/new?after={older}"))["count"] == 1


async def test_default_zone_is_the_services_own(newsroom: Newsroom) -> None:
    await fill(newsroom, 1)

    page = (await newsroom.get("/v1/timeline")).json()

    assert page["meta"]["tz"] == "UTC"
    assert page["data"][0]["local"]["offset"] == "+00:00"


async def test_edits_do_not_move_articles(newsroom: Newsroom) -> None:
    await fill(newsroom, 1, 2, 3)
    await newsroom.publish("at-1", headline="At 1, again", published_at="2025-05-18T23:00:00Z")

    assert headlines((await newsroom.get("/v1/timeline")).json()) == ["At 3", "At 2", "At 1, again"]
