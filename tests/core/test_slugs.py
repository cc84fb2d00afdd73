import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.ids import is_id
from app.core.slugs import is_slug, numbered, slug_of

HEADLINES = st.text() | st.text(
    alphabet=st.sampled_from("aZß’'é-_. \u0301\u0345\u200dİıΣςأَـبकष्षिพัน่日🎉1²ⅣᏑǅﬁ\u00ad\ufe0f")
)


@pytest.mark.parametrize(
    ("headline", "slug"),
    [
        ("Trump plans calls with Russian leaders", "trump-plans-calls-with-russian-leaders"),
        ("L’ONU s’inquiète", "l-onu-s-inquiete"),
        ("L'ONU s'inquiète", "l-onu-s-inquiete"),
        ("Iran condemns Trump’s remarks", "iran-condemns-trump-s-remarks"),
        ("Œuvre, Straße, Ærø, Đà Nẵng, Łódź, İstanbul", "oeuvre-strasse-aero-da-nang-lodz-istanbul"),
        ("  “Quoted” — and dashed…  ", "quoted-and-dashed"),
        ("1,000 prisoners; 3.5% up", "1000-prisoners-3-5-up"),
        ("Q&amp;A", "q-amp-a"),
        ("مُحَمَّدٌ في الرِّبـاط", "محمد-في-الرباط"),
        ("آخر الأخبار: 12 قتيلاً", "آخر-الأخبار-12-قتيلا"),
        ("हिन्दी में समाचार", "हिन्दी-में-समाचार"),
        ("ข่าวด่วน วันนี้", "ข่าวด่วน-วันนี้"),
        ("தமிழ் செய்தி", "தமிழ்-செய்தி"),
        ("Новости: Йод и Ёлка", "новости-йод-и-ёлка"),
        ("ΟΔΟΣ Αθηνών", "οδος-αθηνών"),
        ("日本語ニュース", "日本語ニュース"),
        ("می‌خواهد", "میخواهد"),
        ("BBC नई खबर है यह", "bbc-नई-खबर-है-यह"),
        ("…!?", "article"),
        ("🎉🎉", "article"),
        ("", "article"),
        ("01890a5d-ac96-774b-bcce-b302099a8057", "article-01890a5d-ac96-774b-bcce-b302099a8057"),
    ],
)
def test_headline_becomes_a_readable_slug(headline: str, slug: str) -> None:
    assert slug_of(headline, fallback="article") == slug


@given(HEADLINES)
def test_any_headline_has_an_acceptable_slug(headline: str) -> None:
    slug = slug_of(headline, fallback="article")
    assert is_slug(slug), ascii(slug)
    assert len(slug) <= 80
    assert is_slug(numbered(slug, 2))


@pytest.mark.parametrize("word", ["word", "کلمه", "शब्द"])
def test_long_headline_is_cut_between_words(word: str) -> None:
    slug = slug_of(f"{word} " * 50, fallback="article")
    assert 80 - len(word) <= len(slug) <= 80
    assert set(slug.split("-")) == {word}


@pytest.mark.parametrize("letter", ["x", "क", "क्षि", "พั", "日"])
def test_long_word_is_cut_hard_but_keeps_its_marks(letter: str) -> None:
    slug = slug_of(letter * 100, fallback="article")
    assert 70 < len(slug) <= 80
    rest = (letter * 100)[len(slug) :]
    assert not unicodedata.category(rest[0]).startswith("M")


@pytest.mark.parametrize("slug", ["a", "world-cup-2026", "محمد-في", "हिन्दी-में", "οδος", "ёлка", "x" * 200, "123"])
def test_reasonable_slug_is_accepted(slug: str) -> None:
    assert is_slug(slug)


@pytest.mark.parametrize(
    "slug",
    [
        "",
        "x" * 201,
        "Upper",
        "a--b",
        "-a",
        "a-",
        "a b",
        "a.b",
        "a/b",
        "a_b",
        "a%20b",
        "a\n",
        "e\u0301t\u00e9",
        "\u0301a",
        "a-\u093f",
        "a\u200db",
        "🎉",
        "01890a5d-ac96-774b-bcce-b302099a8057",
    ],
)
def test_unservable_slug_is_refused(slug: str) -> None:
    assert not is_slug(slug)


def test_numbers_distinguish_slugs() -> None:
    assert [numbered("story", n) for n in (1, 2, 10)] == ["story", "story-2", "story-10"]


@pytest.mark.parametrize("slug", ["x" * 200, "क्षि" * 50, "x" * 197 + "-yz"])
def test_numbered_slug_keeps_the_limit(slug: str) -> None:
    assert numbered(slug, 1) == slug
    assert is_slug(numbered(slug, 12))
    assert numbered(slug, 12).endswith("-12")
    assert not is_id(numbered(slug, 12))
