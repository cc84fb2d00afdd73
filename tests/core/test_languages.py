import pytest

from app.core.languages import canonical_language, is_language_tag, is_rtl, primary_language


@pytest.mark.parametrize(
    ("tag", "canonical"),
    [
        ("en", "en"),
        ("EN-gb", "en-GB"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("SL-ROZAJ-Biske-1994", "sl-rozaj-biske-1994"),
        ("de-CH-1901", "de-CH-1901"),
        ("zh-cmn-Hans-CN", "zh-cmn-Hans-CN"),
        ("ar-arb-x-AB", "ar-arb-x-ab"),
        ("de-DE-u-CO-phonebk", "de-DE-u-co-phonebk"),
        ("en-a-bbb-x-a-ccc", "en-a-bbb-x-a-ccc"),
        ("X-WHATEVER-it-Is", "x-whatever-it-is"),
        ("i-Klingon", "i-klingon"),
        ("en-gb-OED", "en-GB-oed"),
        ("sgn-be-fr", "sgn-BE-FR"),
        ("art-lojban", "art-lojban"),
        ("zh-min-nan", "zh-min-nan"),
        ("az-LATN-x-latn", "az-Latn-x-latn"),
        ("xx", "xx"),
        ("ary", "ary"),
    ],
)
def test_well_formed_tag_has_its_conventional_case(tag: str, canonical: str) -> None:
    assert is_language_tag(tag)
    assert canonical_language(tag) == canonical
    assert canonical_language(canonical) == canonical


@pytest.mark.parametrize(
    "tag",
    [
        "",
        "e",
        "english",
        "anglais",
        "abcd",
        "en_GB",
        "en-",
        "-en",
        "en--GB",
        "en GB",
        "fr-FR-FR",
        "e1",
        "x",
        "x-",
        "i-nope",
        "de-419-DE",
        "de-1996-1996",
        "en-a-bbb-a-ccc",
        "ar-a-aaa-b-bbb-a-ccc",
        "en-u",
        "en-x",
        "en-abcdefghi",
        "fr\n",
        "ꬰr",
        "x-abcdefghi",
        "en-" + "-".join(f"a{n:04}" for n in range(30)),
        "ſk",
        "en-GB-u-",
        "日本",
    ],
)
def test_malformed_tag_is_refused(tag: str) -> None:
    assert not is_language_tag(tag)
    with pytest.raises(ValueError, match="BCP 47"):
        canonical_language(tag)


@pytest.mark.parametrize("tag", ["ar", "ar-MA", "AR", "he", "fa-IR", "ur", "ckb", "yi", "az-Arab", "pa-Arab-PK", "dv"])
def test_right_to_left_languages_are_known(tag: str) -> None:
    assert is_rtl(tag)


@pytest.mark.parametrize("tag", ["en", "fr", "az", "az-Latn", "ar-Latn", "ja", "arn", "hei", "x-ar", ""])
def test_all_others_are_left_to_right(tag: str) -> None:
    assert not is_rtl(tag)


def test_primary_language_is_the_first_subtag() -> None:
    assert [primary_language(tag) for tag in ("en", "zh-Hant", "PT-br")] == ["en", "zh", "pt"]
