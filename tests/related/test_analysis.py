"""What an article is compared by: which words weigh, how they are written, and that odd texts do no harm."""

import subprocess
import sys

import pytest

from app.related.analysis import FULL, MOST_OF_A_TERM, MOST_SHINGLES, Analysis, analyse

STORY = " ".join(
    f"Ferry number {n} left the harbour of Selvan{n} although the dockers of pier {n} went on with their strike."
    for n in range(60)
)


def read(headline: str = "Dockers strike", body: str = "", language: str = "en") -> Analysis:
    return analyse(headline, None, body, [], language)


def test_headline_weighs_more_than_lead_and_lead_more_than_the_rest() -> None:
    body = f"Lighthouse. {'Quiet water. ' * 60} Anchor."
    words = analyse("Dockers", None, body, [], "en").words

    assert words["docker"].tf > words["lighthous"].tf > words["anchor"].tf


def test_weights_grow_with_mentions_but_never_beyond_a_byte() -> None:
    once, often = read(body="Ferry. Quay."), read(body="Ferry " * 30_000)

    assert once.words["ferri"].tf < often.words["ferri"].tf <= FULL


def test_longer_texts_do_not_weigh_more_for_being_long() -> None:
    short, long = read(body="Ferry leaves. " * 5), read(body="Ferry leaves. " * 100)

    assert long.words["ferri"].tf < 1.5 * short.words["ferri"].tf


def test_terms_are_shown_as_they_are_mostly_written() -> None:
    words = read("Strikes", "A strike. The strike. Strikes. STRIKE").words

    assert words["strike"].surface == "Strikes"
    assert read("Strikes", "A strike. The strike. The strike.").words["strike"].surface == "strike"


def test_summary_is_read_like_the_beginning_of_the_body() -> None:
    assert analyse("Ferry", "Quay closed", "", [], "en") == analyse("Ferry", None, "Quay closed", [], "en")


def test_tags_are_names_and_weigh_most() -> None:
    names = analyse("Ferry", None, "", ["Port  Strike", "C++"], "en").names

    assert (names["#port strike"], names["#c++"].tf) == ((FULL, "Port  Strike"), FULL)


def test_a_name_is_the_same_in_another_language_and_script() -> None:
    texts = [("Gorda calls Dulane", "en"), ("Gorda appelle Dulané", "fr"), ("Горда зовёт Дулане", "ru")]
    known = [set(analyse(headline, None, "", [], language).names) for headline, language in texts]

    assert known == [{"krd", "dln"}] * 3


def test_wording_survives_a_new_headline_and_a_cut_but_not_another_order() -> None:
    whole, cut = read("One", STORY), read("Another altogether", STORY[: len(STORY) * 3 // 4])
    other = read("One", " ".join(reversed(STORY.split())))

    def shared(one: Analysis) -> int:
        return len(one.shingles & whole.shingles)

    assert len(whole.shingles) == MOST_SHINGLES
    assert shared(cut) > 0.5 * MOST_SHINGLES
    assert shared(other) == 0


def test_short_texts_have_no_wording_to_compare() -> None:
    assert read("Dockers strike again at the port of Selvan", "").shingles == frozenset()


def test_wording_is_hashed_alike_in_every_process() -> None:
    code = (
        f"from app.related.analysis import analyse; print(sorted(analyse('One', None, {STORY!r}, [], 'en').shingles))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert told.strip() == str(sorted(read("One", STORY).shingles))


@pytest.mark.parametrize(
    ("headline", "body", "language"),
    [
        ("", "", "en"),
        ("Untitled", "", "en"),
        ("the of and", "so it was", "en"),
        ("🗞", "… — !", "en"),
        ("Ferry", "", "qqq"),
        ("Ferry", "", "not a tag"),
        ("Ferry", "quay " * 100_000, "en"),
        ("Ferry", "x" * 50_000, "en"),
        ("Ferry", "é" * 50_000, "fr"),
        ("Ferry", "ไ" * 50_000, "th"),
        ("ف" * 300, "ق" * 50_000, "ar"),
        ("Ferry", " ".join(f"w{n}" for n in range(50_000)), "en"),
        ("Ferry\x00", "\u202e\ufeff\u200d", "en"),
    ],
)
def test_odd_texts_give_bounded_analyses(headline: str, body: str, language: str) -> None:
    found = read(headline, body, language)

    assert len(found.words) < 20_000
    assert len(found.shingles) <= MOST_SHINGLES
    for term, weight in [*found.words.items(), *found.names.items()]:
        assert 0 < len(term) <= MOST_OF_A_TERM
        assert 0 < len(weight.surface) <= MOST_OF_A_TERM
        assert 1 <= weight.tf <= FULL


@pytest.mark.parametrize(
    ("text", "language"),
    [("港口工人繼續罷工" * 20, "zh"), ("คนงานท่าเรือหยุดงาน" * 20, "th"), ("عمال الميناء يضربون " * 20, "ar")],
)
def test_every_script_has_words(text: str, language: str) -> None:
    assert read(text[:10], text, language).words
