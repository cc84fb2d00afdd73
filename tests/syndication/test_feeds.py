"""Feeds over HTTP: the same articles as the timeline's, in every format, with the same validators."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.articles.store import documents
from app.articles.storylines import verbs
from app.core.clock import utc_now
from app.syndication import archive, feeds
from tests.newsroom_client import Newsroom
from tests.syndication.reading import NAMESPACES, entries, ids_of, parsed

FORMATS = ("rss", "atom", "json", "ninjs")


async def fill(newsroom: Newsroom, count: int, **fields: Any) -> list[str]:
    """So many articles; their ids, newest first."""
    made = [await newsroom.publish(f"a{n}", headline=f"Number {n}", **fields) for n in range(count)]
    return [one["id"] for one in reversed(made)]


def noted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many documents are read at a time, from now on."""
    read: list[int] = []

    def noting(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
        read.append(len(ids))
        return documents(session, ids)

    monkeypatch.setattr(feeds, "documents", noting)
    return read


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    ("feed", "timeline"),
    [
        ("/feeds/{}", ""),
        ("/feeds/{}?limit=2", "limit=2"),
        ("/feeds/sections/world/{}", "section=world"),
        ("/feeds/sections/world/{}?tag=istanbul", "section=world&tag=istanbul"),
        ("/feeds/sections/world/{}?section=sport", "section=sport&tag=nothing"),
        ("/feeds/tags/istanbul/{}?language=en", "tag=istanbul&language=en"),
        ("/feeds/tags/istanbul/{}?tag=talks", "tag=istanbul&tag=talks"),
        ("/feeds/contributors/ines-caradec/{}", "contributor=ines-caradec"),
        ("/feeds/{}?breaking=true", "breaking=true"),
        ("/feeds/{}?from=2025-01-01&to=2026-01-01", "from=2025-01-01&to=2026-01-01"),
    ],
)
async def test_feed_lists_what_the_timeline_lists(newsroom: Newsroom, format: str, feed: str, timeline: str) -> None:
    istanbul, talks = {"name": "Istanbul", "kind": "place"}, {"name": "talks"}
    by = [{"name": "Inès Caradec"}]
    await newsroom.publish("1", section="World", tags=[istanbul, talks], contributors=by)
    await newsroom.publish("2", section="World", published_at="2025-05-18T14:08:00Z")
    await newsroom.publish("3", section="Sport", tags=[istanbul], breaking=True, language="tr")
    await newsroom.publish("4", contributors=by, tags=[istanbul])

    answer = await newsroom.get(feed.format(format))

    listed = await newsroom.data(f"/v1/timeline?{timeline}")
    assert answer.status_code == 200
    assert ids_of(format, answer) == [card["id"] for card in listed]


async def test_self_names_what_the_feed_has_and_nothing_else(newsroom: Newsroom) -> None:
    await fill(newsroom, 1)
    answer = await newsroom.get("/feeds/rss?utm_source=x&limit=5&min_seq=1&content=summary&%ff=1")
    channel = parsed(answer).find("channel")
    assert channel is not None
    links = [link.get("href") for link in channel.findall("atom:link[@rel='self']", NAMESPACES)]
    assert links == ["https://api.newsroom.example/feeds/rss?limit=5&content=summary"]


@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        ("/feeds/rss?limit=0", 400, "bad-parameter"),
        ("/feeds/rss?limit=101", 400, "bad-parameter"),
        ("/feeds/rss?content=all", 400, "bad-parameter"),
        ("/feeds/rss?cursor=x", 400, "bad-cursor"),
        ("/feeds/rss?section=a&section=b", 400, "bad-parameter"),
        ("/feeds/rss?section=%00", 400, "bad-parameter"),
        ("/feeds/rdf", 404, "feed-not-found"),
        ("/feeds/sections/nowhere/rss", 404, "feed-not-found"),
        ("/feeds/moods/happy/rss", 404, "feed-not-found"),
        ("/feeds/storylines/nothing/atom", 404, "storyline-not-found"),
        ("/feeds/", 404, "not-found"),
    ],
)
async def test_what_cannot_be_answered_is_a_problem(newsroom: Newsroom, path: str, status: int, slug: str) -> None:
    answer = await newsroom.get(path)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (status, slug)


async def test_correction_is_an_update_and_a_typo_is_none(newsroom: Newsroom) -> None:
    await newsroom.publish("wire-1", headline="Harbour opens")
    first = (await entries(newsroom, "/feeds/atom"))[0]
    for command, order in (
        ("publish", {"minor": True}),
        ("correct", {"severity": "minor", "text": "Nine, not eight.", "changes": {"slug": "harbour", "summary": "9."}}),
    ):
        await newsroom.send(
            "PATCH", "/v1/newsroom/articles/wire-1", {"place": "Marseille"}, if_match=await newsroom.etag("wire-1")
        )
        sent = await newsroom.send(
            "POST", f"/v1/newsroom/articles/wire-1/{command}", order, if_match=await newsroom.etag("wire-1")
        )
        assert sent.status_code == 200, sent.text
        now = (await entries(newsroom, "/feeds/atom"))[0]
        assert now.id == first.id
        assert (now.updated == first.updated) is (command == "publish")
        assert now.published == first.published
        rss = (await entries(newsroom, "/feeds/rss"))[0]
        assert (rss.id, rss.guidislink) == (first.id, False)


@pytest.mark.parametrize("format", FORMATS)
async def test_withdrawn_article_leaves_every_feed_at_once(newsroom: Newsroom, format: str) -> None:
    kept = await newsroom.publish("wire-1", section="World", headline="Kept")
    gone = await newsroom.publish("wire-2", section="World", headline="Zebra crossing")
    paths = (f"/feeds/{format}", f"/feeds/sections/world/{format}")
    before = [(await newsroom.get(path)).headers["etag"] for path in paths]
    await newsroom.withdraw("wire-2", reason="legal", text="A court said so.")
    for path, etag in zip(paths, before, strict=True):
        answer = await newsroom.get(path, headers={"If-None-Match": etag})
        assert answer.status_code == 200
        assert ids_of(format, answer) == [kept["id"]]
        assert "Zebra" not in answer.text
        assert (gone["id"] in answer.text) is (format in ("atom", "ninjs"))


async def test_tombstone_says_when_and_why_and_goes_when_the_article_returns(newsroom: Newsroom) -> None:
    made = await newsroom.publish("wire-1", section="World")
    await newsroom.withdraw("wire-1", reason="legal", text="A court said so.")
    gone = (await newsroom.get(f"/v1/articles/{made['id']}")).json()
    told = parsed(await newsroom.get("/feeds/sections/world/atom"))
    (tombstone,) = told.findall("at:deleted-entry", NAMESPACES)
    assert tombstone.attrib == {"ref": f"urn:uuid:{made['id']}", "when": gone["withdrawn_at"]}
    assert "A court said so." in "".join(tombstone.itertext())
    title = told.findtext("atom:title", namespaces=NAMESPACES)
    assert title == "Dateline: world", "what nothing public carries is not called by its name"

    await newsroom.send("POST", "/v1/newsroom/articles/wire-1/publish", {}, if_match=await newsroom.etag("wire-1"))
    assert not parsed(await newsroom.get("/feeds/atom")).findall("at:deleted-entry", NAMESPACES)


@pytest.mark.parametrize("format", FORMATS)
async def test_unchanged_feed_is_not_sent_again_and_reads_no_documents(
    newsroom: Newsroom, format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(newsroom, 2)
    first = await newsroom.get(f"/feeds/{format}")
    read = noted(monkeypatch)
    again = await newsroom.get(f"/feeds/{format}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, read) == (304, b"", [])
    assert (
        first.headers["cache-control"]
        == again.headers["cache-control"]
        == ("public, max-age=5, stale-while-revalidate=10, stale-if-error=60")
    )
    assert first.headers["surrogate-key"] == first.headers["cache-tag"] == "articles"
    assert first.headers["dateline-seq"] == "2"
    assert ("Accept," in first.headers["vary"]) is (format == "ninjs")


async def test_every_representation_has_its_own_tag(newsroom: Newsroom) -> None:
    await fill(newsroom, 2)
    paths = [f"/feeds/{format}{query}" for format in FORMATS for query in ("", "?content=summary", "?limit=1")]
    tags = [(await newsroom.get(path)).headers["etag"] for path in paths]
    tags.append((await newsroom.get("/feeds/ninjs", headers=NINJS_2)).headers["etag"])
    assert len(set(tags)) == len(tags)


NINJS_2 = {"Accept": 'application/vnd.iptc.ninjs+json;version="2.2"'}


async def test_what_is_told_of_one_feed_does_not_depend_on_the_rest(newsroom: Newsroom) -> None:
    await newsroom.publish("wire-1", section="World")
    first = await newsroom.get("/feeds/sections/world/atom")
    await newsroom.publish("wire-2", section="Sport")
    again = await newsroom.get("/feeds/sections/world/atom")
    assert (first.headers["etag"], first.content) == (again.headers["etag"], again.content)


async def test_archive_leads_to_every_article_once_while_news_arrives(newsroom: Newsroom) -> None:
    ids = await fill(newsroom, 30)
    found: list[str] = []
    path: str | None = "/feeds/atom?limit=4&content=headline"
    while path is not None:
        answer = await newsroom.get(path)
        feed = parsed(answer)
        is_first = not found
        assert (feed.find("fh:archive", NAMESPACES) is None) is is_first
        current = feed.find("atom:link[@rel='current']", NAMESPACES)
        assert (current is None) is is_first
        if current is not None:
            assert current.get("href") == "https://api.newsroom.example/feeds/atom?limit=4&content=headline"
        found += ids_of("atom", answer)
        older = feed.find("atom:link[@rel='prev-archive']", NAMESPACES)
        assert answer.links.get("next", {}).get("url") == (None if older is None else older.get("href"))
        path = None if older is None else str(older.get("href"))
        await newsroom.publish(f"late-{len(found)}", headline="Late")
    assert found == ids


async def test_archive_page_stays_as_it_is_while_news_arrives(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_LANDMARKS_OF_256", 128)
    await fill(newsroom, 12)

    async def pages() -> dict[str, bytes]:
        kept, path = {}, "/feeds/rss?limit=3"
        while path:
            answer = await newsroom.get(path)
            kept[path] = answer.content
            path = answer.links.get("next", {}).get("url", "")
        return kept

    before = await pages()
    for n in range(5):
        await newsroom.publish(f"late-{n}")
    after = await pages()
    assert all(after[path] == content for path, content in before.items() if path in after and "cursor" in path)
    assert [*after.items()][-2:] == [*before.items()][-2:]


@pytest.mark.without_edge
async def test_long_articles_are_read_one_by_one(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(4):
        await newsroom.publish(f"long-{n}", body_text="word " * 60_000)
    await fill(newsroom, 4)
    read = noted(monkeypatch)
    answer = await newsroom.get("/feeds/json")
    assert [len(item.get("content_html", "")) > 250_000 for item in answer.json()["items"]] == [False] * 4 + [True] * 4
    assert (sum(read), max(read), read[-1]) == (8, 4, 1)
    assert "content-length" not in answer.headers


async def test_article_that_is_withdrawn_while_the_feed_is_sent_is_left_out(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await fill(newsroom, 3)

    def lost(session: Any, some: Any) -> Any:
        return {id: text for id, text in documents(session, some).items() if str(id) != ids[1]}

    monkeypatch.setattr(feeds, "documents", lost)
    for format in FORMATS:
        assert ids_of(format, await newsroom.get(f"/feeds/{format}")) == [ids[0], ids[2]]


async def test_storyline_has_a_feed_under_its_id(newsroom: Newsroom) -> None:
    ids = await fill(newsroom, 2)
    await newsroom.publish("other", headline="Something else")
    await newsroom.app.state.database.write(verbs.found, [UUID(id) for id in ids], now=utc_now())
    told = (await newsroom.data("/v1/storylines"))[0]

    answer = await newsroom.get(f"/feeds/storylines/{told['slug']}/atom")

    assert ids_of("atom", answer) == ids
    assert answer.links["self"]["url"].endswith(f"/feeds/storylines/{told['id']}/atom")
    assert (await newsroom.get(f"/feeds/storylines/{told['id']}/atom")).content == answer.content
    assert parsed(answer).findtext("atom:title", namespaces=NAMESPACES) == f"Dateline: {told['title']}"
    nothing = await newsroom.get(f"/feeds/storylines/{told['id']}/json?storyline={ids[0]}")
    assert nothing.json()["items"] == []

    await newsroom.send("PATCH", f"/v1/newsroom/storylines/{told['id']}", {"title": "The great strike"})
    moved = await newsroom.get(f"/feeds/storylines/{told['slug']}/rss?limit=1", follow_redirects=False)
    assert moved.status_code == 308
    assert moved.headers["location"].endswith("/feeds/storylines/the-great-strike/rss?limit=1")


@pytest.mark.parametrize(
    ("detail", "has_body", "has_summary"), [("full", True, True), ("summary", False, True), ("headline", False, False)]
)
async def test_feed_carries_as_much_as_is_asked_for(
    newsroom: Newsroom, detail: str, has_body: bool, has_summary: bool
) -> None:
    await newsroom.publish("wire-1", headline="Harbour opens", summary="Forty ships.", body_text="At dawn, the first.")
    for format in FORMATS:
        text = (await newsroom.get(f"/feeds/{format}?content={detail}")).text
        assert "Harbour opens" in text
        assert ("At dawn, the first." in text, "Forty ships." in text) == (has_body, has_summary), format


async def test_hub_is_named_where_there_is_one(newsroom: Newsroom) -> None:
    answer = await newsroom.get("/feeds/rss")
    assert "hub" not in answer.links
    assert answer.links["self"]["url"] == "https://api.newsroom.example/feeds/rss"
