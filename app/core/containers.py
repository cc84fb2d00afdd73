"""What holds several lines of an HTML body while it is read: lists, quotations, rows of tables, figures.

When they begin and end is for `html_reader` to say.
"""

from typing import Protocol

from app.core.blocks import Block, EmbedBlock, ImageBlock, ListBlock, ParagraphBlock, QuoteBlock
from app.core.characters import clean_line
from app.core.embeds import embed, is_post
from app.core.inline import clean_inline, plain_text


class Container(Protocol):
    """Collects the lines of text that stand in one element, and those in elements inside it."""

    def add(self, line: str) -> None:
        """Take a line of inline HTML."""

    def blocks(self) -> list[Block]:
        """What was collected, as blocks."""

    def rest(self) -> "Container | None":
        """The container that goes on behind a picture which divides this one; None when it ends there."""


class OpenList:
    """A list with every list inside it; `depth` counts both."""

    def __init__(self, *, ordered: bool, depth: int = 1) -> None:
        self.depth = depth
        self._ordered = ordered
        self._items: list[list[str]] = [[]]

    def begin_item(self) -> None:
        """Put what follows in an item of its own."""
        self._items.append([])

    def add(self, line: str) -> None:
        """Take another line of the item."""
        self._items[-1].append(line)

    def blocks(self) -> list[Block]:
        """The list, unless all its items are empty."""
        items = ["<br>".join(lines) for lines in self._items if lines]
        return [ListBlock(type="list", ordered=self._ordered, items=items)] if items else []

    def rest(self) -> Container | None:
        """A list of the same kind."""
        return OpenList(ordered=self._ordered, depth=self.depth)


class OpenQuote:
    """A quotation; `is_citing` while the text names its source, `address` the post that it may stand for."""

    def __init__(self, attributes: dict[str, str], *, base_url: str, depth: int = 1) -> None:
        self.depth = depth
        self.is_citing = False
        self.is_post = is_post(attributes)
        self.address = attributes.get("data-instgrm-permalink") or attributes.get("cite") or ""
        self._base_url = base_url
        self._lines: list[str] = []
        self._source: list[str] = []

    def add(self, line: str) -> None:
        """Take another line of the quotation, or of its source."""
        (self._source if self.is_citing else self._lines).append(line)

    def blocks(self) -> list[Block]:
        """The quotation, or the post that it stands for."""
        post = embed(self.address, base_url=self._base_url) if self.is_post and self.address else None
        if post is not None:
            return [post]
        if not self._lines:
            return paragraphs(self._source)
        cite = _one_line(self._source).lstrip("—–- ")
        return [QuoteBlock(type="quote", html="<br><br>".join(self._lines), cite=cite or None)]

    def rest(self) -> Container | None:
        """The same quotation, its source still to come."""
        return None if self.is_post else OpenQuote({}, base_url=self._base_url, depth=self.depth)


class OpenRow:
    """A row of a table: its cells, each of several lines."""

    def __init__(self) -> None:
        self._cells: list[list[str]] = [[]]

    def begin_cell(self) -> None:
        """Put what follows in a cell of its own."""
        self._cells.append([])

    def add(self, line: str) -> None:
        """Take another line of the cell."""
        self._cells[-1].append(line)

    def blocks(self) -> list[Block]:
        """A paragraph, its cells divided by bars."""
        cells = [lines for lines in self._cells if lines]
        # One cell is no table: its lines are paragraphs that somebody framed.
        if len(cells) == 1:
            return paragraphs(cells[0])
        # Cleaned once more, because blanks may meet where cells do; links are absolute already.
        return paragraphs([clean_inline(" | ".join(map(" ".join, cells)), base_url="")])

    def rest(self) -> Container | None:
        """Nothing: a row with a picture in it lays out a page."""
        return None


class OpenFigure:
    """A figure: what stands in it are the blocks from `start` on; its caption is collected apart."""

    def __init__(self, start: int) -> None:
        self._start = start
        self._caption: list[str] = []
        self.is_in_caption = False

    def add(self, line: str) -> None:
        """Take a line of the caption."""
        self._caption.append(line)

    def caption(self, blocks: list[Block]) -> None:
        """Give the caption to the last picture or embed of the figure among `blocks`; without one it is a paragraph."""
        if not self._caption:
            return
        for at in reversed(range(self._start, len(blocks))):
            match blocks[at]:
                case ImageBlock() as image:
                    blocks[at] = image.model_copy(update={"caption": _one_line(self._caption)})
                    return
                case EmbedBlock() as embedded:
                    blocks[at] = embedded.model_copy(update={"title": embedded.title or _one_line(self._caption)})
                    return
        blocks.extend(paragraphs(self._caption))


def paragraphs(lines: list[str]) -> list[Block]:
    """A paragraph for each line that says something."""
    return [ParagraphBlock(type="paragraph", html=line) for line in lines if line]


def _one_line(lines: list[str]) -> str:
    return clean_line(" ".join(map(plain_text, lines)))
