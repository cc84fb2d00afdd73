"""How alike signatures are: the arithmetic, without a database."""

from datetime import UTC, datetime, timedelta
from math import isclose, sqrt

import pytest

from app.related.likeness import (
    ELSEWHERE,
    EXPECTED,
    Signature,
    are_copies,
    contributions,
    cosine,
    idf,
    norm,
    products,
    score,
    strongest,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def signature(
    words: dict[int, int] | None = None, *, language: str = "en", shingles: frozenset[int] = frozenset()
) -> Signature:
    return Signature(language, NOON, words or dict.fromkeys(range(5), 9), {}, 1.0, 1.0, shingles)


@pytest.mark.parametrize("articles", [0, 1, 10, 1_000, 1_000_000])
def test_rarer_terms_say_more_and_none_more_than_one(articles: int) -> None:
    told = [idf(df, articles) for df in sorted({0, 1, articles // 2, articles})]

    assert told == sorted(told, reverse=True)
    assert 0 <= told[-1] <= told[0] < 1


def test_a_few_articles_do_not_make_a_word_common() -> None:
    assert idf(3, 3) > 0.6 * idf(1, 3)
    assert idf(1000, 1000) < 0.1 * idf(1, 1000)


def test_norms_from_a_small_index_still_fit_a_large_one() -> None:
    assert idf(1, 10) > 0.8 * idf(1, 1_000_000)


def test_strongest_are_heavy_and_rare_and_equals_go_by_key() -> None:
    weights = {"rare": 50, "common": 50, "light": 1, "b": 30, "a": 30}
    df = {"rare": 1, "common": 900, "light": 1, "b": 10, "a": 10}

    assert strongest(weights, df, 1000, most=5) == ["rare", "a", "b", "common", "light"]
    assert strongest(weights, df, 1000, most=1) == ["rare"]
    assert strongest(dict(reversed(weights.items())), df, 1000, most=5) == strongest(weights, df, 1000, most=5)


def test_an_article_is_wholly_like_itself_and_not_at_all_like_strangers() -> None:
    words, df = {1: 200, 2: 30, 3: 7}, {1: 4, 2: 90, 3: 1}
    length = norm(words, df, 1000)
    mine = products(words, df, 1000)

    assert isclose(cosine(contributions(mine, words), length, length, is_same_language=True), 1.0)
    assert cosine(contributions(mine, {9: 200}), length, length, is_same_language=True) == 0.0
    assert cosine({}, 0.0, 0.0, is_same_language=True) == 0.0


def test_likeness_stays_within_one_when_a_norm_is_old() -> None:
    assert cosine({1: 10.0}, 1.0, 1.0, is_same_language=True) == 1.0


def test_other_languages_count_for_less() -> None:
    assert cosine({1: 0.5}, 1.0, 1.0, is_same_language=False) == 0.5 * ELSEWHERE


def test_terms_that_nobody_counted_count_as_new() -> None:
    assert norm({1: 10}, {}, 1000) == norm({1: 10}, {1: 1}, 1000) == 10 * idf(1, 1000)
    assert isclose(norm({1: 3, 2: 4}, {}, EXPECTED), sqrt(25) * idf(1, EXPECTED))


@pytest.mark.parametrize(
    ("apart", "left"), [(timedelta(0), 1.0), (timedelta(days=14), 0.684), (timedelta(days=3650), 0.5)]
)
def test_time_takes_half_at_most_in_both_directions(apart: timedelta, left: float) -> None:
    assert score(1.0, apart) == score(1.0, -apart) == pytest.approx(left, abs=0.001)


def test_scores_do_not_fail_at_the_ends_of_time() -> None:
    assert score(0.5, timedelta.max) == pytest.approx(0.25)


WORDING = frozenset(range(0, 4000, 40))
HALF_OF_IT = frozenset(sorted(WORDING)[::2])
REWRITTEN = frozenset(range(1, 4000, 40))


@pytest.mark.parametrize(
    ("one", "other", "likeness", "is_copy"),
    [
        (signature(), signature(), 0.9, True),
        (signature(), signature(), 0.8, False),
        (signature(), signature(language="fr"), 0.9, False),
        (signature({1: 9, 2: 9, 3: 9}), signature(), 0.9, False),
        (signature(shingles=WORDING), signature(shingles=HALF_OF_IT), 0.5, True),
        (signature(shingles=WORDING), signature(shingles=REWRITTEN), 0.5, False),
        (signature(shingles=WORDING), signature(shingles=frozenset(range(8))), 0.5, False),
        (signature(shingles=WORDING), signature(), 0.5, False),
    ],
)
def test_copies_share_nearly_all_words_or_most_wording(
    one: Signature, other: Signature, likeness: float, is_copy: bool
) -> None:
    assert are_copies(one, other, likeness) == are_copies(other, one, likeness) == is_copy
