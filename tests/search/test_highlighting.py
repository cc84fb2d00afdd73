import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.highlighting import SNIPPET, highlight


@pytest.mark.parametrize(
    ("text", "language", "stems", "marked"),
    [
        ("Harbour strikes end", "en", {"strike"}, "Harbour <mark>strikes</mark> end"),
        ("L’usine a repris", "fr", {"usin"}, "L’<mark>usine</mark> a repris"),
        ("The U.S. votes", "en", {"us"}, "The <mark>U.S.</mark> votes"),
        ("Selvan's port", "en", {"selvan"}, "<mark>Selvan</mark>'s port"),
        ("<b>strike</b> & co", "en", {"strike"}, "&lt;b&gt;<mark>strike</mark>&lt;/b&gt; &amp; co"),
        ("東京の港", "ja", {"東京", "の港"}, "<mark>東京</mark><mark>の港</mark>"),
        ("東京都内", "ja", {"東京", "京都"}, "<mark>東京都</mark>内"),
        ("snake_strike_case", "en", {"strike"}, "snake_<mark>strike</mark>_case"),
        ("nothing here", "en", {"strike"}, "nothing here"),
    ],
)
def test_words_are_marked_where_they_stand(text: str, language: str, stems: set[str], marked: str) -> None:
    assert highlight(text, None, "", language=language, stems=stems).headline == marked


def test_snippet_is_of_the_place_that_says_most() -> None:
    body = "A strike. " + "Nothing happened for long. " * 40 + "The harbour strike went on. " + "And on. " * 100
    shown = highlight("x", "y", body, language="en", stems={"strike", "harbour"}).body
    assert shown is not None
    assert "<mark>harbour</mark> <mark>strike</mark>" in shown
    assert shown[0] == shown[-1] == "…"
    assert len(shown) < SNIPPET + 60


def test_body_without_any_of_the_words_shows_its_beginning() -> None:
    assert (
        highlight("x", None, "It began.\n\nIt ended.", language="en", stems={"strike"}).body == "It began.  It ended."
    )
    assert highlight("x", None, "", language="en", stems={"strike"}).body is None


@given(st.text(alphabet="strike <>&\"'-é東京の港ก็\u0301\u200d_.", max_size=600))
def test_marked_text_is_safe_and_says_the_same(text: str) -> None:
    marked = highlight(text, text, text, language="en", stems={"strike", "東京"})
    bare = marked.headline.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare
    assert bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text
    assert marked.headline == marked.summary
