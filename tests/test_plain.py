"""Plain reads: what they are answered with is what the framework answers, to the byte and the field."""

import pytest

from app import page
from app.plain import find
from tests.newsroom_client import Newsroom

pytestmark = pytest.mark.without_edge

OF_ONE_EXCHANGE = {"x-request-id", "date"}


@pytest.mark.parametrize("accept_encoding", ["identity", "gzip", "br, zstd"])
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
async def test_answer_is_that_of_the_framework(newsroom: Newsroom, asked: str, accept_encoding: str) -> None:
    id = (await newsroom.put("a", slug="harbour-as-it-was", section="World")).json()["data"]["id"]
    await newsroom.put("a", slug="harbour", section="World")
    await newsroom.put("b", headline="Port strike ends", section="World", tags=[{"name": "Strike"}])
    await newsroom.put("c", slug="gone")
    await newsroom.send("POST", "/v1/newsroom/articles/c/withdraw", {"reason": "error"})
    path = asked.format(id=id)

    plain = await newsroom.get(path, headers={"Accept-Encoding": accept_encoding})
    # The only parameter that no link of an answer repeats, and that no plain read has.
    asked_in_full = f"{path}{'&' if '?' in path else '?'}min_seq=0"
    whole = await newsroom.get(asked_in_full, headers={"Accept-Encoding": accept_encoding})

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


async def test_what_nobody_expected_is_told_once(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(page, "reservation", broken)
    await newsroom.put("a", slug="harbour")
    answer = await newsroom.get("/v1/articles/harbour")
    assert answer.status_code == 500
    assert answer.json()["type"].endswith("/problems/internal-error")
