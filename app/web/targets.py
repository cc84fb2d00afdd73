"""What a request asks for, in one spelling: the path, and the query in the order of its names.

What the parameters mean is for the routes; whether an answer may be kept, for `collecting`.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from app.core.errors import BadParameter
from app.web.limits import UNNAMEABLE
from app.web.paths import HEALTH_PATHS, is_private
from app.web.query import plain_name, read_pairs

API_PREFIX: Final = "/v1/"
_MIN_SEQ: Final = "min_seq"
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for, by a name that all its spellings share, and the oldest position of the log that will do."""

    name: str
    path: str
    min_seq: int


def target_of(path: str, query: bytes, *, own: Collection[str], lasting: Collection[str]) -> Target | None:
    """What this path and query ask for; None where no answer is to be kept.

    That is of what cannot be read, of the newsroom and the probes, and of what is `lasting`, a path or a parameter.
    Outside the API, parameters that are not among its `own` are ignored, and are no part of the name.
    """
    if path in lasting or path in HEALTH_PATHS or is_private(path) or UNNAMEABLE.search(path):
        return None
    if not query:
        return Target(path, path, 0)
    if not path.startswith(API_PREFIX):
        query = b"&".join(part for part in query.split(b"&") if plain_name(part) in own)
    try:
        asked = list(read_pairs(query))
    except BadParameter:
        return None
    demands = [value for name, value in asked if name == _MIN_SEQ]
    if len(demands) > 1 or (demands and not _NUMBER.fullmatch(demands[0])):
        return None
    if any(name in lasting for name, _ in asked):
        return None
    rest = sorted((pair for pair in asked if pair[0] != _MIN_SEQ), key=lambda pair: pair[0])
    # Neither path nor name nor value can hold a control character.
    name = path + "".join(f"\n{name}\t{value}" for name, value in rest)
    return Target(name, path, int(demands[0]) if demands else 0)
