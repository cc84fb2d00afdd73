"""JSON judged by the standards' own schemas, and by a parser that forgives nothing."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from jsonschema import FormatChecker, validators  # type: ignore[import-untyped]

SCHEMAS: Final = Path(__file__).parent / "schemas"

# RFC 3986: a scheme, brackets around IP addresses only, percent signs only before two digits, one fragment.
_CHARACTERS: Final = r"(?:[\w\-.~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})"
_URI = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*:(?://\[[0-9A-Fa-f:.]+\])?{_CHARACTERS}+(?:#{_CHARACTERS}*)?", re.ASCII)


def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or _URI.fullmatch(value) is not None


_formats = FormatChecker()
_formats.checks("uri")(_is_uri)


def parsed(text: bytes | str) -> Any:
    """What a strict parser makes of it: UTF-8, no name twice in an object, no NaN."""
    return json.loads(
        text.decode("utf-8") if isinstance(text, bytes) else text,
        object_pairs_hook=_without_duplicates,
        parse_constant=_refused,
    )


def faults(document: object, schema: str) -> list[str]:
    """What the schema of this name finds wrong, formats too."""
    return [f"{error.json_path}: {error.message[:200]}" for error in _validator(schema).iter_errors(document)]


def empties(value: object, path: str = "$") -> Iterator[str]:
    """Where nothing is said with a null, an empty text, list or object."""
    if value is None or value in ("", [], {}):
        yield path
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from empties(member, f"{path}.{name}")
    elif isinstance(value, list):
        for number, element in enumerate(value):
            yield from empties(element, f"{path}[{number}]")


@cache
def _validator(name: str) -> Any:
    schema = json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))
    kind = validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema, format_checker=_formats)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    assert len(members) == len(pairs), [name for name, _ in pairs]
    return members


def _refused(constant: str) -> None:
    raise AssertionError(constant)
