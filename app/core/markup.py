"""Article bodies: made into blocks from HTML, text or blocks of others, and shown again as HTML and text.

The shapes are in `blocks`, reading HTML is in `html_reader`, the inside of a block in `inline`.
"""

import html
from collections.abc import Iterable

from app.core.blocks import (
    Block,
    EmbedBlock,
    HeadingBlock,
    ImageBlock,
    ListBlock,
    ParagraphBlock,
    QuoteBlock,
    SeparatorBlock,
    WebUrl,
)
from app.core.characters import clean_line, clean_text
from app.core.html_reader import blocks_from_html
from app.core.inline import InlineWriter, clean_inline, plain_text

__all__ = [
    "Block",
    "EmbedBlock",
    "HeadingBlock",
    "ImageBlock",
    "ListBlock",
    "ParagraphBlock",
    "QuoteBlock",
    "SeparatorBlock",
    "WebUrl",
    "blocks_from_html",
    "blocks_from_text",
    "blocks_html",
    "blocks_text",
    "clean_blocks",
    "clean_inline",
    "clean_line",
    "clean_text",
    "plain_text",
]


def blocks_from_text(text: str) -> list[Block]:
    """The paragraphs of plain text, which blank lines divide; single line ends become line breaks."""
    blocks: list[Block] = []
    writer = InlineWriter("")
    for line in [*clean_text(text).split("\n"), ""]:
        if line.strip():
            writer.line_break()
            writer.text(line)
        elif paragraph := writer.take():
            blocks.append(ParagraphBlock(type="paragraph", html=paragraph))
    return blocks


def clean_blocks(blocks: Iterable[Block], *, base_url: str) -> list[Block]:
    """The same blocks, safe to show: HTML sanitised, links absolute, plain texts on one line, empty blocks left out."""
    cleaned = (_clean(block, base_url) for block in blocks)
    return [block for block in cleaned if block is not None]


def blocks_html(blocks: Iterable[Block]) -> str:
    """Cleaned blocks as one piece of semantic HTML, a line each; embeds are links, because nothing runs here."""
    return "\n".join(_html(block) for block in blocks)


def blocks_text(blocks: Iterable[Block]) -> str:
    """The running text of cleaned blocks, an empty line between them; pictures and embeds have none."""
    return "\n\n".join(filter(None, map(_text, blocks)))


def _clean(block: Block, base_url: str) -> Block | None:
    match block:
        case ParagraphBlock() | HeadingBlock():
            inside = clean_inline(block.html, base_url=base_url)
            return block.model_copy(update={"html": inside}) if inside else None
        case ListBlock():
            items = [clean_inline(item, base_url=base_url) for item in block.items]
            items = [item for item in items if item]
            return block.model_copy(update={"items": items}) if items else None
        case QuoteBlock():
            inside = clean_inline(block.html, base_url=base_url)
            return block.model_copy(update={"html": inside, "cite": _line(block.cite)}) if inside else None
        case ImageBlock():
            alt = None if block.alt is None else clean_line(block.alt)
            lines = {"caption": _line(block.caption), "credit": _line(block.credit)}
            return block.model_copy(update={"alt": alt, **lines})
        case EmbedBlock():
            return block.model_copy(update={"provider": _line(block.provider) or "embed", "title": _line(block.title)})
        case SeparatorBlock():
            return block


def _line(text: str | None) -> str | None:
    return clean_line(text) or None if text is not None else None


def _html(block: Block) -> str:
    match block:
        case ParagraphBlock():
            return f"<p>{block.html}</p>"
        case HeadingBlock():
            return f"<h{block.level}>{block.html}</h{block.level}>"
        case ListBlock():
            tag = "ol" if block.ordered else "ul"
            return f"<{tag}>{''.join(f'<li>{item}</li>' for item in block.items)}</{tag}>"
        case QuoteBlock():
            source = f"<footer><cite>{html.escape(block.cite)}</cite></footer>" if block.cite else ""
            return f"<blockquote><p>{block.html}</p>{source}</blockquote>"
        case ImageBlock():
            return _figure(block)
        case EmbedBlock():
            return f'<p><a href="{html.escape(block.url)}">{html.escape(block.title or block.url)}</a></p>'
        case SeparatorBlock():
            return "<hr>"


def _figure(image: ImageBlock) -> str:
    size = "".join(f' {name}="{px}"' for name, px in (("width", image.width), ("height", image.height)) if px)
    credit = f"<small>{html.escape(image.credit)}</small>" if image.credit else ""
    caption = " ".join(filter(None, (html.escape(image.caption or ""), credit)))
    return (
        f'<figure><img src="{html.escape(image.url)}" alt="{html.escape(image.alt or "")}"{size}>'
        + (f"<figcaption>{caption}</figcaption>" if caption else "")
        + "</figure>"
    )


def _text(block: Block) -> str:
    match block:
        case ParagraphBlock() | HeadingBlock() | QuoteBlock():
            return plain_text(block.html).strip()
        case ListBlock():
            return "\n".join(plain_text(item).strip() for item in block.items)
        case _:
            return ""
