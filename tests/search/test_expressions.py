import pytest

from app.search.expressions import Branch, Expression, branch, for_postgresql, for_sqlite
from app.search.query import parse


@pytest.mark.parametrize(
    ("typed", "language", "required", "excluded"),
    [
        ("Harbour strikes", "en", [("en_harbour",), ("en_strike",)], []),
        ("the strikes", "en", [("en_strike",)], []),
        ('"end of the strikes"', "en", [("en_end", "en_strike")], []),
        ("l'usine", "fr", [("fr_usin",)], []),
        ("strikes -harbours -the", "en", [("en_strike",)], [("en_harbour",)]),
        ('port -"nine days"', "en", [("en_port",)], [("en_nine", "en_day")]),
        ("nine-day", "en", [("en_nine",), ("en_day",)], []),
        ("東京都", "ja", [("ja_東京",), ("ja_京都",)], []),
        ("die Arbeiter", "de", [("de_arbeit",)], []),
        ("strike strikes", "en", [("en_strike",)], []),
    ],
)
def test_query_is_read_in_a_language(
    typed: str, language: str, required: list[tuple[str, ...]], excluded: list[tuple[str, ...]]
) -> None:
    assert branch(parse(typed), language) == Branch(language, tuple(required), tuple(excluded))


def test_stop_words_alone_are_looked_for_as_they_are() -> None:
    assert branch(parse("The Who"), "en") == Branch("en", (("en=the",), ("en=who",)), is_plain=True)
    assert branch(parse('"the who"'), "en") == Branch("en", (("en=the", "en=who"),), is_plain=True)


@pytest.mark.parametrize("typed", ["", "!?", "- *", "&|"])
def test_query_without_a_word_is_none(typed: str) -> None:
    assert branch(parse(typed), "en") is None


def test_expression_is_written_for_both_databases() -> None:
    branches = Branch("en", (("en_a",), ("en_b", "en_c'd")), (("en_e",),)), Branch("fr", (("fr_a",),))
    expression = Expression(branches, (("=s1", "=s2"), ("=b1",)))
    assert for_sqlite(expression) == (
        '((("en_a" AND "en_b en_c\'d") NOT ("en_e")) OR ("fr_a")) AND ("=s1" OR "=s2") AND ("=b1")'
    )
    assert for_postgresql(expression) == (
        "(((('en_a') & ('en_b' <-> 'en_c''d')) & !(('en_e'))) | (('fr_a'))) & ('=s1' | '=s2') & ('=b1')"
    )


def test_headline_is_asked_by_tokens_of_its_own() -> None:
    expression = Expression((Branch("en", (("en_a", "en_b"),)),))
    assert for_sqlite(expression.in_headline()) == '(("en:a en:b"))'
    assert " OR " not in for_sqlite(expression)
    assert for_sqlite(Expression((Branch("en", (("en_a",), ("en_b",))),)).relaxed()) == '(("en_a" OR "en_b"))'
