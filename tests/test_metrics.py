"""The metrics, read back by Prometheus' own parser."""

from prometheus_client.parser import text_string_to_metric_families

from app.related.storytelling import keep_up
from app.settings import Settings
from tests.newsroom_client import Newsroom, open_newsroom


async def metrics(newsroom: Newsroom) -> dict[str, float]:
    """Every sample by its name and labels."""
    response = await newsroom.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert response.headers["cache-control"] == "no-store"
    families = text_string_to_metric_families(response.text)
    return {
        "/".join([sample.name, *sample.labels.values()]): sample.value
        for family in families
        for sample in family.samples
    }


async def test_followers_tell_how_far_they_are_behind(newsroom: Newsroom) -> None:
    lag = "dateline_follower_lag_changes"
    for n in range(3):
        await newsroom.publish(f"wire-{n}")

    behind = await metrics(newsroom)
    assert behind["dateline_log_seq"] == 3
    assert (behind[f"{lag}/related"], behind[f"{lag}/storylines"]) == (3, 3)

    await keep_up(newsroom.app.state.database)
    caught_up = await metrics(newsroom)
    assert (caught_up[f"{lag}/related"], caught_up[f"{lag}/storylines"]) == (0, 0)


async def test_cdn_lags_where_there_is_one(newsroom: Newsroom, settings: Settings) -> None:
    await newsroom.publish("wire-1")
    assert "dateline_follower_lag_changes/cdn" not in await metrics(newsroom)

    cdn = {"cdn_service": "webhook", "cdn_url": "https://hooks.example/purge"}
    async with open_newsroom(settings.model_copy(update=cdn)) as other:
        assert (await metrics(other))["dateline_follower_lag_changes/cdn"] >= 1


async def test_process_tells_of_itself(newsroom: Newsroom) -> None:
    assert (await metrics(newsroom))["process_resident_memory_bytes"] > 1_000_000
