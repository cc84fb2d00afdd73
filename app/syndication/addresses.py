"""Web addresses as the formats have them: in the characters of RFC 3986, and what a picture's says of its type."""

import re
from typing import Final
from urllib.parse import quote, urlsplit

import idna

_URI = re.compile(
    r"[a-z][a-z0-9+.-]*:(//(\[[0-9a-f:.]+\]|[\w.~!$&'()*+,;=-]*)(:[0-9]*)?)?"
    r"([\w.~:/@!$&'()*+,;=-]|%[0-9a-f]{2})*"
    r"(\?([\w.~:/?@!$&'()*+,;=-]|%[0-9a-f]{2})*)?(#([\w.~:/?@!$&'()*+,;=-]|%[0-9a-f]{2})*)?",
    re.ASCII | re.IGNORECASE,
)
_BARE_PERCENT = re.compile("%(?![0-9a-f]{2})", re.IGNORECASE)
_PATH_SAFE: Final = "/:@!$&'()*+,;=~%"
_QUERY_SAFE: Final = _PATH_SAFE + "?"

_IMAGE_TYPES: Final = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "webp": "image/webp",
}


def uri(address: str) -> str:
    """A web address in the characters of RFC 3986: all others are encoded (RFC 3987, 3.1), hosts by IDNA."""
    if _URI.fullmatch(address):
        return address
    parts = urlsplit(_BARE_PERCENT.sub("%25", address))
    return parts._replace(
        netloc=_ascii_host(parts.netloc),
        path=quote(parts.path, safe=_PATH_SAFE),
        query=quote(parts.query, safe=_QUERY_SAFE),
        fragment=quote(parts.fragment, safe=_QUERY_SAFE),
    ).geturl()


def image_type(url: str) -> str | None:
    """The media type of a picture, as far as the name of its file tells."""
    return _IMAGE_TYPES.get(urlsplit(url).path.rpartition(".")[2].lower())


def _ascii_host(netloc: str) -> str:
    if netloc.isascii():
        return netloc
    host, colon, port = netloc.partition(":")
    try:
        return idna.encode(host, uts46=True).decode() + colon + port
    except idna.IDNAError:
        return quote(host) + colon + port
