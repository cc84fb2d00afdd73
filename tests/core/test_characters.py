import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.markup import clean_line, clean_text

ANY_TEXT = st.text(st.characters(exclude_categories=())) | st.text(
    "ab \n\t\u00a0\u202a\u202e\u202c\u2066\u2069\u200d\ud800\x00\x85"
)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("plain", "plain"),
        ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
        ("tab\tstays\n", "tab\tstays\n"),
        ("nul\0 bell\x07 del\x7f c1\x9b esc\x1b[0m", "nul bell del c1 esc[0m"),
        ("\ufeffbom \ufffe\ufdd0\U0001ffff", "bom "),
        ("lone \ud800\udfff", "lone "),
        ("می\u200cخواهد ශ්\u200dරී", "می\u200cخواهد ශ්\u200dරී"),
        ("\u200fعربي\u200e", "\u200fعربي\u200e"),
        ("a\u202eb", "ab"),
        ("a\u202eb\u202cc", "a\u202eb\u202cc"),
        ("a\u2067b\u2069c", "a\u2067b\u2069c"),
        ("a\u2067b\nc\u2069", "ab\nc"),
        ("\u202c\u2069x", "x"),
        ("\u2067\u202ea\u2069\u202c", "\u2067a\u2069"),
        ("\u202e\u2067a\u202c\u2069", "\u2067a\u2069"),
        ("👩\u200d👩\u200d👧 1\ufe0f\u20e3", "👩\u200d👩\u200d👧 1\ufe0f\u20e3"),
    ],
)
def test_text_loses_what_breaks_a_document(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  one \n two\tthree\u2029 four\v ", "one two three four"),
        ("50\u00a0% d’économie", "50\u00a0% d’économie"),
        ("\u00a0\u200bx\u200b\u00a0", "x"),
        ("\u200d\u200f \u2060", ""),
        ("a\u2067b\nc\u2069", "a\u2067b c\u2069"),
        ("a \u202e b", "a b"),
        ("", ""),
    ],
)
def test_line_is_one_line(text: str, clean: str) -> None:
    assert clean_line(text) == clean


@given(ANY_TEXT)
def test_clean_text_is_encodable_and_stays(text: str) -> None:
    for clean in (clean_text, clean_line):
        once = clean(text)
        assert clean(once) == once
        once.encode()
        assert not set(once) & {"\0", "\x7f", "\ufeff", "\r"}


@pytest.mark.parametrize("text", ["\u202e" * 100_000 + "\u2069" * 100_000, "\u2067\u202c" * 100_000])
def test_many_directional_controls_are_handled_in_one_go(text: str) -> None:
    assert clean_text(text) == ""
