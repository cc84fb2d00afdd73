"""Reads an HTML body into blocks, in one pass over its tags and texts.

What may stand inside a block is decided by `inline`, what embeds are by `embeds`. No tree is built: the trees of HTML
parsers grow as deep as their input, and slow with the square of that (20,000 nested <div> took 0.6 s, 2 MiB minutes).
"""

from collections.abc import Callable
from typing import Final

from app.core.blocks import (
    Block,
    EmbedBlock,
    HeadingBlock,
    ImageBlock,
    ListBlock,
    ParagraphBlock,
    QuoteBlock,
    SeparatorBlock,
)
from app.core.characters import clean_line
from app.core.embeds import embed, is_post
from app.core.inline import DIVIDING, InlineWriter, absolute_url, plain_text
from app.core.tokens import End, Start, Text, tokens

_HEADINGS: Final = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_LISTS: Final = frozenset({"ul", "ol", "menu"})
_CELLS: Final = frozenset({"td", "th"})
# What a table of data does not hold: with one of these inside, it is a table that lays out a page.
_STRUCTURE: Final = frozenset({*_HEADINGS, *_LISTS, "blockquote", "figure", "hr", "iframe", "img", "pre", "table"})
_MAX_PIXELS: Final = 100_000


class _List:
    """A list being read, with every list inside it."""

    def __init__(self, *, ordered: bool) -> None:
        self.ordered = ordered
        self.depth = 1
        self.items: list[list[str]] = [[]]


class _Quote:
    """A quotation being read; `is_citing` while the text names its source."""

    def __init__(self, attributes: dict[str, str]) -> None:
        self.depth = 1
        self.parts: list[str] = []
        self.cite: list[str] = []
        self.is_citing = False
        self.is_post = is_post(attributes)
        self.address = attributes.get("data-instgrm-permalink") or attributes.get("cite") or ""


class _Row:
    """A row of a table being read: its cells, each of several lines."""

    def __init__(self) -> None:
        self.cells: list[list[str]] = [[]]


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
        self._container: _List | _Quote | _Row | None = None
        self._level: int | None = None
        self._is_preformatted = False
        self._is_in_paragraph = False
        # Where the figure being read began among the blocks, and its caption once that has begun.
        self._figure: int | None = None
        self._caption: list[str] | None = None
        self._is_in_caption = False
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            "blockquote": self._start_quote,
            "cite": self._start_cite,
            "figure": self._start_figure,
            "footer": self._start_footer,
            "hr": self._separate,
            "iframe": self._embed,
            "img": self._image,
            "pre": self._start_preformatted,
            "tr": self._start_row,
        }
        self._ends: dict[str, Callable[[], None]] = {
            "blockquote": self._end_quote,
            "cite": self._end_cite,
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
            self._writer.text(line.replace("  ", " \u00a0"))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in DIVIDING:
            self._flush()
            self._is_in_paragraph = tag == "p"
        if isinstance(self._container, _Row) and tag in _STRUCTURE:
            self._close_container()
        if tag in _HEADINGS:
            self._level = _HEADINGS[tag]
        elif tag in _LISTS:
            self._start_list(ordered=tag == "ol")
        elif tag == "li" and isinstance(self._container, _List):
            self._container.items.append([])
        elif tag in _CELLS and isinstance(self._container, _Row):
            self._container.cells.append([])
        elif tag == "figcaption" and self._figure is not None:
            self._caption, self._is_in_caption = self._caption or [], True
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
        elif tag == "figcaption":
            self._is_in_caption = False
        elif tag in self._ends:
            self._ends[tag]()
        else:
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
        if self._is_in_caption and self._caption is not None:
            self._caption.append(line)
        elif isinstance(self._container, _List):
            self._container.items[-1].append(line)
        elif isinstance(self._container, _Row):
            self._container.cells[-1].append(line)
        elif isinstance(self._container, _Quote):
            (self._container.cite if self._container.is_citing else self._container.parts).append(line)
        elif self._level is not None:
            self._blocks.append(HeadingBlock(type="heading", level=self._level, html=line))
            # An unclosed heading must not make headings of the whole article.
            self._level = None
        else:
            self._add_paragraph(line)

    def _add_paragraph(self, line: str) -> None:
        self._blocks.append(ParagraphBlock(type="paragraph", html=line))

    def _start_inline(self, tag: str, attributes: dict[str, str]) -> None:
        if self._is_preformatted and tag == "code":
            return
        if tag == "a" and isinstance(self._container, _Quote) and self._container.is_post:
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
        """Turn the container being read into blocks."""
        container, self._container = self._container, None
        match container:
            case _List():
                items = ["<br>".join(lines) for lines in container.items if lines]
                if items:
                    self._blocks.append(ListBlock(type="list", ordered=container.ordered, items=items))
            case _Row():
                cells = [" ".join(lines) for lines in container.cells if lines]
                # A row of one cell is no table: its lines are paragraphs that somebody framed.
                lines = [" | ".join(cells)] if len(cells) > 1 else [line for cell in container.cells for line in cell]
                for line in filter(None, lines):
                    self._add_paragraph(line)
            case _Quote():
                self._add_quote(container)

    def _add_quote(self, quote: _Quote) -> None:
        post = embed(quote.address, base_url=self._base_url) if quote.is_post and quote.address else None
        if post is not None:
            self._blocks.append(post)
        elif quote.parts:
            cite = clean_line(" ".join(map(plain_text, quote.cite))).lstrip("—–- ")
            self._blocks.append(QuoteBlock(type="quote", html="<br><br>".join(quote.parts), cite=cite or None))
        else:
            for line in quote.cite:
                self._add_paragraph(line)

    def _start_list(self, *, ordered: bool) -> None:
        if isinstance(self._container, _List):
            self._container.depth += 1
            self._container.items.append([])
        elif self._container is None:
            self._container = _List(ordered=ordered)

    def _end_list(self) -> None:
        if not isinstance(self._container, _List):
            return
        self._container.depth -= 1
        if self._container.depth == 0:
            self._close_container()
        else:
            self._container.items.append([])

    def _start_quote(self, attributes: dict[str, str]) -> None:
        if isinstance(self._container, _Quote):
            self._container.depth += 1
        elif self._container is None:
            self._container = _Quote(attributes)

    def _end_quote(self) -> None:
        if not isinstance(self._container, _Quote):
            return
        self._container.depth -= 1
        if self._container.depth == 0:
            self._close_container()

    def _start_footer(self, _attributes: dict[str, str]) -> None:
        if isinstance(self._container, _Quote):
            self._container.is_citing = True

    def _start_cite(self, attributes: dict[str, str]) -> None:
        quote = self._container
        # In a paragraph of the quotation, <cite> is a title that the words mention; outside, it is their source.
        if isinstance(quote, _Quote) and not self._is_in_paragraph and not quote.is_citing:
            self._flush()
            quote.is_citing = True
        else:
            self._writer.start("cite", attributes)

    def _end_cite(self) -> None:
        self._writer.end("cite")
        if isinstance(self._container, _Quote) and self._container.is_citing and not self._is_in_paragraph:
            self._flush()
            self._container.is_citing = False

    def _start_row(self, _attributes: dict[str, str]) -> None:
        if isinstance(self._container, _Row):
            self._close_container()
        if self._container is None:
            self._container = _Row()

    def _end_row(self) -> None:
        if isinstance(self._container, _Row):
            self._close_container()

    # What is not text

    def _separate(self, _attributes: dict[str, str]) -> None:
        if self._container is None:
            self._blocks.append(SeparatorBlock(type="separator"))

    def _add_media(self, block: ImageBlock | EmbedBlock) -> None:
        """Put a block between the text before and behind it, dividing the container that both stand in."""
        self._flush()
        container = self._container
        self._close_container()
        self._blocks.append(block)
        if isinstance(container, _List):
            self._container = _List(ordered=container.ordered)
            self._container.depth = container.depth
        elif isinstance(container, _Quote) and not container.is_post:
            self._container = _Quote({})
            self._container.depth = container.depth

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
        block = embed(address, title=attributes.get("title", ""), base_url=self._base_url) if address else None
        if block is not None:
            self._add_media(block)

    def _start_figure(self, _attributes: dict[str, str]) -> None:
        self._end_figure()
        self._figure = len(self._blocks)

    def _end_figure(self) -> None:
        """Give the caption to the last picture or embed of the figure; without one it is a paragraph."""
        start, caption = self._figure, self._caption
        self._figure, self._caption, self._is_in_caption = None, None, False
        if start is None or not caption:
            return
        text = clean_line(" ".join(map(plain_text, caption)))
        for at in reversed(range(start, len(self._blocks))):
            block = self._blocks[at]
            if isinstance(block, ImageBlock):
                self._blocks[at] = block.model_copy(update={"caption": text})
                return
            if isinstance(block, EmbedBlock):
                self._blocks[at] = block.model_copy(update={"title": block.title or text})
                return
        for line in caption:
            self._add_paragraph(line)


def _pixels(text: str) -> int | None:
    digits = text.strip().removesuffix("px")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 6):
        return None
    return int(digits) if 1 <= int(digits) <= _MAX_PIXELS else None
