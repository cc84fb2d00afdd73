from typing import Any
from urllib.parse import urlencode

from tests.newsroom_client import Newsroom
from tests.test_statements import statements

OLD = "https://old.newsroom.example/story.php?id=17"
FACTS = ("status", "matched", "id")


async def resolved(newsroom: Newsroom, *names: str) -> list[dict[str, Any]]:
    query = urlencode([("q", name) for name in names])
    found: list[dict[str, Any]] = await newsroom.data(f"/v1/resolve?{query}")
    assert [one["q"] for one in found] == list(names)
    return found


async def told(newsroom: Newsroom, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(one[fact] for fact in FACTS) for one in await resolved(newsroom, *names)]


async def test_every_name_of_an_article_leads_to_it(newsroom: Newsroom) -> None:
    await newsroom.publish("wire:1", slug="first", legacy_urls=[OLD])
    draft = await newsroom.publish("wire:1", slug="second", legacy_urls=[OLD])
    id = draft["id"]
    assert await told(
        newsroom,
        id,
        f"urn:uuid:{id}",
        "second",
        "https://www.newsroom.example/second",
        f"https://api.newsroom.example/v1/articles/{id}",
        "first",
        "http://newsroom.example/first/",
        "wire:1",
        "http://www.old.newsroom.example/story.php?id=17&utm_source=mail",
    ) == [
        (200, "id", id),
        (200, "id", id),
        (200, "slug", id),
        (200, "slug", id),
        (200, "id", id),
        (308, "alias", id),
        (308, "alias", id),
        (200, "external_id", id),
        (308, "legacy_url", id),
    ]


async def test_entry_says_where_the_article_is(newsroom: Newsroom) -> None:
    await newsroom.publish("a", slug="old")
    await newsroom.publish("a", slug="new")
    (entry,) = await resolved(newsroom, "old")
    card = (await newsroom.data("/v1/articles"))[0]
    assert entry == {
        "q": "old",
        "status": 308,
        "matched": "alias",
        "id": card["id"],
        "slug": "new",
        "url": "https://www.newsroom.example/new",
        "location": "https://api.newsroom.example/v1/articles/new",
        "article": card,
        "reason": None,
        "text": None,
        "withdrawn_at": None,
    }
    moved = await newsroom.get("/v1/articles/old")
    assert (moved.status_code, moved.headers["location"]) == (308, entry["location"])


async def test_withdrawn_article_is_told_by_all_its_names(newsroom: Newsroom) -> None:
    await newsroom.publish("a", slug="old", legacy_urls=[OLD])
    draft = await newsroom.publish("a", slug="new", legacy_urls=[OLD])
    await newsroom.withdraw("a", text="The figures were wrong.")
    gone = (await newsroom.get("/v1/articles/new")).json()
    for entry in await resolved(newsroom, draft["id"], "new", "old", "a", OLD):
        assert entry["status"] == 410
        assert entry["id"] == draft["id"]
        for fact in ("reason", "text", "withdrawn_at"):
            assert entry[fact] == gone[fact]
        assert [entry[name] for name in ("slug", "url", "location", "article")] == [None] * 4


async def test_draft_has_no_name(newsroom: Newsroom) -> None:
    await newsroom.put("a", publish=False, slug="secret", legacy_urls=[OLD])
    draft = (await newsroom.send("GET", "/v1/newsroom/articles/a")).json()["data"]
    names = (draft["id"], "secret", "a", OLD)
    assert await told(newsroom, *names) == [(404, None, None)] * len(names)


async def test_what_is_public_comes_before_what_was_withdrawn(newsroom: Newsroom) -> None:
    await newsroom.publish("first", slug="same")
    await newsroom.withdraw("first")
    other = await newsroom.publish("same", slug="other")
    assert await told(newsroom, "same") == [(200, "external_id", other["id"])]


async def test_present_slug_comes_before_an_external_id(newsroom: Newsroom) -> None:
    named = await newsroom.publish("a", slug="b")
    await newsroom.publish("b", slug="c")
    assert await told(newsroom, "b") == [(200, "slug", named["id"])]


async def test_names_are_answered_in_their_order_repeated_ones_too(newsroom: Newsroom) -> None:
    draft = await newsroom.publish("a", slug="here")
    found = await told(newsroom, "nobody", "here", "here", "مرفأ")
    assert found == [(404, None, None), (200, "slug", draft["id"]), (200, "slug", draft["id"]), (404, None, None)]
    meta = (await newsroom.get("/v1/resolve?q=nobody&q=here")).json()["meta"]
    assert meta == {"found": 1, "withdrawn": 0, "unknown": 1}


async def test_a_hundred_names_take_four_statements(newsroom: Newsroom) -> None:
    await newsroom.publish("a", slug="here", legacy_urls=[OLD])
    names = [OLD, "here", *(f"https://old.newsroom.example/{'x' * 150}/{n}" for n in range(98))]
    await resolved(newsroom, *names)
    with statements() as seen:
        await resolved(newsroom, *names)
    assert len(set(seen)) == 4  # a read that takes long begins anew elsewhere
    assert not [statement for statement in seen if "drafts" in statement]


async def test_bad_input_is_named(newsroom: Newsroom) -> None:
    for query in (
        "",
        "q=",
        "q=" + "x" * 2049,
        "&".join(f"q={n}" for n in range(101)),
        "q=a%00b",
        "q=%ED%A0%80",
        "q=%FF",
        "q=a%",
    ):
        response = await newsroom.get(f"/v1/resolve?{query}")
        assert response.status_code == 400, query
        assert response.json()["errors"][0]["parameter"] == "q"


async def test_operators_of_databases_are_text(newsroom: Newsroom) -> None:
    for name in (
        "a' OR '1'='1",
        '{"a", \\',
        "%",
        "_",
        "a,b",
        "http://[::1",
        "//",
        "/",
        "urn:uuid:",
        "NULL",
        "\u2028",
        "😀",
    ):
        assert await told(newsroom, name) == [(404, None, None)], name
