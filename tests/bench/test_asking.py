"""What is asked for is what the names of the kinds say, the same every time."""

from collections import Counter
from datetime import UTC, datetime
from itertools import islice, pairwise
from urllib.parse import parse_qs, urlsplit

import pytest

from app.core.stopwords import STOP_WORDS
from tests.bench.asking import FEWEST_RARE, MOST, MOST_RARE, Asking
from tests.bench.news import News

ARTICLES = list(islice(News(1, began=datetime(2026, 1, 1, tzinfo=UTC), articles_a_day=100), 300))
SAID = [
    [word for word in article["body_text"].lower().replace(".", "").split() if word not in STOP_WORDS["en"]]
    for article in ARTICLES
]
HELD = Counter(word for said in SAID for word in set(said))


@pytest.fixture(scope="module")
def targets() -> dict[str, list[str]]:
    return Asking(ARTICLES, seed=1).targets(20)


def asked(targets: list[str]) -> list[str]:
    return [parse_qs(urlsplit(target).query)["q"][0] for target in targets]


def test_common_words_are_common_and_rare_ones_rare(targets: dict[str, list[str]]) -> None:
    assert all(HELD[word] > MOST * len(ARTICLES) for word in asked(targets["common word"]))
    assert all(FEWEST_RARE <= HELD[word] <= MOST_RARE for word in asked(targets["rare word"]))


def test_three_words_are_of_one_article(targets: dict[str, list[str]]) -> None:
    for query in asked(targets["three words"]):
        assert any(set(query.split()) <= set(said) for said in SAID)


@pytest.mark.parametrize("kind", ["phrase", "phrase of common words"])
def test_words_of_a_phrase_stand_together(targets: dict[str, list[str]], kind: str) -> None:
    together = {pair for said in SAID for pair in pairwise(said)}
    assert {tuple(query.strip('"').split()) for query in asked(targets[kind])} <= together


def test_one_seed_makes_the_same_requests(targets: dict[str, list[str]]) -> None:
    assert Asking(ARTICLES, seed=1).targets(20) == targets
    assert Asking(ARTICLES, seed=2).targets(20) != targets
