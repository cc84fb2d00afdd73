"""The page of figures in docs/, of which each benchmark writes a section of its own, under its date and machine."""

import re
from pathlib import Path

from tests.bench.machine import machine

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
BEGIN = "# Benchmarks\n\nFigures of the machines that each section names, written by the commands that it names.\n"
_SECTION = re.compile(r"^(?=## )", re.MULTILINE)


def write(document: Path, heading: str, text: str) -> None:
    """Put this section on the page, in place of the older one."""
    document.parent.mkdir(exist_ok=True)
    page = document.read_text() if document.exists() else BEGIN
    document.write_text(with_section(page, heading, f"{machine()}.\n\n{text}"))


def with_section(page: str, heading: str, text: str) -> str:
    """The page with this section where the older one was, else at its end."""
    first, *others = _SECTION.split(page)
    sections = {section.partition("\n")[0]: section.strip() for section in others}
    head = f"## {heading}"
    return "\n\n".join([first.strip(), *(sections | {head: f"{head}\n\n{text.strip()}"}).values()]) + "\n"
