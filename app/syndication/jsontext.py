"""JSON as the formats write it: nothing empty in it, and nothing that a parser could stumble over.

What it says is for the formats.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"

_SURROGATES = re.compile("[\ud800-\udfff]")


def stated(members: Mapping[str, Json]) -> dict[str, Json]:
    """What these members say: nulls and what is empty are left out, at every depth. Zero and false are kept."""
    return {name: kept for name, value in members.items() if _says(kept := _stated(value))}


def text(value: Json) -> str:
    """`value` as JSON in one line, other scripts as they are; lone surrogates are no characters, and are dropped."""
    return _SURROGATES.sub("", json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")))


def _stated(value: Json) -> Json:
    match value:
        case str():
            return value
        case Mapping():
            return stated(value)
        case Sequence():
            return [kept for element in value if _says(kept := _stated(element))]
        case _:
            return value


def _says(value: Json) -> bool:
    return value is not None and value != "" and value != [] and value != {}
