import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.query import MOST_CLAUSES, Clause, parse


def word(text: str) -> Clause:
    return Clause(text)


def phrase(text: str) -> Clause:
    return Clause(text, is_phrase=True)


def out(text: str) -> Clause:
    return Clause(text, is_excluded=True)


@pytest.mark.parametrize(
    ("typed", "clauses"),
    [
        ("harbour strike", [word("harbour"), word("strike")]),
        ('"harbour strike" ends', [phrase("harbour strike"), word("ends")]),
        ("“harbour strike”", [phrase("harbour strike")]),
        ("« grève du port »", [phrase(" grève du port ")]),
        ("harbour -strike", [word("harbour"), out("strike")]),
        ('harbour -"nine days"', [word("harbour"), Clause("nine days", is_phrase=True, is_excluded=True)]),
        ("nine-day strike", [word("nine-day"), word("strike")]),
        ("- harbour", [word("-"), word("harbour")]),
        ("--harbour port", [word("--harbour"), word("port")]),
        ('harbour "strike', [word("harbour"), word("strike")]),
        ('"a" "b', [phrase("a"), word("b")]),
        ('"', []),
        ('""', []),
        ("  ", []),
        ("-strike", [word("strike")]),
        ('-"nine days"', [phrase("nine days")]),
        ("harbour AND strike* OR NEAR(x)", [word(text) for text in ["harbour", "AND", "strike*", "OR", "NEAR(x)"]]),
        (
            "headline:strike & | !port <-> ^x",
            [word(text) for text in ["headline:strike", "&", "|", "!port", "<->", "^x"]],
        ),
        ("twice twice", [word("twice")]),
    ],
)
def test_only_quotes_and_minus_mean_something(typed: str, clauses: list[Clause]) -> None:
    assert list(parse(typed)) == clauses


@given(st.text())
def test_anything_can_be_typed(typed: str) -> None:
    clauses = parse(typed)
    assert all(clause.text.strip() for clause in clauses)
    assert not clauses or not all(clause.is_excluded for clause in clauses)


def test_long_query_is_bounded() -> None:
    assert len(parse(" ".join(map(str, range(1000))))) == MOST_CLAUSES
