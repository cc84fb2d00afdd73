"""Web addresses: judge those we are given, tell whether two name one page, build those of the reader's site.

Whether an address may be fetched is another question, and is asked where requests are made.
"""

import hashlib
import re
from ipaddress import IPv6Address
from operator import itemgetter
from typing import Final
from unicodedata import normalize
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

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
_SEGMENT_SAFE: Final = _PATH_SAFE.replace("/", "")
# What campaigns and social networks hang on an address, which names no other page.
_TRACKING = re.compile("utm_.*|fbclid|gclid|dclid|msclkid|twclid|igshid|mc_[ce]id|_ga", re.IGNORECASE)


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


def page_name(url: str) -> str:
    """What of a web URL tells one page from another: equal for addresses that any site answers alike.

    Left out are the scheme, `www.`, a default port, slashes at the end, the parameters of campaigns, and the fragment
    unless it is a hashbang; the rest is written in one way: percent-encoded (RFC 3986, section 6.2.2.2), its letters
    composed (Unicode's NFC), its parameters in the order of their names.
    """
    parts = urlsplit(url)
    host = _ascii((parts.hostname or "").rstrip(".")).removeprefix("www.")
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    path = "/".join(map(_segment, parts.path.split("/"))).rstrip("/")
    given = parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
    kept = [(normalize("NFC", name), normalize("NFC", value)) for name, value in given if not _TRACKING.fullmatch(name)]
    query = urlencode(sorted(kept, key=itemgetter(0)), errors="surrogateescape")
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    return f"{host}{port}{path}{'?' if query else ''}{query}{'#' if fragment else ''}{fragment}"


def page_key(url: str) -> str:
    """The name of the page in 64 characters, however long it is: what it is kept under."""
    return hashlib.sha256(page_name(url).encode(errors="surrogatepass")).hexdigest()


def join(base: str, path: str) -> str:
    """`path` under `base`, with one slash between them; `path` is plain text, percent-encoded here per RFC 3986."""
    return f"{base.rstrip('/')}/{quote(path.lstrip('/'), safe=_PATH_SAFE)}"


def _segment(text: str) -> str:
    """A part of a path in its one way of writing. A slash that is escaped is no other slash."""
    plain = normalize("NFC", unquote(text, errors="surrogateescape"))
    return quote(plain, safe=_SEGMENT_SAFE, errors="surrogateescape")


def _ascii(host: str) -> str:
    """A host name as it stands in the DNS; as it is where it could not (it need not be one of ours)."""
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.lower()


def _is_host(host: str, netloc: str) -> bool:
    if netloc.startswith("["):
        return IPv6Address(host) is not None
    labels = host.removesuffix(".").split(".")
    return len(host) <= 253 and all(_is_label(label) for label in labels)


def _is_label(label: str) -> bool:
    return 1 <= len(label) <= 63 and _LABEL.fullmatch(label) is not None
