"""What a CDN is told of lifetimes: RFC 9213's field, on what may be shared and is purged."""

from collections.abc import AsyncIterator

import pytest

from app.settings import Settings
from app.web.cdn import PURGED
from tests.newsroom_client import Newsroom, open_newsroom

CDN = {"cdn_service": "fastly", "cdn_token": "t0ken", "cdn_zone": "SU1Z"}
PUBLIC = (
    "/v1/articles/a1",
    "/v1/timeline",
    "/feeds/atom",
    "/sitemap.xml",
    "/v1/search?q=harbour",
    "/v1/changes?after=0",
)
NOT_FOR_ALL = ("/healthz", "/metrics", "/v1/articles/never", "/openapi.json", "/v1/newsroom/articles")


@pytest.fixture
async def purged(settings: Settings, anyio_backend: str) -> AsyncIterator[Newsroom]:
    """The service of a deployment with Fastly in front."""
    async with open_newsroom(settings.model_copy(update=CDN)) as opened:
        yield opened


@pytest.mark.parametrize("path", PUBLIC)
async def test_shared_copies_live_for_an_hour_where_they_are_purged(purged: Newsroom, path: str) -> None:
    await purged.publish("a1", slug="a1")
    for _ in range(2):  # made, and from memory
        answer = await purged.get(path)
        assert answer.headers["cdn-cache-control"] == answer.headers["surrogate-control"] == PURGED.decode()
        assert "max-age=3600" not in answer.headers["cache-control"]
    unchanged = await purged.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (unchanged.status_code, unchanged.headers["cdn-cache-control"]) == (304, PURGED.decode())


@pytest.mark.parametrize("path", PUBLIC)
async def test_without_purges_they_live_as_long_as_those_of_browsers(newsroom: Newsroom, path: str) -> None:
    await newsroom.publish("a1", slug="a1")
    answer = await newsroom.get(path)
    assert answer.headers["cdn-cache-control"] == answer.headers["cache-control"]
    assert "surrogate-control" not in answer.headers


async def test_what_changes_by_the_clock_lives_no_longer_for_being_purged(purged: Newsroom) -> None:
    await purged.publish("a1", slug="a1")
    answer = await purged.get("/sitemaps/news.xml")
    assert answer.headers.get_list("cdn-cache-control") == [answer.headers["cache-control"]]
    assert answer.headers["surrogate-control"] == answer.headers["cache-control"]


@pytest.mark.parametrize("path", NOT_FOR_ALL)
async def test_what_is_not_purged_is_not_spoken_of(purged: Newsroom, path: str) -> None:
    answer = await purged.client.get(path)
    assert "cdn-cache-control" not in answer.headers


async def test_answer_to_a_key_is_for_nobody_else(purged: Newsroom) -> None:
    await purged.publish("a1", slug="a1")
    answer = await purged.get("/v1/articles/a1", headers=purged.authorization)
    assert answer.headers["cache-control"].startswith("private")
    assert "cdn-cache-control" not in answer.headers


@pytest.mark.parametrize(
    ("path", "accept", "is_kept"),
    [
        ("/v1/articles/a1", "text/html, */*", True),
        ("/v1/articles/a1", "application/atom+xml", False),
        ("/v1/articles/a1.atom", "application/atom+xml", True),
        ("/feeds/ninjs", "*/*", True),
        ("/feeds/ninjs", "application/vnd.iptc.ninjs+json", False),  # in doubt
        ("/feeds/ninjs", "application/vnd.iptc.ninjs+json;version=2.2", False),
        ("/v1/timeline", "application/atom+xml", True),
    ],
)
async def test_format_that_only_accept_chose_is_not_for_a_cdn_that_heeds_none(
    settings: Settings, anyio_backend: str, path: str, accept: str, is_kept: bool
) -> None:
    cloudflare = {"cdn_service": "cloudflare", "cdn_token": "t0ken", "cdn_zone": "023e"}
    async with open_newsroom(settings.model_copy(update=cloudflare)) as opened:
        await opened.publish("a1", slug="a1")
        for _ in range(2):  # made, and from memory
            answer = await opened.get(path, headers={"Accept": accept})
            assert answer.headers["cdn-cache-control"] == (PURGED.decode() if is_kept else "no-store")
