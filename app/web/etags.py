"""Entity tags (RFC 9110, 8.8.3): reading lists of them, comparing them, and insisting on them.

Which state a tag stands for is decided by whoever makes it.
"""

import re
from typing import Literal

from app.core.errors import PreconditionFailed, PreconditionRequired

# entity-tag = [ "W/" ] DQUOTE *( %x21 / %x23-7E / obs-text ) DQUOTE
ENTITY_TAG = re.compile(r'\s*((?:W/)?"[\x21\x23-\x7e\x80-\xff]*")\s*(?:,|$)')

Etags = list[str] | Literal["*"]


def parse_etags(header: str) -> Etags:
    """The entity tags of an If-Match or If-None-Match field, with quotes and `W/`; "*" for any.

    What follows the first thing that is no entity tag is not read.
    """
    if header.strip() == "*":
        return "*"
    tags: list[str] = []
    position = 0
    while found := ENTITY_TAG.match(header, position):
        tags.append(found[1])
        position = found.end()
    return tags


def matches_weakly(known: Etags, current: str) -> bool:
    """Whether `current` is among the tags, with weak and strong taken alike."""
    return known == "*" or current.removeprefix("W/") in {tag.removeprefix("W/") for tag in known}


def matches_strongly(known: Etags, current: str) -> bool:
    """Whether `current` is among the tags byte for byte, and strong."""
    return known == "*" or (not current.startswith("W/") and current in known)


def strong_etag(*parts: object) -> str:
    """A strong entity tag made of what identifies one state, such as an id and a revision."""
    return '"' + "-".join(str(part) for part in parts) + '"'


def require_match(if_match: str | None, current: str, *, required: bool) -> None:
    """Nothing, where `If-Match` names the `current` state, or is absent and not `required`.

    Raises PreconditionRequired when it is absent, PreconditionFailed, with the current tag, when it names other states.
    """
    if if_match is None:
        if required:
            raise PreconditionRequired(PreconditionRequired.example_detail)
        return
    known = parse_etags(if_match)
    if not matches_strongly(known, current):
        unread = "If-Match holds no entity tag: send the ETag as it came, in its double quotes."
        raise PreconditionFailed(PreconditionFailed.example_detail if known else unread, headers={"ETag": current})
