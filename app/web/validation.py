"""What the framework found wrong with a request, told as a problem: where it is, and what is wrong there.

What is right or wrong is decided by the declared types; how a problem is sent is for `problems`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError

from app.core.errors import BadParameter, Fault, InvalidBody, MalformedBody, Problem

MAX_FAULTS = 50
MAX_DETAIL_LENGTH = 200
MAX_NAME_LENGTH = 100
MAX_SEARCHED_LENGTH = 12
OWN_WORDS = {
    "missing": "Required",
    "extra_forbidden": "Unknown field",
    "model_attributes_type": "Input should be an object",
    "model_type": "Input should be an object",
    "dict_type": "Input should be an object",
}

ABSENT = object()

Location = tuple[int | str, ...]


def problem_of(error: RequestValidationError) -> Problem:
    """The problem to answer with: bad parameters before the body, unreadable JSON before wrong content."""
    found: list[Mapping[str, Any]] = list(error.errors())
    parameters = [e for e in found if e["loc"][0] != "body"]
    if parameters:
        faults = _distinct(Fault(explain(e), parameter=str(e["loc"][1])) for e in parameters)
        return BadParameter(summary(faults), errors=faults)
    if found and found[0]["type"] == "json_invalid":
        return malformed(str(found[0]["ctx"]["error"]), text=str(error.body), position=int(found[0]["loc"][1]))
    faults = _distinct(Fault(explain(e), pointer=_pointer_of(e, error.body)) for e in found)
    return InvalidBody(summary(faults), errors=faults)


def malformed(reason: str, *, text: str, position: int) -> MalformedBody:
    """The problem of a `text` that stops being JSON at `position`, as line and column from 1."""
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    detail = f"The body is not JSON: {reason} at line {line}, column {column}."
    return MalformedBody(detail, line=line, column=column)


def summary(faults: list[Fault]) -> str:
    """The faults in one line: the first, and how many others there are."""
    first = faults[0]
    where = first.parameter or first.pointer
    told = f"{where}: {first.detail}" if where else first.detail
    return told if len(faults) == 1 else f"{told} (and {len(faults) - 1} more: see errors)"


def explain(error: Mapping[str, Any]) -> str:
    """What is wrong, in words that never repeat a value at length."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing" and tuple(error["loc"]) == ("body",):
        return "A JSON body is required"
    if kind == "union_tag_invalid":
        # The library's own message repeats the tag that was sent, whatever its length.
        return safe(f"{context['discriminator']} must be one of {context['expected_tags']}")
    if kind == "union_tag_not_found":
        return f"{context['discriminator']} is required"
    return OWN_WORDS.get(kind) or safe(error["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, "))


def safe(text: str, *, length: int = MAX_DETAIL_LENGTH) -> str:
    """`text` cut to `length`, with everything invisible replaced: fit to be shown and logged."""
    cut = text if len(text) <= length else text[: length - 1] + "…"
    return "".join(c if c.isprintable() else "\ufffd" for c in cut)


def pointer(names: Iterable[int | str]) -> str:
    """The JSON pointer (RFC 6901) to the place that `names` lead to; empty for the whole document."""
    return "".join("/" + safe(str(n), length=MAX_NAME_LENGTH).replace("~", "~0").replace("/", "~1") for n in names)


def _pointer_of(error: Mapping[str, Any], body: Any) -> str:
    return pointer(_resolve(body, tuple(error["loc"][1:]), may_miss=error["type"] == "missing")[1])


def _resolve(value: Any, loc: Location, *, may_miss: bool) -> tuple[int, Location]:
    """How many names of `loc` lead nowhere in `value`, at best, and the others.

    Unions put the tag or the type that they tried between the names of the real path. A tag may also be the name of a
    field, so that both readings are tried, and the one that loses fewer names is taken.
    """
    if not loc:
        return 0, ()
    head, rest = loc[0], loc[1:]
    if may_miss and not rest and isinstance(value, dict) and head not in value:
        return 0, (head,)
    child = _child(value, head)
    if child is ABSENT:
        lost, path = _resolve(value, rest, may_miss=may_miss)
        return lost + 1, path
    lost, path = _resolve(child, rest, may_miss=may_miss)
    taken = lost, (head, *path)
    if lost == 0 or len(loc) > MAX_SEARCHED_LENGTH:
        return taken
    lost, path = _resolve(value, rest, may_miss=may_miss)
    return (lost + 1, path) if lost + 1 <= taken[0] else taken


def _child(value: Any, name: int | str) -> Any:
    if isinstance(value, dict):
        return value.get(name, ABSENT)
    is_item = isinstance(value, list) and isinstance(name, int) and 0 <= name < len(value)
    return value[name] if is_item else ABSENT


def _distinct(faults: Iterable[Fault]) -> list[Fault]:
    # A value that fits no member of a union is reported once for each member, often in the same words.
    return list(dict.fromkeys(faults))[:MAX_FAULTS]
