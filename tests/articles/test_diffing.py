"""Texts and bodies compared: what a reader would mark, and that both sides can be had back."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.articles.history import diffing, wording
from app.articles.history.comparing import changes
from app.articles.history.diffing import BlockChange, compare_bodies
from app.articles.history.wording import compare
from app.core.blocks import Block, HeadingBlock, ImageBlock, ParagraphBlock, SeparatorBlock
from app.core.markup import blocks_text

SIGNS = {"equal": "", "delete": "-", "insert": "+"}
LETTERS = st.sampled_from([*"ab  é,.'\n", "e\u0301", "石", "油", "ก", "ำ", "م", "َ", "👩‍👧", "🇫🇷", "1️⃣", "हि", "서"])


def marked(old: str, new: str) -> list[str]:
    return [SIGNS[run.op] + run.text for run in compare(old, new)]


def paragraph(html: str) -> Block:
    return ParagraphBlock(type="paragraph", html=html)


def heading(html: str, level: int = 2) -> Block:
    return HeadingBlock(type="heading", level=level, html=html)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("same", "same", ["same"]),
        ("", "", []),
        ("", "new", ["+new"]),
        ("old", "", ["-old"]),
        ("ends after eight days", "ends after nine days", ["ends after ", "-eight", "+nine", " days"]),
        ("a strike ends", "a strike", ["a strike", "- ends"]),
        ("the harbour", "the harbours", ["the ", "-harbour", "+harbours"]),
        ("four old ships", "five new ships", ["-four old", "+five new", " ships"]),
        ("rose 4.2 per cent", "rose 4.5 per cent", ["rose ", "-4.2", "+4.5", " per cent"]),
        ("l’accord est signé.", "l’accord est rompu.", ["l’accord est ", "-signé", "+rompu", "."]),
        ("فتح الميناء اليوم", "فتح المطار اليوم", ["فتح ", "-الميناء", "+المطار", " اليوم"]),
        ("石油价格上涨", "石油价格下跌", ["石油价格", "-上涨", "+下跌"]),
        ("น้ำมันแพง", "น้ำมันถูก", ["น้ำมัน", "-แพง", "+ถูก"]),
        ("हिन्दी में", "हिन्दू में", ["-हिन्दी", "+हिन्दू", " में"]),
        ("석유 가격이", "석유 값이", ["석유 ", "-가격이", "+값이"]),
        ("cafe\u0301!", "cafe!", ["-cafe\u0301", "+cafe", "!"]),
        ("👩‍👩‍👧🇫🇷🇩🇪", "👩‍👩‍👦🇫🇷🇮🇹", ["-👩‍👩‍👧", "+👩‍👩‍👦", "🇫🇷", "-🇩🇪", "+🇮🇹"]),
    ],
)
def test_words_are_marked_as_readers_see_them(old: str, new: str, expected: list[str]) -> None:
    assert marked(old, new) == expected


@given(st.lists(LETTERS).map("".join), st.lists(LETTERS).map("".join), st.integers(0, 60))
def test_both_texts_can_be_had_back(old: str, new: str, room: int) -> None:
    runs = compare(old, new, room=room)

    assert "".join(run.text for run in runs if run.op != "insert") == old
    assert "".join(run.text for run in runs if run.op != "delete") == new
    assert all(run.text for run in runs)
    assert all(one.op != other.op for one, other in pairwise(runs))


def test_long_text_with_few_changes_is_still_read_by_words() -> None:
    ends = "word " * wording.MOST_CHARACTERS
    assert marked(f"{ends}old {ends}", f"{ends}new {ends}") == [ends, "-old", "+new", f" {ends}"]


def test_too_long_a_change_is_told_as_a_whole() -> None:
    old, new = "a b " * (wording.MOST_CHARACTERS // 4), "a c " * (wording.MOST_CHARACTERS // 4)
    assert marked(f"the {old}.", f"the {new}!") == ["the a ", f"-{old[2:]}.", f"+{new[2:]}!"]


def told(change: BlockChange) -> Any:
    if change.op == "equal":
        return change.count
    return change.op, "".join(SIGNS[run.op] + run.text for run in change.words)


ONE, TWO, THREE = (paragraph(f"The {n} ship in nine days docked at dawn.") for n in ("first", "second", "third"))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([], [ONE], [("insert", "+The first ship in nine days docked at dawn.")]),
        ([ONE, TWO], [ONE, TWO, heading("More")], [2, ("insert", "+More")]),
        ([ONE, heading("More"), TWO], [ONE, TWO], [1, ("delete", "-More"), 1]),
        ([ONE, THREE], [TWO, THREE], [("replace", "The -first+second ship in nine days docked at dawn."), 1]),
        (
            [ONE],
            [paragraph("Nothing alike at all.")],
            [("delete", "-" + blocks_text([ONE])), ("insert", "+Nothing alike at all.")],
        ),
        # What is most alike replaces each other, whatever came before it.
        (
            [paragraph("Dockers vote on an offer tonight.")],
            [heading("New"), paragraph("It rains."), paragraph("Dockers vote on an offer today.")],
            [("insert", "+New"), ("insert", "+It rains."), ("replace", "Dockers vote on an offer -tonight+today.")],
        ),
        # Only the markup, or what has no text.
        ([heading("More", 2)], [heading("More", 3)], [("replace", "More")]),
        ([paragraph("So <b>it</b> is")], [paragraph("So it is")], [("replace", "So it is")]),
        (
            [ImageBlock(type="image", url="https://a.example/1.jpg")],
            [ImageBlock(type="image", url="https://a.example/2.jpg")],
            [("replace", "")],
        ),
        ([heading("More")], [SeparatorBlock(type="separator")], [("delete", "-More"), ("insert", "")]),
    ],
)
def test_blocks_are_aligned_before_words(old: list[Block], new: list[Block], expected: list[Any]) -> None:
    assert [told(change) for change in compare_bodies(old, new)] == expected


BLOCKS = st.lists(
    st.one_of(
        st.sampled_from(["one two three", "one two four", "four", "石油价格", "a <b>b</b>"]).map(paragraph),
        st.sampled_from(["one two", "four"]).map(heading),
        st.just(SeparatorBlock(type="separator")),
    ),
    max_size=8,
)


@given(BLOCKS, BLOCKS, st.booleans())
def test_both_bodies_can_be_had_back(old: list[Block], new: list[Block], is_small: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diffing, "MOST_PAIRS", 10_000 if is_small else 2)
        found = compare_bodies(old, new)

    before, after = list(old), list(new)
    for change in found:
        if change.op == "equal":
            assert before[: change.count] == after[: change.count]
            del before[: change.count], after[: change.count]
            continue
        texts = {"delete": "", "insert": ""}
        for run in change.words:
            texts |= {side: texts[side] + run.text for side in texts if run.op in (side, "equal")}
        for side, block, left in (("delete", change.before, before), ("insert", change.after, after)):
            if block is not None:
                assert block == left.pop(0)
                assert texts[side] == blocks_text([block])
    assert (before, after) == ([], [])


def test_fields_are_compared_by_what_they_are() -> None:
    content: dict[str, Any] = {
        "language": "en",
        "headline": "",
        "body": [],
        "place": "Marseille",
        "source": None,
        "rights": None,
    }
    card: dict[str, Any] = dict.fromkeys(("short_headline", "summary", "section", "image"))
    card |= {
        "headline": "Strike",
        "language": "en",
        "slug": "strike",
        "tags": [],
        "contributors": [],
        "breaking": False,
    }
    tag = {"slug": "oil", "name": "Oil", "kind": "topic"}
    new = card | {"headline": "Strike ends", "summary": "At dawn.", "tags": [tag]}

    found = changes(
        (json.dumps(card), json.dumps(content)),
        (json.dumps(new), json.dumps(content | {"place": None, "body": [ONE.model_dump()]})),
    )

    assert found == [
        {"field": "headline", "words": [run("equal", "Strike"), run("insert", " ends")]},
        {"field": "summary", "words": [run("insert", "At dawn.")]},
        {"field": "place", "words": [run("delete", "Marseille")]},
        {
            "field": "body",
            "blocks": [
                {
                    "op": "insert",
                    "count": 1,
                    "type": "paragraph",
                    "words": [run("insert", blocks_text([ONE]))],
                    "from": None,
                    "to": ONE.model_dump(),
                }
            ],
        },
        {"field": "tags", "from": [], "to": [tag]},
    ]


def run(op: str, text: str) -> dict[str, str]:
    return {"op": op, "text": text}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("中国外交部今天宣布将于周五举行会谈。", "中国外交部昨天宣布将于周五举行会谈。"),
        ("首相は金曜日に会談する。", "首相は土曜日に会談する。"),
        ("ฝนตกหนักวันนี้", "ฝนตกหนักวันเสาร์"),
        ("石油价格今天大幅上涨，市场普遍担心供应中断。", "石油价格今天大幅上涨，市场担心中断。"),
    ],
)
def test_short_block_without_spaces_is_replaced_and_not_gone(old: str, new: str) -> None:
    (change,) = compare_bodies([paragraph(old)], [paragraph(new)])
    assert change.op == "replace"
    assert "".join(run.text for run in change.words if run.op != "insert") == old
