"""The sample newsroom: that it shows every part of the service, and comes once."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.core.clock import utc_now
from app.core.text import words
from app.db import Database
from app.newsroom.copy import Copy
from app.newsroom.sample import copies, load
from app.newsroom.schemas import ArticleIn
from tests.newsroom.taking_in import SITE, jsonl, left, take_in
from tests.newsroom_client import Newsroom

NOW = datetime(2026, 11, 20, 12, 30, 45, tzinfo=UTC)


@pytest.fixture(scope="module")
def sample() -> list[Copy]:
    return copies(now=NOW, site_url=SITE)


@pytest.fixture(scope="module")
def articles(sample: list[Copy]) -> list[ArticleIn]:
    return [copy.article for copy in sample]


def test_sample_has_enough_of_everything(articles: list[ArticleIn]) -> None:
    assert len(articles) >= 60
    assert {article.language for article in articles} == {"en", "fr", "ar"}
    assert len({article.section for article in articles}) == 8
    kinds = Counter(tag.kind for article in articles for tag in article.tags)
    assert kinds.keys() == {"topic", "person", "place", "organisation", "event"}
    storylines = Counter(tag.name for article in articles for tag in article.tags if tag.kind == "event")
    assert len([name for name, count in storylines.items() if count >= 5]) >= 3


def test_every_article_is_fit_to_be_shown(articles: list[ArticleIn]) -> None:
    for article in articles:
        assert article.summary, article.external_id
        assert article.body, article.external_id
        assert article.section, article.external_id
        assert article.tags, article.external_id
        assert article.contributors, article.external_id
        assert article.image is None or article.image.alt, article.external_id
    assert sum(article.image is not None for article in articles) > len(articles) / 2


def test_external_ids_and_headlines_are_all_different(articles: list[ArticleIn]) -> None:
    assert len({article.external_id for article in articles}) == len(articles)
    assert len({article.headline for article in articles}) == len(articles)


def test_translations_name_an_article_of_another_language(articles: list[ArticleIn]) -> None:
    languages = {article.external_id: article.language for article in articles}
    translated = [article for article in articles if article.translation_of is not None]
    assert len(translated) >= 10
    for article in translated:
        assert article.translation_of in languages
        assert languages[article.translation_of] != article.language


def test_times_lie_in_the_days_before_the_first_start(articles: list[ArticleIn]) -> None:
    times = [article.published_at for article in articles if article.published_at is not None]
    assert len(times) == len(articles)
    assert max(times) <= NOW
    assert NOW - max(times) < timedelta(hours=2)
    assert len({time.date() for time in times}) >= 4
    updated = [article for article in articles if article.updated_at is not None]
    assert updated
    assert all(a.published_at and a.updated_at and a.published_at <= a.updated_at <= NOW for a in updated)


def test_no_two_articles_tell_the_same_text(sample: list[Copy]) -> None:
    said = [frozenset(words(copy.article.summary or "")) for copy in sample]
    pairs = [(a, b) for n, a in enumerate(said) for b in said[n + 1 :]]
    assert max(len(a & b) / len(a | b) for a, b in pairs) < 0.8


async def test_sample_is_loaded_once(database: Database) -> None:
    first = await database.write(load, now=utc_now(), site_url=SITE)
    before = await left(database)
    assert first == before.drafts == before.articles == before.changes
    assert await database.write(load, now=utc_now(), site_url=SITE) == 0
    assert await left(database) == before


async def test_sample_never_joins_articles_of_somebody_else(database: Database, tmp_path: Path) -> None:
    await take_in(database, jsonl(tmp_path / "news.jsonl", {}))
    assert await database.write(load, now=utc_now(), site_url=SITE) == 0
    assert (await left(database)).articles == 1


async def test_every_list_has_something_to_show(newsroom: Newsroom) -> None:
    await newsroom.app.state.database.write(load, now=utc_now(), site_url=SITE)

    timeline = (await newsroom.get("/v1/timeline?limit=100&tz=Africa/Casablanca")).json()
    assert len(timeline["meta"]["days"]) >= 4
    assert any(card["breaking"] for card in timeline["data"])
    assert len(await newsroom.data("/v1/sections")) == 8
    assert await newsroom.data("/v1/contributors")
    assert {tag["kind"] for tag in await newsroom.data("/v1/tags?limit=100")} >= {"topic", "person", "place", "event"}
    for card in timeline["data"][:20]:
        assert await newsroom.data(f"/v1/articles/{card['id']}/related"), card["headline"]


async def test_translations_are_linked_both_ways(newsroom: Newsroom) -> None:
    await newsroom.app.state.database.write(load, now=utc_now(), site_url=SITE)
    cards = await newsroom.data("/v1/articles?limit=100")
    documents = [await newsroom.data(f"/v1/articles/{card['id']}") for card in cards]
    pairs = {(document["id"], one["id"]) for document in documents for one in document["translations"]}
    assert len(pairs) >= 20
    assert pairs == {(other, one) for one, other in pairs}
