"""One article: by id or slug, under an old name, taken back, or never there."""

from urllib.parse import quote
from uuid import UUID

import pytest
from starlette.types import Message, Scope

from app.articles.reading import Gone, Moved, Never, Stored, absence, find
from app.db import Database
from tests.articles.archive import Archive
from tests.newsroom_client import Newsroom

ARABIC = "إعادة فتح الميناء بعد إضراب تسعة أيام"


async def test_article_is_found_by_id_and_by_slug(archive: Archive) -> None:
    known = await archive.publish(slug="harbour", language="en-GB")

    by_slug = await archive.database.read(find, "harbour")
    by_id = await archive.database.read(find, str(known.id).upper(), view="card")

    assert by_slug is not None
    assert by_id is not None
    assert (by_slug.id, by_slug.slug, by_slug.language, by_slug.seq) == (known.id, "harbour", "en-GB", 1)
    assert (by_id.id, by_id.modified_at) == (known.id, by_slug.modified_at)
    assert len(by_id.text) < len(by_slug.text)


@pytest.mark.parametrize(
    "ref", ["nothing", "", "%", "Harbour", "a" * 10_000, "''--", str(UUID(int=7)), f"{{{UUID(int=7)}}}"]
)
async def test_what_never_was_public_is_not_there(database: Database, ref: str) -> None:
    await Archive(database).publish(slug="harbour")

    assert await database.read(find, ref) is None
    assert await database.snapshot(absence, ref) == Never(1)


async def test_what_came_while_it_was_looked_for_is_not_absent(archive: Archive) -> None:
    came = await archive.publish(slug="harbour")

    for ref in ("harbour", str(came.id)):
        assert await archive.database.snapshot(absence, ref) is None


async def test_absence_tells_the_reason(archive: Archive) -> None:
    moved = await archive.publish(slug="first")
    for slug in ("second", "third"):
        await archive.publish(external_id=moved.external_id, slug=slug)
    gone = await archive.publish(slug="mistake")
    await archive.publish(external_id=gone.external_id, slug="error")
    await archive.withdraw(gone)

    for slug in ("first", "second"):
        assert await archive.database.snapshot(absence, slug) == Moved(9, moved.id, "third")
    for ref in ("mistake", "error", str(gone.id)):
        told = await archive.database.snapshot(absence, ref)
        assert isinstance(told, Gone)
        assert (told.id, told.reason, told.seq) == (gone.id, "error", 9)
        assert await archive.database.read(find, ref) is None
    assert isinstance(await archive.database.read(find, "third"), Stored)


async def test_alias_answers_308_with_subpath_and_query(newsroom: Newsroom) -> None:
    await newsroom.publish("one", headline="Harbour reopens")
    await newsroom.publish("one", headline="Harbour reopens", slug="le-port-rouvre")

    for rest in (
        "",
        "/related",
        "?include=related,timeline&tz=Asia/Kathmandu",
        "/related?limit=3&exclude=",
        "?fields=headline,%73lug",
    ):
        response = await newsroom.get(f"/v1/articles/harbour-reopens{rest}")
        assert response.status_code == 308, rest
        location = f"https://api.newsroom.example/v1/articles/le-port-rouvre{rest}"
        assert response.headers["location"] == location
        assert response.headers["dateline-seq"] == "3"
        assert response.headers["surrogate-key"].startswith("article-")
        assert response.headers["cache-control"].startswith("public, max-age=")
        assert response.content == b""


async def test_alias_and_slug_may_be_of_any_alphabet(newsroom: Newsroom) -> None:
    await newsroom.publish("one", headline=ARABIC, language="ar")
    old = (await newsroom.data("/v1/articles"))[0]["slug"]
    await newsroom.publish("one", headline=ARABIC, language="ar", slug="ميناء-جديد")

    response = await newsroom.get(f"/v1/articles/{quote(old)}/related?limit=2")

    assert response.status_code == 308
    assert response.headers["location"].endswith(f"/v1/articles/{quote('ميناء-جديد')}/related?limit=2")
    followed = await newsroom.get(response.headers["location"])
    assert followed.status_code == 200
    assert (await newsroom.data(f"/v1/articles/{quote('ميناء-جديد')}"))["headline"] == ARABIC


async def test_redirect_escapes_what_a_client_did_not(newsroom: Newsroom) -> None:
    await newsroom.publish("one", slug="old")
    await newsroom.publish("one", slug="new")
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    path, query = "/v1/articles/old/related", "exclude=é&limit=5%30".encode()
    scope: Scope = {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": [], "client": None}
    await newsroom.app(scope, receive, send)

    location = b"https://api.newsroom.example/v1/articles/new/related?exclude=%C3%A9&limit=5%30"
    assert (sent[0]["status"], dict(sent[0]["headers"])[b"location"]) == (308, location)


async def test_withdrawn_article_answers_410_by_every_name(newsroom: Newsroom) -> None:
    id = (await newsroom.publish("one", slug="first"))["id"]
    await newsroom.publish("one", slug="second")
    await newsroom.withdraw("one", "legal", text="At the request of a court.", note="Call Jonas")

    for ref in (id, id.upper(), "first", "second"):
        for rest in ("", "/related", "?include=timeline", "?view=card"):
            response = await newsroom.get(f"/v1/articles/{ref}{rest}")
            problem = response.json()
            assert response.status_code == 410, (ref, rest)
            assert problem["type"] == "https://api.newsroom.example/problems/withdrawn"
            assert (problem["reason"], problem["text"]) == ("legal", "At the request of a court.")
            assert problem["withdrawn_at"].endswith("Z")
            assert "Jonas" not in response.text
            assert response.headers["dateline-seq"] == "4"
            assert response.headers["cache-control"] == "no-store"


async def test_unknown_article_answers_404_as_a_draft_does(newsroom: Newsroom) -> None:
    draft = (await newsroom.put("draft", publish=False, slug="not-yet")).json()["data"]

    for ref in ("never-was", "not-yet", draft["id"], "draft", str(UUID(int=1)), "a.b", "%F0%9F%97%9E", "x" * 200):
        response = await newsroom.get(f"/v1/articles/{ref}")
        assert response.status_code == 404, ref
        assert response.json()["type"] == "https://api.newsroom.example/problems/article-not-found"
        assert response.headers["dateline-seq"] == "0"
        assert "not-yet" not in response.text or ref == "not-yet"


async def test_hostile_names_are_no_articles(newsroom: Newsroom) -> None:
    names = (
        "%00",
        "%FF",
        "%ZZ",
        "%2e%2e",
        "..%2f..%2fetc",
        "'%20or%201=1",
        "x" * 201,
        "x" * 7000,
        "%C3%28",
        "%0a",
        "*",
    )
    for ref in names:
        for rest in ("", "/related"):
            response = await newsroom.client.get(f"/v1/articles/{ref}{rest}")
            assert response.status_code in (400, 404), (ref, response.text)
            assert response.headers["content-type"] == "application/problem+json"
