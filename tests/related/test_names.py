"""Names across scripts: what is heard alike is known by one key."""

import pytest

from app.core.text import terms
from app.related.names import known_by, names


@pytest.mark.parametrize(
    "spellings",
    [
        ("putin", "poutin", "путин", "بوتين", "πουτιν"),
        ("zelensky", "зеленський", "zelenskyj"),
        ("erdogan", "erdoğan", "ερντογαν".replace("ντ", "δ"), "ერდოღანი"),
        ("tokyo", "tokio", "токио"),
        ("2026", "2026"),
    ],
)
def test_one_name_has_one_key_in_every_script(spellings: tuple[str, ...]) -> None:
    assert len({known_by(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize("stem", ["", "a", "io", "и", "…", "🗞"])
def test_too_little_is_no_key(stem: str) -> None:
    assert known_by(stem) == ""


def test_numbers_are_known_by_their_digits() -> None:
    assert known_by("7") == "7"
    assert known_by("4x4") == "4x4"


@pytest.mark.parametrize(
    ("text", "language", "written"),
    [
        ("Selva asked for 300 boats", "en", ["Selva", "300"]),
        ("les bateaux de Selva", "fr", ["Selva"]),
        ("лодки из Сельвы", "ru", ["Сельвы"]),
        ("قوارب", "ar", ["قوارب"]),
        ("船隊抵達港口", "zh", []),
        ("เรือเข้าท่า", "th", []),
        ("nothing to name here", "en", []),
    ],
)
def test_names_are_capitals_numbers_or_longer_words_of_scripts_without_capitals(
    text: str, language: str, written: list[str]
) -> None:
    assert [surface for _, surface in names(terms(text, language))] == written


def test_name_of_few_consonants_is_known_as_it_is_written() -> None:
    assert list(names(terms("Io", "en"))) == [("io", "Io")]


def test_keys_are_bounded() -> None:
    assert len(known_by("zk" * 50_000)) <= 64
