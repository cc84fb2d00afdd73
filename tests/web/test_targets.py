"""One name for all spellings of what is asked for."""

import pytest

from app.web.targets import target_of

OWN = ("q", "limit", "tag")
LASTING = ("/v1/export", "wait")


def name(path: str, query: bytes) -> str | None:
    target = target_of(path, query, own=OWN, lasting=LASTING)
    return None if target is None else target.name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b"limit=5&tag=a", b"tag=a&limit=5"),
        (b"tag=a%62", b"tag=ab"),
        (b"tag=a+b", b"tag=a%20b"),
        (b"tag=a", b"tag=a&min_seq=7"),
        (b"&tag=a&", b"tag=a"),
        (b"tag=%c3%a9", b"tag=%C3%A9"),
    ],
)
def test_spellings_of_one_question_share_a_name(one: bytes, other: bytes) -> None:
    assert name("/v1/timeline", one) == name("/v1/timeline", other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (b"tag=a&tag=b", b"tag=b&tag=a"),
        (b"tag=a", b"tag=a&tag=a"),
        (b"tag=a", b"tag=A"),
        (b"tag=", b""),
        (b"tag", b""),
        (b"tag=a&limit=5", b"tag=a%26limit%3D5"),
        (b"tag=a%3Db", b"tag%3Da=b"),
    ],
)
def test_other_questions_have_other_names(one: bytes, other: bytes) -> None:
    assert name("/v1/timeline", one) != name("/v1/timeline", other)


def test_outside_the_api_unknown_parameters_are_no_part_of_the_name() -> None:
    assert name("/feeds/rss", b"limit=5&utm_source=x") == name("/feeds/rss", b"limit=5")
    assert name("/v1/timeline", b"limit=5&utm_source=x") != name("/v1/timeline", b"limit=5")
    assert name("/feeds/rss", b"utm_source=%zz") == name("/feeds/rss", b"")


@pytest.mark.parametrize(
    "query", [b"tag=%zz", b"tag=%ff", b"tag=%00", b"min_seq=-1", b"min_seq=x", b"min_seq=1&min_seq=1", b"wait=5"]
)
def test_what_is_sure_to_be_refused_or_waits_has_no_name(query: bytes) -> None:
    assert name("/v1/changes", query) is None


@pytest.mark.parametrize(
    "path", ["/v1/timeline\nlimit\t5", "/v1/articles/a\x00", "/feeds/rss\x7f", "/v1/articles/\ufffd"]
)
def test_what_is_spelt_like_the_name_of_another_has_none(path: str) -> None:
    assert name(path, b"") is None


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/v1/newsroom", "/v1/newsroom/articles/a1"])
def test_what_is_nobody_elses_has_no_name(path: str) -> None:
    assert name(path, b"") is None


def test_what_lasts_has_no_name() -> None:
    assert name("/v1/export", b"") is None


def test_oldest_that_will_do_is_told() -> None:
    target = target_of("/v1/timeline", b"min_seq=42", own=OWN, lasting=LASTING)
    assert target is not None
    assert (target.min_seq, target.path) == (42, "/v1/timeline")
