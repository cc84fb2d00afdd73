import json
from pathlib import Path

import pytest

from app.articles.errors import LegacyUrlTaken
from app.db import Database
from tests.command import dateline
from tests.newsroom_client import Newsroom, article
from tests.press import Press, after

OLD, OTHER = "https://old.example/story.php?id=17", "https://old.example/story.php?id=18"


@pytest.fixture
def press(database: Database) -> Press:
    return Press(database)


async def found(newsroom: Newsroom, url: str) -> str | None:
    (entry,) = (await newsroom.client.get("/v1/resolve", params={"q": url})).json()["data"]
    return str(entry["article"]["headline"]) if entry["article"] else None


async def test_article_keeps_the_addresses_that_it_was_last_published_with(newsroom: Newsroom) -> None:
    await newsroom.publish("a", headline="A", legacy_urls=[OLD])
    await newsroom.publish("a", headline="A", legacy_urls=[OTHER])
    assert await found(newsroom, OLD) is None
    assert await found(newsroom, OTHER) == "A"
    await newsroom.publish("b", headline="B", legacy_urls=[OLD])
    assert await found(newsroom, OLD) == "B"


async def test_address_of_another_article_is_refused(newsroom: Newsroom) -> None:
    await newsroom.publish("a", legacy_urls=[OLD])
    response = await newsroom.put("b", legacy_urls=[OTHER, "http://www.old.example/story.php?id=17#x"])
    problem = response.json()
    assert response.status_code == 409
    assert problem["type"].endswith("/problems/legacy-url-taken")
    assert [fault["pointer"] for fault in problem["errors"]] == ["/legacy_urls/1"]
    assert await found(newsroom, OTHER) is None


async def test_address_of_a_withdrawn_article_stays_its_own(newsroom: Newsroom) -> None:
    await newsroom.publish("a", headline="A", legacy_urls=[OLD])
    await newsroom.withdraw("a")
    assert (await newsroom.put("b", legacy_urls=[OLD])).status_code == 409
    etag = await newsroom.etag("a")
    assert (await newsroom.send("POST", "/v1/newsroom/articles/a/publish", if_match=etag)).status_code == 200
    assert await found(newsroom, OLD) == "A"


async def test_two_ways_to_write_an_address_are_one(newsroom: Newsroom) -> None:
    await newsroom.publish("a", headline="A", legacy_urls=[OLD, OLD + "#top", OLD])
    assert await found(newsroom, OLD) == "A"


async def test_what_is_not_a_web_address_is_invalid(newsroom: Newsroom) -> None:
    for bad in ("/story", "ftp://old.example/a", "javascript:alert(1)", "", "https://user@old.example/"):
        response = await newsroom.put("a", legacy_urls=[bad])
        assert response.status_code == 422
        assert response.json()["errors"][0]["pointer"] == "/legacy_urls/0"
    assert (await newsroom.put("a", legacy_urls=[f"{OLD}{n}" for n in range(21)])).status_code == 422


async def test_two_articles_of_one_batch_cannot_have_one_address(press: Press) -> None:
    with pytest.raises(LegacyUrlTaken):
        await press.receive(
            {"external_id": "a", "legacy_urls": [OLD]}, {"external_id": "b", "legacy_urls": [OLD + "#x"]}
        )


async def test_scheduled_article_goes_public_without_what_is_taken_meanwhile(newsroom: Newsroom) -> None:
    await newsroom.publish("taken", headline="Taken")
    database = newsroom.app.state.database
    press = Press(database)
    await press.receive({"external_id": "late", "legacy_urls": [OLD], "published_at": after(9).isoformat()})
    await newsroom.publish("a", headline="A", legacy_urls=[OLD])
    assert await press.release_due(now=after(9)) == 1
    assert await found(newsroom, OLD) == "A"

    # Nor does the old wish stand in the way of every edit from now on.
    etag = await newsroom.etag("late")
    patched = await newsroom.send("PATCH", "/v1/newsroom/articles/late", {"headline": "Later"}, if_match=etag)
    published = await newsroom.send("POST", "/v1/newsroom/articles/late/publish", if_match=patched.headers["etag"])
    assert published.status_code == 200
    assert await found(newsroom, OLD) == "A"


def test_rehearsal_tells_whose_an_address_would_be(tmp_path: Path, sqlite_url: str) -> None:
    lines = [
        {"external_id": "a", "legacy_urls": [OLD]},
        {"external_id": "b", "legacy_urls": [OLD]},
        {"external_id": "a", "legacy_urls": [OTHER]},
        {"external_id": "b", "legacy_urls": [OLD]},
        {"external_id": "c", "legacy_urls": [OTHER]},
    ]
    file = tmp_path / "articles.jsonl"
    file.write_text("".join(json.dumps(article(**line)) + "\n" for line in lines), encoding="utf-8")
    told = []
    for options in (["--dry-run"], []):
        done = dateline("import", *options, str(file), folder=tmp_path, database_url=sqlite_url)
        assert done.status == 1
        told.append([line.partition(":")[2].strip() for line in done.err.splitlines() if "belongs to" in line])
    assert told[0] == told[1]
    assert [line.partition(":")[0] for line in told[0]] == ["2", "5"]
