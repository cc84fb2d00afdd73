"""The memory of answers: what it forgets, and when."""

import pytest

from app.web.kept import MOST_TOUCHED, Kept, Memory

NOW = 1000.0


def answer(memory: Memory, *keys: str, size: int = 100, moment: int | None = None, ends_at: float = NOW + 60) -> Kept:
    return Kept(
        path="/v1/timeline",
        headers=[(b"content-type", b"application/json"), (b"content-length", b"%d" % size), (b"etag", b'"a"')],
        body=b"x" * size,
        etag=b'"a"',
        last_modified=None,
        keys=tuple(key.encode() for key in keys),
        seq=3,
        moment=memory.moment if moment is None else moment,
        ends_at=ends_at,
    )


def test_answer_is_found_until_what_it_shows_is_touched() -> None:
    memory = Memory(100_000)
    assert memory.keep("a", answer(memory, "article-1", "articles"))
    assert memory.keep("b", answer(memory, "article-2"))

    memory.touch(["article-1"])

    assert memory.find("a", now=NOW) is None
    assert memory.find("b", now=NOW) is not None


def test_answer_whose_making_was_overtaken_is_not_kept() -> None:
    memory = Memory(100_000)
    began = memory.moment
    memory.touch(["article-1"])

    assert not memory.keep("a", answer(memory, "article-1", moment=began))
    assert memory.keep("b", answer(memory, "article-2", moment=began))
    assert memory.keep("a", answer(memory, "article-1"))


def test_answer_that_was_begun_before_all_was_forgotten_is_not_kept() -> None:
    memory = Memory(100_000)
    began = memory.moment
    memory.clear()

    assert not memory.keep("a", answer(memory, "article-1", moment=began))


def test_answer_ends_with_its_time() -> None:
    memory = Memory(100_000)
    memory.keep("a", answer(memory, "articles", ends_at=NOW + 2))

    assert memory.find("a", now=NOW + 1.9) is not None
    assert memory.find("a", now=NOW + 2) is None
    assert (len(memory), memory.bytes) == (0, 0)


def test_longest_unasked_goes_first_and_the_bytes_stay_within_bounds() -> None:
    memory = Memory(40_000)
    for name in range(40):
        memory.keep(name, answer(memory, "articles", size=1000))
        memory.find(0, now=NOW)

    assert memory.bytes <= memory.most_bytes
    assert memory.find(0, now=NOW) is not None
    assert memory.find(1, now=NOW) is None
    assert memory.find(39, now=NOW) is not None


def test_answer_that_would_push_out_many_others_is_not_kept() -> None:
    memory = Memory(40_000)
    assert not memory.keep("a", answer(memory, "articles", size=5_001))


def test_answer_replaces_the_one_before() -> None:
    memory = Memory(100_000)
    memory.keep("a", answer(memory, "articles"))
    size = memory.bytes
    memory.keep("a", answer(memory, "articles"))
    assert (len(memory), memory.bytes) == (1, size)


@pytest.mark.parametrize("at_once", [1, 1000])
def test_more_than_can_be_remembered_is_everything(at_once: int) -> None:
    memory = Memory(100_000)
    memory.keep("a", answer(memory, "never-touched"))
    for start in range(0, MOST_TOUCHED + 1, at_once):
        memory.touch([f"article-{n}" for n in range(start, start + at_once)])
    assert memory.find("a", now=NOW) is None


def test_unchanged_answers_leave_out_what_describes_content() -> None:
    kept = answer(Memory(100_000), "articles")
    assert kept.unchanged == [(b"etag", b'"a"')]
