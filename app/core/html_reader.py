"""Reads an HTML body into blocks, in one pass over its tags and texts.

What may stand inside a block is decided by `inline`, what embeds are by `embeds`. No tree is built: the trees of HTML
parsers grow as deep as their input, and slow with the square of that (20,000 nested <div> took 0.6 s, 2 MiB minutes).
"""

import re
from collections.abc import Callable
from typing import Final

from app.core.blocks import Block, EmbedBlock, HeadingBlock, ImageBlock, SeparatorBlock
from app.core.characters import clean_line
from app.core.containers import Container, OpenFigure, OpenList, OpenQuote, OpenRow, paragraphs
from app.core.embeds import embed
from app.core.inline import DIVIDING, InlineWriter, absolute_url
from app.core.tokens import End, Start, Text, tokens

_HEADINGS: Final = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_LISTS: Final = frozenset({"ul", "ol", "menu"})
# What a table of data does not hold: with one of these inside, it is a table that lays out a page.
_STRUCTURE: Final = frozenset({*_HEADINGS, *_LISTS, "blockquote", "figure", "hr", "iframe", "img", "pre", "table"})
_MAX_PIXELS: Final = 100_000
# Preformatted text keeps its blanks where HTML would collapse them.
_INDENT = re.compile("^ | (?= )")


def blocks_from_html(source: str, *, base_url: str) -> list[Block]:
    """The blocks of an HTML fragment or page, sanitised, links and images absolute against `base_url`.

    What no block can hold is dropped, or kept as text: scripts and forms are gone, tables become a paragraph a row.
    """
    reader = _Reader(base_url)
    for token in tokens(source):
        match token:
            case Text(text):
                reader.text(text)
            case Start(tag, attributes):
                reader.start(tag, attributes)
            case End(tag):
                reader.end(tag)
    return reader.finish()


class _Reader:
    """The blocks read so far, and what is being read: at most one container, the outermost, with all inside it flat."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._blocks: list[Block] = []
        self._writer = InlineWriter(base_url)
        self._container: Container | None = None
        self._figure: OpenFigure | None = None
        self._level: int | None = None
        self._is_preformatted = False
        self._is_in_paragraph = False
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            "blockquote": self._start_quote,
            "cite": self._start_cite,
            "figcaption": self._start_caption,
            "figure": self._start_figure,
            "footer": self._start_footer,
            "hr": self._separate,
            "iframe": self._embed,
            "img": self._image,
            "li": self._start_item,
            "pre": self._start_preformatted,
            "td": self._start_cell,
            "th": self._start_cell,
            "tr": self._start_row,
        }
        self._ends: dict[str, Callable[[], None]] = {
            "blockquote": self._end_quote,
            "cite": self._end_cite,
            "figcaption": self._end_caption,
            "figure": self._end_figure,
            "footer": self._end_cite,
            "pre": self._end_preformatted,
            "table": self._end_row,
            "tr": self._end_row,
        }

    def text(self, text: str) -> None:
        if not self._is_preformatted:
            self._writer.text(text)
            return
        for number, line in enumerate(text.expandtabs(4).split("\n")):
            if number:
                self._writer.line_break()
            self._writer.text(_INDENT.sub("\u00a0", line))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in DIVIDING:
            self._flush()
            self._is_in_paragraph = tag == "p"
        if isinstance(self._container, OpenRow) and tag in _STRUCTURE:
            self._close_container()
        if tag in _HEADINGS:
            self._level = _HEADINGS[tag]
        elif tag in _LISTS:
            self._start_list(ordered=tag == "ol")
        elif tag in self._starts:
            self._starts[tag](attributes)
        else:
            self._start_inline(tag, attributes)

    def end(self, tag: str) -> None:
        if tag in DIVIDING:
            self._flush()
            self._is_in_paragraph = False
        if tag in _HEADINGS:
            self._level = None
        elif tag in _LISTS:
            self._end_list()
        elif tag in self._ends:
            self._ends[tag]()
        elif not (self._is_preformatted and tag == "code"):
            self._writer.end(tag)

    def finish(self) -> list[Block]:
        self._flush()
        self._close_container()
        self._end_figure()
        return self._blocks

    # Lines of text

    def _flush(self) -> None:
        """End the line of text being read and put it where it belongs."""
        line = self._writer.take()
        if not line:
            return
        if self._figure is not None and self._figure.is_in_caption:
            self._figure.add(line)
        elif self._container is not None:
            self._container.add(line)
        elif self._level is not None:
            self._blocks.append(HeadingBlock(type="heading", level=self._level, html=line))
            # An unclosed heading must not make headings of the whole article.
            self._level = None
        else:
            self._blocks.extend(paragraphs([line]))

    def _start_inline(self, tag: str, attributes: dict[str, str]) -> None:
        if self._is_preformatted and tag == "code":
            return
        if tag == "a" and isinstance(self._container, OpenQuote) and self._container.is_post:
            # The last link of a post is the one to itself.
            self._container.address = attributes.get("href", "") or self._container.address
        self._writer.start(tag, attributes)

    def _start_preformatted(self, _attributes: dict[str, str]) -> None:
        self._is_preformatted = True
        self._writer.start("code", {})

    def _end_preformatted(self) -> None:
        self._is_preformatted = False
        self._writer.end("code")

    # Containers

    def _close_container(self) -> None:
        if self._container is not None:
            self._blocks.extend(self._container.blocks())
            self._container = None

    def _start_list(self, *, ordered: bool) -> None:
        if isinstance(self._container, OpenList):
            self._container.depth += 1
            self._container.begin_item()
        elif self._container is None:
            self._container = OpenList(ordered=ordered)

    def _start_item(self, _attributes: dict[str, str]) -> None:
        if isinstance(self._container, OpenList):
            self._container.begin_item()

    def _end_list(self) -> None:
        if isinstance(self._container, OpenList):
            self._container.depth -= 1
            self._container.begin_item()
            if self._container.depth == 0:
                self._close_container()

    def _start_quote(self, attributes: dict[str, str]) -> None:
        if isinstance(self._container, OpenQuote):
            self._container.depth += 1
        elif self._container is None:
            self._container = OpenQuote(attributes, base_url=self._base_url)

    def _end_quote(self) -> None:
        if isinstance(self._container, OpenQuote):
            self._container.depth -= 1
            if self._container.depth == 0:
                self._close_container()

    def _start_footer(self, _attributes: dict[str, str]) -> None:
        if isinstance(self._container, OpenQuote):
            self._container.is_citing = True

    def _start_cite(self, attributes: dict[str, str]) -> None:
        quote = self._container
        # In a paragraph of the quotation, <cite> is a title that the words mention; outside, it is their source.
        if isinstance(quote, OpenQuote) and not self._is_in_paragraph and not quote.is_citing:
            self._flush()
            quote.is_citing = True
        else:
            self._writer.start("cite", attributes)

    def _end_cite(self) -> None:
        self._writer.end("cite")
        quote = self._container
        if isinstance(quote, OpenQuote) and quote.is_citing and not self._is_in_paragraph:
            self._flush()
            quote.is_citing = False

    def _start_row(self, _attributes: dict[str, str]) -> None:
        self._end_row()
        if self._container is None:
            self._container = OpenRow()

    def _start_cell(self, _attributes: dict[str, str]) -> None:
        if isinstance(self._container, OpenRow):
            self._container.begin_cell()

    def _end_row(self) -> None:
        if isinstance(self._container, OpenRow):
            self._close_container()

    def _start_figure(self, _attributes: dict[str, str]) -> None:
        self._end_figure()
        self._figure = OpenFigure(len(self._blocks))

    def _start_caption(self, _attributes: dict[str, str]) -> None:
        if self._figure is not None:
            self._figure.is_in_caption = True

    def _end_caption(self) -> None:
        if self._figure is not None:
            self._figure.is_in_caption = False

    def _end_figure(self) -> None:
        if self._figure is not None:
            self._figure.caption(self._blocks)
            self._figure = None

    # What is not text

    def _add_media(self, block: ImageBlock | EmbedBlock) -> None:
        """Put a block between the text before and behind it, dividing the container that both stand in."""
        self._flush()
        rest = self._container.rest() if self._container is not None else None
        self._close_container()
        self._blocks.append(block)
        self._container = rest

    def _separate(self, _attributes: dict[str, str]) -> None:
        if self._container is None:
            self._blocks.append(SeparatorBlock(type="separator"))

    def _image(self, attributes: dict[str, str]) -> None:
        # Pages that load pictures late keep the address elsewhere, and a placeholder in its place.
        addresses = (attributes.get(name, "") for name in ("src", "data-src", "data-lazy-src"))
        url = next(filter(None, (absolute_url(address, base_url=self._base_url) for address in addresses)), None)
        width, height = _pixels(attributes.get("width", "")), _pixels(attributes.get("height", ""))
        # One pixel is not a picture: it counts readers.
        if url is None or (width == 1 and height == 1):
            return
        alt = clean_line(attributes["alt"]) if "alt" in attributes else None
        self._add_media(ImageBlock(type="image", url=url, alt=alt, width=width, height=height))

    def _embed(self, attributes: dict[str, str]) -> None:
        address = attributes.get("src") or attributes.get("data-src") or ""
        block = embed(address, title=attributes.get("title", ""), base_url=self._base_url)
        if block is not None:
            self._add_media(block)


def _pixels(text: str) -> int | None:
    digits = text.strip().removesuffix("px")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 6):
        return None
    return int(digits) if 1 <= int(digits) <= _MAX_PIXELS else None
