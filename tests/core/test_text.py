from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.stopwords import STOP_WORDS
from app.core.text import count_words, fold, name_key, pieces, places, terms, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Éléphant ŒUVRE", "elephant oeuvre"),
        ("Straße Łódź Ærø Đà Nẵng", "strasse lodz aero da nang"),
        ("İstanbul Diyarbakır", "istanbul diyarbakir"),
        ("l’Iran", "l'iran"),
        ("Αθήνα ΟΔΌΣ", "αθηνα οδοσ"),
        ("Ёлка йод Україна її", "елка йод україна її"),
        ("за\u0301мок", "замок"),
        ("مُحَمَّدٌ الرِّبـاط", "محمد الرباط"),
        ("أحمد إيران آخر ٱلله", "احمد ايران اخر الله"),
        ("حكومة مستشفى رئيس مؤتمر", "حكومه مستشفي رييس موتمر"),
        ("ایران کتاب", "ايران كتاب"),
        ("שָׁלוֹם", "שלום"),
        ("हिन्दी தமிழ் วันนี้", "हिन्दी தமிழ் วันนี้"),
        ("ガギ ｶﾞ", "ガギ ガ"),
        ("ﬁn ½ ２０２５ ٢٠٢٥", "fin 1⁄2 2025 2025"),
        ("soft\u00adhyphen \u200fmark", "softhyphen mark"),
        ("e\u0301", "e"),
    ],
)
def test_folding_makes_spellings_equal(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(), st.sampled_from(["en", "fr", "ar", "ja", "tr"]))
def test_every_term_has_a_place(text: str, language: str) -> None:
    stems = [term.stem for term in terms(text, language)]
    found = places(text, language, set(stems))
    assert [place.stem for place in found] == stems
    assert all(0 <= place.start < place.end <= len(text) for place in found)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Emmanuel  Macron", " emmanuel macron "),
        ("François", "FRANCOIS"),
        ("Côte d’Ivoire", "Cote d'Ivoire"),
        ("محمّد السادس", "محمد السادس"),
        ("New\u00a0York", "new york"),
    ],
)
def test_names_with_one_key_are_one(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("C++", "C#"), ("C", "C++"), ("Иран", "Иран.")])
def test_punctuation_distinguishes_names(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Iran condemns Trump’s remarks", ["Iran", "condemns", "Trump", "remarks"]),
        ("l’Iran et l'ONU", ["Iran", "et", "ONU"]),
        ("qu’il s'inquiète aujourd’hui d'aujourd'hui", ["il", "inquiète", "aujourd’hui", "aujourd'hui"]),
        ("O’Neill's don't they're", ["O’Neill", "don't", "they"]),
        ("the boys' 'quoted' words", ["the", "boys", "quoted", "words"]),
        ("well-known co-operation", ["well", "known", "co", "operation"]),
        ("U.S. troops, J.K. Rowling", ["US", "troops", "JK", "Rowling"]),
        (
            "1,000 or 1.000.000 or 3.5 or 12.05.2025",
            ["1,000", "or", "1.000.000", "or", "3", "5", "or", "12", "05", "2025"],
        ),
        ("snake_case #hash @you a@b.example", ["snake", "case", "hash", "you", "a", "b", "example"]),
        ("हिन्दी में समाचार", ["हिन्दी", "में", "समाचार"]),
        ("Москва́ и п’ять", ["Москва́", "и", "п’ять"]),
        ("東京都AI技術", ["東京都", "AI", "技術"]),
        ("ข่าวด่วน วันนี้", ["ข่าวด่วน", "วันนี้"]),
        ("soft\u00adhyphen", ["softhyphen"]),
        ("ʼ ’ ' … —", []),
        ("", []),
    ],
)
def test_words_are_found_as_written(text: str, found: list[str]) -> None:
    assert words(text) == found


@given(st.text())
def test_no_word_is_empty_and_each_counts(text: str) -> None:
    assert all(words(text))
    assert count_words(text.split()) >= len(words(text))
    for language in ("en", "fr", "ar", "tr", "xx"):
        assert all(term.stem and term.surface for term in terms(text, language))


@pytest.mark.parametrize(
    ("text", "language", "stems"),
    [
        ("The talks were talking about Turkey", "en", ["talk", "talk", "turkey"]),
        ("The talks", "en-GB", ["talk"]),
        ("L’économie des économies", "fr", ["econom", "econom"]),
        ("الحكومة في حكومة", "ar", ["حكومه", "حكوم"]),
        ("ОНИ говорят о России", "ru", ["он", "говор", "о", "росс"]),
        ("İstanbul’da İstanbul", "tr", ["istanbul", "istanbul"]),
        ("1,000 prisoners", "en", ["1000", "prison"]),
        ("東京都", "ja", ["東京", "京都"]),
        ("私 AI", "ja", ["私", "ai"]),
        ("서울시", "ko", ["서울", "울시"]),
        ("วันนี้", "th", ["วัน", "นนี้"]),
        ("Ördek yürüdü the", "xx", ["ordek", "yurudu", "the"]),
    ],
)
def test_terms_are_stemmed_words_that_say_something(text: str, language: str, stems: list[str]) -> None:
    assert [term.stem for term in terms(text, language)] == stems


def test_term_remembers_how_it_was_written() -> None:
    assert terms("Trump’s Économies", "fr")[0].surface == "Trump"
    assert terms("Trump’s Économies", "fr")[1].surface == "Économies"


@pytest.mark.parametrize("language", sorted(STOP_WORDS))
def test_stop_words_are_folded_and_left_out(language: str) -> None:
    assert {word for word in STOP_WORDS[language] if fold(word) != word} == set()
    assert terms(" ".join(STOP_WORDS[language] - {"j", "l", "c", "d", "m", "n", "s", "t", "qu"}), language) == []


def test_threads_find_the_same_terms() -> None:
    text = "Negotiators presented demands including withdrawals of forces from contested regions"
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: terms(text, "en"), range(200)))
    assert all(result == results[0] for result in results)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("One two-three, four.", 4),
        ("L’Iran d’aujourd’hui", 2),
        ("東京都知事", 5),
        ("서울 시장", 2),
        ("ข่าวด่วนวันนี้", 3),
        ("हिन्दी में", 2),
        ("مُحَمَّدٌ في الرِّبـاط", 3),
    ],
)
def test_words_are_counted_in_every_script(text: str, count: int) -> None:
    assert count_words(text.split()) == count


@pytest.mark.parametrize(
    "text", ["'" * 50_000, "a'" * 50_000, "a." * 50_000, "1,000" * 20_000, "l'" * 5_000, "\u0301" * 50_000]
)
def test_pathological_text_is_read_in_one_go(text: str) -> None:
    assert len(words(text)) <= len(text)
    assert len(words(f"{text}日")) <= len(text) + 1


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("It's 4.2 per cent.", "It's| |4.2| |per| |cent|."),
        ("l’accord du 2/3, COVID-19", "l’accord| |du| |2|/|3|,| |COVID|-|19"),
        ("石油价格2026年", "石|油|价|格|2026|年"),
        ("น้ำมัน", "น้|ำ|มั|น"),
        ("हिन्दी में", "हिन्दी| |में"),
        ("مَدْرَسَةٌ كبيرة", "مَدْرَسَةٌ| |كبيرة"),
        ("서울 경제가", "서울| |경제가"),
        ("e\u0301té 👩‍👩‍👧🇫🇷🇩🇪1️⃣❤️👍🏽", "e\u0301té| |👩‍👩‍👧|🇫🇷|🇩🇪|1️⃣|❤️|👍🏽"),
    ],
)
def test_text_is_cut_where_a_reader_would(text: str, cut: str) -> None:
    assert pieces(text) == cut.split("|")


@given(st.text())
def test_pieces_are_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text
    assert all(pieces(text))
