"""The memory of answers over an application that answers when it is told to: who asks it, and who waits."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from app.web import edge
from app.web.asked import Asking
from app.web.edge import Edge
from app.web.kept import Memory

PATH = "/v1/articles/a1"


@dataclass
class Desk:
    """An application and the news of it: `seq` is what it shows, of `a1`, once its gate is open."""

    seq: int = 1
    is_behind: bool = False
    status: int = 200
    calls: int = 0
    looks: int = 0
    failure: Exception | None = None
    touched: set[str] = field(default_factory=set)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    look_gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()
        self.look_gate.set()

    async def hear(self) -> Collection[str] | None:
        self.looks += 1
        await self.look_gate.wait()
        if self.failure:
            raise self.failure
        keys, self.touched = self.touched, set()
        self.is_behind = False
        return keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.calls += 1
        seq = self.seq
        await self.gate.wait()
        fields = {"etag": f'"{seq}"', "surrogate-key": "a1", "dateline-seq": f"{seq}", "cache-control": "public"}
        headers = [(name.encode(), value.encode()) for name, value in fields.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"as of %d" % seq})

    def publish(self) -> None:
        self.seq += 1
        self.touched.add("a1")
        self.is_behind = True


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    fields: dict[bytes, bytes]
    body: bytes

    @property
    def cache_status(self) -> str:
        return self.fields[b"cache-status"].decode().removeprefix("dateline; ")


@pytest.fixture
async def desk() -> Desk:
    return Desk()


@pytest.fixture
async def opened(desk: Desk) -> Edge:
    made = Edge(
        desk, Memory(1_000_000), Asking(format_of=lambda _: "", own_parameters=lambda: (), lasting=("/v1/stream",))
    )
    made.open(desk)
    return made


async def get(edge: Edge, path: str = PATH, *, method: str = "GET", **headers: str) -> Answer:
    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope: Scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": given}
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("there is no body")

    async def send(message: Message) -> None:
        sent.append(message)

    await edge(scope, receive, send)
    start, *rest = sent
    return Answer(start["status"], dict(start["headers"]), b"".join(each.get("body", b"") for each in rest))


async def waiting(count: int, edge: Edge, **options: Any) -> list[asyncio.Task[Answer]]:
    """So many who ask, and wait."""
    tasks = [asyncio.create_task(get(edge, **options)) for _ in range(count)]
    await asyncio.sleep(0.01)
    return tasks


async def test_one_asks_for_all(desk: Desk, opened: Edge) -> None:
    desk.gate.clear()
    asking = await waiting(50, opened)
    desk.gate.set()
    told = [answer.cache_status for answer in await asyncio.gather(*asking)]
    assert desk.calls == 1
    assert sorted(told) == ["fwd=uri-miss; collapsed"] * 49 + ["fwd=uri-miss; stored"]


async def test_who_asked_before_a_change_may_see_either_and_later_ones_the_new(desk: Desk, opened: Edge) -> None:
    desk.gate.clear()
    before = await waiting(50, opened)
    desk.publish()
    after = await waiting(50, opened)
    desk.gate.set()

    shown = [answer.body for answer in await asyncio.gather(*before, *after)]

    assert {*shown[50:]} == {b"as of 2"}
    assert desk.calls == 2


async def test_answers_that_are_overtaken_again_and_again_are_shared_all_the_same(desk: Desk, opened: Edge) -> None:
    desk.gate.clear()
    asking = await waiting(50, opened)
    for _ in range(4):  # each answer is old as soon as it is there
        desk.publish()
        desk.gate.set()
        await asyncio.sleep(0.005)
        desk.gate.clear()
    desk.gate.set()
    answers = await asyncio.gather(*asking)
    assert desk.calls <= 3  # one that had begun before, and one begun since by whoever of them was first
    assert all(answer.body == b"as of %s" % answer.fields[b"dateline-seq"] for answer in answers)


async def test_answers_for_nobody_else_are_asked_for_by_each(desk: Desk, opened: Edge) -> None:
    desk.status = 404
    desk.gate.clear()
    asking = await waiting(5, opened)
    desk.gate.set()
    assert {answer.cache_status for answer in await asyncio.gather(*asking)} == {"fwd=uri-miss"}
    assert desk.calls == 5


async def test_one_who_leaves_takes_nothing_from_the_others(desk: Desk, opened: Edge) -> None:
    desk.gate.clear()
    leader, *others = await waiting(5, opened)
    others[0].cancel()
    await asyncio.sleep(0.01)
    desk.gate.set()
    assert {(await task).body for task in (leader, *others[1:])} == {b"as of 1"}
    assert desk.calls == 1


async def test_others_ask_for_themselves_when_the_one_who_asked_for_them_leaves(desk: Desk, opened: Edge) -> None:
    desk.gate.clear()
    leader, *others = await waiting(5, opened)
    leader.cancel()
    await asyncio.sleep(0.01)
    desk.gate.set()
    assert {(await task).body for task in others} == {b"as of 1"}
    assert (await get(opened)).cache_status == "fwd=uri-miss; stored"


async def test_one_that_takes_too_long_is_not_waited_for(
    desk: Desk, opened: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "FLIGHT_SECONDS", 0.02)
    desk.gate.clear()
    asking = await waiting(3, opened)
    await asyncio.sleep(0.05)
    assert desk.calls == 3
    desk.gate.set()
    assert {(await task).body for task in asking} == {b"as of 1"}


async def test_validators_alone_do_for_whoever_has_the_answer(desk: Desk, opened: Edge) -> None:
    desk.status = 304
    assert (await get(opened, if_none_match='"1"')).status == 304
    assert (await get(opened, if_none_match='"1"')).cache_status == "hit"
    desk.status = 200
    assert (await get(opened)).body == b"as of 1"
    assert (await get(opened)).cache_status == "hit"


async def test_log_that_cannot_be_read_leaves_all_to_the_application(desk: Desk, opened: Edge) -> None:
    await get(opened)
    desk.publish()
    desk.failure = OSError("no database")
    assert (await get(opened)).cache_status == "fwd=bypass"
    desk.failure = None
    assert (await get(opened)).body == b"as of 2"


async def test_log_that_does_not_answer_is_not_waited_for_long(
    desk: Desk, opened: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "LOOK_SECONDS", 0.02)
    desk.look_gate.clear()
    answers = [await get(opened) for _ in range(2)]
    assert [(answer.body, answer.cache_status) for answer in answers] == [(b"as of 1", "fwd=bypass")] * 2
    assert desk.looks == 1


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/v1/newsroom/articles/a1", "/v1/stream"])
async def test_probes_and_the_newsroom_do_not_wait_for_the_log(desk: Desk, opened: Edge, path: str) -> None:
    desk.look_gate.clear()
    async with asyncio.timeout(0.5):
        assert (await get(opened, path)).cache_status == "fwd=bypass"
    assert desk.looks == 0


async def test_who_waits_for_the_log_is_answered_when_it_closes(desk: Desk, opened: Edge) -> None:
    desk.look_gate.clear()
    asking = await waiting(3, opened)
    closing = asyncio.create_task(opened.close())
    await asyncio.sleep(0.01)
    desk.look_gate.set()
    await closing
    assert {(await task).body for task in asking} == {b"as of 1"}
    assert len(opened.memory) == 0


async def test_nobody_looks_at_the_log_again_once_it_closes(desk: Desk, opened: Edge) -> None:
    desk.look_gate.clear()
    first = await waiting(1, opened)
    late = await waiting(1, opened)  # for whom the look under way began too early
    closing = asyncio.create_task(opened.close())
    await asyncio.sleep(0.01)
    desk.look_gate.set()
    await closing
    assert {(await task).body for task in first + late} == {b"as of 1"}
    assert desk.looks == 1


async def test_log_that_does_not_answer_does_not_hold_up_the_end(
    desk: Desk, opened: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "LOOK_SECONDS", 0.02)
    desk.look_gate.clear()
    asking = await waiting(3, opened)
    async with asyncio.timeout(0.5):
        await opened.close()
    assert {(await task).body for task in asking} == {b"as of 1"}
