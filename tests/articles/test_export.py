"""The export: everything that is public, and nothing else, in batches that stay short."""

import json
from uuid import UUID

from app.articles.export import batch, lines
from app.db import Database
from tests.articles.archive import Archive
from tests.newsroom_client import Newsroom

API = "https://api.newsroom.example"


async def exported(database: Database) -> list[bytes]:
    return b"".join([some async for some in lines(database, api_url=API)]).splitlines()


async def test_empty_database_exports_its_position_alone(database: Database) -> None:
    assert await exported(database) == [b'{"seq":0}']


async def test_every_line_is_the_document_as_it_is_served(newsroom: Newsroom) -> None:
    for name in ("one", "two", "three"):
        await newsroom.publish(name, headline=f"{name} \\/v1/ “quoted”", body_text="a line\n\nanother\u2028line")
    await newsroom.put("draft", publish=False)
    await newsroom.withdraw("two")

    head, *documents = await exported(newsroom.app.state.database)

    assert json.loads(head) == {"seq": 4}
    assert len(documents) == 2
    for line in documents:
        served = await newsroom.get(f"/v1/articles/{json.loads(line)['id']}")
        assert served.content == b'{"data":' + line + b"}"


async def test_batches_go_on_where_the_last_one_ended(archive: Archive) -> None:
    published = [known.id for known in await archive.publish_all([{}] * 7)]

    first = await archive.database.scan(batch, limit=3)
    second = await archive.database.scan(batch, after=first.last, limit=3)
    third = await archive.database.scan(batch, after=second.last, limit=3)

    found = [UUID(json.loads(line)["id"]) for some in (first, second, third) for line in some.documents]
    assert found == sorted(published)
    assert (await archive.database.scan(batch, after=third.last, limit=3)).documents == []
