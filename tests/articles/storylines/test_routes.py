"""Storylines over HTTP, as readers meet them: in lists, whole, in articles, and in the log."""

from collections.abc import Awaitable, Callable
from typing import Any
from unicodedata import normalize
from urllib.parse import quote
from uuid import UUID

from app.articles.storylines import verbs
from app.core.clock import utc_now
from tests.newsroom_client import Newsroom

API = "https://api.newsroom.example"


async def publish(newsroom: Newsroom, *names: str, **fields: Any) -> list[UUID]:
    """Articles called by their external ids."""
    return [UUID((await newsroom.publish(name, **({"headline": name} | fields)))["id"]) for name in names]


async def do(newsroom: Newsroom, verb: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """What the follower of the log or the newsroom makes of storylines."""
    write: Callable[..., Awaitable[Any]] = newsroom.app.state.database.write
    return await write(verb, *arguments, now=utc_now(), **options)


async def test_articles_show_their_storyline(newsroom: Newsroom) -> None:
    ids = await publish(newsroom, "Docks shut", 'Talks "fail" \\ again', "Elsewhere")
    id = await do(newsroom, verbs.found, ids[:2])

    shown = {"id": str(id), "slug": "docks-shut", "title": "Docks shut"}
    for view in ("document", "card"):
        assert (await newsroom.data(f"/v1/articles/{ids[1]}?view={view}"))["storyline"] == shown
        assert (await newsroom.data(f"/v1/articles/{ids[2]}?view={view}"))["storyline"] is None
    assert [card["storyline"] for card in await newsroom.data("/v1/timeline")] == [None, shown, shown]


async def test_developing_storylines_are_listed_by_their_newest_article(newsroom: Newsroom) -> None:
    ids = await publish(newsroom, *(f"Report {n}" for n in range(6)))
    first, second, third = [await do(newsroom, verbs.found, [ids[n], ids[n + 3]]) for n in range(3)]

    listed = await newsroom.data("/v1/storylines")
    assert [entry["id"] for entry in listed] == [str(third), str(second), str(first)]
    entry, newest = listed[0], await newsroom.data(f"/v1/articles/{ids[5]}?view=card")
    assert entry["latest"] == newest
    assert (entry["title"], entry["slug"], entry["article_count"]) == ("Report 2", "report-2", 2)
    assert entry["last_published_at"] == newest["published_at"] > entry["first_published_at"]
    assert entry["links"] == {
        "self": f"{API}/v1/storylines/{third}",
        "articles": f"{API}/v1/articles?storyline={third}",
    }
    assert len(await newsroom.data(entry["links"]["articles"])) == 2


async def test_list_of_storylines_pages_both_ways(newsroom: Newsroom) -> None:
    ids = await publish(newsroom, *(f"Report {n}" for n in range(5)))
    storylines = [str(await do(newsroom, verbs.found, [id])) for id in ids][::-1]

    page = (await newsroom.get("/v1/storylines?limit=2")).json()
    latest, seen = page["links"]["newer"], [entry["id"] for entry in page["data"]]
    while page["links"]["older"]:
        page = (await newsroom.get(page["links"]["older"])).json()
        seen += [entry["id"] for entry in page["data"]]
    assert seen == storylines
    back = (await newsroom.get(page["links"]["newer"])).json()
    assert [entry["id"] for entry in back["data"]] == storylines[2:4]
    assert [entry["id"] for entry in (await newsroom.get(back["links"]["older"])).json()["data"]] == storylines[4:]

    assert (await newsroom.get(latest)).json()["data"] == []
    (more,) = await publish(newsroom, "More")
    await do(newsroom, verbs.join, UUID(storylines[-1]), [more])
    assert [entry["id"] for entry in (await newsroom.get(latest)).json()["data"]] == [storylines[-1]]


async def test_storyline_has_its_articles_in_order(newsroom: Newsroom) -> None:
    ids = await publish(newsroom, "A", "B", "C")
    (old,) = await publish(newsroom, "Before", published_at="2020-01-01T00:00:00Z")
    id = await do(newsroom, verbs.found, [*ids, old])

    response = await newsroom.get(f"/v1/storylines/{id}")
    whole = response.json()["data"]
    assert [card["headline"] for card in whole["articles"]] == ["Before", "A", "B", "C"]
    assert whole["latest"] == whole["articles"][-1]
    assert response.headers["surrogate-key"].split() == [f"storyline-{id}", "articles"]
    assert response.headers["dateline-seq"] == "9"
    listed = (await newsroom.data("/v1/storylines"))[0]
    assert whole == listed | {"articles": whole["articles"]}
    assert (await newsroom.get("/v1/storylines/before")).json()["data"] == whole

    page = (await newsroom.get("/v1/storylines/before?limit=3")).json()
    assert [card["headline"] for card in page["data"]["articles"]] == ["Before", "A", "B"]
    assert page["links"]["older"] is None
    following = (await newsroom.get(page["links"]["newer"])).json()
    assert [card["headline"] for card in following["data"]["articles"]] == ["C"]
    back = (await newsroom.get(following["links"]["older"])).json()
    assert [card["headline"] for card in back["data"]["articles"]] == ["Before", "A", "B"]


async def test_storyline_answers_conditionally_and_to_head(newsroom: Newsroom) -> None:
    ids = await publish(newsroom, "A", "B")
    id = await do(newsroom, verbs.found, ids)
    for path in ("/v1/storylines", f"/v1/storylines/{id}"):
        response = await newsroom.get(path)
        again = await newsroom.get(path, headers={"If-None-Match": response.headers["etag"]})
        assert again.status_code == 304
        head = await newsroom.client.head(path)
        assert (head.status_code, head.headers["etag"]) == (200, response.headers["etag"])
        assert (await newsroom.get(f"{path}?min_seq=5")).status_code == 200


async def test_former_names_lead_to_the_present_one(newsroom: Newsroom) -> None:
    one, other = await publish(newsroom, "Docks shut", "Talks fail")
    id, merged = await do(newsroom, verbs.found, [one]), await do(newsroom, verbs.found, [other])
    await do(newsroom, verbs.merge, [merged], id)
    await do(newsroom, verbs.retitle, id, "The great strike")

    for name in ("docks-shut", "talks-fail", str(merged)):
        response = await newsroom.get(f"/v1/storylines/{name}?limit=5", follow_redirects=False)
        assert response.status_code == 308
        assert response.headers["location"] == f"{API}/v1/storylines/the-great-strike?limit=5"
    for name in (str(id), str(id).upper(), "the-great-strike"):
        assert (await newsroom.get(f"/v1/storylines/{name}")).status_code == 200
    for name in ("unheard", "019a9c5e-8a3c-7c41-9d5e-2f6b7a1c0e11"):
        assert (await newsroom.get(f"/v1/storylines/{name}")).json()["type"] == f"{API}/problems/storyline-not-found"


async def test_storyline_without_articles_is_gone(newsroom: Newsroom) -> None:
    (one,) = await publish(newsroom, "Docks shut")
    id = await do(newsroom, verbs.found, [one])
    await newsroom.withdraw("Docks shut")

    assert await newsroom.data("/v1/storylines") == []
    for name in (str(id), "docks-shut"):
        assert (await newsroom.get(f"/v1/storylines/{name}")).status_code == 404
        assert await newsroom.data(f"/v1/articles?storyline={name}") == []


async def test_article_includes_its_storyline(newsroom: Newsroom) -> None:
    ids = await publish(newsroom, "A", "B", "C")
    id = await do(newsroom, verbs.found, ids[:2])

    included = (await newsroom.get(f"/v1/articles/{ids[0]}?include=storyline&view=card")).json()["included"]
    assert included == {"storyline": await newsroom.data(f"/v1/storylines/{id}")}
    alone = (await newsroom.get(f"/v1/articles/{ids[2]}?include=storyline")).json()["included"]
    assert alone == {"storyline": None}


async def test_list_says_for_how_many_a_card_stands(newsroom: Newsroom) -> None:
    ids = await publish(newsroom, "A", "B", "C", "D")
    id = await do(newsroom, verbs.found, ids[:3])

    for path in ("/v1/articles", "/v1/timeline"):
        page = (await newsroom.get(f"{path}?collapse=storyline")).json()
        assert [card["headline"] for card in page["data"]] == ["D", "C"]
        assert page["meta"]["collapsed"] == [{"article_id": str(ids[2]), "storyline_id": str(id), "count": 2}]
        assert (await newsroom.get(path)).json()["meta"]["collapsed"] is None
        assert (await newsroom.get(f"{path}?collapse=events")).status_code == 400
        assert [card["headline"] for card in await newsroom.data(f"{path}?storyline=a")] == ["C", "B", "A"]
    for query in ("collapse=storyline", "storyline=a"):
        response = await newsroom.get(f"/v1/timeline?{query}&as_of=2020-01-01T00:00:00Z")
        assert [fault["parameter"] for fault in response.json()["errors"]] == [query.partition("=")[0]]


async def test_log_tells_of_storylines(newsroom: Newsroom) -> None:
    ids = await publish(newsroom, "A", "B")
    id = await do(newsroom, verbs.found, ids)
    ref = {"id": str(id), "slug": "a", "title": "A"}

    def told(changes: Any) -> list[tuple[str, str | None, Any]]:
        return [(line["kind"], line["storyline_id"], line["storyline"]) for line in changes]

    changes = await newsroom.data("/v1/changes?after=2")
    refreshed, updated = ("article.refreshed", None, None), ("storyline.updated", str(id), ref)
    assert sorted(told(changes)) == [refreshed, refreshed, updated]
    (line,) = [line for line in changes if line["storyline"]]
    assert line["article_id"] == str(ids[1])
    assert line["article"]["storyline"] == ref

    await newsroom.withdraw("A")
    await newsroom.withdraw("B")
    gone = [line for line in await newsroom.data("/v1/changes?after=2") if line["kind"] == "storyline.updated"]
    assert told(gone) == [("storyline.updated", str(id), None)] * 3


async def test_filtered_log_hears_who_comes_and_who_leaves(newsroom: Newsroom) -> None:
    a, b, c = await publish(newsroom, "A", "B", "C")
    id = await do(newsroom, verbs.found, [a, b])
    await do(newsroom, verbs.join, id, [c])
    await newsroom.publish("C", headline="C again")
    await do(newsroom, verbs.leave, [c])
    await newsroom.publish("C", headline="C elsewhere")

    for name in (str(id), "a", f"unheard,{id}"):
        heard = await newsroom.data(f"/v1/changes?storyline={name}&after=6")
        kinds = [line["kind"] for line in heard if line["article_id"] == str(c)]
        moved = ["storyline.updated", "article.refreshed"]
        assert kinds == [*moved, "article.updated", *moved]
    assert await newsroom.data("/v1/changes?storyline=unheard") == []


async def test_earlier_versions_are_told_with_the_present_storyline(newsroom: Newsroom) -> None:
    a, b = await publish(newsroom, "A", "B")
    id = await do(newsroom, verbs.found, [a, b])
    await newsroom.publish("B", headline="B again")

    assert (await newsroom.data(f"/v1/articles/{b}/versions/1"))["storyline"]["id"] == str(id)
    then = (await newsroom.data(f"/v1/articles/{b}/versions"))[-1]["at"]
    for view in ("document", "card"):
        told = await newsroom.data(f"/v1/articles/{b}?view={view}&as_of={then}")
        assert (told["headline"], told["storyline"]["title"]) == ("B", "A")
    now = (await newsroom.data("/v1/changes"))[-1]["at"]
    assert [card["storyline"] for card in await newsroom.data(f"/v1/timeline?as_of={now}")] == [None, None]


async def test_storyline_is_found_in_every_alphabet(newsroom: Newsroom) -> None:
    (one,) = await publish(newsroom, "Straße nach Ærø")
    id = await do(newsroom, verbs.found, [one])
    for title, slug in (
        ("إعادة فتح الميناء", "إعادة-فتح-الميناء"),
        ("Ουκρανία", "ουκρανία"),
        ("ウクライナ", "ウクライナ"),
        ("🚢", "storyline"),
    ):
        await do(newsroom, verbs.retitle, id, title)
        data = await newsroom.data(f"/v1/storylines/{quote(normalize('NFD', slug))}")
        assert (data["title"], data["slug"]) == (title, slug)
        assert [card["id"] for card in await newsroom.data(f"/v1/articles?storyline={quote(slug)}")] == [str(one)]
        moved = await newsroom.get("/v1/storylines/strasse-nach-aero", follow_redirects=False)
        assert moved.headers["location"] == f"{API}/v1/storylines/{quote(slug)}"
        (line,) = (await newsroom.data("/v1/changes"))[-2:-1]
        assert line["storyline"] == {"id": str(id), "slug": slug, "title": title}
