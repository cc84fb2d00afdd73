"""Two versions compared, field by field, as clients are told it.

The words are compared in `wording`, the blocks of the body in `diffing`.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from app.articles.content import Content
from app.articles.history.diffing import BlockChange, compare_bodies
from app.articles.history.wording import Words, compare

TEXTS = ("headline", "short_headline", "summary", "place")
VALUES = ("language", "slug", "section", "tags", "contributors", "image", "source", "rights", "breaking")

Change = dict[str, Any]
Said = tuple[str, str]
"""A version's stored card and content."""


def changes(old: Said, new: Said) -> list[Change]:
    """What differs, in JSON's own types: texts by their words, the body by its blocks, the rest by its values."""
    before, after = _fields(*old), _fields(*new)
    found = [
        {"field": name, "words": _words(compare(before[name] or "", after[name] or ""))}
        for name in TEXTS
        if before[name] != after[name]
    ]
    found += _of_bodies(old[1], new[1])
    return found + [
        {"field": name, "from": before[name], "to": after[name]} for name in VALUES if before[name] != after[name]
    ]


def _fields(card: str, content: str) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(content) | json.loads(card)
    return fields


def _of_bodies(old: str, new: str) -> Iterator[Change]:
    before, after = (Content.model_validate_json(text).body for text in (old, new))
    if before != after:
        yield {"field": "body", "blocks": list(map(_block, compare_bodies(before, after)))}


def _block(change: BlockChange) -> Change:
    block = change.before or change.after
    return {
        "op": change.op,
        "count": change.count,
        "type": block.type if block else None,
        "words": _words(change.words),
        "from": change.before.model_dump() if change.before else None,
        "to": change.after.model_dump() if change.after else None,
    }


def _words(words: Sequence[Words]) -> list[Change]:
    return [{"op": run.op, "text": run.text} for run in words]
