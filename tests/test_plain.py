"""Plain reads: what they are answered with is what the framework answers, to the byte and the field."""

import pytest
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

from app import page
from app.main import Service
from app.plain import find
from tests.newsroom_client import Newsroom

pytestmark = pytest.mark.without_edge

OF_ONE_EXCHANGE = {"x-request-id", "date"}


class Router:
    """The framework's router, counting who comes to it."""

    def __init__(self, app: Service, monkeypatch: pytest.MonkeyPatch) -> None:
        self.entered = 0
        answer = app.router.middleware_stack

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            self.entered += 1
            await answer(scope, receive, send)

        monkeypatch.setattr(app.router, "middleware_stack", counted)


HEADERS = (
    {"Accept-Encoding": "identity"},
    {"Accept-Encoding": "gzip"},
    {"Accept-Encoding": "br, zstd", "Accept": "application/json"},
    {"Accept-Encoding": "identity", "Accept": "application/atom+xml, application/ld+json"},
    {"Accept-Encoding": "gzip", "If-None-Match": "*"},
    {"If-None-Match": 'W/"other"', "If-Modified-Since": "Sat, 01 Jan 2033 00:00:00 GMT"},
    {"If-Modified-Since": "Sat, 01 Jan 2033 00:00:00 GMT", "Range": "bytes=0-1"},
    {"Authorization": "Bearer nobodys"},
    {"Authorization": "Basic eDp5", "Accept-Encoding": "gzip"},
)


@pytest.mark.parametrize(
    "asked",
    [
        "/v1/articles/harbour",
        "/v1/articles/harbour-as-it-was",
        "/v1/articles/gone",
        "/v1/articles/never-was",
        "/v1/articles/{id}",
        "/v1/articles/harbour/related",
        "/v1/articles/harbour/related?limit=2",
        "/v1/articles/never-was/related",
        "/v1/timeline",
        "/v1/timeline?limit=1",
        "/v1/timeline?limit=0",
        "/v1/timeline?limit=+1",
        "/v1/timeline?language=en&section=world&tag=port&tag=strike&contributor=a,b",
        "/v1/timeline?language=",
        "/v1/timeline?cursor=nonsense",
        "/v1/timeline?limit=1&limit=2",
        "/v1/timeline?colour=red",
        "/v1/timeline?tz=Europe/Paris",
        "/v1/timeline?section=%ff",
        "/v1/articles",
        "/v1/articles?limit=2&section=world",
    ],
)
async def test_answer_is_that_of_the_framework(newsroom: Newsroom, asked: str) -> None:
    id = (await newsroom.put("a", slug="harbour-as-it-was", section="World")).json()["data"]["id"]
    await newsroom.put("a", slug="harbour", section="World")
    await newsroom.put("b", headline="Port strike ends", section="World", tags=[{"name": "Strike"}])
    await newsroom.put("c", slug="gone")
    await newsroom.send("POST", "/v1/newsroom/articles/c/withdraw", {"reason": "error"})
    path = asked.format(id=id)

    for headers in HEADERS:
        await compare(newsroom, path, headers)


async def compare(newsroom: Newsroom, path: str, headers: dict[str, str]) -> None:
    """The same request, plain and in full."""
    plain = await newsroom.get(path, headers=headers)
    # The only parameter that no link of an answer repeats, and that no plain read has.
    asked_in_full = f"{path}{'&' if '?' in path else '?'}min_seq=0"
    whole = await newsroom.get(asked_in_full, headers=headers)

    assert plain.status_code == whole.status_code
    if plain.status_code == 308:
        assert plain.headers["location"] + "?min_seq=0" == whole.headers.pop("location")
        assert plain.headers.pop("location").endswith("/v1/articles/harbour")
    assert plain.content == whole.content
    fields = [
        sorted((name, value) for name, value in answer.headers.multi_items() if name not in OF_ONE_EXCHANGE)
        for answer in (plain, whole)
    ]
    assert fields[0] == fields[1]


@pytest.mark.parametrize(
    ("path", "is_found"),
    [
        ("/v1/timeline", True),
        ("/v1/timeline/", False),
        ("/v1/timeline/new", False),
        ("/v1/articles", True),
        ("/v1/articles/", False),
        ("/v1/articles/a", True),
        ("/v1/articles/a/", False),
        ("/v1/articles/a.jsonld", False),
        ("/v1/articles/a/related", True),
        ("/v1/articles/a/related/", False),
        ("/v1/articles/a/versions", False),
        (f"/v1/articles/{'a' * 200}", True),
        (f"/v1/articles/{'a' * 201}", False),
        ("/healthz", False),
    ],
)
def test_only_the_busiest_addresses_are_plain(path: str, is_found: bool) -> None:
    assert (find(path) is not None) == is_found


@pytest.mark.parametrize(
    ("path", "is_plain"),
    [
        ("/v1/articles/harbour", True),
        ("/v1/articles/harbour/related", True),
        ("/v1/timeline", True),
        ("/v1/timeline?limit=3&section=world", True),
        ("/v1/articles", True),
        ("/v1/articles/harbour?min_seq=0", False),
        ("/v1/timeline?tz=Europe/Paris", False),
        ("/v1/sections", False),
    ],
)
async def test_plain_reads_never_come_to_the_router(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, path: str, is_plain: bool
) -> None:
    await newsroom.put("a", slug="harbour")
    router = Router(newsroom.app, monkeypatch)
    assert (await newsroom.get(path)).status_code == 200
    assert router.entered == (not is_plain)


async def test_what_nobody_expected_is_told_once(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(page, "reservation", broken)
    await newsroom.put("a", slug="harbour")
    with capture_logs() as lines:
        answer = await newsroom.get("/v1/articles/harbour")
    assert answer.status_code == 500
    assert answer.json()["type"].endswith("/problems/internal-error")
    assert len([line for line in lines if line["log_level"] == "error" and "exc_info" in line]) == 1, lines
