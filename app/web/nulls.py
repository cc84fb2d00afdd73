"""Examples with null in them, brought through the framework's OpenAPI writer, which drops every null it meets.

What the examples are is for the routes.
"""

from collections.abc import Mapping
from typing import Any

# Not a text that anybody writes: stands for null until the framework has done its work.
KEPT_NULL = "\0null"


def kept(example: Any) -> Any:
    """`example` in a form that comes through whole; `restored` undoes it."""
    if isinstance(example, Mapping):
        return {name: kept(value) for name, value in example.items()}
    if isinstance(example, list | tuple):
        return [kept(value) for value in example]
    return KEPT_NULL if example is None else example


def restored(value: Any) -> Any:
    """The document with its nulls back."""
    if isinstance(value, dict):
        return {name: restored(child) for name, child in value.items()}
    if isinstance(value, list):
        return [restored(child) for child in value]
    return None if value == KEPT_NULL else value
