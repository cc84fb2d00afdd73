"""HTML as a stream of tags and text, cut as the WHATWG tokenizer cuts it, in linear time and without nesting.

Which tags mean what is for its readers to say; nothing here makes markup safe.
"""

import html
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from app.core.characters import strip_controls

_SPACE = r"[\t\n\f\r ]"
# Every quantifier is possessive and every construct may end with the input: no text makes this look back.
_ATTRIBUTE = (
    rf"[\t\n\f\r /]*+(?P<name>[^\t\n\f\r />][^\t\n\f\r />=]*+)"
    rf"(?:{_SPACE}*+={_SPACE}*+(?:\"(?P<double>[^\"]*+)\"?+|'(?P<single>[^']*+)'?+|(?P<bare>[^\t\n\f\r >]++))?+)?+"
)
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_UNNAMED_ATTRIBUTE = re.sub(r"\?P<\w+>", "?:", _ATTRIBUTE)
_TOKEN = re.compile(
    rf"<(?P<slash>/?)(?P<tag>[A-Za-z][^\t\n\f\r />]*+)(?P<attributes>(?:{_UNNAMED_ATTRIBUTE})*+)"
    rf"[\t\n\f\r ]*+(?P<closing>/?)[\t\n\f\r /]*+(?P<end>>|\Z)"
    r"|<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<(?:[!?]|/(?=[^A-Za-z]))[^>]*+(?:>|\Z)",
    re.DOTALL,
)
# A reference without its semicolon, followed by = or a letter, is text in an attribute: ?a=1&copy=2.
_REFERENCE = re.compile(r"&(?:#[xX]?[0-9A-Fa-f]+;?|[A-Za-z][A-Za-z0-9]{1,31}(?:;|(?![A-Za-z0-9=;])))")

# int() refuses thousands of digits with an error: no character has that many.
_PADDING = re.compile(r"(&#[xX]?)0+(?=[0-9A-Fa-f])")
_ENDLESS = re.compile(r"&#(?:[0-9]{10,}+|[xX][0-9A-Fa-f]{10,}+);?")

_RAW_TEXT: Final = frozenset(
    {"script", "style", "iframe", "xmp", "noembed", "noframes", "noscript", "textarea", "title", "plaintext"}
)
_OPAQUE: Final = frozenset(
    {"object", "applet", "svg", "math", "template", "select", "button", "audio", "video", "canvas", "map", "datalist"}
)
_FOREIGN: Final = frozenset({"svg", "math"})
_MAX_ATTRIBUTES: Final = 64


class Text(NamedTuple):
    """Characters, with references resolved."""

    text: str


class Start(NamedTuple):
    """A start tag; the first of several attributes of one name counts."""

    tag: str
    attributes: dict[str, str]


class End(NamedTuple):
    """An end tag."""

    tag: str


def tokens(source: str) -> Iterator[Text | Start | End]:
    """The tags and texts of `source` in order, without comments and without what stands in elements that are not text.

    Of a script, a style sheet, a form's controls, a drawing or a media element nothing comes out; of an iframe, its
    start tag.
    """
    source = strip_controls(source)
    at = 0
    while match := _TOKEN.search(source, at):
        if match.start() > at:
            yield Text(_resolve(source[at : match.start()]))
        at = match.end()
        tag = (match["tag"] or "").lower()
        if not tag or not match["end"]:
            continue
        if match["slash"]:
            yield End(tag)
            continue
        if tag == "iframe" or not (tag in _RAW_TEXT or tag in _OPAQUE):
            yield Start(tag, _attributes(match["attributes"]))
        if tag in _RAW_TEXT:
            at = _end_of_raw_text(source, tag, at)
        elif tag in _OPAQUE and not (tag in _FOREIGN and match["closing"]):
            at = _end_of_element(source, tag, at)
    if at < len(source):
        yield Text(_resolve(source[at:]))


def _attributes(source: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTES.finditer(source):
        if len(found) == _MAX_ATTRIBUTES:
            break
        value = match["double"] or match["single"] or match["bare"] or ""
        found.setdefault(match["name"].lower(), _REFERENCE.sub(lambda m: _resolve(m[0]), value))
    return found


def _resolve(text: str) -> str:
    """`text` with its character references resolved."""
    if "&" not in text:
        return text
    return strip_controls(html.unescape(_ENDLESS.sub("\ufffd", _PADDING.sub(r"\1", text))))


def _end_of_raw_text(source: str, tag: str, at: int) -> int:
    """Where markup goes on after an element whose content is not markup."""
    if tag == "plaintext":
        return len(source)
    # Up to the end tag's name: the tag itself is a token again.
    match = re.compile(rf"</{tag}(?=[\t\n\f\r />])", re.IGNORECASE).search(source, at)
    return match.start() if match else len(source)


def _end_of_element(source: str, tag: str, at: int) -> int:
    """Behind the end tag that closes the element, elements of the same name inside it counted."""
    depth = 1
    for match in re.compile(rf"<(/?){tag}(?=[\t\n\f\r />])[^>]*+>?+", re.IGNORECASE).finditer(source, at):
        if match[1]:
            depth -= 1
        elif not match[0].endswith("/>"):
            depth += 1
        if depth == 0:
            return match.end()
    return len(source)
