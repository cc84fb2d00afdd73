"""How much a read asks of the database, and what it never does: load an entity, validate, serialise."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.articles.listing import LOOKED_UP
from app.articles.schemas import ArticleOut, CardOut
from app.articles.storylines.verbs import found
from app.core.clock import utc_now
from tests.newsroom_client import Newsroom, article
from tests.related.shelf import Shelf

pytestmark = pytest.mark.without_edge

_COUNTS = ContextVar("_COUNTS", default=False)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is executed meanwhile, on any engine, for us: the follower of the log asks too, when it likes."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if _COUNTS.get():
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    counting = _COUNTS.set(True)
    try:
        yield seen
    finally:
        _COUNTS.reset(counting)
        event.remove(Engine, "before_cursor_execute", note)


@contextmanager
def entities() -> Iterator[list[object]]:
    """What is loaded as an object meanwhile."""
    loaded: list[object] = []

    def note(_session: Session, instance: object) -> None:
        loaded.append(instance)

    event.listen(Session, "loaded_as_persistent", note)
    try:
        yield loaded
    finally:
        event.remove(Session, "loaded_as_persistent", note)


class Untouchable:
    """Stands in for the validator and the serialiser of a model: no read may need them."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"a read used {name} of a model")


def models(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Every model there is."""
    for child in base.__subclasses__():
        yield child
        yield from models(child)


async def fill(newsroom: Newsroom, count: int) -> str:
    """Many articles of the same tags; the id of one."""
    tags = [{"name": "Oil"}, {"name": "Gaza"}]
    for n in range(count):
        fields = article(headline=f"Oil report number {n}", tags=tags, section="world", contributors=[{"name": "Ines"}])
        await newsroom.client.put(
            f"/v1/newsroom/articles/a{n}?publish=true", json=fields, headers=newsroom.authorization
        )
    return str((await newsroom.data("/v1/articles?limit=1"))[0]["id"])


async def test_a_read_is_one_statement(newsroom: Newsroom) -> None:
    id = await fill(newsroom, 4)
    storyline = await newsroom.app.state.database.write(found, [UUID(id)], now=utc_now())
    page = (await newsroom.get("/v1/timeline?limit=2")).json()
    middle = (await newsroom.get(page["links"]["older"])).json()
    once = [
        f"/v1/articles/{id}",
        f"/v1/articles/{page['data'][0]['slug']}",
        f"/v1/articles/{id}?view=card&fields=headline",
        "/v1/articles",
        "/v1/articles?section=world&tag=oil&tag=gaza&contributor=ines&language=en,fr&breaking=false&from=2020-01-01",
        "/v1/timeline",
        f"/v1/timeline?storyline={storyline}&language=en",
        "/v1/timeline?collapse=storyline&tag=oil",
        "/v1/storylines",
        "/v1/timeline?tz=Asia/Kathmandu&limit=100",
        page["links"]["older"],
        page["links"]["newer"],
        middle["links"]["newer"],
        f"/v1/timeline/new?after={page['links']['newer'].rpartition('=')[2]}",
        "/v1/sections",
        "/v1/tags?kind=topic",
        "/v1/contributors",
    ]
    for path in once:
        await newsroom.get(path)  # a first connection asks for more
        with statements() as seen:
            assert (await newsroom.get(path)).status_code == 200
        assert len(seen) == 1, (path, seen)
        assert "drafts" not in seen[0]


async def test_pages_of_every_length_share_a_few_statements(newsroom: Newsroom) -> None:
    await fill(newsroom, 4)
    with statements() as seen:
        for limit in range(1, 101):
            page = (await newsroom.get(f"/v1/timeline?limit={limit}")).json()
            assert len(page["data"]) == min(limit, 4)
            assert (page["links"]["older"] is None) == (limit >= 4)
    assert len({text for text in seen if "log_head" in text and "card" in text}) == len(LOOKED_UP)


async def test_related_stories_are_two_statements(newsroom: Newsroom) -> None:
    id = await fill(newsroom, 10)
    others = [card["id"] for card in await newsroom.data("/v1/articles") if card["id"] != id]
    shelf = Shelf(newsroom.app.state.database)
    await shelf.sign(id, *others)
    await shelf.relate(id, *((other, 0.5) for other in others))
    for path, most in {
        f"/v1/articles/{id}/related": 2,
        f"/v1/articles/{id}?include=related,timeline": 4,
        f"/v1/related?articles={id}": 2,
    }.items():
        await newsroom.get(path)
        with statements() as seen:
            await newsroom.get(path)
        assert len(seen) == most, path
        assert not [statement for statement in seen if "drafts" in statement]


async def test_filling_up_takes_as_many_statements_however_many_there_are(newsroom: Newsroom) -> None:
    counted = []
    for articles in (3, 40):
        path = f"/v1/articles/{await fill(newsroom, articles)}/related?limit=50"
        await newsroom.get(path)
        with statements() as seen:
            await newsroom.get(path)
        counted.append(len(set(seen)))  # a read that takes long begins anew elsewhere

    assert counted[0] == counted[1] <= 11


async def test_absence_takes_few_statements(newsroom: Newsroom) -> None:
    await newsroom.publish("moved", slug="old")
    await newsroom.publish("moved", slug="new")
    await newsroom.publish("gone", slug="gone")
    await newsroom.withdraw("gone")
    for path, status in {"old": 308, "gone": 410, "never": 404}.items():
        await newsroom.get(f"/v1/articles/{path}")
        with statements() as seen:
            assert (await newsroom.get(f"/v1/articles/{path}")).status_code == status
        assert len(seen) <= 3


async def test_probes_of_life_ask_nothing_of_the_database(newsroom: Newsroom) -> None:
    with statements() as seen:
        await newsroom.get("/healthz")
        await newsroom.get("/openapi.json")
        await newsroom.get("/v1/timeline?limit=0")

    assert seen == []


async def test_reads_load_no_entity_and_touch_no_model(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    id = await fill(newsroom, 3)
    storyline = await newsroom.app.state.database.write(found, [UUID(id)], now=utc_now())
    newsroom.app.openapi()
    ours = [model for model in models(BaseModel) if model.__module__.startswith("app.")]
    assert {ArticleOut, CardOut} <= set(ours)
    for model in ours:
        monkeypatch.setattr(model, "__pydantic_validator__", Untouchable())
        monkeypatch.setattr(model, "__pydantic_serializer__", Untouchable())

    with entities() as loaded:
        for path in (
            f"/v1/articles/{id}",
            f"/v1/articles/{id}?include=related,timeline",
            f"/v1/articles/{id}/related",
            f"/v1/related?articles={id}",
            "/v1/articles?tag=oil",
            f"/v1/articles/{id}?include=storyline",
            f"/v1/storylines/{storyline}",
            "/v1/changes",
            "/v1/timeline?limit=2",
            "/v1/tags",
        ):
            response = await newsroom.client.get(path)
            assert response.status_code == 200, response.text

    assert loaded == []


async def test_publication_is_some_thirty_statements(newsroom: Newsroom) -> None:
    await fill(newsroom, 3)
    names = {"tags": [{"name": "Oil"}], "section": "world", "contributors": [{"name": "Ines"}]}
    counts: list[int] = []
    for headline in ("Said first", "Said again"):
        with statements() as seen, entities() as loaded:
            answer = await newsroom.client.put(
                "/v1/newsroom/articles/one?publish=true",
                json=article(headline=headline, **names),
                headers=newsroom.authorization,
            )
        assert answer.is_success
        assert len(loaded) == len(counts)  # the draft, once there is one
        counts.append(len(seen))
    claims = 6 if newsroom.app.state.database.dialect == "postgresql" else 0
    assert counts == [27 + claims, 31 + claims], seen
