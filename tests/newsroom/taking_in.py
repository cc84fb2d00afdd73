"""Importing files in tests, and what an import left behind."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.articles.store import ARTICLES
from app.changes.log import head_seq
from app.changes.tables import Change
from app.db import Database
from app.newsroom.importing import Import, Refusal
from app.newsroom.receiving import Outcome
from app.newsroom.rehearsing import Rehearsal
from app.newsroom.tables import Draft
from tests.newsroom_client import article

SITE = "https://www.newsroom.example"


@dataclass(frozen=True, slots=True)
class Imported:
    """What one run reported."""

    outcomes: dict[Outcome, int]
    refusals: list[Refusal] = field(default_factory=list)
    bytes_read: int = 0

    @property
    def reasons(self) -> list[tuple[int, str]]:
        """The number and reason of every refused line."""
        return [(refusal.line, refusal.reason) for refusal in self.refusals]


@dataclass(frozen=True, slots=True)
class Left:
    """How much there is of everything that an import can write."""

    drafts: int
    articles: int
    changes: int
    seq: int


async def take_in(database: Database, *files: Path | str, dry: bool = False) -> Imported:
    """Import these files in one run."""
    refusals: list[Refusal] = []
    sizes: list[int] = []
    run = Import(database, SITE, Rehearsal() if dry else None, refusals.append, sizes.append)
    for name in files:
        await run.read(str(name))
    assert run.report.refused == len(refusals)
    return Imported(dict(run.report.outcomes), refusals, sum(sizes))


async def left(database: Database) -> Left:
    """What is there now."""
    return await database.snapshot(_count)


def jsonl(path: Path, *lines: dict[str, Any] | bytes) -> Path:
    """A file of these lines: article input with the least it needs, or bytes as they are."""
    path.write_bytes(b"".join(line if isinstance(line, bytes) else as_line(**line) for line in lines))
    return path


def as_line(**fields: Any) -> bytes:
    """Article input as a line."""
    return json.dumps(article(**fields), ensure_ascii=False).encode() + b"\n"


def _count(session: Session) -> Left:
    def rows(table: Any) -> int:
        return int(session.execute(select(func.count()).select_from(table)).scalar_one())

    return Left(rows(Draft), rows(ARTICLES), rows(Change), head_seq(session))
