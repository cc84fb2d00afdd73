"""Identifiers: make them, and tell them from slugs and external ids.

Whether an id names something is for the tables to say.
"""

import re
from uuid import UUID

import uuid_utils
from uuid_utils.compat import uuid7

_CANONICAL = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")


def new_id() -> UUID:
    """A fresh UUIDv7; later ones from this process sort later."""
    return uuid7()


def new_id_text() -> str:
    """The same, as text: made at a tenth of the cost."""
    return str(uuid_utils.uuid7())


def is_id(text: str) -> bool:
    """Whether `text` has the canonical 8-4-4-4-12 form of a UUID, in either case."""
    return _CANONICAL.fullmatch(text) is not None


def parse_id(text: str) -> UUID | None:
    """The UUID written canonically in `text`; None for braces, URNs, bare hex and everything else."""
    return UUID(text) if is_id(text) else None
