"""Which format a request wants: by the path, by a suffix, or by a media type that is exactly one of ours.

All else is JSON, never 406: an Accept field is reduced to one token, which caches may keep copies by (`accepted`).
"""

from collections.abc import Iterable, Mapping
from typing import Final

from app.syndication.atom import ATOM
from app.syndication.formats import Format
from app.syndication.jsonfeed import JSON_FEED
from app.syndication.jsonld import MEDIA_TYPE
from app.syndication.ninjs import NINJS_2, NINJS_3
from app.syndication.rss import RSS

FEEDS: Final[Mapping[str, Format]] = {"rss": RSS, "atom": ATOM, "json": JSON_FEED, "ninjs": NINJS_3}

JSONLD: Final = "jsonld"
NINJS_TYPE: Final = NINJS_3.media_type.partition(";")[0]

_TYPES: Final = {
    "application/json": None,
    **{format.media_type.partition(";")[0]: name for name, format in FEEDS.items()},
    MEDIA_TYPE.partition(";")[0]: JSONLD,
}


def accepted(accept: Iterable[str]) -> str | None:
    """The name of the format that the Accept fields of a request ask for exactly and most; None for plain JSON.

    Of equals, the first (RFC 9110, 12.5.1). Wildcards ask for JSON, and so does what is not known.
    """
    best, most = None, 0.0
    for media_type, parameters in media_ranges(accept):
        weight = _weight(parameters)
        if media_type in _TYPES and weight > most:
            best, most = _TYPES[media_type], weight
    return best


def representation(accept: str) -> str:
    """What of an Accept field decides any answer of this service, in a word: all that say the same get the same."""
    return f"{accepted([accept])} {wants_ninjs_2([accept]):d}"


def feed_format(name: str, accept: Iterable[str]) -> Format | None:
    """The format of this name; None for a name that none has. ninjs comes in the version that is asked for."""
    format = FEEDS.get(name)
    return NINJS_2 if format is NINJS_3 and wants_ninjs_2(accept) else format


def wants_ninjs_2(accept: Iterable[str]) -> bool:
    """Whether the Accept fields ask for version 2 of ninjs."""
    versions = [
        parameters.get("version", "") for media_type, parameters in media_ranges(accept) if media_type == NINJS_TYPE
    ]
    return bool(versions) and versions[0].split(".")[0] == "2"


def media_ranges(accept: Iterable[str]) -> list[tuple[str, dict[str, str]]]:
    """The media ranges of Accept fields, in order, each with its parameters, names in lower case."""
    ranges = []
    for item in ",".join(accept).split(","):
        media_type, *parameters = (part.strip() for part in item.split(";"))
        pairs = (parameter.partition("=") for parameter in parameters)
        ranges.append(
            (media_type.lower(), {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs})
        )
    return ranges


def _weight(parameters: Mapping[str, str]) -> float:
    text = parameters.get("q", "1")
    return float(text) if text.replace(".", "", 1).isdecimal() and text.isascii() else 0.0
