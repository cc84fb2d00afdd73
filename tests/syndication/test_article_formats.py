"""One article in other formats: by the suffix of its address, or by an Accept field that names a format exactly."""

from typing import Any

import pytest

from app.syndication.negotiation import FEEDS, accepted, feed_format, wants_ninjs_2
from app.syndication.ninjs import NINJS_2, NINJS_3
from tests.newsroom_client import Newsroom
from tests.syndication.reading import ids_of

SUFFIXES = ("rss", "atom", "json", "ninjs", "jsonld")
TYPES = {name: format.media_type.partition(";")[0] for name, format in FEEDS.items()} | {
    "jsonld": "application/ld+json"
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("", None),
        ("*/*", None),
        (BROWSER, None),
        ("application/*", None),
        ("application/xml", None),
        ("text/xml", None),
        ("application/json", None),
        ("application/rss+xml", "rss"),
        ("Application/RSS+XML ; q=0.5", "rss"),
        ("application/atom+xml, application/rss+xml", "atom"),
        ("application/atom+xml;q=0.4, application/rss+xml;q=0.6", "rss"),
        ("application/json, application/rss+xml", None),
        ("application/json;q=0.9, application/rss+xml", "rss"),
        ("application/rss+xml;q=0", None),
        ("application/rss+xml;q=nan", None),
        ("application/rss+xml;q=-1", None),
        ("application/feed+json", "json"),
        ("application/ld+json", "jsonld"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "jsonld"),
        (TYPES["ninjs"], "ninjs"),
        (";;,,=;q", None),
        ("application/rss+xml" * 1000, None),
    ],
)
def test_accept_is_reduced_to_one_name(accept: str, name: str | None) -> None:
    assert accepted([accept]) == name


def test_ninjs_comes_in_the_version_that_is_asked_for() -> None:
    for version, format in (("2.2", NINJS_2), ('"2.2"', NINJS_2), ("2", NINJS_2), ("3.1", NINJS_3), ("1.0", NINJS_3)):
        assert feed_format("ninjs", [f"{TYPES['ninjs']};version={version}"]) is format
    assert not wants_ninjs_2(["*/*"])
    assert not wants_ninjs_2([f"{TYPES['ninjs']}"])


@pytest.mark.parametrize("suffix", SUFFIXES)
async def test_suffix_and_media_type_give_the_same_bytes(newsroom: Newsroom, suffix: str) -> None:
    id = (await newsroom.publish("wire-1", summary="Forty ships.", body_text="At dawn."))["id"]
    made = await newsroom.data(f"/v1/articles/{id}")
    by_suffix = await newsroom.get(f"/v1/articles/{made['id']}.{suffix}")
    by_type = await newsroom.get(f"/v1/articles/{made['id']}", headers={"Accept": TYPES[suffix]})
    by_slug = await newsroom.get(f"/v1/articles/{made['slug']}.{suffix}")

    assert by_suffix.status_code == 200, by_suffix.text
    assert by_suffix.content == by_type.content == by_slug.content
    assert by_suffix.headers["content-type"].startswith(TYPES[suffix])
    assert by_suffix.headers["etag"] == by_type.headers["etag"]
    assert by_type.headers["vary"] == "Accept, Accept-Encoding"
    assert by_suffix.headers["vary"] == ("Accept, Accept-Encoding" if suffix == "ninjs" else "Accept-Encoding")
    assert by_suffix.headers["surrogate-key"] == f"article-{made['id']}"
    assert by_suffix.headers["cache-control"].startswith("public, max-age=30,")
    again = await newsroom.get(
        f"/v1/articles/{made['id']}.{suffix}", headers={"If-None-Match": by_suffix.headers["etag"]}
    )
    assert again.status_code == 304
    if suffix in ("rss", "atom", "json"):
        assert ids_of(suffix, by_suffix) == [made["id"]]


async def test_json_is_what_everybody_else_gets(newsroom: Newsroom) -> None:
    made = await newsroom.publish("wire-1")
    for accept in (BROWSER, "*/*", "application/pdf", "application/xml"):
        answer = await newsroom.get(f"/v1/articles/{made['id']}", headers={"Accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        assert answer.headers["vary"] == "Accept, Accept-Encoding"


async def test_other_formats_say_where_an_article_is_or_that_it_is_gone(newsroom: Newsroom) -> None:
    made = await newsroom.publish("wire-1", slug="old")
    await newsroom.publish("wire-1", slug="new")
    for suffix in SUFFIXES:
        moved = await newsroom.get(f"/v1/articles/old.{suffix}?content=summary", follow_redirects=False)
        assert moved.status_code == 308
        assert moved.headers["location"] == f"https://api.newsroom.example/v1/articles/new.{suffix}?content=summary"
    await newsroom.withdraw("wire-1", reason="legal")
    for suffix in SUFFIXES:
        for ref in (made["id"], "old", "new"):
            gone = await newsroom.get(f"/v1/articles/{ref}.{suffix}")
            assert (gone.status_code, gone.json()["reason"]) == (410, "legal")


@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        ("/v1/articles/nothing.rss", 404, "article-not-found"),
        ("/v1/articles/nothing.pdf", 404, "article-not-found"),
        ("/v1/articles/a.b.rss", 404, "article-not-found"),
        ("/v1/articles/nothing.rss?contents=full", 400, "unknown-parameter"),
        ("/v1/articles/nothing.rss?content=half", 400, "bad-parameter"),
        ("/v1/storylines/nothing.jsonld", 404, "storyline-not-found"),
    ],
)
async def test_what_cannot_be_answered_is_a_problem(newsroom: Newsroom, path: str, status: int, slug: str) -> None:
    answer = await newsroom.get(path)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (status, slug)


@pytest.mark.parametrize(("rights", "reservation"), [(None, "1"), ({"ai": {"train": True}}, "0"), ({"ai": None}, "1")])
async def test_articles_say_whether_machines_may_learn_from_them(
    newsroom: Newsroom, rights: Any, reservation: str
) -> None:
    made = await newsroom.publish("wire-1", rights=rights)
    for suffix in ("", *(f".{suffix}" for suffix in SUFFIXES)):
        answer = await newsroom.get(f"/v1/articles/{made['id']}{suffix}")
        assert answer.headers["tdm-reservation"] == reservation
        assert answer.headers["tdm-policy"] == "https://api.newsroom.example/license.xml"
