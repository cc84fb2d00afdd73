"""What editors do with storylines over HTTP, and that their word stands."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from app.articles.storylines import verbs
from app.core.clock import utc_now
from tests.newsroom_client import Newsroom

UNKNOWN = "019a9c5e-8a3c-7c41-9d5e-2f6b7a1c0e11"


@pytest.fixture
async def ids(newsroom: Newsroom) -> dict[str, str]:
    """Four public articles by their headlines, of which A and B are a storyline, and C is one."""
    ids = {name: (await newsroom.publish(name, headline=name))["id"] for name in "ABCD"}
    await group(newsroom, ids["A"], ids["B"])
    await group(newsroom, ids["C"])
    return ids


async def group(newsroom: Newsroom, *ids: str) -> None:
    await newsroom.app.state.database.write(verbs.found, [UUID(id) for id in ids], now=utc_now())


async def send(newsroom: Newsroom, method: str, path: str, body: Any = None, **headers: str) -> Any:
    response = await newsroom.send(method, f"/v1/newsroom/{path}", body, **headers)
    assert response.status_code == 200, response.text
    assert response.headers["cache-control"] == "no-store"
    return response.json()["data"]


async def articles(newsroom: Newsroom, slug: str) -> list[str]:
    return [card["headline"] for card in (await newsroom.data(f"/v1/storylines/{slug}"))["articles"]]


def faults(response: httpx.Response) -> list[str]:
    assert response.status_code == 422, response.text
    return [fault["pointer"] for fault in response.json()["errors"]]


async def test_editors_retitle(newsroom: Newsroom, ids: dict[str, str]) -> None:
    told = await send(newsroom, "PATCH", "storylines/a", {"title": "The great   strike"})

    assert (told["title"], told["slug"]) == ("The great strike", "the-great-strike")
    assert told["latest"]["storyline"]["title"] == "The great strike"
    assert told == (await newsroom.data("/v1/storylines"))[1]
    await newsroom.withdraw("A")
    assert await articles(newsroom, "the-great-strike") == ["B"]
    for title in ("", " ", 7, None, "x" * 501):
        response = await newsroom.send("PATCH", "/v1/newsroom/storylines/the-great-strike", {"title": title})
        assert faults(response) == ["/title"]


async def test_editors_merge(newsroom: Newsroom, ids: dict[str, str]) -> None:
    body, key = {"storylines": ["c"]}, {"idempotency_key": "merge-1"}
    told = await send(newsroom, "POST", "storylines/a/merge", body, **key)

    assert (told["slug"], told["article_count"]) == ("a", 3)
    assert await articles(newsroom, "a") == ["A", "B", "C"]
    again = await newsroom.send("POST", "/v1/newsroom/storylines/a/merge", body, **key)
    assert (again.json()["data"], again.headers["idempotency-replayed"]) == (told, "true")
    assert (await newsroom.get("/v1/storylines/c")).status_code == 308
    for wrong in (UNKNOWN, "a", "c"):
        assert faults(await newsroom.send("POST", "/v1/newsroom/storylines/a/merge", {"storylines": [wrong]})) == [
            "/storylines/0"
        ]


async def test_editors_split_and_it_stays_split(newsroom: Newsroom, ids: dict[str, str]) -> None:
    told = await send(newsroom, "POST", "storylines/a/split", {"articles": ["B"], "title": None})

    assert (told["slug"], told["article_count"]) == ("b", 1)
    a = UUID((await newsroom.data("/v1/storylines/a"))["id"])
    await newsroom.app.state.database.write(verbs.join, a, [UUID(ids["B"])], now=utc_now())
    assert await articles(newsroom, "b") == ["B"]
    path = "/v1/newsroom/storylines/a/split"
    for wrong, pointer in (
        (["B"], "/articles/0"),
        (["nobody"], "/articles/0"),
        (["A"], "/articles"),
        ([], "/articles"),
    ):
        assert faults(await newsroom.send("POST", path, {"articles": wrong})) == [pointer]


async def test_editors_say_where_an_article_belongs(newsroom: Newsroom, ids: dict[str, str]) -> None:
    ref = (await newsroom.data("/v1/storylines/a"))["latest"]["storyline"]

    assert await send(newsroom, "GET", "articles/D/storyline") == place(ids["D"], None, pinned=False)
    assert await send(newsroom, "PUT", "articles/D/storyline", {"storyline": "a"}) == place(ids["D"], ref, pinned=True)
    assert await articles(newsroom, "a") == ["A", "B", "D"]
    await newsroom.app.state.database.write(verbs.leave, [UUID(ids["D"])], now=utc_now())
    assert await articles(newsroom, "a") == ["A", "B", "D"]
    assert await send(newsroom, "DELETE", "articles/D/storyline") == place(ids["D"], ref, pinned=False)
    assert await send(newsroom, "PUT", f"articles/{ids['D']}/storyline", {"storyline": None}) == place(
        ids["D"], None, pinned=True
    )
    await newsroom.app.state.database.write(verbs.join, UUID(ref["id"]), [UUID(ids["D"])], now=utc_now())
    assert await articles(newsroom, "a") == ["A", "B"]


async def test_draft_goes_where_editors_put_it(newsroom: Newsroom, ids: dict[str, str]) -> None:
    await newsroom.put("E", publish=False, headline="E")
    seq = (await newsroom.get("/v1/timeline")).headers["dateline-seq"]
    told = await send(newsroom, "PUT", "articles/E/storyline", {"storyline": "a"})
    assert told["storyline"]["slug"] == "a"
    assert (await newsroom.get("/v1/timeline")).headers["dateline-seq"] == seq

    await newsroom.publish("E", headline="E")

    assert await articles(newsroom, "a") == ["A", "B", "E"]
    kinds = [line["kind"] for line in await newsroom.data(f"/v1/changes?after={seq}")]
    assert kinds == ["storyline.updated", "article.published"]


async def test_what_is_not_there_is_named(newsroom: Newsroom, ids: dict[str, str]) -> None:
    for method, path, body in (
        ("PATCH", "storylines/nobody", {"title": "T"}),
        ("POST", "storylines/nobody/merge", {"storylines": ["a"]}),
        ("POST", "storylines/nobody/split", {"articles": ["A"]}),
        ("PUT", "articles/nobody/storyline", {"storyline": None}),
        ("DELETE", "articles/nobody/storyline", None),
    ):
        response = await newsroom.send(method, f"/v1/newsroom/{path}", body)
        assert response.status_code == 404, response.text
        assert response.json()["type"].endswith(f"/{'draft' if 'articles/' in path else 'storyline'}-not-found")
    assert faults(await newsroom.send("PUT", "/v1/newsroom/articles/A/storyline", {"storyline": UNKNOWN})) == [
        "/storyline"
    ]
    response = await newsroom.client.patch("/v1/newsroom/storylines/a", json={"title": "T"})
    assert response.status_code == 401


def place(article_id: str, storyline: Any, *, pinned: bool) -> dict[str, Any]:
    return {"article_id": article_id, "storyline": storyline, "pinned": pinned}
