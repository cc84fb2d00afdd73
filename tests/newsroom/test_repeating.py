"""POSTs with an Idempotency-Key: done once, answered the same again, and nobody else's affair."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import Request, Response
from sqlalchemy import create_engine, func, select, update
from sqlalchemy.orm import Session

from app.core.clock import utc_now
from app.core.errors import PreconditionFailed
from app.db.dialect import try_claim
from app.db.opening import parse_url
from app.db.sqlite_driver import driver
from app.newsroom.kept import forget
from app.newsroom.repeating import repeatable
from app.newsroom.tables import Draft, KeptAnswer
from app.partners.keys import Holder, create
from app.settings import Settings
from app.web.attempts import Attempt, under_way
from app.web.openapi import operations
from tests.newsroom_client import Newsroom, article, open_newsroom

DRAFTS = "/v1/newsroom/articles"
SAME = ("etag", "dateline-seq", "location", "cache-control", "content-type")
REPLAYED = "idempotency-replayed"
SOON = {"at": "2100-01-01T00:00:00Z"}

COMMANDS: dict[str, dict[str, Any] | None] = {
    "publish": {"minor": True},
    "correct": {"severity": "minor", "text": "The strike lasted nine days.", "changes": {"headline": "Nine days"}},
    "unschedule": None,
    "withdraw": {"reason": "legal"},
}


async def post(newsroom: Newsroom, path: str, body: Any = None, *, key: str = "k-1", **headers: str) -> httpx.Response:
    return await newsroom.send("POST", DRAFTS + path, body, Idempotency_Key=key, **headers)


def problem(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["type"].rpartition("/")[2]


def prefix(newsroom: Newsroom) -> str:
    return newsroom.key.split("_")[1]


async def count(newsroom: Newsroom, table: type[Any] = Draft) -> int:
    return int(
        await newsroom.app.state.database.scan(
            lambda session: session.execute(select(func.count()).select_from(table)).scalar_one()
        )
    )


async def make_older(newsroom: Newsroom, age: timedelta) -> None:
    """As if all that is kept had been answered so long ago."""

    def act(session: Session) -> None:
        session.execute(update(KeptAnswer).values(at=utc_now() - age))

    await newsroom.app.state.database.write(act)


def assert_replays(first: httpx.Response, again: httpx.Response) -> None:
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert [again.headers.get(name) for name in SAME] == [first.headers.get(name) for name in SAME]
    assert (first.headers.get(REPLAYED), again.headers.get(REPLAYED)) == (None, "true")


async def test_draft_is_created_once(newsroom: Newsroom) -> None:
    first, again = [await post(newsroom, "", article()) for _ in range(2)]
    assert first.status_code == 201
    assert again.headers["location"] == first.json()["data"]["links"]["self"]
    assert_replays(first, again)
    assert await count(newsroom) == 1

    other = await post(newsroom, "", article(), key="k-2")
    assert REPLAYED not in other.headers
    assert await count(newsroom) == 2


async def test_first_answer_comes_again_after_the_article_has_moved_on(newsroom: Newsroom) -> None:
    await newsroom.put("wire-1", publish=False)
    seen = await newsroom.etag("wire-1")
    first = await post(newsroom, "/wire-1/publish", {}, if_match=seen)
    assert first.status_code == 200
    assert (await newsroom.withdraw("wire-1")).status_code == 200
    seq = (await newsroom.get("/v1/timeline")).headers["dateline-seq"]

    for headers in ({"if_match": seen}, {"if_match": '"nonsense"'}, {}):
        assert_replays(first, await post(newsroom, "/wire-1/publish", {}, **headers))
    assert (await newsroom.get("/v1/timeline")).headers["dateline-seq"] == seq
    assert (await newsroom.get("/v1/articles/wire-1")).status_code == 404
    assert (await newsroom.send("GET", f"{DRAFTS}/wire-1")).json()["data"]["state"] == "withdrawn"


@pytest.mark.parametrize("command", COMMANDS)
async def test_command_is_carried_out_once(newsroom: Newsroom, command: str) -> None:
    await newsroom.publish("wire-1")
    await newsroom.put("wire-1", publish=False, headline="Later")
    await newsroom.send("POST", f"{DRAFTS}/wire-1/publish", SOON, if_match="*")
    first, again = [
        await post(newsroom, f"/wire-1/{command}", COMMANDS[command], if_match=await newsroom.etag("wire-1"))
        for _ in range(2)
    ]
    assert first.status_code == 200
    assert_replays(first, again)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_post_of_the_newsroom_can_be_repeated(newsroom: Newsroom) -> None:
    posts = [
        (path, operation)
        for path, method, operation in operations(newsroom.app.openapi())
        if method == "post" and path.startswith("/v1/newsroom")
    ]
    storylines = {f"/v1/newsroom/storylines/{{ref}}/{verb}" for verb in ("merge", "split")}
    assert {path.removeprefix(f"{DRAFTS}/{{ref}}/") for path, _ in posts} == {DRAFTS, *COMMANDS, *storylines}
    for path, operation in posts:
        assert "Idempotency-Key" in {parameter["name"] for parameter in operation["parameters"]}, path
        assert "request-in-flight" in operation["responses"]["409"]["content"]["application/problem+json"]["examples"]
        assert "Retry-After" in operation["responses"]["409"]["headers"]


async def test_key_stands_for_one_request(newsroom: Newsroom) -> None:
    await newsroom.put("wire-1", publish=False)
    await newsroom.put("wire-2", publish=False)
    assert (await post(newsroom, "/wire-1/publish", {}, if_match="*")).status_code == 200
    others = [
        await post(newsroom, "/wire-1/publish", {"minor": True}, if_match="*"),
        await post(newsroom, "/wire-1/publish", if_match="*"),
        await post(newsroom, "/wire-1/publish?unknown=1", {}, if_match="*"),
        await post(newsroom, "/wire-2/publish", {}, if_match="*"),
        await post(newsroom, "/wire-1/withdraw", {}),
        await post(newsroom, "/nobody/unschedule", {}),
        await post(newsroom, "", "not what is taken there"),
    ]
    for response in others:
        assert problem(response) == (422, "idempotency-key-reused")
        assert response.json()["errors"][0]["parameter"] == "Idempotency-Key"
    assert len(await newsroom.data("/v1/timeline")) == 1


async def test_caller_has_keys_of_its_own(newsroom: Newsroom) -> None:
    token = await newsroom.app.state.database.write(create, "others", scopes=["newsroom"], now=utc_now())
    await post(newsroom, "", article(headline="Ours"))
    theirs = await post(Newsroom(newsroom.app, newsroom.client, token), "", article(headline="Theirs"))
    assert (theirs.status_code, theirs.json()["data"]["article"]["headline"]) == (201, "Theirs")
    stranger = await post(Newsroom(newsroom.app, newsroom.client, "dl_wrong"), "", article(headline="Ours"))
    assert stranger.status_code == 401


async def test_refused_command_may_be_corrected_under_its_key(newsroom: Newsroom) -> None:
    assert problem(await post(newsroom, "", {"language": "en"})) == (422, "invalid-body")
    created = await post(newsroom, "", article(external_id="wire-1"))
    assert created.status_code == 201

    refusals = [
        await post(newsroom, "/wire-1/publish", {}, key="k-2"),
        await post(newsroom, "/wire-1/publish", {}, key="k-2", if_match='"r-99"'),
        await post(newsroom, "/nobody/publish", {}, key="k-2", if_match="*"),
        await post(newsroom, "/wire-1/unschedule", key="k-2"),
    ]
    assert [response.status_code for response in refusals] == [428, 412, 404, 409]
    assert await count(newsroom, KeptAnswer) == 1
    published = await post(newsroom, "/wire-1/publish", {}, key="k-2", if_match=created.headers["etag"])
    assert (published.status_code, published.headers.get(REPLAYED)) == (200, None)


async def test_answer_is_kept_for_a_day(newsroom: Newsroom) -> None:
    first = await post(newsroom, "", article())
    await make_older(newsroom, timedelta(hours=23, minutes=59))
    assert_replays(first, await post(newsroom, "", article()))

    await make_older(newsroom, timedelta(hours=24))
    anew = await post(newsroom, "", article(headline="Another request by now"))
    assert (anew.status_code, anew.headers.get(REPLAYED)) == (201, None)
    assert_replays(anew, await post(newsroom, "", article(headline="Another request by now")))


async def test_only_what_is_too_old_is_forgotten(newsroom: Newsroom) -> None:
    database = newsroom.app.state.database
    for number in range(3):
        await post(newsroom, "", article(), key=f"old-{number}")
    await make_older(newsroom, timedelta(hours=25))
    await post(newsroom, "", article(), key="new")
    forgotten = [await database.write(forget, now=utc_now(), limit=2) for _ in range(3)]
    assert forgotten == [2, 1, 0]
    assert (await post(newsroom, "", article(), key="new")).headers[REPLAYED] == "true"


async def test_of_several_at_once_one_is_carried_out(newsroom: Newsroom, settings: Settings) -> None:
    async with open_newsroom(settings) as elsewhere:  # as another process would have it
        there = Newsroom(elsewhere.app, elsewhere.client, newsroom.key)
        sent = (post(place, "", article()) for place in (newsroom, there) * 4)
        answers = await asyncio.gather(*sent)
    assert {response.status_code for response in answers} <= {201, 409}
    assert {problem(response)[1] for response in answers if response.status_code == 409} <= {"request-in-flight"}
    (first,) = (r for r in answers if r.status_code == 201 and REPLAYED not in r.headers)
    for again in (r for r in answers if REPLAYED in r.headers):
        assert_replays(first, again)
    assert_replays(first, await post(newsroom, "", article()))
    assert await count(newsroom) == 1


async def test_repetition_waits_for_the_first(newsroom: Newsroom) -> None:
    with under_way(newsroom.app, Attempt(prefix(newsroom), "k-1", "")):
        refused = await post(newsroom, "", article())
        assert (problem(refused), refused.headers["retry-after"]) == ((409, "request-in-flight"), "1")
        assert (await post(newsroom, "", article(), key="k-2")).status_code == 201
    assert (await post(newsroom, "", article())).headers.get(REPLAYED) is None
    assert await count(newsroom) == 2


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_repetition_waits_for_the_first_of_another_process(newsroom: Newsroom, settings: Settings) -> None:
    engine = create_engine(parse_url(settings.database_url))
    with Session(engine) as session:
        assert try_claim(session, "idempotency_key", f"{prefix(newsroom)} k-1")
        refused = await post(newsroom, "", article())
        assert (problem(refused), refused.headers["retry-after"]) == ((409, "request-in-flight"), "1")
    engine.dispose()
    assert (await post(newsroom, "", article())).status_code == 201


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_repetition_waits_for_no_writer(newsroom: Newsroom, sqlite_url: str) -> None:
    first = await post(newsroom, "", article())
    writer = driver.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    again = await post(newsroom, "", article())
    writer.close()
    assert_replays(first, again)


async def test_repetition_refused_because_of_the_first_gets_its_answer(newsroom: Newsroom, settings: Settings) -> None:
    async def come_late(_request: Request) -> Response:
        async with open_newsroom(settings) as elsewhere:
            there = Newsroom(elsewhere.app, elsewhere.client, newsroom.key)
            assert (await post(there, "", None)).status_code == 422  # and nothing is kept of it
            created = await elsewhere.client.post(DRAFTS, content=BODY, headers=newsroom.authorization | FIELDS)
            assert created.status_code == 201
        raise PreconditionFailed("It has changed since we looked.")

    answer = await repeatable(_request_to(newsroom), _holder(newsroom), come_late)
    assert (answer.status_code, answer.headers[REPLAYED]) == (201, "true")


async def test_repetition_refused_for_itself_is_refused(newsroom: Newsroom) -> None:
    async def refuse(_request: Request) -> Response:
        raise PreconditionFailed("It has changed since we looked.")

    with pytest.raises(PreconditionFailed):
        await repeatable(_request_to(newsroom), _holder(newsroom), refuse)


BODY = b'{"language": "en", "headline": "Harbour reopens"}'
FIELDS = {"Idempotency-Key": "k-1", "Content-Type": "application/json"}


def _holder(newsroom: Newsroom) -> Holder:
    return Holder("tests", prefix(newsroom), frozenset({"newsroom"}))


def _request_to(newsroom: Newsroom) -> Request:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": BODY, "more_body": False}

    headers = [(name.lower().encode(), value.encode()) for name, value in FIELDS.items()]
    scope = {"type": "http", "method": "POST", "path": DRAFTS, "query_string": b"", "headers": headers}
    return Request({**scope, "app": newsroom.app, "state": {}}, receive)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "keys", [[b""], [b'""'], [b"a" * 256], [b"two words"], [b"a\tb"], ["clé".encode()], [b"k-1", b"k-1"], [b"a", b"b"]]
)
async def test_bad_key_is_named(newsroom: Newsroom, keys: list[bytes]) -> None:
    fields = [(name.encode(), value.encode()) for name, value in newsroom.authorization.items()]
    headers = fields + [(b"Idempotency-Key", key) for key in keys]
    response = await newsroom.client.post(DRAFTS, content=b"{", headers=headers)
    assert problem(response) == (400, "bad-parameter")
    assert [error["parameter"] for error in response.json()["errors"]] == ["Idempotency-Key"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_quotes_are_not_part_of_the_key(newsroom: Newsroom) -> None:
    first = await post(newsroom, "", article(), key='"k-1"')
    assert_replays(first, await post(newsroom, "", article(), key="k-1"))
    longest = await post(newsroom, "", article(), key="~" * 255)
    assert_replays(longest, await post(newsroom, "", article(), key="~" * 255))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_key_means_nothing_where_repeating_does_no_harm(newsroom: Newsroom) -> None:
    await newsroom.put("wire-1", publish=False)
    for headline in ("One", "Two"):
        changed = await newsroom.send(
            "PATCH", f"{DRAFTS}/wire-1", {"headline": headline}, if_match="*", Idempotency_Key="k-1"
        )
        assert changed.json()["data"]["article"]["headline"] == headline
    assert await count(newsroom, KeptAnswer) == 0
