"""Reading entity tags, and insisting on them."""

import pytest

from app.core.errors import PreconditionFailed, PreconditionRequired
from app.web.etags import parse_etags, require_match, strong_etag

CURRENT = '"r-3"'


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"a"', ['"a"']),
        ('W/"a"', ['W/"a"']),
        ('"a", W/"b" ,"c"', ['"a"', 'W/"b"', '"c"']),
        ('"a,b"', ['"a,b"']),
        ('""', ['""']),
        ("*", "*"),
        (" * ", "*"),
        ("", []),
        ("a", []),
        ('"a" "b"', []),
        ('w/"a"', []),
        ('"a", b', ['"a"']),
    ],
)
def test_parse_etags(header: str, expected: list[str] | str) -> None:
    assert parse_etags(header) == expected


def test_strong_etag_names_a_state() -> None:
    assert strong_etag("r", 3) == CURRENT


@pytest.mark.parametrize("if_match", [CURRENT, "*", f'"other", {CURRENT}'])
def test_matching_state_passes(if_match: str) -> None:
    require_match(if_match, CURRENT, required=True)


@pytest.mark.parametrize("if_match", ['"r-2"', f"W/{CURRENT}", "nonsense", "", "r-3"])
def test_other_state_fails(if_match: str) -> None:
    with pytest.raises(PreconditionFailed):
        require_match(if_match, CURRENT, required=False)


def test_weak_state_never_matches_strongly() -> None:
    with pytest.raises(PreconditionFailed):
        require_match('W/"r-3"', 'W/"r-3"', required=False)


def test_absence_counts_only_where_it_is_required() -> None:
    require_match(None, CURRENT, required=False)
    with pytest.raises(PreconditionRequired):
        require_match(None, CURRENT, required=True)
