"""The page that Dateline exists to feed, in one request."""

import json
from pathlib import Path

import pytest

from app.related import following
from tests.newsroom_client import Newsroom

SEED = Path(__file__).parent.parent.parent / "shared" / "seed" / "articles.jsonl"


@pytest.fixture
def seed() -> list[dict[str, object]]:
    if not SEED.exists():
        pytest.skip("the real page is not here")
    return [json.loads(line) for line in SEED.read_text(encoding="utf-8").splitlines()]


async def test_one_request_gives_the_whole_page(newsroom: Newsroom, seed: list[dict[str, object]]) -> None:
    for line in seed:
        await newsroom.publish(str(line["external_id"]), **line)
    await following.catch_up(newsroom.app.state.database)

    response = await newsroom.get(
        "/v1/articles/trump-plans-calls-with-russian-and-ukrainian-leaders-following-turkey-talks"
        "?include=related,timeline&tz=Africa/Casablanca"
    )

    page = response.json()
    assert page["data"]["external_id"] == "seed-1508"
    assert page["included"]["related"][0]["article"]["headline"].startswith("Russia Conducts Unprecedented Drone")
    times = [card["local"]["time"] for card in page["included"]["timeline"]]
    assert times == ["16:39", "16:09", "15:38", "15:08", "14:37", "13:36", "13:06"]
