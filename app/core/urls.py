"""Web addresses: judge those we are given, build those of the reader's site.

Whether an address may be fetched is another question, and is asked where requests are made.
"""

import re
from ipaddress import IPv6Address
from typing import Final
from urllib.parse import quote, urlsplit

from app.core.characters import MARKS

MAX_CHARACTERS: Final = 2048

# RFC 3986 allows none of these in a URL, and no reader gains by them: blanks, controls, directional marks, and the
# characters by which an address breaks out of where it is quoted.
_UNSAFE = re.compile(
    '[\x00-\x20\x7f-\xa0\\\\<>"\u00ad\u061c\u1680\u180e\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff'
    "\ud800-\udfff\ufdd0-\ufdef\ufff0-\uffff]"
)
_START = re.compile(r"https?://", re.IGNORECASE)
_LABEL = re.compile(rf"(?!-)[-\w{MARKS}\u200c\u200d]+(?<!-)")
_PATH_SAFE: Final = "/:@!$&'()*+,;=~"


def is_web_url(text: str) -> bool:
    """Whether `text` is an absolute http or https URL with a host and without credentials, at most 2048 characters.

    International host names and paths may be written in their own script.
    """
    if len(text) > MAX_CHARACTERS or not _START.match(text) or _UNSAFE.search(text):
        return False
    try:
        parts = urlsplit(text)
        # Reading the port judges it.
        return "@" not in parts.netloc and parts.port != 0 and _is_host(parts.hostname or "", parts.netloc)
    except ValueError:
        return False


def join(base: str, path: str) -> str:
    """`path` under `base`, with one slash between them; `path` is plain text, percent-encoded here per RFC 3986."""
    return f"{base.rstrip('/')}/{quote(path.lstrip('/'), safe=_PATH_SAFE)}"


def _is_host(host: str, netloc: str) -> bool:
    if netloc.startswith("["):
        return IPv6Address(host) is not None
    labels = host.removesuffix(".").split(".")
    return len(host) <= 253 and all(_is_label(label) for label in labels)


def _is_label(label: str) -> bool:
    return 1 <= len(label) <= 63 and _LABEL.fullmatch(label) is not None
