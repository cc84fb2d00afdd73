"""Inline HTML: the few elements that may stand inside a block, their attributes, and the links among these.

How text is divided into blocks is for `markup` and `html_reader` to say.
"""

import html
import re
from typing import Final
from urllib.parse import urljoin

import nh3

from app.core.characters import clean_line, is_invisible, strip_controls, strip_unpaired_bidi
from app.core.languages import is_language_tag
from app.core.tokens import Start, Text, tokens
from app.core.urls import MAX_CHARACTERS, is_web_url

_PLAIN_TAGS: Final = (
    "em", "strong", "b", "i", "u", "s", "sub", "sup", "code", "mark", "small", "q", "cite",
    "span", "bdi", "bdo", "ruby", "rt", "rp",
)  # fmt: skip
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    **{tag: set() for tag in _PLAIN_TAGS},
    "a": {"href", "title", "hreflang"},
    "abbr": {"title"},
    "time": {"datetime"},
}
_GLOBAL_ATTRIBUTES: Final = frozenset({"lang", "dir"})
_SYNONYMS: Final = {
    "strike": "s",
    "del": "s",
    "ins": "u",
    "acronym": "abbr",
    "tt": "code",
    "kbd": "code",
    "samp": "code",
}
# Without these attributes, such an element says nothing.
_POINTLESS_WITHOUT: Final = {"a": {"href"}, "span": {"lang", "dir"}, "bdo": {"dir"}}
_CLOSES: Final = {"a": ("a",), "rt": ("rt", "rp"), "rp": ("rt", "rp")}
# Where one of these starts or ends, so does a line of text; anything else unknown divides nothing.
DIVIDING: Final = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup",
    "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_MAX_DEPTH: Final = 32
_MAX_TITLE_CHARACTERS: Final = 500

_BLANKS = re.compile(r"[\t\n\f\r ]{2,}|[\t\n\f\r]")  # single spaces stay as they are
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_ESCAPED_IN_URLS: Final = {ord(char): f"%{ord(char):02X}" for char in ' "<>`'}
_DATETIME = re.compile(r"[0-9A-Za-z:.+\- ]{1,64}")

# The writer below lets nothing else through; this is the second lock on the same door, made by somebody else.
_SANITIZER = nh3.Cleaner(
    tags={*_ATTRIBUTES, "br"},
    attributes={**{tag: names for tag, names in _ATTRIBUTES.items() if names}, "*": set(_GLOBAL_ATTRIBUTES)},
    clean_content_tags={"script", "style", "iframe", "object", "svg", "math", "template"},
    url_schemes={"http", "https", "mailto", "tel"},
    url_relative="deny",
    link_rel=None,
)
_AMPERSAND, _NO_BREAK_SPACE = "\ufdd0", "\ufdd1"


def clean_inline(source: str, *, base_url: str) -> str:
    """`source` as safe inline HTML: links absolute, blocks unwrapped, everything that is not text or its shape gone.

    Empty when no text is left. Clean input comes back unchanged.
    """
    writer = InlineWriter(base_url)
    for token in tokens(source):
        if isinstance(token, Text):
            writer.text(token.text)
        elif token.tag in DIVIDING:
            writer.text(" ")
        elif isinstance(token, Start):
            writer.start(token.tag, token.attributes)
        else:
            writer.end(token.tag)
    return writer.take()


def plain_text(source: str) -> str:
    """The text of inline HTML, each line break a newline."""
    if "<" not in source and "&" not in source:
        return strip_controls(source)
    parts: list[str] = []
    for token in tokens(source):
        if isinstance(token, Text):
            parts.append(token.text)
        elif isinstance(token, Start) and token.tag == "br":
            parts.append("\n")
    return "".join(parts)


def absolute_link(value: str, *, base_url: str) -> str | None:
    """Where a reader who follows `value` gets to: an http, https, mailto or tel URL; None for anything else."""
    value = clean_line(value.replace("\t", "").replace("\n", "")).translate(_ESCAPED_IN_URLS)
    if not value or value.startswith("#"):
        return None
    scheme = _SCHEME.match(value)
    if scheme and scheme[1].lower() in ("mailto", "tel"):
        return value if len(value) <= MAX_CHARACTERS and value.isprintable() and "\\" not in value else None
    return absolute_url(value, base_url=base_url)


def absolute_url(value: str, *, base_url: str) -> str | None:
    """The web URL that `value` means on the page `base_url`, https where it leaves the scheme open; None if none."""
    value = clean_line(value.replace("\t", "").replace("\n", "")).translate(_ESCAPED_IN_URLS)
    if not value or len(value) > MAX_CHARACTERS:
        return None
    if value.startswith("//"):
        value = f"https:{value}"
    elif not _SCHEME.match(value):
        try:
            value = urljoin(base_url, value)
        except ValueError:
            return None
    return value if is_web_url(value) else None


class InlineWriter:
    """Writes one well-formed fragment after another, whatever order its tags come in.

    A tag is written only when text follows inside it, so nothing empty remains; elements still open at the end of a
    fragment go on in the next one, as HTML has it.
    """

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._open: list[tuple[str, str]] = []
        self._written = 0
        self._parts: list[str] = []
        self._has_text = False
        # Opening the same elements anew in every block could make a huge article out of a small one.
        self._reopenings_left = 100_000

    def text(self, text: str) -> None:
        """Append characters, runs of blanks collapsed as a browser would, none of them first."""
        if "  " in text or not text.isprintable():
            text = _BLANKS.sub(" ", text)
        if not self._has_text:
            text = "" if is_invisible(text) else text.lstrip()
        elif text.startswith(" ") and self._ends_blank():
            text = text[1:]
        if not text:
            return
        if not is_invisible(text):
            self._write_openings()
            self._has_text = True
        self._parts.append(html.escape(text, quote=False))

    def line_break(self) -> None:
        """Begin a new line, unless the fragment is still empty."""
        if not self._has_text:
            return
        if not self._parts[-1].startswith("<"):
            self._parts[-1] = self._parts[-1].rstrip(" ")
        self._parts.append("<br>")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open an element, unless it is unknown, pointless or nested absurdly deep."""
        tag = _SYNONYMS.get(tag, tag)
        if tag == "br":
            self.line_break()
        elif tag in _ATTRIBUTES and len(self._open) < _MAX_DEPTH:
            for closed in _CLOSES.get(tag, ()):
                self.end(closed)
            kept = self._kept_attributes(tag, attributes)
            if tag not in _POINTLESS_WITHOUT or not _POINTLESS_WITHOUT[tag].isdisjoint(kept):
                written = "".join(f' {name}="{html.escape(value)}"' for name, value in kept.items())
                self._open.append((tag, f"<{tag}{written}>"))

    def end(self, tag: str) -> None:
        """Close the innermost element of that name; those inside it go on behind it."""
        tag = _SYNONYMS.get(tag, tag)
        at = next((i for i in reversed(range(len(self._open))) if self._open[i][0] == tag), None)
        if at is not None:
            self._close_down_to(at)
            del self._open[at]
            self._suspend(at)

    def take(self) -> str:
        """The fragment written since the last call, sanitised; empty when it has no text."""
        if not self._has_text:
            return ""
        _strip_end(self._parts)
        self._close_down_to(0)
        self._suspend(0)
        fragment = "".join(self._parts)
        self._parts, self._has_text = [], False
        paired = strip_unpaired_bidi(fragment)
        if paired != fragment:
            # Blanks on both sides of what is gone have met.
            return clean_inline(paired, base_url=self._base_url)
        return _sanitise(fragment) if "<" in fragment else fragment

    def _ends_blank(self) -> bool:
        for part in reversed(self._parts):
            if part == "<br>":
                return True
            if part and not part.startswith("<"):
                return part.endswith(" ")
        return True

    def _write_openings(self) -> None:
        self._parts.extend(opening for _, opening in self._open[self._written :])
        self._written = len(self._open)

    def _close_down_to(self, depth: int) -> None:
        self._parts.extend(f"</{tag}>" for tag, _ in reversed(self._open[depth : self._written]))
        self._written = min(self._written, depth)

    def _suspend(self, depth: int) -> None:
        """Count what must be opened anew, and stop doing so when it gets out of hand."""
        self._reopenings_left -= sum(len(opening) for _, opening in self._open[depth:])
        if self._reopenings_left < 0:
            del self._open[depth:]

    def _kept_attributes(self, tag: str, attributes: dict[str, str]) -> dict[str, str]:
        allowed = _ATTRIBUTES[tag] | _GLOBAL_ATTRIBUTES
        judged = {name: self._judged(name, value) for name, value in sorted(attributes.items()) if name in allowed}
        return {name: value for name, value in judged.items() if value}

    def _judged(self, name: str, value: str) -> str | None:
        """The value to keep for an attribute, None for none."""
        match name:
            case "href":
                return absolute_link(value, base_url=self._base_url)
            case "lang" | "hreflang":
                return value if is_language_tag(value) else None
            case "dir":
                return value.lower() if value.lower() in ("ltr", "rtl", "auto") else None
            case "datetime":
                return value if _DATETIME.fullmatch(value) else None
        line = clean_line(value)
        return line if len(line) <= _MAX_TITLE_CHARACTERS else None


def _sanitise(fragment: str) -> str:
    """`fragment` as the sanitiser leaves it, no-break spaces written as themselves."""
    # Its time grows with the square of the ampersands and no-break spaces (0.9 s for 200,000): noncharacters, of which
    # clean text has none, stand in for both.
    fragment = fragment.replace("&amp;", _AMPERSAND).replace("\u00a0", _NO_BREAK_SPACE)
    return _SANITIZER.clean(fragment).replace(_AMPERSAND, "&amp;").replace(_NO_BREAK_SPACE, "\u00a0")


def _strip_end(parts: list[str]) -> None:
    """Take blanks and line breaks off the end."""
    while parts[-1] == "<br>" or not parts[-1].strip():
        parts.pop()
    if not parts[-1].startswith("<"):
        parts[-1] = parts[-1].rstrip()
