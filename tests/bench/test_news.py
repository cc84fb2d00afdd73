"""Generated news is news for the newsroom, the same every time, and as long and as repetitive as it claims."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice

from app.newsroom.inputs import read_article
from tests.bench.news import FEWEST_WORDS, MOST_WORDS, Json, News

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def made(number: int, *, seed: int = 1, language: str = "la") -> list[Json]:
    return list(islice(News(seed, began=BEGAN, articles_a_day=100, language=language), number))


def test_the_newsroom_accepts_what_is_generated() -> None:
    for language in ("la", "en"):
        assert all(read_article(article) for article in made(20, language=language))


def test_one_seed_makes_one_stream() -> None:
    assert made(50) == made(50)
    assert made(50) != made(50, seed=2)


def test_texts_are_as_long_as_news() -> None:
    assert all(FEWEST_WORDS / 2 <= len(article["body_text"].split()) <= MOST_WORDS for article in made(200))


def test_the_clock_goes_on_by_so_many_articles_a_day() -> None:
    times = [datetime.fromisoformat(article["published_at"]) for article in made(201)]
    assert times == sorted(times)
    assert times[-1] - times[0] == timedelta(days=2)


def test_some_articles_are_near_copies_of_another() -> None:
    paragraphs = Counter(paragraph for one in made(1000) for paragraph in one["body_text"].split("\n\n")[1:])
    assert 10 < sum(one["source"] is not None for one in made(1000)) < 100
    assert any(times > 1 for times in paragraphs.values())


def test_a_storm_is_of_one_event_with_names_of_its_own() -> None:
    news = News(1, began=BEGAN, articles_a_day=100)
    before = {word for one in islice(news, 100) for word in one["body_text"].split()}
    told = [set(one["body_text"].split()) for one in news.storm(5)]
    assert len(set.intersection(*told) - before) >= 2
